"""The chat turn: whole, or as it happens."""

import hashlib
from typing import Annotated, Any

import msgspec
from dishka.integrations.litestar import FromDishka, inject
from litestar import Request, Response, post
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.response import Stream

from application.chat import Chat
from application.context import Ask
from domain.errors import Invalid
from entrypoints.http.bearer import within_rate
from entrypoints.http.problems import quota_headers
from entrypoints.http.sse import HEADERS, event_stream
from entrypoints.http.wire import ChatRequest, TurnBody

EXACT = "application/vnd.munshi.chat+json"
KEY_MAX = 128

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key", description="1 to 128 printable characters; the same turn never runs twice"
    ),
]


@post("/chat", guards=[within_rate], status_code=200, summary="Hold a turn")
@inject
async def chat_turn(
    user_id: FromPath[str],
    data: JSONBody[ChatRequest],
    request: Request[Any, Any, Any],
    chat: FromDishka[Chat],
    idempotency_key: IdempotencyKey = None,
) -> Response[TurnBody]:
    """Say something; the answer comes whole, with every tool call of the turn."""
    live = await chat.start(ask_of(user_id, data, idempotency_key))
    exact = wants_exact(request)
    return Response(
        TurnBody.of(await live.whole(), exact),
        media_type=f"{EXACT};profile=exact" if exact else "application/json",
        headers=quota_headers(request.state.quota),
    )


@post("/chat/stream", guards=[within_rate], status_code=200, media_type="text/event-stream", summary="Stream a turn")
@inject
async def chat_stream(
    user_id: FromPath[str],
    data: JSONBody[ChatRequest],
    request: Request[Any, Any, Any],
    chat: FromDishka[Chat],
    idempotency_key: IdempotencyKey = None,
) -> Stream:
    """Say something; Server-Sent Events: turn, delta, tool_call, tool_result, and done or error."""
    live = await chat.start(ask_of(user_id, data, idempotency_key))
    frames = event_stream(live, request.url.path, wants_exact(request))
    return Stream(frames, media_type="text/event-stream", headers=HEADERS | quota_headers(request.state.quota))


def ask_of(user_id: str, body: ChatRequest, idempotency_key: str | None) -> Ask:
    """What the application is asked. Raises Invalid for a key that is none."""
    if idempotency_key is not None and not (
        0 < len(idempotency_key) <= KEY_MAX and idempotency_key.isprintable() and idempotency_key.isascii()
    ):
        raise Invalid("Idempotency-Key", f"must be 1 to {KEY_MAX} printable characters")
    fingerprint = hashlib.sha256(msgspec.json.encode(body)).hexdigest()
    return Ask(user_id, body.message, body.conversation_id, body.timezone, idempotency_key, fingerprint)


def wants_exact(request: Request[Any, Any, Any]) -> bool:
    """Whether the client validates the three keys strictly."""
    accept = request.headers.get("accept", "").replace(" ", "").lower()
    return f"{EXACT};profile=exact" in accept.replace('"', "")
