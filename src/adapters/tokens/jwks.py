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
from adapters.tokens.published import ALGORITHMS, UnusableKeys, published_keys
from application.ports import Clock, IdentityUnavailable, Unauthenticated
from domain.errors import Invalid

FETCH_SECONDS = 5
BODY_MAX = 256 * 1024
LIFETIME = 300  # seconds that fetched keys are fresh
PAUSE = 10  # seconds between two fetches after a failure, and between two for unknown kids

Fetch = Callable[[str], Awaitable[bytes]]
logger = logging.getLogger(__name__)
# It logs a line for each request.
logging.getLogger("httpx2").setLevel(logging.WARNING)


async def fetch_jwks(url: str) -> bytes:
    """The body at `url`: status 200, at most 256 KB, no redirects. Raises UnusableKeys or httpx2.HTTPError."""
    # Compression is not asked for, and not undone: a small body must not grow into a large one.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    body = bytearray()
    async with (
        httpx2.AsyncClient(timeout=FETCH_SECONDS) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code != httpx2.codes.OK:
            told = "; redirects are not followed" if answer.has_redirect_location else ""
            raise UnusableKeys(f"it answers {answer.status_code}{told}")
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > BODY_MAX:
                raise UnusableKeys(f"its answer is larger than {BODY_MAX // 1024} KB")
    return bytes(body)


class JwksVerifier(Verifier):
    """EdDSA, ES256 and RS256 with the keys at `url`; `iss` and `aud` must be its origin unless told otherwise.

    Raises IdentityUnavailable while the keys could not be fetched even once.
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
        self._failing = ""  # why there are no fresh keys, in words for the operator
        # Unix times: the last good answer, the last fetch of all, the last one for an unknown kid.
        self._fetched = self._tried = self._hunted = -math.inf

    async def find(self, kid: str) -> VerifyingKey:
        """The key called `kid`. Raises Unauthenticated when there is none, IdentityUnavailable when that is unknown."""
        known = self._keys is not None and kid in self._keys
        fresh = self._within(self._fetched, LIFETIME)
        self._fetch_when_due(known, fresh)
        # Known keys do not wait for an issuer that is down; all else waits for what is under way.
        if self._flight and not (known and (fresh or self._failing)):
            await asyncio.shield(self._flight)
        if self._keys is None:
            raise self._unavailable()
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
            self._note(_reason(fault))
        else:
            self._keys, self._fetched = keys, self._now()
            self._note("")
        finally:
            self._flight = None

    def _note(self, failing: str) -> None:
        """Tell the operator once for each reason, and when it is over."""
        if failing and failing != self._failing:
            until = "those already known stay in use" if self._keys else "nobody's token can be verified until it does"
            logger.warning("JWKS_URL %s brings no keys: %s; %s", self._url, failing, until)
        elif self._failing and not failing:
            logger.warning("JWKS_URL %s brings keys again", self._url)
        self._failing = failing

    def _unavailable(self) -> IdentityUnavailable:
        wait = max(1, math.ceil(self._tried + PAUSE - self._now()))
        return IdentityUnavailable("The issuer's keys cannot be fetched; try again later.", min(wait, PAUSE))

    def _within(self, moment: float, seconds: float) -> bool:
        return 0 <= self._now() - moment < seconds

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _reason(fault: Exception) -> str:
    """Why there are no keys, without a word of what the issuer sent."""
    if isinstance(fault, UnusableKeys):
        return str(fault)
    if isinstance(fault, TimeoutError | httpx2.TimeoutException):
        return f"it does not answer in {FETCH_SECONDS} s"
    if isinstance(fault, httpx2.TransportError):
        return f"it can't be reached ({type(fault).__name__} {fault})".replace(" )", ")")
    return f"it can't be read ({type(fault).__name__})"


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
