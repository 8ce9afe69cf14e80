"""POST /mcp: who may, from where and with what, before the SDK is even imported."""

import asyncio
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import msgspec
from dishka import AsyncContainer
from litestar import Request, Response, post
from litestar.exceptions import ClientException
from litestar.handlers import HTTPRouteHandler
from litestar.types import Scope
from msgspec import UNSET, Struct, UnsetType

from application.context import ContextManager
from application.ports import TokenVerifier
from application.toolbox import Toolboxes
from domain.errors import Invalid, MunshiError
from entrypoints.http.bearer import bearer_token
from entrypoints.http.door import door, header_of, headers_of, noted
from entrypoints.http.problems import Unsupported, documented

if TYPE_CHECKING:
    from entrypoints.mcp.exchange import Exchange

PROBLEMS = (
    *("malformed_json", "unauthenticated", "forbidden", "too_large", "unsupported_media_type", "invalid"),
    *("rate_limited", "storage_unavailable", "identity_unavailable"),
)


class ForeignOrigin(MunshiError):
    """A page of another origin calls."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("This Origin may not call; CORS_ORIGINS names those that may.")


class _Message(Struct):
    """A request or a notification of JSON-RPC 2.0; batches and answers have no place without sessions."""

    jsonrpc: Literal["2.0"]
    method: str
    params: dict[str, Any] | UnsetType = UNSET
    id: int | str | UnsetType = UNSET


def mcp_route(container: AsyncContainer, cors_origins: tuple[str, ...]) -> HTTPRouteHandler:
    """Streamable HTTP for the user of the Bearer token; GET and DELETE are 405, since there are no sessions."""
    late = _LateExchange(container)

    async def only_known_origins(scope: Scope) -> None:
        """Refuse other people's pages, and names that were pointed at this machine (DNS rebinding)."""
        host = header_of(scope, b"host") or ""
        for origin in headers_of(scope, b"origin"):
            if origin not in cors_origins and not is_own_origin(origin, host):
                raise ForeignOrigin

    async def only_a_user(scope: Scope) -> None:
        """Bind the request to the user of its token, before its body is read."""
        verifier = await container.get(TokenVerifier)
        noted(scope)["user_id"] = await verifier.verify(bearer_token(headers_of(scope, b"authorization")))

    @post(
        "/mcp",
        middleware=[door(only_known_origins, only_a_user)],
        status_code=200,
        media_type="application/json",
        summary="Model Context Protocol",
        tags=["protocols"],
        security=[{"bearer": []}],
        responses=documented(*PROBLEMS),
    )
    async def mcp(request: Request[Any, Any, Any]) -> Response[bytes]:
        """One JSON-RPC message of MCP (Streamable HTTP, without sessions) for the user of the token.

        The answer is JSON-RPC as well, also where it tells an error, for which it may come with status 400.
        """
        if request.content_type[0] != "application/json":
            raise Unsupported
        body = await request.body()
        _check_message(body)
        exchange = await late.get()
        return await exchange.answer(request.scope, body, noted(request.scope)["user_id"])

    return mcp


class _LateExchange:
    """The SDK's import takes half a second: made once, at the first verified message, beside the loop."""

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container
        self._lock = asyncio.Lock()
        self._made: Exchange | None = None

    async def get(self) -> "Exchange":
        async with self._lock:
            if self._made is None:
                toolboxes, context = await self._container.get(Toolboxes), await self._container.get(ContextManager)
                self._made = await asyncio.to_thread(_exchange, toolboxes, context)
        return self._made


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a page of this very address asks; a host by name is believed for localhost alone.

    A name can be made to point anywhere by its owner, so it would be in Origin and Host alike.
    """
    try:
        parts = urlsplit(origin)
        name = parts.hostname or ""
        return parts.scheme in ("http", "https") and parts.netloc == host and (name == "localhost" or _is_address(name))
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def _check_message(body: bytes) -> None:
    """Before the SDK, whose answers quote its parser."""
    try:
        msgspec.json.decode(body, type=_Message)
    except msgspec.ValidationError as fault:
        raise Invalid("body", f"is not a JSON-RPC message: {fault}") from fault
    except msgspec.DecodeError as fault:
        raise ClientException from fault


def _exchange(toolboxes: Toolboxes, context: ContextManager) -> "Exchange":
    from entrypoints.mcp.exchange import Exchange  # noqa: PLC0415

    return Exchange(toolboxes, context)
