"""POST /api/{user_id}/chatkit: the one address of the protocol; the package is imported when it is first asked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from dishka import AsyncContainer
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from application.chat import Chat
from application.context import ContextManager
from application.ports import RateLimiter
from application.toolbox import Toolboxes
from entrypoints.http.bounds import one_more_stream
from entrypoints.http.problems import quota_headers
from entrypoints.http.sse import Frames

if TYPE_CHECKING:
    from entrypoints.chatkit.protocol import ChatKitProtocol


def chatkit_route(container: AsyncContainer) -> HTTPRouteHandler:
    """The protocol for the user of the path, whom the door of the router has let in."""
    late = _LateProtocol(container)

    @post(
        "/chatkit",
        middleware=[one_more_stream],
        status_code=200,
        response_description="JSON, or a stream of events",
        summary="Speak the ChatKit protocol",
    )
    async def chatkit(user_id: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes] | Stream:
        """One request of OpenAI's component: threads, items, actions, feedback; a turn is answered by a stream."""
        protocol = await late.get()
        answer = await protocol.answer(user_id, await request.body())
        if isinstance(answer.content, bytes):
            return Response(answer.content, media_type="application/json", headers={"Cache-Control": "no-store"})
        # What is wrong before the first event is told as a problem, with its status; the model is not asked until then.
        first = await anext(answer.content)
        return Frames(_joined(first, answer.content), quota_headers(answer.quota) if answer.quota else None)

    return chatkit


async def _joined(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(rest):
        yield first
        async for frame in rest:
            yield frame


class _LateProtocol:
    """The package takes over a second to import, and the Agents SDK with it: done once, beside the loop."""

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container
        self._lock = asyncio.Lock()
        self._made: ChatKitProtocol | None = None

    async def get(self) -> "ChatKitProtocol":
        async with self._lock:
            if self._made is None:
                get = self._container.get
                parts = (await get(Chat), await get(ContextManager), await get(Toolboxes), await get(RateLimiter))
                self._made = await asyncio.to_thread(_protocol, *parts)
        return self._made


def _protocol(chat: Chat, context: ContextManager, toolboxes: Toolboxes, limiter: RateLimiter) -> "ChatKitProtocol":
    from entrypoints.chatkit.protocol import ChatKitProtocol  # noqa: PLC0415

    return ChatKitProtocol(chat, context, toolboxes, limiter)
