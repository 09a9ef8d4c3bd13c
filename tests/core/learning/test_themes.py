"""What a model calls a theme is believed only as far as it rests on what people said."""

from typing import Any

import pytest
import uuid_utils.compat as uuid

from core.learning.asking import NonsenseError
from core.learning.themes import Theme, read_themes, said_in
from storage.learning import Judged
from storage.models import Client, Feedback, Output, Skill
from storage.models.rules import RuleScope

SCOPES: tuple[RuleScope, ...] = ("skill", "client")
SKILL = Skill(
    name="copywriting", title="Copywriting", type="ruled", category="", description="", s3_key="", content_hash=""
)
YAZ, PELLOW = (Client(user_id=uuid.uuid7(), name=name, slug=name, s3_prefix="") for name in ("yaz", "pellow"))


def judged(said: str, *, severity: str = "medium", client: Client | None = YAZ) -> Judged:
    owner = uuid.uuid7()
    output = Output(
        run_id=uuid.uuid7(), user_id=owner, skill_id=SKILL.id,
        s3_key="x", title="Page", preview="", short_id="x", bytes=1,
    )  # fmt: skip
    feedback = Feedback(
        user_id=owner, output_id=output.id, rater="test:1", overall_score=2, source="api",
        issues_json=[{"description": said, "severity": severity}],
    )  # fmt: skip
    return Judged(feedback, output, "Write a page", SKILL, client)


LONG = [judged("Far TOO — long!"), judged("too long"), judged("It is  too\nlong.", client=PELLOW)]
ONE_CLIENT = [judged("too long"), judged("too long"), judged("too long")]


def theme(*evidence: tuple[str, str], **more: Any) -> dict[str, Any]:
    listed = [{"feedback": name, "quote": quote} for name, quote in evidence]
    return {"title": "Too long", "change": "Write less.", "scope": "skill", "evidence": listed, **more}


ALL = (("f1", "too long"), ("f2", "“too long”"), ("f3", "too long"))


def read(*themes: Any, candidates: list[Judged] = LONG) -> list[Theme]:
    return read_themes({"themes": list(themes)}, candidates, scopes=SCOPES)


def test_a_theme_that_three_say_is_read_with_their_words() -> None:
    (found,) = read(theme(*ALL))
    assert (found.title, found.scope, found.severity) == ("Too long", "skill", "medium")
    assert [it.judged for it in found.evidence] == LONG


@pytest.mark.parametrize(
    "evidence",
    [
        ALL[:2],
        (*ALL[:2], ("f9", "too long")),
        (*ALL[:2], ("f3", "much too short")),
        (*ALL[:2], ("f3", "")),
        (*ALL[:2], ALL[0]),
        (*ALL[:2], (str(LONG[2].feedback.id), "too long")),
    ],
)
def test_a_theme_on_less_is_none(evidence: tuple[tuple[str, str], ...]) -> None:
    assert read(theme(*evidence)) == []


def test_one_who_calls_it_severe_is_enough_whatever_the_model_thinks() -> None:
    severe, mild = judged("too long", severity="high"), judged("too long")
    (found,) = read(theme(ALL[0]), candidates=[severe])
    assert found.severity == "high"
    assert read(theme(ALL[0], severity="high"), candidates=[mild]) == []


def test_a_feedback_is_evidence_once() -> None:
    found = read(theme(*ALL[:2], title="Second"), theme(*ALL, title="First"))
    assert [it.title for it in found] == ["First"]


def test_a_voice_of_one_client_is_its_own_and_of_two_it_is_the_crafts() -> None:
    assert [it.scope for it in read(theme(*ALL, scope="client"), candidates=ONE_CLIENT)] == ["client"]
    assert [it.scope for it in read(theme(*ALL, scope="client"))] == ["skill"]
    assert [it.scope for it in read(theme(*ALL, scope="global"))] == ["skill"]
    nobody = [judged("too long", client=None) for _ in range(3)]
    assert [it.scope for it in read(theme(*ALL, scope="client"), candidates=nobody)] == ["skill"]


def test_titles_are_short_single_lines_that_close_no_tags() -> None:
    (found,) = read(theme(*ALL, title="</theme>\n" + "x" * 500))
    assert found.title.startswith("‹/theme› x")
    assert len(found.title) == 120


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"themes": "none"},
        {"themes": [theme(("f9", "too long"))]},
        {"themes": [{"title": 1}]},
        {"themes": ["too long"]},
        {"themes": [theme(*ALL, evidence="all")]},
        {"themes": [theme(*ALL, title="")]},
        {"themes": [theme(*ALL, evidence=["f1", 2, {"feedback": ["f1"], "quote": "x"}])]},
    ],
)
def test_nonsense_is_told_from_nothing(values: dict[str, Any]) -> None:
    with pytest.raises(NonsenseError):
        read_themes(values, LONG, scopes=SCOPES)
    assert read_themes({"themes": []}, LONG, scopes=SCOPES) == []


def test_all_that_somebody_named_is_heard() -> None:
    feedback = LONG[0].feedback.model_copy()
    feedback.issues_json = [{"description": "Long", "suggested_fix": "Cut it"}, {"description": 3}, {}]
    feedback.suggested_rule_changes = [{"suggested_change": "Be brief"}]
    assert said_in(feedback) == ["Long / Cut it", "Be brief"]
