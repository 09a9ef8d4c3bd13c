"""Everything an attempt needs before the model is called: skill, context, prompt, and a record of what was used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.agent.task import AgentTask
from core.channel import Subject
from core.errors import SkillUnknownError
from core.outputs.service import read_output
from core.prompts.build import Attachment, Revision, build_prompt
from core.rules.texts import PromptRules, client_scope, rules_with, text_of
from core.runs.context import (
    BYTES_PER_TOKEN,
    ForeignContextError,
    collect_attachment,
    collect_context,
    fit_attachment,
)
from core.runtime import Runtime
from core.skills.catalogue import LoadedSkill, content_hash
from core.workflows.material import Earlier, earlier_outputs
from storage.clients import ClientRepository
from storage.models import Client, Output, RuleVersion, Run
from storage.outputs import OutputRepository
from storage.rules import RuleVersionRepository

_RESEARCH, _NOTES = "research/", "research/notes"


@dataclass(frozen=True, slots=True)
class Material:
    """The rows that an attempt is about.

    `on_file`: the client's files, path to content hash, newest first. `client_rules`: the newest version of the
    client's own. `earlier`: what those steps of its workflow have made that it builds on.
    """

    run: Run
    skill: LoadedSkill
    client: Client | None
    parent: Output | None
    on_file: Mapping[str, str] = field(default_factory=dict)
    client_rules: RuleVersion | None = None
    earlier: Sequence[Earlier] = ()

    @property
    def subject(self) -> Subject:
        """The run in words."""
        return Subject(self.run.id, self.run.output_label, self.client.name if self.client else None)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the agent is given, what its text may draw on, and the record of it."""

    task: AgentTask
    sources: tuple[str, ...]
    provenance: dict[str, Any]


async def gather_material(runtime: Runtime, run: Run) -> Material:
    """Read the rows that a claimed run points at.

    Raises:
        SkillUnknownError: the skill was removed or disabled since.
    """
    skill = await _skill(runtime, run)
    async with runtime.unit(run.user_id) as unit:
        clients = ClientRepository(unit.session)
        client = await clients.get(run.user_id, run.client_id) if run.client_id else None
        filed = await clients.files(client.id) if client else []
        rules = await RuleVersionRepository(unit.session).newest(client_scope(client)) if client else None
        parent = await OutputRepository(unit.session).get(run.parent_output_id) if run.parent_output_id else None
        earlier = await earlier_outputs(unit.session, run)
    newest_first = sorted(filed, key=lambda file: file.updated_at, reverse=True)
    on_file = {file.path: file.content_hash for file in newest_first}
    return Material(run, skill, client, parent, on_file, rules, earlier)


async def prepare(runtime: Runtime, material: Material, rules: PromptRules | None = None) -> Prepared:
    """Fetch the context and the skill's files, and build the prompt. No transaction is open.

    `rules` are read in the place of the newest ones; a replay passes them.

    Raises:
        ForeignContextError: a file of another client was about to be used.
    """
    run, skill, client = material.run, material.skill, material.client
    metadata, settings = skill.document.metadata, runtime.settings
    if rules is None:
        rules = await rules_with(runtime, skill, material.client_rules)
    budget = settings.context_tokens - len(text_of(rules.client).encode()) // BYTES_PER_TOKEN
    attachment = None
    if run.material_key is not None:
        attachment = await collect_attachment(
            runtime.objects, run.user_id, run.material_key, budget_tokens=budget // 2
        )
        budget -= len(attachment.text.encode()) // BYTES_PER_TOKEN
    earlier = await _read_earlier(runtime, material, budget // 2 * BYTES_PER_TOKEN)
    budget -= sum(len(piece.text.encode()) for piece in earlier) // BYTES_PER_TOKEN
    collected = None
    if client is not None:
        collected = await collect_context(
            runtime.contents,
            client,
            _wanted(metadata.context, material.on_file),
            on_file=material.on_file,
            budget_tokens=budget,
        )
    files = await runtime.catalogue.files_of(skill) if skill.files else {}
    revision = None
    if material.parent is not None:
        previous = await read_output(runtime.objects, material.parent)
        revision = Revision(previous.data.decode("utf-8", "replace"), material.parent.version)
    prompt = build_prompt(
        skill=skill.document,
        skill_rules=text_of(rules.skill),
        house_rules=text_of(rules.house),
        client_rules=text_of(rules.client),
        context=collected.context if collected else None,
        request=run.user_message,
        today=datetime.now(UTC).date(),
        revision=revision,
        attachment=attachment,
        earlier=earlier,
        files=sorted(files),
    )
    task = AgentTask(
        run_id=run.id,
        prompt=prompt,
        model=metadata.model or settings.agent_model,
        tools=metadata.tools,
        max_turns=metadata.turns,
        timeout_seconds=metadata.timeout,
        max_usd=settings.run_max_usd,
        max_output_tokens=settings.run_max_output_tokens,
        files=files,
    )
    provenance = {
        "skill": {"name": skill.name, "version": skill.version, "content_hash": skill.content_hash},
        "rules": rules.provenance(),
        "client": collected.provenance if collected else None,
        "material": _record(run.material_key, attachment) if attachment else None,
        "earlier": [
            _record(piece.output.s3_key, text) for piece, text in zip(material.earlier, earlier, strict=True)
        ],
    }
    texts = [file.text for file in collected.context.files] if collected else []
    texts.append(text_of(rules.client))
    if revision is not None:
        texts.append(revision.text)
    if attachment is not None:
        texts.append(attachment.text)
    texts += [piece.text for piece in earlier]
    return Prepared(task, tuple(texts), provenance)


async def _read_earlier(runtime: Runtime, material: Material, budget: int) -> Sequence[Attachment]:
    """The texts of earlier steps, each with its share of `budget` bytes.

    Raises:
        ForeignContextError: one was written for another client or user.
    """
    run = material.run
    pieces = []
    for piece in material.earlier:
        if (piece.output.user_id, piece.output.client_id) != (run.user_id, run.client_id):
            raise ForeignContextError(f"output {piece.output.id} is not for the client of run {run.id}")
        text = (await read_output(runtime.objects, piece.output)).data.decode("utf-8", "replace")
        pieces.append(fit_attachment(piece.title, text, budget=budget // len(material.earlier)))
    return pieces


def _wanted(context: Sequence[str], on_file: Iterable[str]) -> list[str]:
    """What the skill asks for; one that reads the research notes reads what was filed beside them, last of all."""
    named = [*context]
    if _NOTES in named:
        named += [path for path in on_file if path.startswith(_RESEARCH) and path != f"{_NOTES}.md"]
    return named


def _record(key: str | None, attachment: Attachment) -> dict[str, Any]:
    return {"key": key, "content_hash": content_hash(attachment.text.encode()), "cut": attachment.cut}


async def _skill(runtime: Runtime, run: Run) -> LoadedSkill:
    try:
        return runtime.catalogue.by_id(run.skill_id)
    except SkillUnknownError:
        await runtime.catalogue.refresh()
        return runtime.catalogue.by_id(run.skill_id)
