"""What a signed token must claim: who (sub), until when (exp, nbf, iat), by whom (iss) and for whom (aud)."""

from msgspec import Struct

from application.ports import Unauthenticated
from domain.users import names_a_user

LEEWAY = 30  # seconds that clocks may differ
# The end of the year 9999. A time in milliseconds lies far beyond it, and would make a token eternal.
LATEST = 253_402_300_799


class Expected(Struct, frozen=True):
    """Who must have issued a token, and for whom; None is not asked."""

    issuer: str | None = None
    audience: str | None = None


class Identity(Struct, frozen=True):
    """Whom a token names, and the moment (Unix time, leeway included) from which it is worth nothing."""

    subject: str
    until: float


def identify(claims: dict[str, object], expected: Expected, now: float) -> Identity:
    """The identity in signed claims, at `now` (Unix time). Raises Unauthenticated, saying which claim is wrong."""
    identity = Identity(_subject(claims), _moment(claims, "exp") + LEEWAY)
    if now >= identity.until:
        raise Unauthenticated("The token has expired.")
    for name in ("nbf", "iat"):
        if name in claims and _moment(claims, name) - LEEWAY > now:
            raise Unauthenticated("The token is not valid yet.")
    if expected.issuer is not None and claims.get("iss") != expected.issuer:
        raise Unauthenticated("The token is from another issuer.")
    if expected.audience is not None and expected.audience not in _audiences(claims):
        raise Unauthenticated("The token is for another audience.")
    return identity


def _subject(claims: dict[str, object]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not names_a_user(subject):
        raise Unauthenticated("The token names no user.")
    return subject


def _moment(claims: dict[str, object], name: str) -> float:
    """A NumericDate (RFC 7519 §2) between 1970 and 9999; true and "1" are not numbers."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LATEST:
        raise Unauthenticated(f"The token's {name} is missing or not a time.")
    return value


def _audiences(claims: dict[str, object]) -> list[object]:
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if not all(isinstance(one, str) for one in listed):
        raise Unauthenticated("The token's aud is missing or not text.")
    return listed
