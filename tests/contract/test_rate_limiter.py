"""What every RateLimiter promises: so many in a time and no more, each key by itself, and when to come again."""

import asyncio

import pytest

from adapters.clock import SystemClock
from adapters.limits.memory import MemoryRateLimiter
from application.ports import Quota, RateLimited, RateLimiter


def limiter(rate: str) -> RateLimiter:
    return MemoryRateLimiter(rate, SystemClock())


async def passes(limiter: RateLimiter, key: str) -> bool:
    try:
        await limiter.hit(key)
    except RateLimited:
        return False
    return True


async def test_so_many_pass_and_no_more() -> None:
    three = limiter("3/minute")
    assert [await passes(three, "ali") for _ in range(5)] == [True, True, True, False, False]


async def test_what_is_left_is_told() -> None:
    three = limiter("3 per 10 minutes")
    told = [await three.hit("ali") for _ in range(3)]
    assert [(quota.limit, quota.remaining, quota.window) for quota in told] == [(3, 2, 600), (3, 1, 600), (3, 0, 600)]
    assert all(0 < quota.reset <= 601 for quota in told)
    assert isinstance(told[0], Quota)


async def test_keys_are_counted_apart() -> None:
    one = limiter("1/minute")
    keys = ["ali", "Ali", "ali ", "ali/1", "LIMITS:LIMITER/ali", "علی", ""]
    assert [await passes(one, key) for key in keys] == [True] * len(keys)
    assert [await passes(one, key) for key in keys] == [False] * len(keys)


async def test_many_at_once_are_counted_one_by_one() -> None:
    five = limiter("5/minute")
    assert sum(await asyncio.gather(*(passes(five, "ali") for _ in range(40)))) == 5


async def test_one_who_waits_as_told_passes() -> None:
    two = limiter("2/second")
    assert [await passes(two, "ali") for _ in range(2)] == [True, True]
    with pytest.raises(RateLimited) as refused:
        await two.hit("ali")
    assert 1 <= refused.value.retry_after <= 2
    await asyncio.sleep(refused.value.retry_after)
    assert await passes(two, "ali")


async def test_the_refused_do_not_push_the_end_away() -> None:
    one = limiter("1/second")
    await one.hit("ali")
    for _ in range(4):
        await asyncio.sleep(0.1)
        assert not await passes(one, "ali")
    await asyncio.sleep(0.8)
    assert await passes(one, "ali")


def test_a_rate_that_is_none_is_refused() -> None:
    for rate in ("", "fast", "3", "3/fortnight"):
        with pytest.raises(ValueError, match=r"."):
            limiter(rate)
