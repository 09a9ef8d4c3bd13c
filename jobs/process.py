"""The worker process: jobs, leases, the sweeper, from start to drained end."""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, cast

import uvloop
from arq.worker import Function, func
from prometheus_client import start_http_server

from bot.channel import TelegramChannel
from bot.telegram import make_bot
from core import garbage
from core.agent.agents import Agents
from core.channel import Channel
from core.fetch.client import GuardedClient
from core.logging import configure_logging, get_logger
from core.presence import keep_present
from core.runs.execution import Executor
from core.runs.leases import LeaseKeeper
from core.runtime import Runtime, open_runtime
from core.settings import Settings
from core.startup import refuse_unsafe_role
from core.webhooks.sending import WebhookSender
from jobs.context import Tools, put_tools
from jobs.delete_account import delete_account
from jobs.deliver import deliver
from jobs.export_output import export_output
from jobs.process_feedback import process_feedback
from jobs.review_feedback import review_feedback
from jobs.run_skill import run_skill
from jobs.send_webhook import send_webhook
from jobs.show_proposal import show_proposal
from jobs.show_workflow import show_workflow
from jobs.sweeping import keep_sweeping
from jobs.tell_rules_alert import tell_rules_alert
from jobs.try_proposal import try_proposal
from jobs.warn_of_budget import warn_of_budget
from jobs.worker import BellWorker

if TYPE_CHECKING:
    from arq.typing import WorkerCoroutine

_SPARE_PLACES = 10  # for deliveries and tests, beside the runs
_JOBS: tuple[Callable[..., Awaitable[None]], ...] = (
    delete_account,
    deliver,
    export_output,
    process_feedback,
    review_feedback,
    run_skill,
    send_webhook,
    show_proposal,
    show_workflow,
    tell_rules_alert,
    try_proposal,
    warn_of_budget,
)
log = get_logger(__name__)


async def work(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then drain."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        runtime = await stack.enter_async_context(open_runtime(settings))
        await refuse_unsafe_role(runtime)
        bot = await stack.enter_async_context(make_bot(settings))
        agents = Agents(settings, runtime.claude)
        stack.push_async_callback(agents.close)
        await runtime.catalogue.refresh()
        channels: dict[str, Channel] = {"telegram": TelegramChannel(bot, runtime)}
        fetcher = GuardedClient()
        stack.push_async_callback(fetcher.close)
        worker, keeper = build_worker(runtime, agents, channels, WebhookSender(runtime, fetcher, channels))
        stack.push_async_callback(worker.close)
        if settings.worker_metrics_port:
            start_http_server(settings.worker_metrics_port, addr=settings.host)
        tasks = [
            asyncio.create_task(keeper.keep()),
            asyncio.create_task(keep_sweeping(runtime)),
            asyncio.create_task(runtime.catalogue.watch()),
            asyncio.create_task(keep_present(runtime.redis, _name())),
            asyncio.create_task(worker.main()),
        ]
        garbage.settle()
        log.info("worker_started", skills=len(runtime.catalogue.all()))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        await worker.drain(settings.drain_seconds)
        for task in (*tasks, stopped):
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        failures = [end for end in ends if isinstance(end, Exception)]
        if failures:
            raise failures[0]
    log.info("worker_stopped")


def build_worker(
    runtime: Runtime, agents: Agents, channels: dict[str, Channel], webhooks: WebhookSender
) -> tuple[BellWorker, LeaseKeeper]:
    """The worker and the keeper of its leases, wired."""
    settings = runtime.settings
    keeper = LeaseKeeper(
        runtime.engine,
        lease_seconds=settings.run_lease_seconds,
        heartbeat_seconds=settings.heartbeat_seconds,
    )
    executor = Executor(
        runtime,
        agents=agents,
        channels=channels,
        leases=keeper,
        worker=_name(),
    )
    worker = BellWorker(
        [_job(work) for work in _JOBS],
        runtime.redis,
        max_jobs=settings.runs_per_worker + _SPARE_PLACES,
    )
    put_tools(worker.ctx, Tools(runtime, agents, executor, channels, webhooks))
    return worker, keeper


def _name() -> str:
    """What this process is called where several are."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _job(work: Callable[..., Awaitable[None]]) -> Function:
    """A job, called as its function is."""
    return func(cast("WorkerCoroutine", work), name=work.__name__)


def main(settings: Settings) -> None:
    """Work with these settings."""
    configure_logging(log_format=settings.log_format, level=settings.log_level)
    uvloop.run(work(settings))
