"""What is checked at the door, before a handler runs and a body is read.

As a middleware: for each guard Litestar copies the whole handler, which costs more than the checks themselves. A check
reads the scope as it came: to make a connection and its headers of it costs more than most of them, too.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from dishka import AsyncContainer
from litestar.types import ASGIApp, Middleware, Receive, Scope, Send

from application.chat import Chat
from application.context import ContextManager
from application.observing import Observer
from application.ports import AddressLimiter, RateLimiter, TokenVerifier

KINDS = (Observer, TokenVerifier, AddressLimiter, RateLimiter, ContextManager, Chat)
PARTS = "parts"
"""Where the state of a request keeps the parts of the service, which live as long as the process."""
HEADERS = "headers"
"""Where the state of a request keeps its headers by their names, the first of each."""

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


def noted(scope: Scope) -> dict[str, Any]:
    """What the checks of a request tell its handler, and each other."""
    return scope["state"]


async def parts_of(container: AsyncContainer) -> dict[object, Any]:
    """What every request is asked of, by its kind: to ask the container each time costs more than most checks."""
    return {kind: await container.get(kind) for kind in KINDS}


def part(scope: Scope, kind: Callable[..., P]) -> P:
    """The part of this kind in the service that is asked."""
    found: P = scope["state"][PARTS][kind]
    return found


def headers_of(scope: Scope, name: bytes) -> list[str]:
    """The values of a header, as often as it was sent; `name` in lower case."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def header_of(scope: Scope, name: bytes) -> str | None:
    """The value of a header, the first where it was sent more than once."""
    state = scope["state"]
    if HEADERS not in state:
        state[HEADERS] = dict(reversed(list(scope["headers"])))
    value: bytes | None = state[HEADERS].get(name)
    return None if value is None else value.decode("latin-1")
