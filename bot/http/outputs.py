"""Outputs, and their files."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from bot.http.call import Call
from bot.http.routing import Routes
from bot.http.schemas.common import PageOf
from bot.http.schemas.outputs import DownloadQuery, DownloadView, OutputQuery, OutputView
from core.errors import ClientUnknownError, SkillUnknownError
from core.exports.export import ExportFormat
from core.outputs.exporting import ExportPendingError, NotExportableError, exported
from core.runs.asking import find_skill
from storage.models.base import utc_now

routes = Routes("Outputs")
_URL_LIFE = timedelta(hours=1)


@routes.add("GET", "/outputs", "read", errors=[SkillUnknownError, ClientUnknownError])
async def list_outputs(call: Call, query: OutputQuery) -> PageOf[OutputView]:
    """List what was written for you, newest first."""
    skill_id = find_skill(call.runtime, query.skill).id if query.skill else None
    async with call.runtime.unit(call.user_id) as unit:
        client = await unit.clients.by_reference(call.user_id, query.client) if query.client else None
        page = await unit.outputs.history(
            call.user_id,
            after=call.after(query),
            limit=query.limit,
            client_id=client.id if client else None,
            skill_id=skill_id,
        )
    return call.page([OutputView.model_validate(it) for it in page.items], page.next_after)


@routes.add("GET", "/outputs/{output_id}", "read")
async def get_output(call: Call, output_id: UUID) -> OutputView:
    """Get an output."""
    async with call.runtime.unit(call.user_id) as unit:
        return OutputView.model_validate(await unit.outputs.get(output_id))


@routes.add(
    "GET",
    "/outputs/{output_id}/download",
    "read",
    limits=["downloads"],
    errors=[ExportPendingError, NotExportableError],
)
async def download_output(call: Call, output_id: UUID, query: DownloadQuery) -> DownloadView:
    """Get a URL of the whole text as a file. It works for an hour, without a key."""
    runtime = call.runtime
    async with runtime.unit(call.user_id) as unit:
        output = await unit.outputs.get(output_id)
    filename = output.s3_key.rsplit("/", 1)[-1]
    key = output.s3_key
    if query.format is not None and query.format != output.format:
        if query.format in {"md", "json"}:
            raise NotExportableError
        key = await exported(runtime, output, cast("ExportFormat", query.format))
        filename = f"{filename.rsplit('.', 1)[0]}.{query.format}"
    expires_at = utc_now() + _URL_LIFE
    url = await runtime.objects.presign(key, filename=filename, seconds=int(_URL_LIFE.total_seconds()))
    return DownloadView(download_url=url, expires_at=expires_at, filename=filename)
