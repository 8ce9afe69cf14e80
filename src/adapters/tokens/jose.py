"""Tokens signed with a key that we hold: python-jose for the signature alone, the gate before it, the claims after."""

from abc import abstractmethod
from collections import OrderedDict
from datetime import timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from jose import jwk, jws  # type: ignore[import-untyped]
from jose.backends.base import Key  # type: ignore[import-untyped]
from jose.exceptions import JOSEError, JWKError  # type: ignore[import-untyped]
from msgspec import Struct

from adapters.tokens.claims import LATEST, Expected, Identity, identify
from adapters.tokens.gate import TOKEN_MAX, Header, read_header, strict_object
from application.ports import Clock, TokenVerifier, Unauthenticated
from domain.errors import Invalid
from domain.users import checked_user

SECRET_MIN = 32  # bytes, RFC 7518 §3.2
REMEMBERED = 4096  # verified tokens
FAULTS = (JOSEError, ValueError, TypeError, OverflowError, RecursionError)


class EdDSAKey(Key):  # type: ignore[misc]
    """Ed25519 (RFC 8037) for python-jose, which lacks it: verifies, and cannot sign."""

    def __init__(self, key: object, algorithm: str) -> None:
        if algorithm != "EdDSA" or not isinstance(key, Ed25519PublicKey):
            raise JWKError("EdDSA needs an Ed25519 public key")
        self._key = key

    def verify(self, msg: bytes, sig: bytes) -> bool:
        """Whether `sig` is this key's signature of `msg`."""
        try:
            self._key.verify(sig, msg)
        except InvalidSignature:
            return False
        return True


jwk.register_key("EdDSA", EdDSAKey)


class VerifyingKey(Struct, frozen=True, eq=False):
    """A key, ready made, and the one algorithm that it serves."""

    alg: str
    key: Key

    @classmethod
    def of(cls, material: object, alg: str) -> "VerifyingKey":
        """From `cryptography`'s public key, or the bytes of a secret. Raises JOSEError."""
        return cls(alg, jwk.construct(material, alg))

    def payload(self, token: str) -> bytes:
        """The signed bytes inside a token that passed the gate. Raises Unauthenticated when another key signed it."""
        try:
            signed: bytes = jws.verify(token, self.key, algorithms=[self.alg])
        except JOSEError:
            raise Unauthenticated("The token's signature is wrong.") from None
        return signed


class Remembered(Struct, frozen=True):
    """A verified token: what it said, and the key that proved it."""

    header: Header
    key: VerifyingKey
    identity: Identity


class Verifier(TokenVerifier):
    """Verifies tokens with the key that a subclass finds for their header.

    Remembers the last 4,096 verified tokens by digest; one is worth as much as its key and its expiry still are.
    """

    def __init__(self, clock: Clock, expected: Expected) -> None:
        self._clock = clock
        self._expected = expected
        self._remembered: OrderedDict[bytes, Remembered] = OrderedDict()

    @abstractmethod
    async def key_for(self, header: Header) -> VerifyingKey:
        """The key that must have signed a token with this header. Raises Unauthenticated."""

    async def verify(self, token: str) -> str:
        """The subject of a valid token, exactly as signed. Raises Unauthenticated for any other token."""
        if len(token) > TOKEN_MAX:
            raise Unauthenticated("The token is too long.")
        try:
            return await self._subject(token)
        except FAULTS:
            # The fault's own text may quote the token: it goes no further.
            raise Unauthenticated("The token is malformed.") from None

    async def _subject(self, token: str) -> str:
        digest = sha256(token.encode()).digest()
        known = self._remembered.get(digest)
        header = known.header if known else read_header(token)
        key = await self.key_for(header)
        now = self._clock.now().timestamp()
        if known and known.key is key and now < known.identity.until:
            # It may have made room for another one while the key was looked up.
            if digest in self._remembered:
                self._remembered.move_to_end(digest)
            return known.identity.subject
        self._remembered.pop(digest, None)
        return self._examined(token, digest, header, key, now).subject

    def _examined(self, token: str, digest: bytes, header: Header, key: VerifyingKey, now: float) -> Identity:
        if header.alg != key.alg:
            raise Unauthenticated("The token uses another algorithm than its key.")
        identity = identify(strict_object(key.payload(token)), self._expected, now)
        self._remembered[digest] = Remembered(header, key, identity)
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return identity


class SecretVerifier(Verifier):
    """HS256 with one secret of at least 32 bytes. Raises Invalid for a weaker one, or a public key in its place."""

    def __init__(self, secret: bytes, *, clock: Clock, issuer: str | None = None, audience: str | None = None) -> None:
        super().__init__(clock, Expected(issuer, audience))
        self._key = secret_key(secret)

    async def key_for(self, header: Header) -> VerifyingKey:  # noqa: ARG002  there is one key
        """The secret, whatever `kid` the token names."""
        return self._key


def issue_token(
    secret: bytes,
    user_id: str,
    lifetime: timedelta,
    clock: Clock,
    *,
    issuer: str | None = None,
    audience: str | None = None,
) -> str:
    """An HS256 token for `user_id` that SecretVerifier accepts from now until `lifetime` is over. Raises Invalid."""
    issued = int(clock.now().timestamp())
    expires = issued + int(lifetime.total_seconds())
    if not issued < expires <= LATEST:
        raise Invalid("lifetime", "must be at least a second, and end before the year 10000")
    claims: dict[str, object] = {"sub": checked_user(user_id), "iat": issued, "exp": expires}
    named = {"iss": issuer, "aud": audience}
    claims |= {name: value for name, value in named.items() if value is not None}
    token: str = jws.sign(claims, secret_key(secret).key, algorithm="HS256")
    return token


def secret_key(secret: bytes) -> VerifyingKey:
    """The key of a secret. Raises Invalid when it is shorter than 32 bytes, or a public key that anybody may know."""
    if len(secret) < SECRET_MIN:
        raise Invalid("JWT_SECRET_KEY", f"must have at least {SECRET_MIN} bytes; `openssl rand -hex 32` makes one")
    if _is_public(secret):
        raise Invalid("JWT_SECRET_KEY", "is a public key, not a secret; an issuer's keys are named by JWKS_URL")
    try:
        return VerifyingKey.of(secret, "HS256")
    except JOSEError:  # it is in PEM or SSH form
        raise Invalid("JWT_SECRET_KEY", "is a key or certificate for another algorithm, not a secret") from None


def _is_public(secret: bytes) -> bool:
    """Whether it is a key in DER or JWK form, which python-jose would take for a secret."""
    try:
        load_der_public_key(secret)
    except (ValueError, UnsupportedAlgorithm):
        return _is_jwk(secret)
    return True


def _is_jwk(secret: bytes) -> bool:
    try:
        return "kty" in strict_object(secret)
    except ValueError:
        return False
