"""Rate limits counted in this process: a moving window per key."""

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from application.ports import Clock, Quota, RateLimited, RateLimiter


class MemoryRateLimiter(RateLimiter):
    """`rate` reads "60/minute", "5 per 10 seconds"; raises ValueError for anything else."""

    def __init__(self, rate: str, clock: Clock) -> None:
        self._rate = parse(rate)
        self._clock = clock
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def hit(self, key: str) -> Quota:
        """See the port."""
        allowed = await self._limiter.hit(self._rate, key)
        window = await self._limiter.get_window_stats(self._rate, key)
        reset = max(1, round(window.reset_time - self._clock.now().timestamp() + 0.5))
        quota = Quota(self._rate.amount, window.remaining, self._rate.get_expiry(), reset)
        if not allowed:
            raise RateLimited(quota)
        return quota
