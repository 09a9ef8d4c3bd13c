"""Values that fit a JSON schema: what is said when the form is demanded and no script answers."""

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Form:
    """Makes values for one schema.

    `choose` picks one of several strings (the options of an `enum`); `sure` is said where a confidence between 0
    and 1 is asked for.
    """

    root: JSON
    choose: Chooser
    sure: float

    def value(self) -> Any:
        """Return a value that is valid under the schema."""
        return self._value(self.root, "", 0)

    def _value(self, schema: JSON, name: str, level: int) -> Any:
        schema = self._plain(schema)
        if "const" in schema:
            return schema["const"]
        if options := schema.get("enum"):
            strings = [option for option in options if isinstance(option, str)]
            return self.choose(strings) if strings else options[0]
        match _kind(schema):
            case "object":
                properties = schema.get("properties", {})
                wanted = properties if level < DEEPEST else schema.get("required", ())
                return {key: self._value(properties.get(key, {}), key, level + 1) for key in wanted}
            case "array":
                count = max(int(schema.get("minItems", 0)), 1 if level < DEEPEST else 0)
                return [self._value(schema.get("items", {}), name, level + 1) for _ in range(count)]
            case kind:
                return self._simple(kind, schema, name)

    def _simple(self, kind: str, schema: JSON, name: str) -> Any:
        match kind:
            case "string":
                return STRINGS.get(schema.get("format", ""), f"Sample {name.replace('_', ' ')}".strip())
            case "integer":
                return round(self._number(schema, name))
            case "number":
                return round(self._number(schema, name), 2)
            case "boolean":
                return False
        return None

    def _plain(self, schema: JSON) -> JSON:
        """Return the schema behind references and combinations; of several choices the first that is not null."""
        for _ in range(DEEPEST):
            if "$ref" in schema:
                schema = self._resolved(schema["$ref"])
            elif choices := schema.get("anyOf") or schema.get("oneOf"):
                schema = next((choice for choice in choices if choice.get("type") != "null"), choices[0])
            elif parts := schema.get("allOf"):
                schema = {key: value for part in parts for key, value in part.items()}
            else:
                break
        return schema

    def _resolved(self, reference: str) -> JSON:
        target: Any = self.root
        for part in reference.removeprefix("#").strip("/").split("/"):
            target = target[part] if part else target
        return dict(target)

    def _number(self, schema: JSON, name: str) -> float:
        low: float = schema.get("minimum", schema.get("exclusiveMinimum", 0.0)) or 0.0
        high: float = schema.get("maximum", schema.get("exclusiveMaximum", low + 1)) or low + 1
        asks_how_sure = any(word in name.lower() for word in ("confiden", "probab", "score", "sure"))
        return low + (high - low) * (self.sure if asks_how_sure else 0.5)


def _kind(schema: JSON) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return str(next((k for k in kind if k != "null"), "null") if isinstance(kind, list) else kind)
