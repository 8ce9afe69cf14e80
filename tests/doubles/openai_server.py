"""An OpenAI-compatible server on a free port, streamed, in both APIs, whose answers and faults the test scripts."""

import asyncio
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
Body = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One tool call that the model makes; arguments that are a string go as they are."""

    name: str
    arguments: dict[str, Any] | str

    @property
    def json(self) -> str:
        """The arguments as they are sent."""
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


@dataclass(frozen=True)
class Refuse:
    """An HTTP error instead of an answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    """A text, and how it ends.

    "stop"; "length" or "content_filter" as the API tells them; "refusal": the text is the model's refusal;
    "cut": the stream ends without its last event; "drop": the connection is torn; "silence": nothing more comes.
    With `calls` the same answer asks for tools after its words.
    """

    text: str
    ending: str = "stop"
    calls: tuple[Call, ...] = ()


Round = str | list[Call] | Say | Refuse
Script = Round | Callable[[Body], Round]


@dataclass
class ScriptedModel:
    """Answers each request with the next round of the script; keeps the bodies it was sent.

    `otherwise` answers when the script is at its end; `pause`: seconds before every piece of a stream.
    """

    rounds: list[Script] = field(default_factory=list)
    otherwise: Script = Refuse(500)
    pause: float = 0.0
    bodies: list[Body] = field(default_factory=list)
    base_url: str = ""
    tokens: int | None = 2

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """The ASGI application."""
        raw, more = b"", scope["type"] == "http"
        while more:
            message = await receive()
            raw, more = raw + message.get("body", b""), message.get("more_body", False)
        body = json.loads(raw)
        self.bodies.append(body)
        script = self.rounds.pop(0) if self.rounds else self.otherwise
        answer = script(body) if callable(script) else script
        if isinstance(answer, Refuse):
            await _refuse(send, answer)
            return
        said = Say(answer) if isinstance(answer, str) else answer
        number = len(self.bodies)
        if scope["path"].endswith("/chat/completions"):
            asked = body.get("stream_options", {}).get("include_usage")
            frames = _chat(number, said, self.tokens if asked else None)
        else:
            frames = _responses(number, said, self.tokens)
        ending = said.ending if isinstance(said, Say) else "stop"
        await _stream(send, receive, self._paced(frames), ending)

    async def _paced(self, frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for frame in frames:
            await asyncio.sleep(self.pause)
            yield frame


async def _refuse(send: Send, answer: Refuse) -> None:
    content = json.dumps({"error": {"message": "scripted", "type": "scripted", "code": "scripted"}}).encode()
    headers = {"content-type": "application/json", "retry-after-ms": "1", **answer.headers}
    if "retry-after" in headers:
        del headers["retry-after-ms"]
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": content})


async def _stream(send: Send, receive: Receive, frames: AsyncIterator[bytes], ending: str) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    async for frame in frames:
        await send({"type": "http.response.body", "body": frame, "more_body": True})
    if ending == "drop":
        raise ConnectionAbortedError("scripted: the connection is torn")
    if ending == "silence":
        await asyncio.wait([asyncio.ensure_future(receive())], timeout=60)
    await send({"type": "http.response.body", "body": b""})


async def _responses(number: int, answer: Say | list[Call], tokens: int | None) -> AsyncIterator[bytes]:
    base: Body = {"id": f"resp_{number}", "object": "response", "created_at": int(time.time()), "model": "scripted"}
    base |= {"status": "in_progress", "output": [], "parallel_tool_calls": True, "tool_choice": "auto", "tools": []}
    items = _items(number, answer)
    events: list[tuple[str, Body]] = [("response.created", {"response": base})]
    for index, item in enumerate(items):
        started = {**item, "content": []} if item["type"] == "message" else {**item, "arguments": ""}
        events.append(("response.output_item.added", {"output_index": index, "item": started}))
        place = {"item_id": item["id"], "output_index": index, "content_index": 0, "logprobs": []}
        if isinstance(answer, Say) and item["type"] == "message":
            kind = "refusal" if answer.ending == "refusal" else "output_text"
            events += [(f"response.{kind}.delta", {**place, "delta": piece}) for piece in _pieces(answer.text)]
        events.append(("response.output_item.done", {"output_index": index, "item": item}))
    if not isinstance(answer, Say) or answer.ending not in ("cut", "drop", "silence"):
        events.append(_last_event(base, items, answer, tokens))
    for sequence, (kind, data) in enumerate(events):
        yield f"event: {kind}\ndata: {json.dumps({'type': kind, 'sequence_number': sequence, **data})}\n\n".encode()


def _last_event(base: Body, items: list[Body], answer: Say | list[Call], tokens: int | None) -> tuple[str, Body]:
    usage: Body | None = None
    if tokens is not None:
        usage = {"input_tokens": 1, "output_tokens": tokens - 1, "total_tokens": tokens}
        usage |= {"input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0}}
        usage |= {"output_tokens_details": {"reasoning_tokens": 0}}
    done = {**base, "output": items, "usage": usage}
    reasons = {"length": "max_output_tokens", "content_filter": "content_filter"}
    if isinstance(answer, Say) and answer.ending in reasons:
        details = {"reason": reasons[answer.ending]}
        return "response.incomplete", {"response": {**done, "status": "incomplete", "incomplete_details": details}}
    return "response.completed", {"response": {**done, "status": "completed"}}


def _items(number: int, answer: Say | list[Call]) -> list[Body]:
    if isinstance(answer, Say):
        text: Body = {"type": "output_text", "text": answer.text, "annotations": [], "logprobs": []}
        if answer.ending == "refusal":
            text = {"type": "refusal", "refusal": answer.text}
        message = {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed"}
        said = [{**message, "content": [text]}]
        return said + _items(number, list(answer.calls)) if answer.calls else said
    return [
        {
            "type": "function_call",
            "id": f"fc_{number}_{index}",
            "call_id": f"call_{number}_{index}",
            "name": call.name,
            "arguments": call.json,
            "status": "completed",
        }
        for index, call in enumerate(answer)
    ]


async def _chat(number: int, answer: Say | list[Call], tokens: int | None) -> AsyncIterator[bytes]:
    head: Body = {"id": f"chatcmpl-{number}", "created": int(time.time()), "model": "scripted"}
    head["object"] = "chat.completion.chunk"

    def chunk(delta: Body, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return f"data: {json.dumps({**head, 'choices': [choice]})}\n\n".encode()

    yield chunk({"role": "assistant", "content": None})
    if isinstance(answer, Say):
        kind = "refusal" if answer.ending == "refusal" else "content"
        for piece in _pieces(answer.text):
            yield chunk({kind: piece})
        if answer.ending in ("cut", "drop", "silence"):
            return
    calls = answer.calls if isinstance(answer, Say) else answer
    if isinstance(answer, Say) and not calls:
        yield chunk({}, answer.ending if answer.ending in ("length", "content_filter") else "stop")
    else:
        for index, call in enumerate(calls):
            function = {"name": call.name, "arguments": call.json}
            tool = {"index": index, "id": f"call_{number}_{index}", "type": "function", "function": function}
            yield chunk({"tool_calls": [tool]})
        yield chunk({}, "tool_calls")
    if tokens is not None:
        usage = {"prompt_tokens": 1, "completion_tokens": tokens - 1, "total_tokens": tokens}
        yield f"data: {json.dumps({**head, 'choices': [], 'usage': usage})}\n\n".encode()
    yield b"data: [DONE]\n\n"


def _pieces(text: str) -> list[str]:
    """The text in words, each with the blank before it; joined they are the text."""
    words = text.split(" ")
    return [words[0], *(f" {word}" for word in words[1:])] if text else []


def tool_outputs(body: Body) -> list[str]:
    """What the tools returned in this run, in either API."""
    items = body.get("input") or body.get("messages") or []
    return [
        item.get("output") or item.get("content")
        for item in items
        if item.get("type") == "function_call_output" or item.get("role") == "tool"
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
