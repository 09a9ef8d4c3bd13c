import time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.detection import ClientName, Detector, SkillText, WorkflowText

YAZ = ClientName(UUID(int=1), "Yaz Automate", "yaz-automate")


@pytest.mark.parametrize(
    "typed", ["/email_sequence hi", "/email-sequence hi", "/Email_Sequence@our_bot hi", " /email_sequence"]
)
def test_a_command_is_certain(detector: Detector, typed: str) -> None:
    seen = detector.look(typed)
    assert (seen.kind, seen.skill, seen.confidence, seen.method) == ("skill", "email-sequence", 1.0, "command")


def test_a_command_that_no_skill_has_is_read_as_words(detector: Detector) -> None:
    assert detector.look("/nothing write homepage copy").skill == "copywriting"


def test_a_name_longer_than_a_command_may_be_is_found_by_its_beginning() -> None:
    name = "a-skill-with-a-name-of-more-than-32-characters"
    detector = Detector(judge=None)
    detector.rebuild([SkillText(name, "Does something.")])
    assert detector.look("/" + name.replace("-", "_")[:32]).skill == name


def test_the_sentence_of_the_specification(shipped: Detector) -> None:
    seen = shipped.look("Write homepage copy for Yaz Automate", clients=[YAZ])
    assert (seen.kind, seen.skill, seen.method) == ("skill", "copywriting", "keyword")
    assert seen.confidence >= 0.9
    assert seen.client_ids == (YAZ.id,)
    assert seen.output_type
    assert (seen.output_type.id, seen.output_type.label) == ("homepage", "homepage copy")
    assert seen.language == "en"


@pytest.mark.parametrize(
    ("message", "skill"),
    [
        ("escribe una secuencia de correos de bienvenida", "email-sequence"),
        ("Pressemitteilung über unsere neue Filiale", "press-release"),
        ("fiyatlandırma stratejisi hazırla", "pricing-strategy"),
        ("help with a referal program", "referral-program"),
        ("not a blog post: write a press release about our award", "press-release"),
    ],
)
def test_other_languages_slips_and_refusals(shipped: Detector, message: str, skill: str) -> None:
    assert shipped.look(message).alternatives[0].skill == skill


def test_the_output_type_is_the_longest_that_is_named(detector: Detector) -> None:
    seen = detector.look("write copy for the pricing page, not the homepage copy")
    assert seen.output_type
    assert seen.output_type.id == "pricing"
    assert detector.look("write copy").output_type is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("thanks!", "thanks"),
        ("👍", "thanks"),
        ("muchas gracias", "thanks"),
        ("good morning", "greeting"),
        ("what can you do?", "about_bot"),
        ("hi, who are you?", "about_bot"),
        ("what's the weather like tomorrow", "other"),
        ("🦖🦕", "other"),
        ("???", "other"),
        ("", "other"),
    ],
)
def test_small_talk_is_told_apart(shipped: Detector, message: str, kind: str) -> None:
    seen = shipped.look(message)
    assert (seen.kind, seen.off_topic_kind, seen.skill) == ("off_topic", kind, None)


def test_thanks_before_a_request_do_not_hide_it(shipped: Detector) -> None:
    assert shipped.look("Perfect, thank you! Now write homepage copy for the other site").skill == "copywriting"


@pytest.mark.parametrize(
    "message", ["run an email campaign", "a whole email campaign please, everything", "komplette E-Mail-Kampagne"]
)
def test_a_whole_campaign_is_offered_its_workflow(detector: Detector, message: str) -> None:
    seen = detector.look(message)
    assert (seen.kind, seen.workflow, seen.skill) == ("workflow", "email-campaign", None)


def test_a_workflow_that_only_fits_is_told_beside_the_skill(detector: Detector) -> None:
    seen = detector.look("welcome emails for our spring campaign")
    assert seen.kind != "workflow"
    assert seen.workflow == "email-campaign"


@pytest.mark.parametrize(
    "message",
    [
        "write copy " * 372,
        "😀" * 2_000,
        "\u202eכתוב טקסט לדף הבית שלנו",
        "w\u200br\u200bi\u200bt\u200be\u200b copy",
        "\x00\ud800 copy \uffff",
        "/",
        "/copywriting@",
        "(" * 4_096,
        "a " * 2_048,
        "é" * 4_096,
        "x" * 100_000,
    ],
)
def test_hostile_messages_are_read_quickly(shipped: Detector, message: str) -> None:
    clients = [ClientName(uuid4(), f"Client number {number} and Sons") for number in range(50)]
    shipped.look("warm", clients=clients)
    start = time.process_time()
    seen = shipped.look(message, clients=clients)
    assert time.process_time() - start < 0.25  # a bound against runaway growth, not a benchmark
    assert 0 <= seen.confidence <= 1


@given(st.text(max_size=200))
def test_whatever_is_written_gets_an_answer(message: str) -> None:
    detector = _of_two()
    seen = detector.look(message, clients=[YAZ])
    probabilities = [candidate.probability for candidate in seen.alternatives]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 <= p <= 1 for p in probabilities)
    assert sum(probabilities) <= 1 + 1e-9
    assert (seen.skill is not None) == (seen.kind == "skill")


def _of_two() -> Detector:
    detector = Detector(judge=None)
    detector.rebuild([SkillText("copy", "Writes copy."), SkillText("seo", "Audits SEO.")])
    return detector


def test_an_empty_library_leaves_everything_open() -> None:
    seen = Detector(judge=None).look("write homepage copy")
    assert (seen.skill, seen.alternatives) == (None, ())


def test_odd_libraries_are_no_error() -> None:
    detector = Detector(judge=None)
    twice = SkillText("copy", "Writes copy.")
    detector.rebuild([twice, twice, SkillText("empty", ""), SkillText("x" * 64, "?" * 1_024)], [WorkflowText("w")])
    assert detector.look("write copy").alternatives


def test_a_rebuild_is_seen_at_once(detector: Detector) -> None:
    assert detector.look("write a haiku").skill is None
    detector.rebuild(
        [SkillText("haiku", "Writes haiku.", triggers=("write a haiku",)), SkillText("seo", "Audits SEO.")]
    )
    assert detector.look("write a haiku").alternatives[0].skill == "haiku"
    assert all(candidate.skill in {"haiku", "seo"} for candidate in detector.look("homepage copy").alternatives)


@pytest.mark.parametrize(
    "message",
    [
        "Write five subject lines for it",
        "Now create a flyer",
        "ok, and then draft some posts about the sale",
        "I need a press release",
        "it is fine. We'd like three ads now",
        "Schreib mir bitte einen Newsletter für unsere Kunden",
    ],
)
def test_somebody_who_wants_a_new_piece_orders_it(shipped: Detector, message: str) -> None:
    assert shipped.orders(message)


@pytest.mark.parametrize(
    "message",
    [
        "The structure is clear",
        "Too long: I stopped half way",
        "make it shorter",
        "write the price higher up",
        "good emails but the subject lines are boring",
        "it sounds like a robot wrote it",
        "",
        "!!!",
        "I need",
    ],
)
def test_somebody_who_speaks_of_a_piece_orders_none(shipped: Detector, message: str) -> None:
    assert not shipped.orders(message)
