"""Rate limits shared between processes through Redis, and counted in this process while it is away."""

import asyncio
import logging
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from adapters.limits.memory import MemoryRateLimiter
from application.ports import Quota, RateLimited, RateLimiter
from application.rates import Rate

PREFIX = "munshi:rate"
WAIT = 0.5
PAUSE = 1.0
"""Seconds between two looks at whether Redis is back; no request looks itself."""
AT_ONCE = 32
"""Connections; whoever finds none free waits for one."""
FAULTS = (RedisError, OSError, TimeoutError)
REFUSALS = (ResponseError, AuthenticationError)

# One trip, by the one clock all processes share: the moments of the hits that were let through, the oldest first.
HIT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local amount, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local oldest = tonumber(redis.call('LINDEX', KEYS[1], 0) or now)
while oldest <= now - window do
  redis.call('LPOP', KEYS[1])
  oldest = tonumber(redis.call('LINDEX', KEYS[1], 0) or now)
end
local used = redis.call('LLEN', KEYS[1])
local reset = math.ceil(oldest + window - now)
if used >= amount then return {0, 0, reset} end
redis.call('RPUSH', KEYS[1], string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], window + 1)
return {1, amount - used - 1, reset}
"""

log = logging.getLogger(__name__)


class SharedRedis:
    """The connections to Redis, and whether it answers within so many seconds.

    Raises ValueError for no address, TypeError for an option that no connection has.
    """

    def __init__(self, url: str, wait: float = WAIT) -> None:
        self._client = Redis.from_url(
            url,
            socket_timeout=wait,
            socket_connect_timeout=wait,
            retry=Retry(NoBackoff(), 0),
            max_connections=AT_ONCE + 1,
        )
        # Says at the start which option no connection has; redis-py leaves the method without types.
        self._client.connection_pool.make_connection()  # type: ignore[no-untyped-call]
        self._places = asyncio.Semaphore(AT_ONCE)
        self._hit = self._client.register_script(HIT)
        self._looking: asyncio.Task[None] | None = None

    @property
    def is_away(self) -> bool:
        """Whether it did not answer last time; then it is looked for, beside the requests."""
        return self._looking is not None

    def limiter(self, rate: Rate, policy: str) -> RateLimiter:
        """A limit that is counted here."""
        return RedisRateLimiter(self, rate, policy)

    async def look(self) -> None:
        """Find out whether it answers, at the start."""
        try:
            await self._try()
        except FAULTS as fault:
            self._lose(fault)

    async def hit(self, key: str, rate: Rate) -> tuple[bool, int, int] | None:
        """Count one: whether it is let through, what is left, seconds to the reset. None while Redis is away."""
        if self.is_away:
            return None
        async with self._places:
            if self.is_away:
                return None
            try:
                allowed, left, reset = await self._hit(keys=[key], args=[rate.amount, rate.window])
            except FAULTS as fault:
                self._lose(fault)
                return None
        return bool(allowed), left, reset

    async def forgive(self, key: str) -> bool:
        """Take the newest counted hit back; False while Redis is away."""
        if self.is_away:
            return False
        async with self._places:
            try:
                # redis-py declares one signature for its blocking and its asynchronous client.
                popped: Any = self._client.rpop(key)
                await popped
            except FAULTS as fault:
                self._lose(fault)
                return False
        return True

    async def close(self) -> None:
        """Release the connections."""
        if self._looking:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        await self._client.aclose()

    def _lose(self, fault: Exception) -> None:
        if self._looking is None:
            how = (
                "refuses what it is asked"
                if isinstance(fault, ResponseError | AuthenticationError)
                else "does not answer"
            )
            log.warning("Redis %s (%s): rates are limited by each process alone", how, type(fault).__name__)
            self._looking = asyncio.create_task(self._look_until_back())

    async def _look_until_back(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            try:
                await self._try()
            except FAULTS:
                continue
            log.info("Redis answers again: rates are limited by all processes together")
            self._looking = None
            return

    async def _try(self) -> None:
        """Count for nobody: one that only answers (a replica, a full one) is of no use."""
        await self._hit(keys=[f"{PREFIX}:nobody"], args=[1, 1])


class RedisRateLimiter(RateLimiter):
    """One limit of every process that shares a Redis; `policy` is what it is called in an answer, and in its keys."""

    def __init__(self, redis: SharedRedis, rate: Rate, policy: str) -> None:
        self._redis = redis
        self._rate = rate
        self._policy = policy
        self._alone = MemoryRateLimiter(rate, policy)

    async def hit(self, key: str) -> Quota:
        """See the port."""
        counted = await self._redis.hit(self._key(key), self._rate)
        if counted is None:
            return await self._alone.hit(key)
        allowed, left, reset = counted
        quota = Quota(self._policy, self._rate.amount, left, self._rate.window, max(1, reset))
        if not allowed:
            raise RateLimited(quota)
        return quota

    async def forgive(self, key: str) -> None:
        """See the port."""
        if not await self._redis.forgive(self._key(key)):
            await self._alone.forgive(key)

    def _key(self, key: str) -> str:
        # The rate is part of it: another rate counts anew instead of by what was kept under the old one.
        return f"{PREFIX}:{self._policy}:{self._rate.amount}/{self._rate.window}:{key}"
