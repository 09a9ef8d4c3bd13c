"""A model that was talked into it: it calls whatever tools it likes, offered or not, all in one turn."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class HostileModel:
    """Calls tools in its first turn, and says `words` in its second. Keeps the requests."""

    calls: Mapping[str, tuple[str, Mapping[str, Any]]]  # by a name for each: tool and input
    words: str
    before: Callable[[], None] = lambda: None  # what happens before the first turn
    url: str = ""
    requests: list[Any] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/v1/messages", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield
        await runner.cleanup()

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """What came of each call, in the words of the second request."""
        blocks = [
            block
            for message in self.requests[1]["messages"]
            if isinstance(message["content"], list)
            for block in message["content"]
            if block["type"] == "tool_result"
        ]
        return dict(zip(self.calls, blocks, strict=True))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if not self.requests:
            self.before()
        self.requests.append(body)
        blocks: list[tuple[dict[str, Any], dict[str, Any]]] = [
            (
                {"type": "tool_use", "id": f"toolu_{number}", "name": tool, "input": {}},
                {"type": "input_json_delta", "partial_json": json.dumps(arguments)},
            )
            for number, (tool, arguments) in enumerate(self.calls.values())
        ]
        if len(self.requests) > 1:
            blocks = [({"type": "text", "text": ""}, {"type": "text_delta", "text": self.words})]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for event in _events(body["model"], blocks, "end_turn" if len(self.requests) > 1 else "tool_use"):
            await response.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
        return response


def _events(model: str, blocks: list[tuple[dict[str, Any], dict[str, Any]]], stop: str) -> list[dict[str, Any]]:
    usage = {"input_tokens": 10, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": [], "usage": usage}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": message}]
    for index, (block, delta) in enumerate(blocks):
        events += [
            {"type": "content_block_start", "index": index, "content_block": block},
            {"type": "content_block_delta", "index": index, "delta": delta},
            {"type": "content_block_stop", "index": index},
        ]
    return [
        *events,
        {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": 10}},
        {"type": "message_stop"},
    ]
