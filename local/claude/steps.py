"""The steps of a script: each is a mapping with one leading key, which names its kind."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from local.claude.errors import STATUSES


class Part(BaseModel):
    """Strict, immutable piece of a script: a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class TextStep(Part):
    """Say `text`, spread over `duration` seconds in deltas of `chunk` characters; break off after `cut_after`."""

    text: str = Field(min_length=1)
    duration: float = Field(0.0, ge=0)
    chunk: int = Field(0, ge=0)
    cut_after: int | None = Field(None, ge=0)


class ThinkingStep(Part):
    """Think aloud."""

    thinking: str
    duration: float = Field(0.0, ge=0)
    chunk: int = Field(0, ge=0)


class DelayStep(Part):
    """Be silent for so many seconds. As the first step it delays the first byte."""

    delay: float = Field(ge=0)


class ToolStep(Part):
    """Use a tool; `fetch` also finds `mcp__web__fetch`. The following steps answer its result."""

    tool_use: str
    input: dict[str, Any] = {}


class SearchResult(Part):
    """One hit of a web search; `text` is what an answer can cite."""

    title: str
    url: str
    text: str = ""


class SearchStep(Part):
    """Search the web at the provider (`web_search_*` must be offered); a `text` that follows cites the results."""

    web_search: str
    results: tuple[SearchResult, ...] = ()
    error: str | None = None


class JsonStep(Part):
    """Answer in the form that is demanded: input of the forced tool, or text that fits the schema."""

    value: Any = Field(alias="json")


class SampleStep(Part):
    """Say what would have been said without a script."""

    sample: Literal[True]


class ErrorStep(Part):
    """Fail: an HTTP status or an error type. After other steps it is an `error` event within the stream."""

    error: int | str
    message: str = ""
    retry_after: float | None = Field(None, ge=0)
    headers: dict[str, str] = {}

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.error if isinstance(self.error, int) else STATUSES[self.error]

    @model_validator(mode="after")
    def _known(self) -> "ErrorStep":
        if isinstance(self.error, str) and self.error not in STATUSES:
            raise ValueError(f"unknown error {self.error!r}; one of {', '.join(STATUSES)}")
        return self


class RefusalStep(Part):
    """Stop with `refusal`, after the words given (may be empty)."""

    refusal: str
    category: Literal["cyber", "bio", "frontier_llm", "reasoning_extraction", "general_harms"] | None = None
    explanation: str | None = None


class StopStep(Part):
    """Stop for this reason rather than `end_turn`."""

    stop: Literal["end_turn", "max_tokens", "pause_turn", "model_context_window_exceeded"]


class CutStep(Part):
    """Break the connection."""

    cut: Literal[True]


class HangStep(Part):
    """Say nothing more until the client hangs up."""

    hang: Literal[True]


KEYS = (  # each leads one kind of step
    *("text", "thinking", "delay", "tool_use", "web_search", "json", "sample"),
    *("error", "refusal", "stop", "cut", "hang"),
)


def _leading_key(step: Any) -> str | None:
    return next((key for key in KEYS if key in step), None) if isinstance(step, dict) else None


Step = Annotated[
    Annotated[TextStep, Tag("text")]
    | Annotated[ThinkingStep, Tag("thinking")]
    | Annotated[DelayStep, Tag("delay")]
    | Annotated[ToolStep, Tag("tool_use")]
    | Annotated[SearchStep, Tag("web_search")]
    | Annotated[JsonStep, Tag("json")]
    | Annotated[SampleStep, Tag("sample")]
    | Annotated[ErrorStep, Tag("error")]
    | Annotated[RefusalStep, Tag("refusal")]
    | Annotated[StopStep, Tag("stop")]
    | Annotated[CutStep, Tag("cut")]
    | Annotated[HangStep, Tag("hang")],
    Discriminator(
        _leading_key,
        custom_error_type="unknown_step",
        custom_error_message=f"a step starts with one of: {', '.join(KEYS)}",
    ),
]

Prose = TextStep | ThinkingStep
"""What says nothing where a form is demanded."""

Last = ErrorStep | RefusalStep | StopStep | CutStep | HangStep
"""What ends a script."""
