"""From a person's line to the finished message, with a model that answers at once: what all of ours costs."""

import asyncio
import time

import aiohttp
import psutil

from bench.ground import Ground
from bench.report import Figure, p50
from local.telegram.client import Person

ROUNDS = 20
SDK_ROUNDS = 8
MANY = 50
STREAM_SECONDS = 2.0
PIECE = "<output>\n# A page\n\nThe words of the page.\n</output>"


async def measure(ground: Ground) -> list[Figure]:
    """Both roads one by one, then many at once without tools."""
    await ground.claude.script(PIECE, user="the plain bench")
    await ground.claude.script(PIECE, user="the tool bench")
    plain = await _rounds(ground, "Write homepage copy for Yaz Automate, the plain bench", ROUNDS)
    floor = await _round_trips(ground)
    sdk = await _rounds(ground, "/competitor_research for Yaz Automate, the tool bench", SDK_ROUNDS)
    return [
        Figure(
            "line to finished message, no tools",
            p50(plain) * 1e3,
            "ms",
            "≤ 150 ms",
            floor * 1e3,
            "its HTTP round trips",
        ),
        Figure(
            "line to finished message, Agent SDK",
            p50(sdk) * 1e3,
            "ms",
            "≤ 700 ms",
            floor * 1e3,
            "its HTTP round trips",
        ),
        *await _many(ground),
    ]


async def _rounds(ground: Ground, line: str, count: int) -> list[float]:
    times = []
    for _ in range(count + 1):
        start = time.perf_counter()
        await ground.person.send(line)
        await ground.person.wait_for(lambda m: "is ready!" in m.text, timeout=60)
        times.append(time.perf_counter() - start)
    return times[1:]  # the first warms caches


async def _round_trips(ground: Ground) -> float:
    """What the stand-ins alone take for the calls that a run needs: typing, send, model, edit."""
    telegram, claude = ground.stack.telegram_url, ground.stack.claude_url
    token = ground.stack.environment["TELEGRAM_BOT_TOKEN"]
    times = []
    async with aiohttp.ClientSession() as session:
        for number in range(ROUNDS):
            start = time.perf_counter()
            chat = {"chat_id": ground.person.id}
            await _post(session, f"{telegram}/bot{token}/sendChatAction", {**chat, "action": "typing"})
            sent = await _post(session, f"{telegram}/bot{token}/sendMessage", {**chat, "text": f"working {number}"})
            body = {
                "model": "claude-sonnet-5",
                "max_tokens": 100,
                "messages": [{"role": "user", "content": "the plain bench"}],
            }
            await _post(
                session, f"{claude}/v1/messages", body, {"x-api-key": "k", "anthropic-version": "2023-06-01"}
            )
            edit = {**chat, "message_id": sent["result"]["message_id"], "text": f"ready {number}"}
            await _post(session, f"{telegram}/bot{token}/editMessageText", edit)
            times.append(time.perf_counter() - start)
    return p50(times)


async def _post(
    session: aiohttp.ClientSession, url: str, body: object, headers: dict[str, str] | None = None
) -> dict[str, dict[str, int]]:
    async with session.post(url, json=body, headers=headers) as answer:
        said: dict[str, dict[str, int]] = await answer.json()
        return said


async def _many(ground: Ground) -> list[Figure]:
    """Fifty people at once, each with a stream of two seconds, in one worker: from first line to last end."""
    await ground.claude.script({"text": PIECE, "duration": STREAM_SECONDS, "chunk": 4}, user="the crowd bench")
    people = [await _somebody(ground, number) for number in range(MANY)]
    processes = [psutil.Process(it.pid) for it in ground.stack.processes if it.name in {"web", "worker"}]
    before = [_cpu(process) for process in processes]
    started = time.perf_counter()
    await asyncio.gather(*(_one_of_many(person) for person in people))
    seconds = time.perf_counter() - started
    spent = sum(_cpu(process) for process in processes) - sum(before)
    memory = processes[-1].memory_info().rss / 2**20
    return [
        Figure(f"{MANY} runs at once, no tools, one worker", seconds, "s", "≤ 2.6 s", STREAM_SECONDS, "one stream"),
        Figure("CPU of a run, web and worker together", 1e3 * spent / MANY, "ms", "-"),
        Figure(f"memory of that worker after {MANY} runs", memory, "MB", "≤ 300 MB"),
    ]


async def _somebody(ground: Ground, number: int) -> Person:
    person = await ground.telegram.admin.add_person(f"somebody{number}", f"Somebody{number}")
    await person.start()
    await person.wait_for(lambda m: "Welcome" in m.text, timeout=60)
    return person


async def _one_of_many(person: Person) -> None:
    await person.send("Write homepage copy for Yaz Automate, the crowd bench")
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=120)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
