"""Web search as it runs at the model provider: use, results and citations.

https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool
"""

import base64
from collections.abc import Iterable

from local.claude.call import JSON
from local.claude.turn import Given, Piece, ToolUse, new_id


def search(query: str, results: Iterable[JSON], error: str | None = None) -> list[Piece]:
    """Return the blocks of one search.

    Args:
        query: what is searched for.
        results: hits with `title`, `url` and `text`.
        error: an error code of the tool (such as `max_uses_exceeded`) instead of results.
    """
    use = ToolUse("web_search", {"query": query}, new_id("srvtoolu"), server=True)
    content: JSON | list[JSON] = [_hit(result) for result in results]
    if error:
        content = {"type": "web_search_tool_result_error", "error_code": error}
    return [use, Given({"type": "web_search_tool_result", "tool_use_id": use.id, "content": content})]


def cite(result: JSON) -> JSON:
    """Return the citation of a hit, for the text that relies on it."""
    return {
        "type": "web_search_result_location",
        "url": result["url"],
        "title": result["title"],
        "encrypted_index": _sealed(result["url"]),
        "cited_text": result["text"][:150],
    }


def _hit(result: JSON) -> JSON:
    sealed = _sealed(result["text"])
    return {
        "type": "web_search_result",
        "title": result["title"],
        "url": result["url"],
        "encrypted_content": sealed,
        "page_age": None,
    }


def _sealed(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
