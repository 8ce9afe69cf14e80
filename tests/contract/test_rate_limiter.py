"""What every RateLimiter promises: so many in a time and no more, each key by itself, and when to come again."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable

import pytest

from adapters.limits.memory import MemoryRateLimiter
from adapters.limits.redis import SharedRedis
from application.ports import Quota, RateLimited, RateLimiter
from application.rates import Rate, read_rate

Make = Callable[[str], RateLimiter]


@pytest.fixture(params=("memory", "redis"))
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[Make]:
    """Makes a limiter of a rate in each adapter; those of one test share what they count."""
    policy = f"test-{secrets.token_hex(6)}"
    if request.param == "memory":
        yield lambda rate: MemoryRateLimiter(read_rate(rate), policy)
        return
    redis = SharedRedis(request.getfixturevalue("redis_url"), wait=20)
    yield lambda rate: redis.limiter(read_rate(rate), policy)
    assert not redis.is_away
    await redis.close()


async def passes(limiter: RateLimiter, key: str) -> bool:
    try:
        await limiter.hit(key)
    except RateLimited:
        return False
    return True


async def test_so_many_pass_and_no_more(limiter: Make) -> None:
    three = limiter("3/minute")
    assert [await passes(three, "ali") for _ in range(5)] == [True, True, True, False, False]


async def test_what_is_left_is_told(limiter: Make) -> None:
    three = limiter("3 per 10 minutes")
    told = [await three.hit("ali") for _ in range(3)]
    assert [(quota.limit, quota.remaining, quota.window) for quota in told] == [(3, 2, 600), (3, 1, 600), (3, 0, 600)]
    assert all(0 < quota.reset <= 601 and quota.policy.startswith("test-") for quota in told)
    assert isinstance(told[0], Quota)


async def test_keys_are_counted_apart(limiter: Make) -> None:
    one = limiter("1/minute")
    keys = ["ali", "Ali", "ali ", "ali/1", "munshi:rate:chat:1/60:ali", "علی", "", "a\0b\r\nc", "x" * 255]
    assert [await passes(one, key) for key in keys] == [True] * len(keys)
    assert [await passes(one, key) for key in keys] == [False] * len(keys)


async def test_many_at_once_are_counted_one_by_one(limiter: Make) -> None:
    five = limiter("5/minute")
    assert sum(await asyncio.gather(*(passes(five, "ali") for _ in range(40)))) == 5


async def test_what_is_forgiven_may_be_done_again(limiter: Make) -> None:
    two = limiter("2/minute")
    assert [await passes(two, "ali") for _ in range(2)] == [True, True]
    await two.forgive("ali")
    assert [await passes(two, "ali") for _ in range(2)] == [True, False]
    await two.forgive("nobody")
    assert [await passes(two, "nobody") for _ in range(3)] == [True, True, False]


async def test_one_who_waits_as_told_passes(limiter: Make) -> None:
    two = limiter("2/second")
    assert [await passes(two, "ali") for _ in range(2)] == [True, True]
    with pytest.raises(RateLimited) as refused:
        await two.hit("ali")
    assert 1 <= refused.value.retry_after <= 2
    await asyncio.sleep(refused.value.retry_after)
    assert await passes(two, "ali")


async def test_the_refused_do_not_push_the_end_away(limiter: Make) -> None:
    one = limiter("1/second")
    await one.hit("ali")
    for _ in range(4):
        await asyncio.sleep(0.1)
        assert not await passes(one, "ali")
    await asyncio.sleep(0.8)
    assert await passes(one, "ali")


async def test_those_who_went_are_forgotten() -> None:
    limiter = MemoryRateLimiter(Rate(5, 1), "address")
    for number in range(1000):
        await limiter.hit(f"10.0.{number // 250}.{number % 250}")
    await asyncio.sleep(1.01)
    for _ in range(501):
        await passes(limiter, "10.1.1.1")
    assert list(limiter._hits) == ["10.1.1.1"]


@pytest.mark.parametrize("text", ["", "fast", "3", "3/fortnight", "0/minute", "-1/minute", "1.5/second", "3/0 seconds"])
def test_a_rate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not read like"):
        read_rate(text)


@pytest.mark.parametrize(
    ("text", "amount", "window"),
    [("60/minute", 60, 60), ("5 per 10 seconds", 5, 10), (" 1/Day ", 1, 86_400), ("7/2hours", 7, 7200)],
)
def test_a_rate_is_read_as_people_write_it(text: str, amount: int, window: int) -> None:
    assert read_rate(text) == Rate(amount, window)
