"""The Litestar application: routes, guards, errors, CORS and headers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from dishka import AsyncContainer
from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.types import ControllerRouterHandler

from application.chat import Chat
from domain.errors import MunshiError
from entrypoints.chatkit.route import chatkit_route
from entrypoints.http import health
from entrypoints.http.bearer import only_json, only_the_user
from entrypoints.http.bodies import BODY_MAX, Whole
from entrypoints.http.bounds import OpenStreams, within_address_rate
from entrypoints.http.door import door
from entrypoints.http.headers import completing, cors
from entrypoints.http.openapi import ANYWHERE, CHATKIT, WholeSchema, only_known, user_routes
from entrypoints.http.page import page_routes
from entrypoints.http.problems import documented, tell, tell_http, tell_unexpected
from entrypoints.http.requests import Requests, Tell
from entrypoints.http.wire import RawSchema
from entrypoints.mcp.route import mcp_route


class _Lean(Litestar):
    """Does not import what Litestar serves where it is installed: attrs, Pydantic 1, traces that nobody asked for."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]

    @staticmethod
    def _patch_opentelemetry_middleware(config: AppConfig) -> AppConfig:
        return config


def build_app(
    container: AsyncContainer,
    cors_origins: tuple[str, ...] = (),
    counts_loopback: bool = False,
    *,
    log: Tell | None = None,
    metrics_token: str | None = None,
    is_traced: bool = False,
    chatkit_domain_key: str | None = None,
) -> Litestar:
    """The application over a container that provides the ports; the container is closed with it.

    `counts_loopback`: whether requests of this very machine count as those of an address do. With `log` every request
    is a line of it; with a `metrics_token` there is /metrics for who has it.
    """

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        chat_service = await container.get(Chat)
        yield
        await chat_service.drain()
        await container.close()

    chatkit = chatkit_route(container)
    chatkit.responses = documented(*ANYWHERE, *CHATKIT)
    users = Router(
        path="/api/{user_id:str}",
        middleware=[door(only_the_user, only_json)],
        route_handlers=[*user_routes(), chatkit],
        security=[{"bearer": []}],
    )
    others = [
        *(health.health, mcp_route(container, cors_origins)),
        *page_routes(chatkit_domain_key),
        *_metrics(metrics_token),
    ]
    app = _Lean(
        route_handlers=[users, *others],
        exception_handlers={MunshiError: tell, HTTPException: tell_http, Exception: tell_unexpected},
        cors_config=cors(cors_origins),
        openapi_config=_openapi(),
        request_class=Whole,
        request_max_body_size=BODY_MAX,
        middleware=[door(within_address_rate(counts_loopback))],
        state=State({"streams": OpenStreams()}),
        plugins=[RawSchema(), *_plugins(is_traced)],
        lifespan=[lifespan],
        logging_config=None,
    )
    app.asgi_handler = Requests(app.asgi_handler, container, completing(cors_origins), log)
    return app


def _metrics(token: str | None) -> Sequence[ControllerRouterHandler]:
    if token is None:
        return []
    from entrypoints.http.metrics import metrics_route  # noqa: PLC0415

    return [metrics_route(token)]


def _plugins(is_traced: bool) -> list[PluginProtocol]:
    if not is_traced:
        return []
    from entrypoints.http.tracing import tracing_plugin  # noqa: PLC0415

    return [tracing_plugin()]


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Munshi",
        version=health.VERSION,
        description="Tasks by conversation, in Roman Urdu, Urdu and English.",
        openapi_router=Router("/schema", route_handlers=[], before_request=only_known, include_in_schema=False),
        render_plugins=[WholeSchema()],
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
    )
