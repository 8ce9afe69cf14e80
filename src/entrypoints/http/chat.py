"""The chat turn: whole, or as it happens."""

import hashlib
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from application.context import Ask
from entrypoints.http.bodies import Encoded
from entrypoints.http.bounds import checked_key, one_more_stream, start, within_rate
from entrypoints.http.door import door, header_of, noted
from entrypoints.http.problems import quota_headers
from entrypoints.http.sse import Frames, event_stream
from entrypoints.http.wire import ChatRequest, TurnBody

EXACT = "application/vnd.munshi.chat+json"


@post("/chat", middleware=[door(within_rate)], status_code=200, summary="Hold a turn")
async def chat_turn(
    user_id: FromPath[str], data: JSONBody[ChatRequest], request: Request[Any, Any, Any]
) -> Response[TurnBody]:
    """Say something; the answer comes whole, with every tool call of the turn."""
    live = await start(request.scope, ask_of(user_id, data, request))
    exact = wants_exact(request)
    return Encoded(
        TurnBody.of(await live.whole(), exact),
        f"{EXACT};profile=exact" if exact else "application/json",
        quota_headers(noted(request.scope)["quota"]),
    )


@post(
    "/chat/stream",
    middleware=[one_more_stream, door(within_rate)],
    status_code=200,
    media_type="text/event-stream",
    summary="Stream a turn",
)
async def chat_stream(user_id: FromPath[str], data: JSONBody[ChatRequest], request: Request[Any, Any, Any]) -> Stream:
    """Say something; Server-Sent Events: turn, delta, tool_call, tool_result, and done or error."""
    live = await start(request.scope, ask_of(user_id, data, request))
    frames = event_stream(live, request.scope["path"], wants_exact(request))
    return Frames(frames, quota_headers(noted(request.scope)["quota"]))


def ask_of(user_id: str, body: ChatRequest, request: Request[Any, Any, Any]) -> Ask:
    """What the application is asked. Raises Invalid for an Idempotency-Key that is none."""
    key = checked_key(header_of(request.scope, b"idempotency-key"))
    fingerprint = hashlib.sha256(msgspec.json.encode(body)).hexdigest() if key else ""
    return Ask(user_id, body.message, body.conversation_id, body.timezone, key, fingerprint)


def wants_exact(request: Request[Any, Any, Any]) -> bool:
    """Whether the client validates the three keys strictly."""
    accept = (header_of(request.scope, b"accept") or "").replace(" ", "").lower()
    return f"{EXACT};profile=exact" in accept.replace('"', "")
