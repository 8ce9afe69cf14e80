"""Who is speaking: checks that run before any body is read."""

from litestar.datastructures import Headers

from application.ports import TokenVerifier, Unauthenticated
from entrypoints.http.door import Connection
from entrypoints.http.problems import Forbidden, Unsupported


async def only_the_user(connection: Connection) -> None:
    """Let the user of the path in, with a good Bearer token of that very user, and nobody else."""
    verifier: TokenVerifier = await connection.app.state.dishka_container.get(TokenVerifier)
    subject = await verifier.verify(bearer_token(connection.headers))
    if subject != connection.path_params["user_id"]:
        raise Forbidden


async def only_json(connection: Connection) -> None:
    """Refuse a body that is not plain JSON by its own word; no body needs no word."""
    if not _has_body(connection.headers):
        return
    if connection.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Unsupported
    media_type = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Unsupported


def bearer_token(headers: Headers) -> str:
    """The one token of the one Authorization header. Raises Unauthenticated."""
    given = headers.getall("authorization", [])
    if not given:
        raise Unauthenticated("A bearer token is required.")
    if len(given) > 1:
        raise Unauthenticated("There must be one Authorization header.")
    scheme, _, token = given[0].partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("The Authorization header must read: Bearer <token>.")
    return token.strip()


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
