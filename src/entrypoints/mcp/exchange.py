"""One HTTP exchange of the protocol: a verified user's message in, one JSON answer out, nothing kept between."""

from typing import Any

import anyio
from litestar import Response
from litestar.types import HTTPScope
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request

from application.context import ContextManager
from application.ports import Unauthenticated
from application.toolbox import Toolboxes
from entrypoints.mcp.server import Asked, build_server

PASSED_ON = ("type", "method", "path", "query_string", "headers")
OWN_HEADERS = ("content-length", "content-type")


class Exchange:
    """Streamable HTTP without sessions: any process can answer any message."""

    def __init__(self, toolboxes: Toolboxes, context: ContextManager) -> None:
        self._server = build_server(toolboxes, context, _user_of)

    async def answer(self, scope: HTTPScope, body: bytes, user_id: str) -> Response[bytes]:
        """What the server says to this user's message."""
        unread = [body]
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            if not unread:
                await anyio.sleep_forever()
            return {"type": "http.request", "body": unread.pop(), "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        given: dict[str, Any] = {name: value for name, value in scope.items() if name in PASSED_ON}
        # A manager runs once, and the task that entered its task group must leave it: so each message has its own.
        manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
        async with manager.run():
            await manager.handle_request({**given, "user": user_id}, receive, send)
        return _response(said)


def _user_of(asked: Asked) -> str:
    """The verified user, as `answer` put it beside the message; nobody is never taken for somebody."""
    request: Request | None = asked.request
    if request is None:
        raise Unauthenticated("A message came without its user.")
    return str(request.user)


def _response(said: list[Any]) -> Response[bytes]:
    start, *rest = said
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Response(
        b"".join(part.get("body", b"") for part in rest),
        status_code=start["status"],
        media_type=headers.get("content-type", "application/json"),
        headers={"Cache-Control": "no-store"} | {n: v for n, v in headers.items() if n not in OWN_HEADERS},
    )
