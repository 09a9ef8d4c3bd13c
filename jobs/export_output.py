"""Make an output in another format."""

from typing import Any, cast
from uuid import UUID

from core.exports.export import ExportFormat
from core.outputs.exporting import make_export
from jobs.context import tools_of


async def export_output(context: dict[Any, Any], output_id: str, export_format: str) -> None:
    """Write the output `output_id` as docx, pdf or html into the object store, where the one who asked finds it."""
    await make_export(tools_of(context).runtime, UUID(output_id), cast("ExportFormat", export_format))
