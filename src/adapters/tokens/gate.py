"""The gate: what a token must look like before a key touches it (RFC 7515, RFC 8725).

Libraries disagree about padding, repeated members and deep nesting; whatever can be read in two ways is refused here.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from msgspec import Struct

from application.ports import Unauthenticated

TOKEN_MAX = 8192  # characters
KID_MAX = 128
DEPTH_MAX = 8
TYPES = ("JWT", "at+jwt")
# crit demands extensions that we do not have (RFC 7515 §4.1.11); b64 changes what is signed (RFC 7797).
UNSUPPORTED = ("crit", "b64")

ESCAPE = re.compile(r"\\.", re.DOTALL)
TEXT = re.compile(r'"[^"]*"')
BRACKET = re.compile(r"[\[\]{}]")


class Header(Struct, frozen=True):
    """What a token says about its signature. Keys that it brings or links (jwk, x5c, jku, x5u) are never read."""

    alg: str
    kid: str | None


def read_header(token: str) -> Header:
    """The header of a token of three well-formed segments. Raises Unauthenticated or ValueError."""
    segments = token.split(".")
    if len(segments) != 3:  # noqa: PLR2004  header, claims, signature
        raise Unauthenticated("The token does not have three parts.")
    header, *others = segments
    for segment in others:
        decoded(segment)
    return _header(header)


@lru_cache(maxsize=64)  # an issuer signs all its tokens under one
def _header(segment: str) -> Header:
    return _checked(strict_object(decoded(segment)))


def _checked(members: dict[str, object]) -> Header:
    if any(name in members for name in UNSUPPORTED):
        raise Unauthenticated("The token asks for an extension that is not supported.")
    if members.get("typ", "JWT") not in TYPES:
        raise Unauthenticated("The token is of another type.")
    alg, kid = members.get("alg"), members.get("kid")
    if not isinstance(alg, str):
        raise Unauthenticated("The token does not name its algorithm.")
    if "kid" in members and not (isinstance(kid, str) and 0 < len(kid) <= KID_MAX):
        raise Unauthenticated("The token does not name its key properly.")
    return Header(alg, kid if isinstance(kid, str) else None)


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding (RFC 7515 §2), at least one.

    Raises ValueError for any but the one canonical spelling. Python's decoder passes over padding, what it does not
    know and stray bits in the last character; what it read is therefore written again, and compared.
    """
    data = urlsafe_b64decode(text + "==")
    if not data or urlsafe_b64encode(data).rstrip(b"=") != text.encode():
        raise ValueError("not canonical base64url")
    return data


def strict_object(data: bytes) -> dict[str, object]:
    """A JSON object in UTF-8, at most 8 deep, with unique members and real numbers. Raises ValueError."""
    text = data.decode("utf-8")
    _check_depth(text)
    found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in BRACKET.findall(TEXT.sub("", ESCAPE.sub("", text))):
        depth += 1 if bracket in "[{" else -1
        if depth > DEPTH_MAX:
            raise ValueError("nested too deep")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is repeated")
    return members


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
