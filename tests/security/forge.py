"""A mint for tests: signs any bytes as a token with real keys, through `cryptography` alone."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from adapters.tokens.jose import SecretVerifier
from adapters.tokens.jwks import JwksVerifier
from application.ports import Clock, TokenVerifier

BASE = "https://auth.example.com"
JWKS_URL = f"{BASE}/api/auth/jwks"
SECRET = b"a secret of this test, 32 bytes or more"
START = datetime(2026, 2, 6, 16, 30, tzinfo=UTC)
NOW = int(START.timestamp())
USER = "Kz3mQ0bXn7TtW1yAaLr8VdUe5JhPsCgF"

Attack = tuple[str, str]  # what is wrong with it, and the token


class HandClock(Clock):
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def pass_seconds(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, size: int | None = None) -> str:
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8))


def dump(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def spelled(members: dict[str, object], **raw: str) -> bytes:
    """The members as JSON, those of `raw` written as they stand."""
    kept = {name: json.dumps(value) for name, value in members.items() if name not in raw} | raw
    return ("{" + ",".join(f'"{name}":{text}' for name, text in kept.items()) + "}").encode()


@dataclass(frozen=True)
class Mint:
    """One key: its algorithm, its name, how it signs, and its public half as a JWK (None for a secret)."""

    alg: str
    kid: str
    sign: Callable[[bytes], bytes]
    public: object = None
    jwk: dict[str, object] | None = None

    @property
    def header(self) -> dict[str, object]:
        return {"alg": self.alg, "kid": self.kid}

    @property
    def claims(self) -> dict[str, object]:
        return {"sub": USER, "iat": NOW - 60, "exp": NOW + 900, "iss": BASE, "aud": BASE}

    def seal(self, header: str, claims: str) -> str:
        """A token of these two segments as they stand, with a true signature."""
        return f"{header}.{claims}.{b64(self.sign(f'{header}.{claims}'.encode()))}"

    def token(self, header: object = None, claims: object = None) -> str:
        """A truly signed token; bytes stand for themselves, other values for their JSON."""
        header, claims = self.header if header is None else header, self.claims if claims is None else claims
        return self.seal(b64(dump(header)), b64(dump(claims)))

    def headed(self, **members: object) -> str:
        return self.token(header=self.header | members)

    def claiming(self, **members: object) -> str:
        return self.token(claims=self.claims | members)

    def without(self, name: str) -> str:
        return self.token(claims={key: value for key, value in self.claims.items() if key != name})

    def verifier(self, clock: Clock | None = None) -> TokenVerifier:
        """The verifier that must accept this mint's tokens, for issuer and audience BASE."""
        if self.jwk is None:
            return SecretVerifier(SECRET, clock=clock or HandClock(), issuer=BASE, audience=BASE)
        return JwksVerifier(JWKS_URL, clock=clock or HandClock(), fetch=serving(self.jwk))


def serving(*jwks: object) -> Callable[[str], object]:
    async def fetch(url: str) -> bytes:
        return dump({"keys": jwks})

    return fetch


def hs256(secret: bytes = SECRET, kid: str = "local") -> Mint:
    return Mint("HS256", kid, lambda message: hmac.digest(secret, message, hashlib.sha256))


def eddsa(kid: str = "ed-1") -> Mint:
    key = ed25519.Ed25519PrivateKey.generate()
    jwk = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": kid, "x": b64(key.public_key().public_bytes_raw())}
    return Mint("EdDSA", kid, key.sign, key.public_key(), jwk)


def es256(kid: str = "ec-1") -> Mint:
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": kid, "x": number(point.x, 32), "y": number(point.y, 32)}

    def sign(message: bytes) -> bytes:
        return b"".join(part.to_bytes(32) for part in decode_dss_signature(key.sign(message, ec.ECDSA(SHA256()))))

    return Mint("ES256", kid, sign, key.public_key(), jwk)


def rs256(kid: str = "rsa-1", bits: int = 2048) -> Mint:
    key = rsa.generate_private_key(65537, bits)
    public = key.public_key().public_numbers()
    jwk = {"kty": "RSA", "alg": "RS256", "kid": kid, "n": number(public.n), "e": number(public.e), "use": "sig"}
    return Mint("RS256", kid, lambda message: key.sign(message, padding.PKCS1v15(), SHA256()), key.public_key(), jwk)


MINTS = {mint.alg: mint for mint in (hs256(), eddsa(), es256(), rs256())}
STRANGERS = {mint.alg: mint for mint in (hs256(b"x" * 40), eddsa(), es256(), rs256())}
ISSUERS = {alg: mint for alg, mint in MINTS.items() if mint.jwk}
