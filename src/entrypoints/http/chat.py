"""The chat turn: whole, or as it happens."""

import hashlib
from typing import Any

import msgspec
from dishka.integrations.litestar import FromDishka, inject
from litestar import Request, Response, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from application.chat import Chat
from application.context import Ask
from entrypoints.http.bounds import StreamEnd, checked_key, one_more_stream, start, within_rate
from entrypoints.http.door import door, noted
from entrypoints.http.problems import quota_headers
from entrypoints.http.sse import HEADERS, event_stream
from entrypoints.http.wire import ChatRequest, TurnBody

EXACT = "application/vnd.munshi.chat+json"


@post("/chat", middleware=[door(within_rate)], status_code=200, summary="Hold a turn")
@inject
async def chat_turn(
    user_id: FromPath[str],
    data: JSONBody[ChatRequest],
    request: Request[Any, Any, Any],
    chat: FromDishka[Chat],
) -> Response[TurnBody]:
    """Say something; the answer comes whole, with every tool call of the turn."""
    live = await start(request, chat, ask_of(user_id, data, request.headers.get("idempotency-key")))
    exact = wants_exact(request)
    return Response(
        TurnBody.of(await live.whole(), exact),
        media_type=f"{EXACT};profile=exact" if exact else "application/json",
        headers=quota_headers(noted(request)["quota"]),
    )


@post(
    "/chat/stream",
    middleware=[StreamEnd(), door(one_more_stream, within_rate)],
    status_code=200,
    media_type="text/event-stream",
    summary="Stream a turn",
)
@inject
async def chat_stream(
    user_id: FromPath[str],
    data: JSONBody[ChatRequest],
    request: Request[Any, Any, Any],
    chat: FromDishka[Chat],
) -> Stream:
    """Say something; Server-Sent Events: turn, delta, tool_call, tool_result, and done or error."""
    live = await start(request, chat, ask_of(user_id, data, request.headers.get("idempotency-key")))
    frames = event_stream(live, request.url.path, wants_exact(request))
    return Stream(frames, media_type="text/event-stream", headers=HEADERS | quota_headers(noted(request)["quota"]))


def ask_of(user_id: str, body: ChatRequest, idempotency_key: str | None) -> Ask:
    """What the application is asked. Raises Invalid for a key that is none."""
    fingerprint = hashlib.sha256(msgspec.json.encode(body)).hexdigest()
    return Ask(user_id, body.message, body.conversation_id, body.timezone, checked_key(idempotency_key), fingerprint)


def wants_exact(request: Request[Any, Any, Any]) -> bool:
    """Whether the client validates the three keys strictly."""
    accept = request.headers.get("accept", "").replace(" ", "").lower()
    return f"{EXACT};profile=exact" in accept.replace('"', "")
