"""What differs between the models, as far as a client can be bitten by it.

Sources: https://platform.claude.com/docs/en/about-claude/models/overview (output limits),
`…/build-with-claude/prompt-caching` (shortest prefix that is cached), `…/api/errors` (prefill). Where the
documentation does not say, a model is given what its predecessor had; the names are those of `anthropic` 2.13.
"""

from dataclasses import dataclass
from typing import Any

from local.claude.errors import ApiError


@dataclass(frozen=True, slots=True)
class Model:
    """One model. `cacheable` and `max_output` are tokens."""

    id: str
    name: str
    cacheable: int = 1024
    max_output: int = 128_000
    sampling: bool = False  # whether temperature, top_p and top_k may differ from their defaults
    prefill: bool = False  # whether the conversation may end with a turn of the assistant

    def info(self) -> dict[str, Any]:
        """Return the entry for `/v1/models`; an unknown release date is the epoch, as the API has it."""
        return {
            "type": "model",
            "id": self.id,
            "display_name": self.name,
            "created_at": "1970-01-01T00:00:00Z",
            "lifecycle": "active",
            "line": self.id.split("-")[1],
            "max_input_tokens": 200_000,
            "max_tokens": self.max_output,
        }


MODELS = (
    Model("claude-opus-5", "Claude Opus 5", cacheable=4096),
    Model("claude-sonnet-5", "Claude Sonnet 5"),
    Model("claude-opus-4-6", "Claude Opus 4.6", cacheable=4096, sampling=True),
    Model("claude-sonnet-4-6", "Claude Sonnet 4.6", cacheable=2048, sampling=True),
    Model("claude-haiku-4-5", "Claude Haiku 4.5", 4096, 64_000, sampling=True, prefill=True),
    Model("claude-opus-4-5", "Claude Opus 4.5", 4096, 64_000, sampling=True, prefill=True),
    Model("claude-sonnet-4-5", "Claude Sonnet 4.5", 1024, 64_000, sampling=True, prefill=True),
)


def find(name: str) -> Model:
    """Return the model of that name or alias (`claude-haiku-4-5-20251001`); new names are taken on trust.

    Raises:
        ApiError: 404 for a name that is no Claude model's.
    """
    for model in MODELS:
        if name == model.id or (name.startswith(f"{model.id}-2") and len(name) == len(model.id) + 9):
            return model
    if name.startswith("claude-") and len(name) > len("claude-"):
        return Model(name, name.replace("-", " ").title(), sampling=True)
    raise ApiError(404, f"model: {name}")
