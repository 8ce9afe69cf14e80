"""What is checked at the door, before a handler runs and a body is read.

As a middleware: for each guard Litestar copies the whole handler, which costs more than the checks themselves.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, Middleware, Receive, Scope, Send

Connection = ASGIConnection[Any, Any, Any, Any]
Check = Callable[[Connection], Awaitable[None]]


def door(*checks: Check) -> Middleware:
    """Runs the checks in order; what one of them raises is told as the handler's own errors are."""

    def around(app: ASGIApp) -> ASGIApp:
        async def checked(scope: Scope, receive: Receive, send: Send) -> None:
            connection: Connection = ASGIConnection(scope)
            for check in checks:
                await check(connection)
            await app(scope, receive, send)

        return checked

    return around


def noted(connection: Connection) -> dict[str, Any]:
    """What the checks of a request tell its handler, and each other."""
    return connection.scope["state"]
