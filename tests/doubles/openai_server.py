"""An OpenAI-compatible server (Responses API, streamed) on a free port, whose answers the test scripts."""

import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Call:
    """One tool call that the model makes."""

    name: str
    arguments: dict[str, Any] | str


@dataclass
class ScriptedModel:
    """Answers each request with the next round: a text, or tool calls; keeps the bodies it was sent."""

    rounds: list[str | list[Call] | int] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    base_url: str = ""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """The ASGI application."""
        raw, more = b"", scope["type"] == "http"
        while more:
            message = await receive()
            raw, more = raw + message.get("body", b""), message.get("more_body", False)
        self.bodies.append(json.loads(raw))
        answer = self.rounds.pop(0)
        if isinstance(answer, int):
            await _respond(send, answer, json.dumps({"error": {"message": "scripted", "code": "scripted"}}).encode())
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        async for frame in _frames(len(self.bodies), answer):
            await send({"type": "http.response.body", "body": frame, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _respond(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"retry-after-ms", b"1")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _frames(number: int, answer: str | list[Call]) -> AsyncIterator[bytes]:
    items = _items(number, answer)
    base: dict[str, Any] = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": int(time.time()),
        "model": "scripted",
        "status": "in_progress",
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    events: list[tuple[str, dict[str, Any]]] = [("response.created", {"response": base})]
    for index, item in enumerate(items):
        events.append(("response.output_item.added", {"output_index": index, "item": item}))
        if item["type"] == "message":
            for piece in item["content"][0]["text"].split(" "):
                place = {"item_id": item["id"], "output_index": index, "content_index": 0, "logprobs": []}
                events.append(("response.output_text.delta", {**place, "delta": piece + " "}))
        events.append(("response.output_item.done", {"output_index": index, "item": item}))
    tokens = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    usage = {
        **tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    done = {**base, "status": "completed", "output": items, "usage": usage}
    events.append(("response.completed", {"response": done}))
    for sequence, (kind, data) in enumerate(events):
        yield f"event: {kind}\ndata: {json.dumps({'type': kind, 'sequence_number': sequence, **data})}\n\n".encode()


def _items(number: int, answer: str | list[Call]) -> list[dict[str, Any]]:
    if isinstance(answer, str):
        content = [{"type": "output_text", "text": answer, "annotations": [], "logprobs": []}]
        message = {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed"}
        return [{**message, "content": content}]
    return [
        {
            "type": "function_call",
            "id": f"fc_{number}_{index}",
            "call_id": f"call_{number}_{index}",
            "name": call.name,
            "arguments": call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments),
            "status": "completed",
        }
        for index, call in enumerate(answer)
    ]


@contextmanager
def running(model: ScriptedModel) -> Iterator[ScriptedModel]:
    """Serve the model on 127.0.0.1 as long as the block lasts."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(model, log_level="critical", lifespan="off", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    model.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    try:
        yield model
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
