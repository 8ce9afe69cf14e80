"""GET /metrics for Prometheus, for whoever has the token of the settings."""

from secrets import compare_digest
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.plugins.prometheus import PrometheusController

from application.ports import Unauthenticated
from entrypoints.http.bearer import bearer_token
from entrypoints.http.door import headers_of


def metrics_route(token: str) -> type[PrometheusController]:
    """Litestar's own controller behind a token of its own: a person's token opens nothing here."""

    async def only_the_scraper(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        if not compare_digest(bearer_token(headers_of(connection.scope, b"authorization")).encode(), token.encode()):
            raise Unauthenticated("This token does not open the metrics.")

    class Metrics(PrometheusController):
        guards = [only_the_scraper]  # noqa: RUF012 - Litestar's way of saying it
        include_in_schema = False

    return Metrics
