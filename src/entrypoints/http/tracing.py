"""A span for each request, by Litestar's OpenTelemetry plugin; what people write into addresses is left out."""

from typing import Any

from litestar.exceptions import HTTPException
from litestar.plugins.opentelemetry import OpenTelemetryConfig, OpenTelemetryPlugin
from litestar.types import Scope
from litestar.utils import normalize_path

from entrypoints.http.requests import METHODS, UNROUTED


def tracing_plugin() -> OpenTelemetryPlugin:
    """One span a request, named by its route; none for each piece of a stream."""
    return OpenTelemetryPlugin(
        OpenTelemetryConfig(exclude_spans=["receive", "send"], scope_span_details_extractor=details_of)
    )


def details_of(scope: Scope) -> tuple[str, dict[str, Any]]:
    """The span's name and attributes: the route's template wherever the plugin would put the path or the query."""
    route = route_of(scope)
    method = str(scope.get("method", ""))
    known = method if method in METHODS else "other"
    hidden = dict.fromkeys(("http.route", "http.target", "http.url", "url.path", "url.full"), route)
    return f"{known} {route}", {**hidden, "url.query": ""}


def route_of(scope: Scope) -> str:
    """The template of the route that a path leads to; the router remembers the answer for itself."""
    try:
        router = scope["litestar_app"].asgi_router
        return str(router.handle_routing(path=normalize_path(scope["path"]), method=scope.get("method"))[-1])
    except HTTPException:
        return UNROUTED
