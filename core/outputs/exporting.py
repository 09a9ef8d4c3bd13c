"""Outputs in other formats: made in the worker when somebody first asks, and kept."""

import asyncio
from uuid import UUID

from core.errors import MarketingAgentError
from core.exports.export import CONTENT_TYPES, ExportFormat, export
from core.outputs.service import read_output
from core.queue import Job
from core.runtime import Runtime
from storage import keys
from storage.models import Output

PATIENCE_SECONDS = 10.0
RETRY_AFTER_SECONDS = 3
_FIRST_LOOK, _SLOWER, _SLOWEST = 0.05, 1.5, 1.0


class ExportPendingError(MarketingAgentError):
    """The document is being made, and will be there in a moment."""

    code = "export-pending"
    status = 503


class NotExportableError(MarketingAgentError):
    """Only texts in Markdown are made into documents."""

    code = "not-exportable"
    status = 422


async def exported(runtime: Runtime, output: Output, wanted: ExportFormat) -> str:
    """The key of an output in this format; the worker makes it where it is not there yet.

    Raises:
        NotExportableError: the output is not Markdown.
        ExportPendingError: it was not done within ten seconds; a worker is at it.
    """
    if output.format != "md":
        raise NotExportableError
    key = keys.export(output.user_id, output.id, wanted)
    if await runtime.objects.exists(key):
        return key
    async with runtime.unit(output.user_id) as unit:
        await unit.tell(Job("export_output", (str(output.id), wanted), f"export:{output.id}:{wanted}"))
    waited, wait = 0.0, _FIRST_LOOK
    while waited < PATIENCE_SECONDS:
        await asyncio.sleep(wait)
        if await runtime.objects.exists(key):
            return key
        waited, wait = waited + wait, min(wait * _SLOWER, _SLOWEST)
    raise ExportPendingError(retry_after=RETRY_AFTER_SECONDS)


async def make_export(runtime: Runtime, output_id: UUID, wanted: ExportFormat) -> None:
    """Make the document and keep it. Doing so twice changes nothing."""
    async with runtime.system_unit() as unit:
        output = await unit.outputs.get(output_id)
    text = (await read_output(runtime.objects, output)).data.decode("utf-8", "replace")
    document = await asyncio.to_thread(export, text, title=output.title, format=wanted)
    key = keys.export(output.user_id, output.id, wanted)
    await runtime.objects.put(key, document, CONTENT_TYPES[wanted])
