"""What structured outputs accept of JSON Schema.

https://platform.claude.com/docs/en/build-with-claude/structured-outputs
"""

from typing import Any

from local.claude.call import JSON
from local.claude.errors import invalid

UNSUPPORTED = {
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("minLength", "maxLength"),
    "array": ("maxItems", "uniqueItems"),
}


def check_schema(schema: JSON, where: str) -> None:
    """Refuse what constrained decoding does not support.

    Args:
        schema: a JSON schema.
        where: the path to it in the request, for the message.

    Raises:
        ApiError: 400 for the first part that is not supported.
    """
    kind = schema.get("type")
    if kind == "object" and schema.get("additionalProperties") is not False:
        raise invalid(f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false")
    for name in UNSUPPORTED.get(kind, ()) if isinstance(kind, str) else ():
        if name in schema:
            raise invalid(f"{where}: For '{kind}' type, property '{name}' is not supported")
    if kind == "array" and schema.get("minItems", 0) > 1:
        raise invalid(f"{where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported")
    for path, part in _parts(schema):
        check_schema(part, f"{where}.{path}")


def _parts(schema: JSON) -> list[tuple[str, JSON]]:
    found: list[tuple[str, Any]] = [("items", schema.get("items"))]
    for name in ("properties", "$defs", "definitions"):
        found += [(f"{name}.{key}", part) for key, part in (schema.get(name) or {}).items()]
    for name in ("anyOf", "allOf"):
        found += [(f"{name}.{index}", part) for index, part in enumerate(schema.get(name) or [])]
    return [(path, part) for path, part in found if isinstance(part, dict)]
