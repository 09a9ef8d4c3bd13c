"""What /admin says of versions: who made each, by the names that they have now."""

from bot.views.admin import versions
from core.administration import RuleHistory
from core.runtime import Runtime
from storage.models import RuleVersion
from storage.models.rules import RuleOrigin


def _version(number: int, origin: RuleOrigin, made_by: str | None) -> RuleVersion:
    return RuleVersion(
        scope="skill", version=number, s3_key="k", content_hash="h", changelog="c", origin=origin, made_by=made_by
    )


async def test_two_of_one_name_and_one_who_has_left(runtime: Runtime) -> None:
    history = [
        _version(4, "rollback", "user:1"),
        _version(3, "proposal", "user:2"),
        _version(2, "edit", "deleted"),
        _version(1, "shipped", None),
    ]
    loaded = runtime.catalogue.get("copywriting")
    said = versions(loaded, RuleHistory(history, [], {"user:1": "Maya", "user:2": "Maya"}), 0).text
    for line in ("v4 · rolled back by Maya", "v3 · approved by Maya", "v2 · edited by somebody", "v1 · shipped"):
        assert f"{line} · " in said
