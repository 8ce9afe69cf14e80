"""The chat turn: whole, or as it happens."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.types import ASGIApp, Middleware, Scope

from application.context import Ask
from entrypoints.http.bodies import Encoded, straight
from entrypoints.http.bounds import checked_key, one_more_stream, start, within_rate
from entrypoints.http.door import door, header_of, headers_of, noted
from entrypoints.http.problems import quota_headers
from entrypoints.http.sse import Frames, event_stream
from entrypoints.http.wire import ChatRequest, TurnBody

Held = Callable[[str, ChatRequest, Scope], Awaitable[ASGIApp]]
EXACT = "application/vnd.munshi.chat+json;profile=exact"


def turn(path: str, *middleware: Middleware, **told: Any) -> Callable[[Held], HTTPRouteHandler]:
    """The route of a turn."""

    def routed(held: Held) -> HTTPRouteHandler:
        around = [*middleware, door(within_rate), straight(held, ChatRequest)]
        return post(path, middleware=around, status_code=200, **told)(held)

    return routed


@turn("/chat", summary="Hold a turn")
async def chat_turn(user_id: FromPath[str], data: JSONBody[ChatRequest], scope: Scope) -> Encoded[TurnBody]:
    """Say something; the answer comes whole, with every tool call of the turn."""
    live = await start(scope, ask_of(user_id, data, scope))
    exact = wants_exact(scope)
    return Encoded(
        TurnBody.of(await live.whole(), exact),
        EXACT.encode() if exact else b"application/json",
        quota_headers(noted(scope)["quota"]),
    )


@turn(
    "/chat/stream",
    one_more_stream,
    media_type="text/event-stream",
    response_description="Stream Response",
    summary="Stream a turn",
)
async def chat_stream(user_id: FromPath[str], data: JSONBody[ChatRequest], scope: Scope) -> Frames:
    """Say something; Server-Sent Events: turn, delta, tool_call, tool_result, and done or error."""
    live = await start(scope, ask_of(user_id, data, scope))
    frames = event_stream(live, scope["path"], wants_exact(scope))
    return Frames(frames, quota_headers(noted(scope)["quota"]))


def ask_of(user_id: str, body: ChatRequest, scope: Scope) -> Ask:
    """What the application is asked. Raises Invalid for an Idempotency-Key that is none."""
    key = checked_key(headers_of(scope, b"idempotency-key"))
    fingerprint = hashlib.sha256(msgspec.json.encode(body)).hexdigest() if key else ""
    return Ask(user_id, body.message, body.conversation_id, body.timezone, key, fingerprint)


def wants_exact(scope: Scope) -> bool:
    """Whether the client validates the three keys strictly."""
    accept = (header_of(scope, b"accept") or "").replace(" ", "").lower()
    return EXACT in accept.replace('"', "")
