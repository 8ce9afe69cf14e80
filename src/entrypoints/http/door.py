"""What is checked at the door, before a handler runs and a body is read.

As a middleware: for each guard Litestar copies the whole handler, which costs more than the checks themselves. A check
reads the scope as it came: to make a connection and its headers of it costs more than most of them, too.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from dishka import AsyncContainer
from litestar.types import ASGIApp, Middleware, Receive, Scope, Send

Check = Callable[[Scope], Awaitable[None]]
P = TypeVar("P")


def door(*checks: Check) -> Middleware:
    """Runs the checks in order; what one of them raises is told as the handler's own errors are."""

    def around(app: ASGIApp) -> ASGIApp:
        async def checked(scope: Scope, receive: Receive, send: Send) -> None:
            for check in checks:
                await check(scope)
            await app(scope, receive, send)

        return checked

    return around


class Parts:
    """The parts of the service, each asked of the container once: all live as long as the process."""

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container
        self._known: dict[object, Any] = {}

    async def get(self, kind: Callable[..., P]) -> P:
        """The part of this kind."""
        known: P | None = self._known.get(kind)
        if known is None:
            known = self._known[kind] = await self._container.get(kind)
        return known


def noted(scope: Scope) -> dict[str, Any]:
    """What the checks of a request tell its handler, and each other."""
    return scope["state"]


async def part(scope: Scope, kind: Callable[..., P]) -> P:
    """The part of this kind in the service that is asked."""
    parts: Parts = scope["state"]["parts"]
    return await parts.get(kind)


def headers_of(scope: Scope, name: bytes) -> list[str]:
    """The values of a header, as often as it was sent; `name` in lower case."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def header_of(scope: Scope, name: bytes) -> str | None:
    """The value of a header, the first where it was sent more than once."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return None
