"""What every answer carries, whatever it is: the headers of its safety, and of the origins that may read it."""

from collections.abc import Callable, Iterable

from litestar.config.cors import CORSConfig
from litestar.types import Scope

Headers = list[tuple[bytes, bytes]]

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""An answer's own (the page has a wider policy) take precedence."""
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
NOT_KEPT = {"Cache-Control": "no-store"}
VARY = b"Origin, Accept-Encoding"
"""Litestar writes its own Vary over that of the page's files."""


def completing(origins: tuple[str, ...]) -> Callable[[Scope, Iterable[tuple[bytes, bytes]]], Headers]:
    """What completes the headers of any answer to a request; their names are in lower case."""
    security, over_https, of_the_api = _encoded(SECURITY), _encoded(HTTPS_ONLY), _encoded(NOT_KEPT)
    added = {
        (is_https, is_api): dict(security + over_https * is_https + of_the_api * is_api)
        for is_https in (False, True)
        for is_api in (False, True)
    }

    def complete(scope: Scope, given: Iterable[tuple[bytes, bytes]]) -> Headers:
        headers = list(given)
        if origins:
            headers = [pair for pair in headers if pair[0] != b"vary"]
            headers.append((b"vary", VARY))
        lacking = added[scope["scheme"] == "https", scope["path"].startswith("/api/")].copy()
        for name, _ in headers:
            lacking.pop(name, None)
        headers.extend(lacking.items())
        return headers

    return complete


def _encoded(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def cors(origins: tuple[str, ...]) -> CORSConfig | None:
    """Exactly these origins; no credentials but the token that the page itself sends: there are no cookies."""
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=[
            *("authorization", "content-type", "accept", "idempotency-key", "last-event-id", "x-request-id"),
            *("mcp-protocol-version", "mcp-session-id", "mcp-method", "mcp-name"),
        ],
        expose_headers=["retry-after", "ratelimit", "ratelimit-policy", "www-authenticate", "x-request-id"],
    )
