"""`python -m local.chat`, as people start it."""

import asyncio
import sys

from aiogram import Bot

from tests.local.telegram.sample_bot import running


async def chat(*arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local.chat", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_a_conversation_from_request_to_rating(bot: Bot, url: str) -> None:
    async with running(bot):
        status, out, err = await chat(
            "Write homepage copy for Yaz Automate", "--tap", "4", "--reply", "The headline", "--url", url,
            "--quiet", "0.3", "--timeout", "10",
        )  # fmt: skip
    assert (status, err) == (0, "")
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0] == "maya: Write homepage copy for Yaz Automate"
    parts = [
        "bot #2:",
        "[Stop]",
        "bot #2, edit 1:",
        "✓ Homepage copy for Yaz Automate is ready!",
        "maya taps [4]",
        "· Rated 4",
        "[1] [2] [3] [✓ 4] [5]",
        "maya (reply): The headline",
    ]
    places = [lines.index(part) for part in parts]
    assert places == sorted(places)


async def test_silence_is_status_1(url: str) -> None:
    assert await chat("Hello?", "--url", url, "--timeout", "0.2") == (
        1,
        "maya: Hello?\n\n",
        "Gave up: nothing came within 0.2 s.\n",
    )


async def test_a_wrong_address_or_wrong_words_are_status_2(url: str) -> None:
    missing, wrong, usage = await asyncio.gather(
        chat("Hello", "--url", "http://127.0.0.1:9"), chat("--tap", "Nope", "--url", url), chat("--url", url)
    )
    assert missing == (2, "", "Nothing listens at http://127.0.0.1:9: start it with `make run`.\n")
    assert wrong[0] == 2
    assert wrong[2] == "That can't be done: no message has a button 'Nope'.\n"
    assert usage[0] == 2
