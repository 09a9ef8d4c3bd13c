"""From what the agent gave to outputs: parsed, checked, kept in the object store under names of their own."""

from collections.abc import Sequence
from datetime import UTC, datetime

from core.agent.parser import parse_output
from core.agent.task import AgentResult
from core.outputs.checks import check
from core.outputs.describe import preview_of, title_of
from core.outputs.service import keep_text
from core.runs.preparation import Material, Prepared
from core.runs.service import short_id
from storage.models import Output
from storage.objects import ObjectStore


async def keep_outputs(
    objects: ObjectStore, material: Material, prepared: Prepared, result: AgentResult
) -> Sequence[Output]:
    """Write the texts, the main one first, then the files that the agent made; the rows that are to be added."""
    texts: list[tuple[str, str]] = [(parse_output(result.text), material.skill.document.metadata.output.format)]
    texts += [
        (data.decode("utf-8", "replace"), path.rsplit(".", 1)[-1]) for path, data in sorted(result.files.items())
    ]
    return [await _keep(objects, material, prepared, text, kind) for text, kind in texts]


async def _keep(objects: ObjectStore, material: Material, prepared: Prepared, text: str, kind: str) -> Output:
    run, skill, client = material.run, material.skill, material.client
    kept = await keep_text(
        objects,
        text,
        skill=skill.name,
        user_id=run.user_id,
        client_slug=client.slug if client else None,
        output_type=run.output_type,
        day=datetime.now(UTC).date(),
        output_format=kind,
        parent=material.parent,
    )
    flags = check(
        text,
        sources=prepared.sources,
        request=run.user_message,
        output_format=kind,
        from_the_web="WebSearch" in prepared.task.tools,
    )
    return Output(
        run_id=run.id,
        user_id=run.user_id,
        client_id=run.client_id,
        skill_id=run.skill_id,
        s3_key=kept.key,
        format=kind,
        title=title_of(text, material.subject.label.capitalize()),
        preview=preview_of(text),
        version=kept.version,
        parent_output_id=run.parent_output_id,
        short_id=short_id(),
        bytes=len(text.encode()),
        checks=[flag.as_json() for flag in flags],
    )
