"""Values that fit a JSON schema: what is said when the form is demanded and no script answers."""

from collections.abc import Callable
from typing import Any

from local.claude.call import JSON

Chooser = Callable[[list[str]], str]

STRINGS = {
    "date": "2026-01-15",
    "date-time": "2026-01-15T09:00:00Z",
    "time": "09:00:00Z",
    "duration": "PT1H",
    "email": "sample@example.com",
    "hostname": "example.com",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
DEEPEST = 12  # levels of nesting; what lies below a recursive schema is left out


def fitting(
    schema: JSON, choose: Chooser, sure: float, *, name: str = "", root: JSON | None = None, level: int = 0
) -> Any:
    """Return a value that is valid under the schema.

    Args:
        schema: the JSON schema, with local `$ref`s at most.
        choose: picks one of several strings (the options of an `enum`).
        sure: what to say where a confidence between 0 and 1 is asked for.
        name: the property's name, for strings.
        root: the outermost schema, in which `$ref`s are looked up.
        level: how deep this schema lies.
    """
    root = schema if root is None else root

    def inner(part: JSON, part_name: str = name) -> Any:
        return fitting(part, choose, sure, name=part_name, root=root, level=level + 1)

    if "$ref" in schema:
        return inner(_resolved(schema["$ref"], root))
    if "const" in schema:
        return schema["const"]
    if options := schema.get("enum"):
        strings = [option for option in options if isinstance(option, str)]
        return choose(strings) if strings else options[0]
    for combination in ("anyOf", "oneOf"):
        if choices := schema.get(combination):
            return inner(next((c for c in choices if c.get("type") != "null"), choices[0]))
    if parts := schema.get("allOf"):
        return inner({key: value for part in parts for key, value in part.items()})
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = next((k for k in kind if k != "null"), "null") if isinstance(kind, list) else kind
    match kind:
        case "object":
            properties = schema.get("properties", {})
            wanted = properties if level < DEEPEST else schema.get("required", ())
            return {key: inner(properties.get(key, {}), key) for key in wanted}
        case "array":
            count = max(int(schema.get("minItems", 0)), 1 if level < DEEPEST else 0)
            return [inner(schema.get("items", {})) for _ in range(count)]
        case "integer" | "number":
            return _number(schema, sure, name, whole=kind == "integer")
        case "boolean":
            return False
        case "null":
            return None
    return STRINGS.get(schema.get("format", ""), f"Sample {name.replace('_', ' ')}".strip())


def _number(schema: JSON, sure: float, name: str, *, whole: bool) -> float:
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    high = schema.get("maximum", schema.get("exclusiveMaximum", low + 1))
    share = sure if any(word in name.lower() for word in ("confiden", "probab", "score", "sure")) else 0.5
    value = low + (high - low) * share
    return round(value) if whole else round(value, 2)


def _resolved(reference: str, root: JSON) -> JSON:
    target: Any = root
    for part in reference.removeprefix("#/").split("/"):
        target = target[part] if part != "#" else target
    return dict(target)
