"""An answer of JSON that costs no more than its encoding."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

T = TypeVar("T")
encoded = msgspec.json.Encoder().encode


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
