"""A service that runs on for months forgets old changes by itself, and ends when it is told to."""

import asyncio
from datetime import datetime

from tests.security.forge import HandClock

from adapters.storage.memory import MemoryStorage
from adapters.storage.sql import SqlStorage
from adapters.storage.sql.storage import BITE
from application.forgetting import KEPT, forgetting
from application.ports import Storage, StorageUnavailable, Unit
from domain.tasks import Change, Task

HANGING = 30.0
"""Seconds after which what should have come long ago counts as never."""


class Flawed(MemoryStorage):
    """Fails at first, then prunes without an end."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.is_pruning = asyncio.Event()

    async def prune(self, before: datetime) -> None:
        self.asked += 1
        if self.asked == 1:
            raise StorageUnavailable("The database does not answer.")
        self.is_pruning.set()
        await asyncio.Event().wait()


async def changed(storage: Storage, user: str, clock: HandClock, times: int) -> None:
    change = Change("batch", "delete_task", clock.now(), Task(1, "doodh", clock.now(), clock.now()), None)
    await storage.run(user, lambda unit: [unit.tasks.log(change) for _ in range(times)])


async def nothing_left(storage: Storage, user: str) -> None:
    def left(unit: Unit) -> int:
        return len(unit.tasks.last_changes())

    while await storage.run(user, left):  # noqa: ASYNC110  a database tells nobody of its end
        await asyncio.sleep(0.001)


async def test_a_running_service_forgets_what_grows_too_old(storage: Storage, user: str, clock: HandClock) -> None:
    await changed(storage, user, clock, times=1)
    async with forgetting(storage, clock, every=0.001):
        clock.time += KEPT
        await storage.prune(clock.now() - KEPT)
        assert await storage.run(user, lambda unit: len(unit.tasks.last_changes())) == 1
        clock.pass_seconds(1)
        await asyncio.wait_for(nothing_left(storage, user), HANGING)


async def test_however_many_there_are(sqlite_storage: SqlStorage, user: str, clock: HandClock) -> None:
    await changed(sqlite_storage, user, clock, times=2 * BITE + 1)
    clock.time += 2 * KEPT
    async with forgetting(sqlite_storage, clock):
        await asyncio.wait_for(nothing_left(sqlite_storage, user), HANGING)


async def test_a_database_that_was_away_is_asked_again_and_nothing_is_left_behind_at_the_end(clock: HandClock) -> None:
    storage, before = Flawed(), asyncio.all_tasks()
    async with forgetting(storage, clock, after_a_fault=0):
        await asyncio.wait_for(storage.is_pruning.wait(), HANGING)
    assert asyncio.all_tasks() == before
