"""Who is speaking: checks that run before any body is read."""

from collections.abc import Sequence

from litestar.types import Scope

from application.ports import TokenVerifier, Unauthenticated
from entrypoints.http.door import header_of, headers_of, part
from entrypoints.http.problems import Forbidden, Unsupported


async def only_the_user(scope: Scope) -> None:
    """Let the user of the path in, with a good Bearer token of that very user, and nobody else."""
    verifier = part(scope, TokenVerifier)
    subject = await verifier.verify(bearer_token(headers_of(scope, b"authorization")))
    if subject != scope["path_params"]["user_id"]:
        raise Forbidden


async def only_json(scope: Scope) -> None:
    """Refuse a body that is not plain JSON by its own word; no body needs no word."""
    if not _has_body(scope):
        return
    coding = header_of(scope, b"content-encoding")
    if coding is not None and coding.strip().lower() != "identity":
        raise Unsupported
    media_type = (header_of(scope, b"content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Unsupported


def bearer_token(given: Sequence[str]) -> str:
    """The one token of the one Authorization header. Raises Unauthenticated."""
    if not given:
        raise Unauthenticated("A bearer token is required.")
    if len(given) > 1:
        raise Unauthenticated("There must be one Authorization header.")
    scheme, _, token = given[0].partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("The Authorization header must read: Bearer <token>.")
    return token.strip()


def _has_body(scope: Scope) -> bool:
    return header_of(scope, b"content-length") not in (None, "0") or header_of(scope, b"transfer-encoding") is not None
