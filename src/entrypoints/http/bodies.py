"""Bodies as they come and as they go, without the detours by which Litestar reads and writes any body there can be."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from entrypoints.http.door import header_of

BODY_MAX = 256 * 1024
T = TypeVar("T")
encoded = msgspec.json.Encoder().encode


class Whole(Request[Any, Any, Any]):
    """A request whose body is read at once, where Litestar's own goes through a generator and all headers."""

    __slots__ = ("_whole",)
    _whole: bytes

    async def body(self) -> bytes:
        """The body. Raises RequestEntityTooLarge for more than BODY_MAX bytes, announced or sent."""
        known: bytes | None = getattr(self, "_whole", None)
        if known is None:
            known = self._whole = await _read(self.scope, self.receive)
        return known


async def _read(scope: Scope, receive: Receive) -> bytes:
    if _announced(scope) > BODY_MAX:
        raise RequestEntityTooLarge
    pieces, size, is_more = [], 0, True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientException("The client has gone.")
        pieces.append(message["body"])
        size += len(message["body"])
        if size > BODY_MAX:
            raise RequestEntityTooLarge
        is_more = message["more_body"]
    return b"".join(pieces)


def _announced(scope: Scope) -> int:
    try:
        return int(header_of(scope, b"content-length") or 0)
    except ValueError:
        raise ClientException("The Content-Length is not a number.") from None


class Encoded(Response[T]):
    """A 200 with a body of msgspec's types.

    What Litestar would find out of any answer (its cookies, its background, how its type is encoded) is known of this
    one, and costs as much as all else around a turn.
    """

    def __init__(self, content: T, media_type: str, headers: Mapping[str, str]) -> None:
        self._body = encoded(content)
        self._headers = {"content-type": media_type, "content-length": str(len(self._body)), **headers}

    def to_asgi_response(self, app: object, request: Request[Any, Any, Any], **_: Any) -> ASGIResponse:  # noqa: ARG002
        """See Response."""
        return _Sent(self._body, self._headers)


class _Sent(ASGIResponse):
    def __init__(self, body: bytes, headers: Mapping[str, str]) -> None:
        self._sent = body
        self._head = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await send({"type": "http.response.start", "status": 200, "headers": self._head})
        await send({"type": "http.response.body", "body": self._sent, "more_body": False})
