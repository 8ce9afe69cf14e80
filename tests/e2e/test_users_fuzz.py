"""Users who ask at random, with each other's ids, see and change their own alone; `bench/fuzz_users.py` asks longer."""

from bench.fuzz_users import fuzz

from tests.e2e.process import Service

SEED = 20260206


async def test_random_users_see_and_change_their_own_alone(service: Service) -> None:
    shared = await fuzz(service, requests=700, users=3, seed=SEED)
    assert shared.counts.total() >= 700
    assert {"tasks", "chat", "/mcp", "chatkit"} <= {what.split()[1].split("…")[0] for what in shared.counts}
