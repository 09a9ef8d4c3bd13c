"""From scripts to turns: which script answers a request, and what its next steps say."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from local.claude.call import JSON, Call, is_server_search
from local.claude.errors import ApiError, invalid
from local.claude.scripts import Script
from local.claude.search import cite, search
from local.claude.steps import (
    CutStep,
    DelayStep,
    ErrorStep,
    HangStep,
    JsonStep,
    RefusalStep,
    SampleStep,
    SearchStep,
    Step,
    StopStep,
    TextStep,
    ThinkingStep,
    ToolStep,
)
from local.claude.turn import Cut, Ending, Hang, Piece, Stop, Text, Thinking, ToolUse, Turn, Wait, new_id

OPEN_TOOL_USES = 1000  # how many tool uses may wait for their result
STRUCTURED_OUTPUT = "StructuredOutput"  # the tool by which the CLI asks for structured outputs


@dataclass(slots=True)
class Entry:
    """A script in force: how often its conditions held, and how often it answered."""

    script: Script
    met: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """A place in a script: the index of the step that is due."""

    script: Script
    step: int = 0


@dataclass
class ScriptBook:
    """The scripts in force: those set live come before those of the files."""

    shipped: list[Entry] = field(default_factory=list)
    live: list[Entry] = field(default_factory=list)
    _waiting: OrderedDict[str, Cue] = field(default_factory=OrderedDict)

    def ship(self, scripts: Iterable[Script]) -> None:
        """Add scripts that outlast `clear`."""
        self.shipped += map(Entry, scripts)

    def add(self, scripts: Iterable[Script]) -> None:
        """Append to the live scripts."""
        self.live += map(Entry, scripts)

    def clear(self) -> None:
        """Take the live scripts away; those of the files start counting anew."""
        self.live.clear()
        self._waiting.clear()
        self.shipped = [Entry(entry.script) for entry in self.shipped]

    def cue(self, call: Call) -> Cue | None:
        """Return where the answer to this request stands, and count it; None when no script has one.

        The result of a tool that a script used leads back into that script, whatever `when` says.
        """
        for result in call.tool_results:
            if cue := self._waiting.pop(str(result.get("tool_use_id")), None):
                return cue if cue.step < len(cue.script.steps) else None
        for entry in (*self.live, *self.shipped):
            script = entry.script
            if (script.times is None or entry.answered < script.times) and script.fits(call):
                entry.met += 1
                if script.when.nth in (None, entry.met):
                    entry.answered += 1
                    return Cue(script)
        return None

    def play(self, cue: Cue, call: Call, sample: Callable[[], Turn]) -> Turn:
        """Return the turn that a script's steps make, up to its end or its next tool use.

        Args:
            cue: where to start.
            call: the request, for the tools that it offers.
            sample: gives what would be said without a script.

        Raises:
            ApiError: 400 when a step can't be played, such as the use of a tool that is not offered.
        """
        pieces: list[Piece] = []
        cited: list[JSON] = []
        ending: Ending = Stop()
        for index, step in enumerate(cue.script.steps[cue.step :], cue.step):
            match step:
                case DelayStep():
                    pieces.append(Wait(step.delay))
                case TextStep(cut_after=int() as limit):
                    return Turn([*pieces, *_cut_text(step, limit)], Cut())
                case TextStep():
                    pieces.append(Text(step.text, step.duration, step.chunk, cited))
                    cited = []
                case ThinkingStep():
                    pieces.append(Thinking(step.thinking, step.duration, step.chunk))
                case SearchStep():
                    results = [result.model_dump() for result in step.results]
                    pieces += _searched(step, results, call)
                    cited = [cite(result) for result in results if result["text"]]
                case ToolStep() | JsonStep():
                    use = _tool_use(step, call)
                    pieces.append(use)
                    if isinstance(use, ToolUse):
                        self._remember(use.id, Cue(cue.script, index + 1))
                        return Turn(pieces, Stop("tool_use"))
                case SampleStep():
                    unscripted = sample()
                    pieces += unscripted.pieces
                    ending = unscripted.ending
                case _:
                    pieces += [Text(step.refusal)] if isinstance(step, RefusalStep) and step.refusal else []
                    ending = _ending(step)
        return Turn(pieces, ending)

    def _remember(self, tool_use_id: str, cue: Cue) -> None:
        self._waiting[tool_use_id] = cue
        while len(self._waiting) > OPEN_TOOL_USES:
            self._waiting.popitem(last=False)


def _cut_text(step: TextStep, limit: int) -> list[Piece]:
    """Return the text up to the cut, at the pace that the whole would have had."""
    said = step.text[:limit]
    return [Text(said, step.duration * len(said) / len(step.text), step.chunk)] if said else []


def _searched(step: SearchStep, results: list[JSON], call: Call) -> list[Piece]:
    if not any(map(is_server_search, call.tools)):
        raise _unplayable("web_search", call)
    return search(step.web_search, results, step.error)


def _tool_use(step: ToolStep | JsonStep, call: Call) -> ToolUse | Text:
    """Return the use of the tool that the step names or that the request demands, or JSON as text."""
    if isinstance(step, ToolStep):
        tool = call.tool(step.tool_use)
        if tool is None:
            raise _unplayable(step.tool_use, call)
        return ToolUse(tool["name"], step.input, new_id("toolu"))
    tool = call.forced_tool or (call.tool(STRUCTURED_OUTPUT) if call.schema is None else None)
    return ToolUse(tool["name"], step.value, new_id("toolu")) if tool else Text(json.dumps(step.value))


def _ending(step: Step) -> Ending:
    match step:
        case ErrorStep():
            retry = {} if step.retry_after is None else {"retry-after": f"{step.retry_after:g}"}
            return ApiError(step.status, step.message, headers={**retry, **step.headers})
        case RefusalStep():
            details = {"type": "refusal", "category": step.category, "explanation": step.explanation}
            return Stop("refusal", details=details)
        case StopStep():
            return Stop(step.stop)
        case CutStep():
            return Cut()
        case HangStep():
            return Hang()
    raise TypeError(f"{step!r} is no ending")


def _unplayable(tool: str, call: Call) -> ApiError:
    offered = ", ".join(tool["name"] for tool in call.tools) or "none"
    return invalid(f"local stand-in: the script uses the tool {tool!r}; offered: {offered}")
