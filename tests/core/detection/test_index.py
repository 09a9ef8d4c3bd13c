"""The evidence for each skill on the short list."""

from core.detection import Detector
from core.detection.index import FEATURES, SHORT_LIST


def test_evidence_is_a_share_or_bounded(shipped: Detector) -> None:
    look, _ = shipped.explain("write a welcome email sequence, then write homepage copy, write, write!")
    assert 1 < len(look.matches) <= SHORT_LIST
    assert all(len(match.features) == len(FEATURES) for match in look.matches)
    # A deed at the beginning of a clause counts more than once, so that a share may exceed 1 a little.
    assert all(0 <= value <= 1.5 for match in look.matches for value in match.features)


def test_who_leads_everywhere_is_told_from_who_leads_in_part(detector: Detector) -> None:
    leads = FEATURES.index("leads")
    plain, index = detector.explain("plan a welcome email sequence")
    by_name = {index.entries[match.place].skill.name: match.features[leads] for match in plain.matches}
    assert by_name.pop("email-sequence") > 0.5
    assert all(share < 0.5 for share in by_name.values())
    torn, _ = detector.explain("seo audit of the welcome emails")
    assert max(match.features[leads] for match in torn.matches) < 1
