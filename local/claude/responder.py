"""What is said: by a script, in the form that is demanded, or as a sample."""

import json
from collections.abc import Callable, Mapping

from local.claude import judging, learning
from local.claude.call import JSON, Call, is_server_search
from local.claude.classification import confidence, likeliest
from local.claude.form import Form
from local.claude.playing import STRUCTURED_OUTPUT, ScriptBook
from local.claude.sample import searches_for, write_sample
from local.claude.search import cite, search
from local.claude.turn import Stop, Text, ToolUse, Turn, new_id, within_limits

FORMS: Mapping[str, Callable[[Call], JSON]] = {
    judging.TOOL: judging.judge,
    learning.THEMES: learning.record_themes,
    learning.RULE: learning.propose_rule,
}
"""Forms that are filled in with more thought than any other: tools, and what fills in their input."""


class Responder:
    """Finds the answer to a valid request."""

    def __init__(self, book: ScriptBook, *, pace: float) -> None:
        """Answer from `book`; samples are written at `pace` characters a second, 0 being at once."""
        self.book = book
        self.pace = pace

    def answer(self, call: Call) -> tuple[Turn, str]:
        """Return the turn, and who made it: the script's name, `form` or `sample`.

        Raises:
            ApiError: 400 when a script has a step that can't be played here.
        """
        if cue := self.book.cue(call):
            turn = self.book.play(cue, call, lambda: self._unscripted(call)[0])
            return within_limits(turn, call), cue.script.name or "script"
        turn, author = self._unscripted(call)
        return within_limits(turn, call), author

    def _unscripted(self, call: Call) -> tuple[Turn, str]:
        if is_server_search(call.forced_tool):
            return self._searched(call), "form"
        tool = call.forced_tool or (call.tool(STRUCTURED_OUTPUT) if not call.tool_results else None)
        if tool is not None:
            fill = FORMS.get(tool["name"])
            value = fill(call) if fill else _formed(tool["input_schema"], call)
            return Turn([ToolUse(tool["name"], value, new_id("toolu"))], Stop("tool_use")), "form"
        if call.schema is not None:
            return Turn([Text(json.dumps(_formed(call.schema, call)))]), "form"
        return write_sample(call, self.pace), "sample"

    def _searched(self, call: Call) -> Turn:
        query, results = searches_for(call)
        said = f"The sample results for “{query}” come from the local stand-in; nothing was searched."
        return Turn([*search(query, results), Text(said, citations=[cite(results[0])])])


def _formed(schema: dict[str, object], call: Call) -> dict[str, object]:
    value = Form(schema, lambda options: likeliest(options, call), confidence(call)).value()
    return value if isinstance(value, dict) else {"value": value}
