"""A library of a few skills to look into, and the one that ships."""

import pytest

from core.detection import Detector, OutputType, SkillText, WorkflowText
from core.detection.source import DATA, LIBRARY, Labelled, read_labelled, read_library

COPYWRITING = SkillText(
    "copywriting",
    "Writes the words of a page: homepage, landing page, pricing page. For emails see email-sequence.",
    title="Copywriting",
    triggers=("homepage copy", "write copy"),
    output_types=(
        OutputType("homepage", "homepage copy", ("homepage", "home page")),
        OutputType("pricing", "pricing page copy", ("pricing page",)),
    ),
    output_label="copy",
)
EMAIL_SEQUENCE = SkillText(
    "email-sequence",
    "Plans and writes email sequences: welcome, onboarding, win-back. For a page's copy see copywriting.",
    triggers=("welcome emails", "drip campaign"),
)
SEO_AUDIT = SkillText(
    "seo-audit", "Audits a site for technical SEO problems and lost rankings.", triggers=("seo audit",)
)
EMAIL_CAMPAIGN = WorkflowText("email-campaign", "Email campaign", triggers=("run an email campaign",))


@pytest.fixture
def detector() -> Detector:
    detector = Detector(judge=None)
    detector.rebuild([COPYWRITING, EMAIL_SEQUENCE, SEO_AUDIT], [EMAIL_CAMPAIGN])
    return detector


@pytest.fixture(scope="session")
def shipped() -> Detector:
    detector = Detector(judge=None)
    detector.rebuild(*read_library(LIBRARY))
    return detector


@pytest.fixture(scope="session")
def labelled() -> Labelled:
    return read_labelled(DATA)
