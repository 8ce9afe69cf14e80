"""How much anybody may ask: an address before it is known who asks, a user's turns, a user's open streams."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec.structs import replace

from application.chat import Chat
from application.context import Ask, ContextManager
from application.live import LiveTurn
from application.ports import AddressLimiter, Quota, RateLimited, RateLimiter
from domain.errors import ConversationBusy, Invalid, TurnInProgress
from entrypoints.http.door import Check, header_of, noted, part

STREAMS_MAX = 20
STREAM_WAIT = 5
KEY_MAX = 128
HOST_MAX = 64
NETWORK = 64
"""Bits of an IPv6 address that name its network: whoever has one has all addresses in it (RFC 6177)."""


class OpenStreams:
    """How many streams each user has open at this process."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def enter(self, user_id: str) -> None:
        """One more. Raises RateLimited when there are STREAMS_MAX."""
        if self._open[user_id] >= STREAMS_MAX:
            raise RateLimited(Quota("streams", STREAMS_MAX, 0, 0, STREAM_WAIT))
        self._open[user_id] += 1

    def leave(self, user_id: str) -> None:
        """One less."""
        self._open[user_id] -= 1
        if not self._open[user_id]:
            del self._open[user_id]


def one_more_stream(app: ASGIApp) -> ASGIApp:
    """A middleware: a stream of the verified user has a place until its answer is over: told, refused or torn."""

    async def placed(scope: Scope, receive: Receive, send: Send) -> None:
        streams: OpenStreams = scope["litestar_app"].state.streams
        user_id = scope["path_params"]["user_id"]
        streams.enter(user_id)
        try:
            await app(scope, receive, send)
        finally:
            streams.leave(user_id)

    return placed


def within_address_rate(counts_loopback: bool) -> Check:
    """A check that counts one request of its address, whoever asks and whatever comes of it."""

    async def within(scope: Scope) -> None:
        client = scope["client"]
        network = network_of(client[0][:HOST_MAX] if client else "")
        if network is None and not counts_loopback:
            return
        limiter = part(scope, AddressLimiter)
        await limiter.hit(network or "loopback")

    return within


async def within_rate(scope: Scope) -> None:
    """Count one turn of the user; what is left is told in the answer's headers.

    One who has reached the limit may still ask again what was answered under an Idempotency-Key.
    """
    user_id = scope["path_params"]["user_id"]
    limiter = part(scope, RateLimiter)
    try:
        noted(scope)["quota"] = await limiter.hit(user_id)
    except RateLimited as limited:
        key = header_of(scope, b"idempotency-key") or ""
        context = part(scope, ContextManager)
        if not is_key(key) or not await context.knows_key(user_id, key):
            raise
        noted(scope)["quota"] = limited.quota
        return
    noted(scope)["is_counted"] = True


async def start(scope: Scope, ask: Ask) -> LiveTurn:
    """Start a turn; one that was asked before under its key is not counted again. Raises as Chat.start does."""
    chat = part(scope, Chat)
    try:
        live = await chat.start(ask)
    except ConversationBusy:
        raise
    except TurnInProgress:
        await _forgive(scope, ask.user_id)
        raise
    if live.is_retold:
        await _forgive(scope, ask.user_id)
    return live


def is_key(key: str) -> bool:
    """Whether this can be an Idempotency-Key."""
    return 0 < len(key) <= KEY_MAX and key.isprintable() and key.isascii()


def checked_key(given: Sequence[str]) -> str | None:
    """The one Idempotency-Key, if there is any. Raises Invalid."""
    if not given:
        return None
    if len(given) > 1 or not is_key(given[0]):
        raise Invalid("Idempotency-Key", f"must be one of 1 to {KEY_MAX} printable characters")
    return given[0]


@lru_cache(maxsize=4096)
def network_of(host: str) -> str | None:
    """What is counted as one: an IPv4 address, an IPv6 network; None for this machine itself."""
    try:
        address = ip_address(host)
    except ValueError:
        return host or None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return None
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), NETWORK), strict=False))
    return str(address)


async def _forgive(scope: Scope, user_id: str) -> None:
    if not noted(scope).get("is_counted"):
        return
    limiter = part(scope, RateLimiter)
    await limiter.forgive(user_id)
    quota: Quota = noted(scope)["quota"]
    noted(scope)["quota"] = replace(quota, remaining=quota.remaining + 1)
