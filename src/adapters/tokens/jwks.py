"""Tokens of an issuer that publishes its keys (RFC 7517), as Better Auth and every OpenID provider do."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx2

from adapters.tokens.claims import Expected
from adapters.tokens.gate import Header
from adapters.tokens.jose import Verifier, VerifyingKey
from adapters.tokens.published import ALGORITHMS, published_keys
from application.ports import Clock, Unauthenticated
from domain.errors import Invalid

FETCH_SECONDS = 5
BODY_MAX = 256 * 1024
LIFETIME = 300  # seconds that fetched keys are fresh
PAUSE = 10  # seconds between two fetches after a failure, and between two for unknown kids

Fetch = Callable[[str], Awaitable[bytes]]
logger = logging.getLogger(__name__)


class IssuerUnavailable(Unauthenticated):
    """The issuer's keys were never fetched, so that no token can be judged: ours to say, not the token's fault."""


async def fetch_jwks(url: str) -> bytes:
    """The body at `url`: status 200, at most 256 KB, no redirects. Raises ValueError or httpx2.HTTPError."""
    # Compression is not asked for, and not undone: a small body must not grow into a large one.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    body = bytearray()
    async with (
        httpx2.AsyncClient(timeout=FETCH_SECONDS) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code != httpx2.codes.OK:
            raise ValueError(f"status {answer.status_code}")
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > BODY_MAX:
                raise ValueError("too large")
    return bytes(body)


class JwksVerifier(Verifier):
    """EdDSA, ES256 and RS256 with the keys at `url`; `iss` and `aud` must be its origin unless told otherwise.

    Raises IssuerUnavailable while the keys could not be fetched even once.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        issuer: str | None = None,
        audience: str | None = None,
        fetch: Fetch = fetch_jwks,
    ) -> None:
        base = origin(url)
        super().__init__(clock, Expected(issuer or base, audience or base))
        self._ring = KeyRing(url, clock, fetch)

    async def key_for(self, header: Header) -> VerifyingKey:
        """The issuer's key with the token's `kid`; a token that no such key can have signed asks for no fetch."""
        if header.alg not in ALGORITHMS:
            raise Unauthenticated("The token uses an algorithm that is not accepted.")
        if header.kid is None:
            raise Unauthenticated("The token does not name its key.")
        return await self._ring.find(header.kid)


class KeyRing:
    """An issuer's keys by `kid`, fetched once for all who wait, and kept while the issuer is down."""

    def __init__(self, url: str, clock: Clock, fetch: Fetch) -> None:
        self._url = url
        self._clock = clock
        self._fetch = fetch
        self._keys: dict[str, VerifyingKey] | None = None
        self._flight: asyncio.Task[None] | None = None
        self._failing = False
        # Unix times: the last good answer, the last fetch of all, the last one for an unknown kid.
        self._fetched = self._tried = self._hunted = -math.inf

    async def find(self, kid: str) -> VerifyingKey:
        """The key called `kid`. Raises Unauthenticated when there is none, IssuerUnavailable when that is unknown."""
        known = self._keys is not None and kid in self._keys
        fresh = self._within(self._fetched, LIFETIME)
        self._fetch_when_due(known, fresh)
        # Known keys do not wait for an issuer that is down; all else waits for what is under way.
        if self._flight and not (known and (fresh or self._failing)):
            await asyncio.shield(self._flight)
        if self._keys is None:
            raise IssuerUnavailable("The issuer's keys cannot be fetched; try again later.")
        if kid not in self._keys:
            raise Unauthenticated("The token is signed with an unknown key.")
        return self._keys[kid]

    def _fetch_when_due(self, known: bool, fresh: bool) -> None:
        if self._flight or (known and fresh):
            return
        if self._within(self._hunted if fresh else self._tried, PAUSE):
            return
        self._tried = self._now()
        if fresh:
            self._hunted = self._tried
        self._flight = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                keys = published_keys(await self._fetch(self._url))
        except Exception as fault:  # whatever went wrong, the last good keys stand
            if not self._failing:
                logger.warning("No keys from %s (%s); those already known stay in use", self._url, type(fault).__name__)
            self._failing = True
        else:
            self._keys, self._fetched, self._failing = keys, self._now(), False
        finally:
            self._flight = None

    def _within(self, moment: float, seconds: float) -> bool:
        return 0 <= self._now() - moment < seconds

    def _now(self) -> float:
        return self._clock.now().timestamp()


def origin(url: str) -> str:
    """Scheme, host and port of an http(s) address. Raises Invalid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("JWKS_URL", "is not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Invalid("JWKS_URL", "must be an http or https address without a password")
    usual = port == {"http": 80, "https": 443}[parts.scheme]
    netloc = parts.netloc.lower()
    return f"{parts.scheme}://{netloc.removesuffix(f':{port}') if usual else netloc}"
