from core.detection import SkillText
from core.detection.index import Index
from core.detection.reading import read

NAMES = frozenset({"copywriting", "email-sequence", "seo-audit"})


def said(skill: SkillText) -> set[str]:
    return set().union(*read(skill, NAMES).fields)


def test_sentences_about_other_skills_are_not_its_own() -> None:
    described = SkillText("copywriting", "Writes pages. For newsletters, see email-sequence. Not for podcasts.")
    assert {"write", "page"} <= said(described)
    assert said(described).isdisjoint({"newslett", "podcast", "see"})


def test_names_of_one_word_point_elsewhere_only_when_they_are_marked() -> None:
    body = "Good copywriting needs proof. The words of a page: **copywriting**."
    assert "proof" in said(SkillText("seo-audit", "Audits.", body=body))
    assert "page" not in said(SkillText("seo-audit", "Audits.", body=body))


def test_quoted_phrases_of_a_description_are_triggers() -> None:
    described = SkillText(
        "seo-audit", 'Use when the user mentions "ranking drop," \'lost traffic\', or "crawl errors."'
    )
    assert {("rank", "drop"), ("lost", "traffic"), ("crawl", "error")} <= set(read(described, NAMES).phrases)


def test_a_large_library_keeps_its_best_for_each_word() -> None:
    crowd = [
        SkillText(f"page-{number}", "Writes pages about gardens and pages about houses.") for number in range(300)
    ]
    index = Index([*crowd, SkillText("page-expert", "Writes pages.", triggers=("write pages",))])
    from core.detection.query import read_query
    from core.detection.small_talk import look

    tokens = ["write", "pages"]
    best = index.match(read_query("write pages", tokens, look(tokens, "write pages"), index))
    assert "page-expert" in [index.entries[match.place].skill.name for match in best]
