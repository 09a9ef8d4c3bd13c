"""Stop stops, Retry goes on, and a button that is too late is answered with the truth."""

from local.claude.client import ClaudeStandIn
from local.telegram.client import Person

PIECE = "<output>\n# A page\n\nThe words of the page.\n</output>"


async def test_stop_ends_a_run_at_work_and_start_again_finishes_it(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"hang": True}, user="the slow orchard", times=1)
    await person.send("Write homepage copy for Yaz Automate, the slow orchard")
    working = await person.wait_for(lambda m: m.labels == ["Stop"])
    request = await claude.wait_for_request(lambda r: "the slow orchard" in str(r.body))

    tap = await person.tap(working, "Stop")
    assert (await person.answer_to(tap)).text == "Stopping…"
    stopped = await person.wait_for(lambda m: m.text.startswith("Stopped"), timeout=15)
    assert stopped.id == working.id
    assert stopped.text == "Stopped: homepage copy for Yaz Automate. Nothing was kept."
    assert stopped.labels == ["Start again"]
    await claude.wait_for_request(lambda r: r.number == request.number and r.client_closed)

    await claude.script(PIECE, user="the slow orchard")
    await person.tap(stopped, "Start again")
    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    assert ready.id == working.id


async def test_stop_by_command(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"hang": True}, user="the slow vineyard", times=1)
    await person.send("Write homepage copy for Yaz Automate, the slow vineyard")
    await claude.wait_for_request(lambda r: "the slow vineyard" in str(r.body))
    await person.send("/status")
    status = await person.wait_for(lambda m: "under way" in m.text)
    assert "▶ homepage copy for Yaz Automate" in status.text
    assert status.labels == ["Stop homepage copy"]
    await person.send("/stop")
    await person.wait_for(lambda m: m.text == "Stopping…")
    await person.wait_for(lambda m: m.text.startswith("Stopped"), timeout=15)
    await person.send("/stop")
    assert (await person.wait_for()).text == "Nothing is under way here."
    await person.send("/status")
    assert (await person.wait_for()).text == "Nothing is queued or running."


async def test_a_failure_is_told_in_words_and_retry_finishes_it(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"refusal": "no"}, user="the broken mill", times=1)
    await person.send("Write homepage copy for Yaz Automate, the broken mill")
    failed = await person.wait_for(lambda m: "could not finish" in m.text, timeout=20)
    assert failed.text.startswith(
        "I could not finish your homepage copy for Yaz Automate. The model declined to write this."
    )
    assert "Nothing was lost" in failed.text
    assert failed.labels == ["Retry"]
    await claude.script(PIECE, user="the broken mill")
    tap = await person.tap(failed, "Retry")
    await person.answer_to(tap)
    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    assert ready.id == failed.id

    late = await person.tap(ready, "Show all")
    await person.answer_to(late)


async def test_an_overloaded_model_is_asked_again(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"error": 529}, user="the crowded ferry", times=2)
    await claude.script(PIECE, user="the crowded ferry")
    await person.send("Write homepage copy for Yaz Automate, the crowded ferry")
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=40)
    asked = [r for r in await claude.requests() if "the crowded ferry" in str(r.body)]
    assert [r.status for r in asked] == [529, 529, 200]


async def test_a_stale_stop_shows_the_result(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"delay": 1.5}, PIECE, user="the early train")
    await person.send("Write homepage copy for Yaz Automate, the early train")
    await claude.wait_for_request(lambda r: "the early train" in str(r.body))
    await person.send("/status")
    status = await person.wait_for(lambda m: "under way" in m.text)
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    answer = await person.answer_to(await person.tap(status, "Stop homepage copy"))
    assert answer.text == "This button is from an older message; here is the current one."
