"""The web process: the inbox, the handlers, and the HTTP surface, from start to drained end."""

import asyncio
import signal
import sys
from contextlib import AsyncExitStack

import uvloop
from aiohttp import web

from bot.channel import TelegramChannel
from bot.dispatcher import build_dispatcher
from bot.http.app import build_app
from bot.inbox.intake import Intake
from bot.inbox.poller import poll
from bot.inbox.worker import InboxWorker
from bot.menu import introduce
from bot.positions import keep_positions
from bot.telegram import CHANNEL, make_bot
from core import garbage
from core.logging import configure_logging, get_logger
from core.runtime import open_runtime
from core.settings import Settings
from core.startup import refuse_unsafe_role

log = get_logger(__name__)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is being handled."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        runtime = await stack.enter_async_context(open_runtime(settings))
        await refuse_unsafe_role(runtime)
        bot = await stack.enter_async_context(make_bot(settings))
        await runtime.catalogue.refresh()
        intake = Intake(runtime)
        inbox = InboxWorker(runtime, bot, build_dispatcher(bot, runtime), intake)
        tasks = [
            asyncio.create_task(inbox.run()),
            asyncio.create_task(introduce(bot, runtime)),
            asyncio.create_task(keep_positions(runtime, bot)),
            asyncio.create_task(runtime.catalogue.watch()),
        ]
        if not settings.public_url:
            tasks.append(asyncio.create_task(poll(runtime, bot, intake)))
        runner = web.AppRunner(
            build_app(runtime, intake, channels={CHANNEL: TelegramChannel(bot, runtime)}),
            access_log=None,
            shutdown_timeout=2.0,
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await _listen(runner, settings)
        garbage.settle()
        log.info("web_started", port=settings.port, polling=not settings.public_url)
        await stop.wait()
        await runner.cleanup()
        await inbox.drain(settings.drain_seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    log.info("web_stopped")


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        print(  # noqa: T201 - for the operator
            f"PORT: {settings.host}:{settings.port} can't be used: {error.strerror}", file=sys.stderr
        )
        raise SystemExit(2) from None


def main(settings: Settings) -> None:
    """Serve with these settings."""
    configure_logging(log_format=settings.log_format, level=settings.log_level)
    uvloop.run(serve(settings))
