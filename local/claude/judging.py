"""Judging two texts when the form `judge_pair` is demanded: the one that takes up more of what was said is better.

What was said is the request and a reader's remark, if there is one. The place of a text does not count, so that the
judge says the same of them in either order.
"""

import re

from local.claude.call import JSON, Call
from local.claude.classification import stems

TOOL = "judge_pair"
_FENCED = re.compile(
    r'<(?:material name="(?P<name>[^"]*)"|(?P<request>request))[^>]*>(?P<text>.*?)</(?:material|request)>',
    re.DOTALL,
)
_NAMED = 3  # words that a reason names


def judge(call: Call) -> JSON:
    """Return which of `Text A` and `Text B` is better, or that they are equal, and why."""
    texts = {found["name"] or "request": found["text"] for found in _FENCED.finditer(call.user)}
    wanted = stems(texts.get("request", "")) | stems(texts.get("Remark", ""))
    taken_up = {name: wanted & stems(texts.get(f"Text {name}", "")) for name in "AB"}
    counts = {name: len(found) for name, found in taken_up.items()}
    if counts["A"] == counts["B"]:
        return {"better": "equal", "reason": "Both texts take up as much of what was asked for."}
    better, other = ("A", "B") if counts["A"] > counts["B"] else ("B", "A")
    words = ", ".join(sorted(taken_up[better] - taken_up[other])[:_NAMED])
    return {"better": better, "reason": f"Text {better} takes up what Text {other} leaves out: {words}."}
