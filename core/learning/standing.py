"""What stands around a proposed rule: the rules of its scope, those beside them, and what it may not tell."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.learning.leaks import Private, leaks, vocabulary
from core.rules.document import rules_in
from core.rules.keeping import read_version
from core.runtime import Runtime
from core.skills.catalogue import LoadedSkill
from storage import keys
from storage.clients import ClientRepository
from storage.learning import Judged
from storage.models import Client
from storage.rules import RuleVersionRepository, Scope


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest rules of a scope: their version (0: none yet), the text, the rules that prompts hold beside."""

    version: int
    text: str
    beside: tuple[str, ...] = ()

    @property
    def rules(self) -> list[str]:
        """The rules of the scope itself."""
        return rules_in(self.text)


async def standing_in(runtime: Runtime, scope: Scope) -> Standing:
    """The rules of a scope as the database has them now. A skill that is gone has none.

    Raises:
        ObjectMissingError: the text of the newest version is not in the object store.
    """
    async with runtime.system_unit() as unit:
        newest = await RuleVersionRepository(unit.session).newest(scope)
    catalogue = runtime.catalogue
    skills: Sequence[LoadedSkill] = catalogue.all()
    if scope.skill_id is not None:
        skills = [skill for skill in skills if skill.id == scope.skill_id]
    if newest is not None:
        text = await read_version(runtime, newest)
    elif scope.kind == "client":
        text = ""
    else:  # until the first sync has made a version of it
        text = catalogue.house_rules if scope.kind == "global" else "".join(skill.rules for skill in skills)
    beside = [] if scope.kind == "global" else rules_in(catalogue.house_rules)
    if scope.kind != "skill":
        beside += [rule for skill in skills for rule in rules_in(skill.rules)]
    return Standing(newest.version if newest else 0, text, tuple(beside))


def craft_of(runtime: Runtime) -> frozenset[str]:
    """The stems of all that the skills and the shared rules say."""
    skills = runtime.catalogue.all()
    texts = [text for skill in skills for text in (skill.document.body, skill.rules, skill.document.description)]
    return vocabulary((runtime.catalogue.house_rules, *texts))


async def private_of(runtime: Runtime, judged: Sequence[Judged]) -> Private:
    """All that belongs to the people whose judgements these are: what they said, and their clients' files."""
    clients = {it.client.id: it.client for it in judged if it.client is not None}
    outputs = await runtime.objects.get_many(dict.fromkeys(it.output.s3_key for it in judged))
    files = [text for client in clients.values() for text in await _files(runtime, client)]
    said = [text for it in judged for text in (it.request, it.output.title, *words_of(it))]
    said += [data.decode("utf-8", "replace") for data in outputs.values() if data is not None]
    return Private(names_of(clients.values()), tuple(said), tuple(files))


def names_of(clients: Iterable[Client]) -> tuple[str, ...]:
    """What these clients are called."""
    return tuple(
        dict.fromkeys(name for client in clients for name in (client.name, *client.aliases) if name.strip())
    )


def words_of(judged: Judged) -> list[str]:
    """Every word that somebody wrote into a judgement."""
    feedback = judged.feedback
    listed = [*feedback.issues_json, *feedback.suggested_rule_changes]
    values = [value for item in listed for value in item.values() if isinstance(value, str)]
    return [*values, feedback.what_worked_well or ""]


async def leaks_in(rule: str, private: Private, craft: frozenset[str]) -> list[str]:
    """What a rule tells of what is private. Files may be large: others go on meanwhile."""
    return await asyncio.to_thread(leaks, rule, private, craft)


async def _files(runtime: Runtime, client: Client) -> list[str]:
    async with runtime.system_unit() as unit:
        files = await ClientRepository(unit.session).files(client.id)
    wanted = {keys.client_file(client.user_id, client.slug, file.path): file.content_hash for file in files}
    found = await runtime.contents.read(wanted)
    return [data.decode("utf-8", "replace") for data in found.values() if data is not None]
