"""Bodies as they come and as they go, without the detours by which Litestar reads and writes any body there can be."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, Middleware, Receive, Scope, Send

from entrypoints.http.door import header_of
from entrypoints.http.headers import Headers

BODY_MAX = 256 * 1024
BODY = "body"
"""Where the state of a request keeps its body once it was read."""
T = TypeVar("T")
encoded = msgspec.json.Encoder().encode


class Whole(Request[Any, Any, Any]):
    """A request whose body is read at once, where Litestar's own goes through a generator and all headers."""

    __slots__ = ()

    async def body(self) -> bytes:
        """The body. Raises RequestEntityTooLarge for more than BODY_MAX bytes, announced or sent."""
        known: bytes | None = self.scope["state"].get(BODY)
        if known is None:
            known = self.scope["state"][BODY] = await _read(self.scope, self.receive)
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


def straight(handler: Callable[[str, T, Scope], Awaitable[ASGIApp]], body: type[T]) -> Middleware:
    """Calls the handler of a user's JSON itself.

    Litestar's way there and back (a request, a signature, a stack for what might have to be closed) costs as much as
    all else around a turn. What can't be read is left to it: it says what is wrong.
    """
    decode = msgspec.json.Decoder(body, strict=False).decode

    def around(app: ASGIApp) -> ASGIApp:
        async def handled(scope: Scope, receive: Receive, send: Send) -> None:
            whole = await _read(scope, receive)
            try:
                data = decode(whole)
            except Exception:
                scope["state"][BODY] = whole
                await app(scope, receive, send)
                return
            answer = await handler(scope["path_params"]["user_id"], data, scope)
            await answer(scope, receive, send)

        return handled

    return around


class Encoded(Response[T]):
    """A 200 with a body of msgspec's types.

    What Litestar would find out of any answer (its cookies, its background, how its type is encoded) is known of this
    one, and costs as much as all else around a turn.
    """

    def __init__(self, content: T, media_type: bytes, headers: Headers) -> None:
        self._body = encoded(content)
        self._head = [(b"content-type", media_type), (b"content-length", b"%d" % len(self._body)), *headers]

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        """See Response."""
        return self  # type: ignore[return-value]  # which is called, and nothing else

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """See ASGI."""
        await send({"type": "http.response.start", "status": 200, "headers": self._head})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})
