"""Scripts: which requests they answer, and step by step with what.

A script is a mapping with `when` (all of its conditions must hold), `times` (how many requests it answers before
the next script gets its turn; no limit by default) and `steps`, each a mapping with one leading key. After a
`tool_use` the steps go on when the client brings the result. See `README.md` for every key.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, ValidationError, model_validator

from local.claude.call import Call, is_server_search
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


KEYS = (
    "text thinking delay tool_use web_search json sample error refusal stop cut hang".split()  # each leads one kind of step
)


def _leading_key(step: Any) -> str | None:
    fields = (
        step
        if isinstance(step, dict)
        else {"json" if name == "value" else name for name in type(step).model_fields}
    )
    return next((key for key in KEYS if key in fields), None)


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

PROSE = (TextStep, ThinkingStep, SampleStep)
LAST = (ErrorStep, RefusalStep, StopStep, CutStep, HangStep)


class When(Part):
    """Conditions on a request; those left out hold always.

    A pattern is a part of the text, or a regular expression between slashes; case never matters.
    """

    model: str | None = None
    user: str | None = None  # what the person said last
    system: str | None = None
    body: str | None = None  # any text of the request
    tools: tuple[str, ...] = ()  # offered, all of them
    nth: int | None = Field(None, ge=1)  # only the nth request that fulfils the rest

    def fits(self, call: Call) -> bool:
        """Return whether the conditions on the request itself hold; `nth` is the book's to count."""
        patterns = ((self.model, call.body["model"]), (self.user, call.user), (self.system, call.system))
        return (
            all(pattern is None or _pattern(pattern).search(text) for pattern, text in patterns)
            and (self.body is None or bool(_pattern(self.body).search(call.everything)))
            and all(call.tool(name) for name in self.tools)
        )


class Script(Part):
    """Steps for the requests that fit `when`."""

    name: str = ""
    when: When = When()
    times: int | None = Field(None, ge=1)
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _nothing_after_the_end(self) -> "Script":
        if any(isinstance(step, LAST) for step in self.steps[:-1]):
            raise ValueError(
                "error, refusal, stop, cut and hang end a script; give what follows a script of its own"
            )
        return self

    def fits(self, call: Call) -> bool:
        """Return whether this script can answer: prose is no answer where a form is demanded."""
        if is_server_search(call.forced_tool):
            suitable = not any(isinstance(step, (*PROSE, ToolStep)) for step in self.steps) or self._searches
        else:
            suitable = not call.formed or not any(isinstance(step, PROSE) for step in self.steps)
        return suitable and self.when.fits(call)

    @property
    def _searches(self) -> bool:
        return any(isinstance(step, SearchStep) for step in self.steps)


class ScriptError(ValueError):
    """A script can't be read; the message says where and why."""


SCRIPTS = TypeAdapter(tuple[Script, ...])


def parse(text: str, source: str = "scripts") -> tuple[Script, ...]:
    """Read scripts from YAML or JSON: a list of scripts, or a single one.

    Args:
        text: the document.
        source: what to call it in an error.

    Raises:
        ScriptError: with one line for each mistake.
    """
    try:
        document = yaml.safe_load(text) or []
        return SCRIPTS.validate_python([document] if isinstance(document, dict) else document)
    except yaml.YAMLError as error:
        raise ScriptError(f"{source}: {error}") from error
    except ValidationError as error:
        lines = (f"{source}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise ScriptError("\n".join(lines)) from error


def read(path: Path) -> tuple[Script, ...]:
    """Read the scripts of a file.

    Raises:
        ScriptError: when it is no script.
        OSError: when it can't be read.
    """
    return parse(path.read_text(encoding="utf-8"), str(path))


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    regular = len(text) > 1 and text.startswith("/") and text.endswith("/")
    return re.compile(text[1:-1] if regular else re.escape(text), re.IGNORECASE | re.MULTILINE)
