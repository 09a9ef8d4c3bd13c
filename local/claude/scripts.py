"""Scripts: which requests they answer, and with which steps.

A script has `when` (all of its conditions must hold), `times` (how many requests it answers before the next script
gets its turn; no limit by default) and `steps`. After a `tool_use` the steps go on when the client brings the
result. `README.md` shows every key.
"""

import re
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator

from local.claude.call import Call, is_server_search
from local.claude.steps import Last, Part, Prose, SearchStep, Step, ToolStep


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

    @field_validator("model", "user", "system", "body")
    @classmethod
    def _readable(cls, pattern: str | None) -> str | None:
        try:
            _pattern(pattern or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern

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
        if any(isinstance(step, Last) for step in self.steps[:-1]):
            raise ValueError("error, refusal, stop, cut and hang end a script; the rest needs a script of its own")
        return self

    def fits(self, call: Call) -> bool:
        """Return whether this script can answer: where a form is demanded, prose and other tools can't."""
        return self.when.fits(call) and (not call.formed or self._suits_form(call))

    def _suits_form(self, call: Call) -> bool:
        if is_server_search(call.forced_tool) and any(isinstance(step, SearchStep) for step in self.steps):
            return True
        used = [call.tool(step.tool_use) for step in self.steps if isinstance(step, ToolStep)]
        return not any(isinstance(step, Prose) for step in self.steps) and all(
            tool is not None and tool is call.forced_tool for tool in used
        )


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
