"""The rules that a prompt reads: everybody's, the skill's, and the client's own, each in its newest version."""

from dataclasses import dataclass
from typing import Any

from core.runtime import Runtime
from core.skills.catalogue import LoadedSkill, RuleText
from storage.models import Client, RuleVersion
from storage.objects import ObjectMissingError
from storage.rules import RuleVersionRepository, Scope

__all__ = ["PromptRules", "RuleText", "client_scope", "read_text", "rules_for", "rules_with", "text_of"]


@dataclass(frozen=True, slots=True)
class PromptRules:
    """What one prompt is built with."""

    house: RuleText | None = None
    skill: RuleText | None = None
    client: RuleText | None = None

    def provenance(self) -> dict[str, Any]:
        """The record that a run keeps: version and content hash of each scope, None where it has no rules."""
        return {"global": _record(self.house), "skill": _record(self.skill), "client": _record(self.client)}


def text_of(rules: RuleText | None) -> str:
    """Rules in words, '' where there are none."""
    return rules.text if rules else ""


def client_scope(client: Client) -> Scope:
    """Whose rules a client's are."""
    return Scope("client", client_id=client.id, user_id=client.user_id)


async def rules_for(runtime: Runtime, skill: LoadedSkill, client: Client | None) -> PromptRules:
    """The newest rules for a skill and a client. Costs one short transaction, without a client nothing."""
    version = None
    if client is not None:
        async with runtime.unit(client.user_id) as unit:
            version = await RuleVersionRepository(unit.session).newest(client_scope(client))
    return await rules_with(runtime, skill, version)


async def rules_with(runtime: Runtime, skill: LoadedSkill, of_client: RuleVersion | None) -> PromptRules:
    """As `rules_for`, where the row of the client's rules has been read already."""
    client = await read_text(runtime, of_client) if of_client is not None else None
    return PromptRules(runtime.catalogue.newest_house_rules, skill.newest_rules, client)


async def read_text(runtime: Runtime, version: RuleVersion) -> RuleText:
    """The text of a version, from memory if it was read before.

    Raises:
        ObjectMissingError: the text is not in the object store.
    """
    found = await runtime.contents.read({version.s3_key: version.content_hash})
    data = found[version.s3_key]
    if data is None:
        raise ObjectMissingError(version.s3_key)
    return RuleText(version.version, version.content_hash, data.decode("utf-8", "replace"), version.id)


def _record(rules: RuleText | None) -> dict[str, Any] | None:
    return None if rules is None else {"version": rules.version, "content_hash": rules.content_hash}
