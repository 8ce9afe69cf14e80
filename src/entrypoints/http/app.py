"""The Litestar application: routes, guards, errors, CORS and headers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import AsyncContainer
from dishka.integrations.litestar import setup_dishka
from litestar import Litestar, Router
from litestar.config.cors import CORSConfig
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from application.chat import Chat
from domain.errors import MunshiError
from entrypoints.chatkit.route import chatkit_route
from entrypoints.http import chat, conversations, health, tasks
from entrypoints.http.bearer import only_json, only_the_user
from entrypoints.http.page import page_routes
from entrypoints.http.problems import documented, tell, tell_http, tell_unexpected
from entrypoints.http.wire import RawSchema
from entrypoints.mcp.route import mcp_route

BODY_MAX = 256 * 1024
PROBLEMS = (
    "malformed_json",
    "unauthenticated",
    "forbidden",
    "not_found",
    "turn_in_progress",
    "too_large",
    "unsupported_media_type",
    "invalid",
    "rate_limited",
    "storage_unavailable",
    "assistant_timeout",
)
USER_ROUTES = [
    chat.chat_turn,
    chat.chat_stream,
    conversations.list_conversations,
    conversations.list_messages,
    conversations.rename_conversation,
    conversations.delete_conversation,
    conversations.stop_turn,
    conversations.resume_stream,
    tasks.list_tasks,
    tasks.add_task,
    tasks.get_task,
    tasks.update_task,
    tasks.delete_task,
    tasks.complete_task,
    tasks.undo,
]
for _route in USER_ROUTES:
    _route.responses = documented(*PROBLEMS)
DRAIN_SECONDS = 20.0
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def build_app(container: AsyncContainer, cors_origins: tuple[str, ...] = ()) -> Litestar:
    """The application over a container that provides the ports; the container is closed with it."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        chat_service = await container.get(Chat)
        yield
        await chat_service.drain(DRAIN_SECONDS)
        await container.close()

    user_routes = Router(
        path="/api/{user_id:str}",
        guards=[only_the_user, only_json],
        route_handlers=[*USER_ROUTES, chatkit_route(container)],
        security=[{"bearer": []}],
    )
    app = Litestar(
        route_handlers=[user_routes, health.health, mcp_route(container, cors_origins), *page_routes()],
        exception_handlers={MunshiError: tell, HTTPException: tell_http, Exception: tell_unexpected},
        cors_config=_cors(cors_origins),
        openapi_config=_openapi(),
        request_max_body_size=BODY_MAX,
        response_headers=HEADERS,
        plugins=[RawSchema()],
        lifespan=[lifespan],
        logging_config=None,
    )
    setup_dishka(container, app)
    return app


def _cors(origins: tuple[str, ...]) -> CORSConfig | None:
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=[
            *("authorization", "content-type", "accept", "idempotency-key", "last-event-id"),
            *("mcp-protocol-version", "mcp-method", "mcp-name"),
        ],
        expose_headers=["retry-after", "ratelimit", "ratelimit-policy", "www-authenticate"],
    )


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Munshi",
        version=health.VERSION,
        description="Tasks by conversation, in Roman Urdu, Urdu and English.",
        path="/schema",
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
    )
