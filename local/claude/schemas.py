"""What structured outputs accept of JSON Schema.

https://platform.claude.com/docs/en/build-with-claude/structured-outputs
"""

from typing import Any

from local.claude.call import JSON
from local.claude.errors import invalid

SHAPES: dict[str, type] = {
    **dict.fromkeys(("properties", "$defs", "definitions"), dict),
    **dict.fromkeys(("anyOf", "oneOf", "allOf", "enum", "required"), list),
}
UNSUPPORTED = {
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("minLength", "maxLength"),
    "array": ("maxItems", "uniqueItems"),
}


def check_schema(schema: JSON, where: str) -> None:
    """Refuse what is no JSON schema.

    Args:
        schema: a JSON schema.
        where: the path to it in the request, for the message.

    Raises:
        ApiError: 400 for the first part that can't be read.
    """
    for name, kind in SHAPES.items():
        if not isinstance(schema.get(name, kind()), kind):
            raise invalid(
                f"{where}: JSON schema is invalid: '{name}' is no {'object' if kind is dict else 'array'}"
            )
    for path, part in _parts(schema):
        if not isinstance(part, dict):
            raise invalid(f"{where}: JSON schema is invalid: '{path}' is no schema")
        check_schema(part, f"{where}.{path}")


def check_strict_schema(schema: JSON, where: str) -> None:
    """Refuse what constrained decoding does not support; args and errors as for `check_schema`."""
    kind = schema.get("type")
    if kind == "object" and schema.get("additionalProperties") is not False:
        raise invalid(f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false")
    for name in UNSUPPORTED.get(kind, ()) if isinstance(kind, str) else ():
        if name in schema:
            raise invalid(f"{where}: For '{kind}' type, property '{name}' is not supported")
    if kind == "array" and schema.get("minItems", 0) > 1:
        raise invalid(f"{where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported")
    for path, part in _parts(schema):
        check_strict_schema(part, f"{where}.{path}")


def _parts(schema: JSON) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [("items", schema["items"])] if "items" in schema else []
    for name in ("properties", "$defs", "definitions"):
        found += [(f"{name}.{key}", part) for key, part in (schema.get(name) or {}).items()]
    for name in ("anyOf", "oneOf", "allOf"):
        found += [(f"{name}.{index}", part) for index, part in enumerate(schema.get(name) or [])]
    return found
