"""Callers who go away in the middle of a unit of work harm nobody, and nothing is done by halves."""

import asyncio
import gc
import random
import time

from tests.security.forge import HandClock

from adapters.storage.sql import SqlStorage
from application.ports import Unit
from application.shapes import AddTask, ListTasks
from application.toolbox import Toolboxes
from application.tools import add_task, list_tasks

ZONE = "Asia/Karachi"


async def test_a_cancelled_unit_leaves_the_database_open_to_others(
    sql_storage: SqlStorage, user: str, clock: HandClock
) -> None:
    toolbox = Toolboxes(sql_storage, clock, ZONE).of(user)
    chance = random.Random(7)
    for number in range(60):
        adding = asyncio.ensure_future(toolbox.use(add_task, AddTask(f"kaam {number}")))
        await asyncio.sleep(chance.random() * 0.004)
        adding.cancel()
        await asyncio.wait([adding])
    async with asyncio.timeout(2):
        listed = await toolbox.use(list_tasks, ListTasks(limit=100))
    assert [task.task_id for task in listed.tasks] == list(range(1, listed.total + 1))
    assert listed.total > 0


async def test_a_unit_that_fails_when_its_caller_has_gone_is_reported_to_nobody(
    sql_storage: SqlStorage, user: str
) -> None:
    loop, begun, reported = asyncio.get_running_loop(), asyncio.Event(), list[dict[str, object]]()

    def fail(_: Unit) -> None:
        loop.call_soon_threadsafe(begun.set)
        time.sleep(0.05)
        raise LookupError("no such task")

    loop.set_exception_handler(lambda _, told: reported.append(told))
    caller = asyncio.ensure_future(sql_storage.run(user, fail))
    await begun.wait()
    caller.cancel()
    await asyncio.wait([caller])
    del caller
    gc.collect()
    assert not reported


async def test_who_goes_away_while_waiting_does_nothing(
    sqlite_storage: SqlStorage, user: str, clock: HandClock
) -> None:
    toolbox = Toolboxes(sqlite_storage, clock, ZONE).of(user)
    async with sqlite_storage._engine.begin():
        waiting = asyncio.ensure_future(toolbox.use(add_task, AddTask("kaam")))
        await asyncio.sleep(0.01)
        waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert (await toolbox.use(list_tasks, ListTasks())).total == 0
