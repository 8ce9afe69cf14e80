"""An issuer's published keys (RFC 7517): which of them are fit to verify with."""

import logging
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from adapters.tokens.gate import KID_MAX, decoded, strict_object
from adapters.tokens.jose import VerifyingKey

RSA_BITS = range(2048, 8193)  # NIST SP 800-131A; more costs a verifier too much time
EXPONENTS = range(65537, 2**32, 2)  # odd; a small one makes signatures easier to forge
COORDINATE = 32  # bytes on P-256
PRIVATE = frozenset(("d", "p", "q", "dp", "dq", "qi", "oth", "k"))

Jwk = dict[str, object]
logger = logging.getLogger(__name__)


class UnusableKeys(ValueError):
    """What an issuer answers is no key set; the message says why, in words for the operator's log."""


def published_keys(body: bytes) -> dict[str, VerifyingKey]:
    """The fit keys of a JWKS, by `kid`; a `kid` that two of them bear names neither.

    Raises UnusableKeys when the body is not a JWKS. A key of a kind that we do not know is passed over.
    """
    entries = _read(body).get("keys")
    if not isinstance(entries, list):
        raise UnusableKeys("its answer has no list of keys")
    keys = [named for entry in entries if isinstance(entry, dict) and (named := _fit_key(entry))]
    if not keys:
        logger.warning("The issuer publishes no key that can be used")
    bearers = Counter(kid for kid, _ in keys)
    return {kid: key for kid, key in keys if bearers[kid] == 1}


def _read(body: bytes) -> Jwk:
    if body.lstrip()[:1] == b"<":
        raise UnusableKeys("its answer is a page, not a key set")
    try:
        return strict_object(body)
    except (ValueError, RecursionError):
        raise UnusableKeys("its answer is not JSON as a key set is") from None


def _fit_key(entry: Jwk) -> tuple[str, VerifyingKey] | None:
    """A key under its kid, or None for one that is of no use: another kind, broken, weak, or no longer secret."""
    kid = entry.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= KID_MAX:
        return None
    if PRIVATE & entry.keys():
        logger.warning("The issuer publishes the private part of a key; the key is refused and should be replaced")
        return None
    try:
        kind = KINDS[entry.get("kty"), entry.get("crv")]
        return (kid, VerifyingKey.of(kind.read(entry), kind.alg)) if _serves(entry, kind.alg) else None
    except (KeyError, TypeError, ValueError, UnsupportedAlgorithm):
        return None


def _serves(entry: Jwk, alg: str) -> bool:
    """Whether the key is meant for signatures of this algorithm, as far as it says (RFC 7517 §4)."""
    operations = entry.get("key_ops", ["verify"])
    meant = isinstance(operations, list) and "verify" in operations
    return meant and entry.get("use", "sig") == "sig" and entry.get("alg", alg) == alg


def _ed25519(entry: Jwk) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(_bytes(entry, "x"))


def _p256(entry: Jwk) -> EllipticCurvePublicKey:
    x, y = _bytes(entry, "x"), _bytes(entry, "y")
    if len(x) != COORDINATE or len(y) != COORDINATE:
        raise ValueError("not a point of P-256")
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), b"\x04" + x + y)


def _rsa(entry: Jwk) -> RSAPublicKey:
    modulus, exponent = int.from_bytes(_bytes(entry, "n")), int.from_bytes(_bytes(entry, "e"))
    if modulus.bit_length() not in RSA_BITS or exponent not in EXPONENTS:
        raise ValueError("too weak, or too costly")
    return RSAPublicNumbers(exponent, modulus).public_key()


def _bytes(entry: Jwk, name: str) -> bytes:
    text = entry[name]
    if not isinstance(text, str):
        raise TypeError(name)
    return decoded(text)


class Kind(NamedTuple):
    """How a kind of key is read, and the one algorithm that it serves."""

    alg: str
    read: Callable[[Jwk], object]


KINDS: dict[tuple[object, object], Kind] = {
    ("OKP", "Ed25519"): Kind("EdDSA", _ed25519),
    ("EC", "P-256"): Kind("ES256", _p256),
    ("RSA", None): Kind("RS256", _rsa),
}
ALGORITHMS = frozenset(kind.alg for kind in KINDS.values())
