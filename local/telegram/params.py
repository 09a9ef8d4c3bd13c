"""The parameters of one call, however they were sent: JSON, a form, multipart or the query string.

Source: https://core.telegram.org/bots/api#making-requests
"""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from .wire import Json, bad_request

_TEXTS = {"text", "caption", "callback_query_id"}  # stay text even where they look like JSON


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    content_type: str
    content: bytes


class Params:
    """Typed reading of loosely typed parameters: a form sends `"true"` where JSON sends `true`."""

    def __init__(self, values: Json) -> None:
        self._values = values

    @classmethod
    async def read(cls, request: web.Request) -> "Params":
        """Read the query string and the body of a request.

        Raises:
            ApiError: 400 when the body is not what its type says.
        """
        values: Json = dict(request.query)
        if request.content_type == "application/json":
            try:
                body = await request.json()
            except ValueError:
                raise bad_request("can't parse JSON object") from None
            if not isinstance(body, dict):
                raise bad_request("can't parse JSON object")
            values |= body
        elif request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader) or part.name is None:
                    continue  # multipart within multipart is nothing that a Bot API client sends
                raw = bytes(await part.read(decode=True))
                if part.filename is None:
                    values[part.name] = raw.decode()
                else:
                    kind = part.headers.get("Content-Type", "application/octet-stream")
                    values[part.name] = Upload(part.filename, kind, raw)
        elif request.can_read_body:
            values |= dict(await request.post())
        return cls(values)

    @classmethod
    def of_json(cls, values: Json) -> "Params":
        """Take parameters that are already decoded, as in a webhook's reply."""
        return cls(values)

    def value(self, name: str) -> Any:
        """Give what was sent as it was sent; None when it was not."""
        return self._values.get(name)

    def text(self, name: str) -> str | None:
        """Give a string, or None when it was not sent."""
        value = self._values.get(name)
        return None if value is None or isinstance(value, Upload) else str(value)

    def integer(self, name: str) -> int | None:
        """Give an integer, or None when it was not sent.

        Raises:
            ApiError: 400 when it is no integer.
        """
        value = self._values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'parameter "{name}" must be of type Number') from None

    def flag(self, name: str) -> bool:
        """Give a boolean; false when it was not sent."""
        return str(self._values.get(name, "")).lower() in {"true", "1", "yes"}

    def json(self, name: str) -> Any:
        """Give an object or array, decoded if it came as text; None when it was not sent.

        Raises:
            ApiError: 400 when the text is no JSON.
        """
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def objects(self, name: str) -> list[Json]:
        """Give an array of objects; empty when it was not sent.

        Raises:
            ApiError: 400 when it is anything else.
        """
        value = self.json(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an Array of Objects")
        return value

    def file(self, name: str) -> Upload | str | None:
        """Give the file sent as `name`: its bytes, or the file id or URL in its place; None when not sent."""
        value = self._values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self._values.get(value.removeprefix("attach://"))
        return value if isinstance(value, (Upload, str)) else None

    def described(self) -> Json:
        """Give the parameters for the record of calls: JSON text decoded, files by name and size."""
        shown: Json = {}
        for name, value in self._values.items():
            if isinstance(value, Upload):
                shown[name] = {"file_name": value.name, "size": len(value.content)}
            else:
                shown[name] = value if name in _TEXTS else _decoded(value)
        return shown


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
