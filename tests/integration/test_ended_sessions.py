"""A PostgreSQL server that ends sessions in the middle of units of work is an outage, and a short one."""

import asyncio
import random

import asyncpg
import pytest
from tests.security.forge import HandClock

from adapters.storage.sql import SqlStorage
from application.ports import StorageUnavailable
from application.shapes import AddTask, ListTasks
from application.toolbox import Toolboxes
from application.tools import add_task, list_tasks

END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()
"""


async def test_a_session_that_ends_in_a_unit_is_told_as_an_outage_and_leaves_nothing(
    migrated_postgresql: str, user: str, clock: HandClock
) -> None:
    storage = SqlStorage(migrated_postgresql)
    toolbox = Toolboxes(storage, clock, "Asia/Karachi").of(user)
    kept = [(await toolbox.use(add_task, AddTask("kaam"))).task_id]

    async def adding() -> None:
        while True:
            kept.append((await toolbox.use(add_task, AddTask("kaam"))).task_id)

    chance = random.Random(7)
    server = await asyncpg.connect(migrated_postgresql.replace("+asyncpg", ""))
    # The driver words what it meets by the state in which it meets it: as many states as there are rounds.
    for _ in range(40):
        added = asyncio.ensure_future(adding())
        while not added.done():
            await asyncio.sleep(0.02 + chance.random() * 0.02)
            await server.execute(END_OTHERS)
        with pytest.raises(StorageUnavailable):
            await added
    await server.close()
    listed = await toolbox.use(list_tasks, ListTasks(limit=1))
    await storage.close()
    assert len(set(kept)) == len(kept)
    assert len(kept) <= listed.total <= len(kept) + 40
