"""One document with all that a workflow has made."""

from uuid import UUID

from core.errors import NotFoundError
from core.outputs.describe import file_stem
from core.outputs.service import Download, read_output
from core.runtime import Runtime
from storage import keys
from storage.workflows import WorkflowRepository


async def bundle(runtime: Runtime, user_id: UUID, walk_id: UUID) -> Download:
    """The pieces of a walk in the order of its steps, each under its step's title, as one Markdown file.

    Raises:
        NotFoundError: this user has no such walk, or none of its steps has made anything yet.
    """
    async with runtime.unit(user_id) as unit:
        walk = await unit.workflows.walk(walk_id)
        pieces = await unit.workflows.pieces(walk)
        client = await WorkflowRepository(unit.session).client_of(walk.row)
    if not pieces:
        raise NotFoundError
    head = f"# {walk.row.title} for {client.name}" if client else f"# {walk.row.title}"
    parts = [head]
    for number, (title, output) in enumerate(pieces, 1):
        text = (await read_output(runtime.objects, output)).data.decode("utf-8", "replace").strip()
        parts.append(f"*Step {number}: {title}*\n\n{text}")
    stem = file_stem(client.slug if client else None, walk.row.workflow, walk.row.created_at.date())
    return Download(f"{stem}.md", ("\n\n---\n\n".join(parts) + "\n").encode())


async def keep_bundle(runtime: Runtime, user_id: UUID, walk_id: UUID) -> tuple[str, str]:
    """The bundle as an object: its key, and the name of the file.

    Raises:
        NotFoundError: this user has no such walk, or none of its steps has made anything yet.
    """
    file = await bundle(runtime, user_id, walk_id)
    key = keys.bundle(user_id, walk_id)
    await runtime.objects.put(key, file.data)
    return key, file.filename
