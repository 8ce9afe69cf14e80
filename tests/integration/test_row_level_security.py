"""On PostgreSQL a statement that forgets whose rows it reads sees none of another user's, and none without a user."""

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import select
from tests.integration.test_migrations import fill
from tests.security.forge import START

from adapters.storage.sql import SqlStorage
from adapters.storage.sql.statements import Statement
from adapters.storage.sql.tables import conversations, metadata

TABLES = sorted(metadata.tables)


@pytest.fixture
async def role(migrated_postgresql: str, user: str) -> AsyncIterator[asyncpg.Connection]:
    """A session of Munshi's own role beside the storage, where `user` and one more have rows in every table."""
    storage = SqlStorage(migrated_postgresql)
    for name in (user, f"not-{user}"):
        await storage.run(name, fill)
    await storage.close()
    connection = await asyncpg.connect(migrated_postgresql.replace("+asyncpg", ""))
    yield connection
    await connection.close()


async def seen(role: asyncpg.Connection, table: str) -> set[str]:
    return {row["user_id"] for row in await role.fetch(f"SELECT user_id FROM {table}")}


@pytest.mark.parametrize("table", TABLES)
async def test_without_a_user_no_row_is_seen(role: asyncpg.Connection, table: str) -> None:
    assert await seen(role, table) == set()
    assert await role.execute(f"DELETE FROM {table}") == "DELETE 0"


@pytest.mark.parametrize("table", TABLES)
async def test_a_user_sees_own_rows_alone_and_only_within_the_transaction(
    role: asyncpg.Connection, user: str, table: str
) -> None:
    async with role.transaction():
        await role.execute("SELECT set_config('munshi.user_id', $1, true)", user)
        assert await seen(role, table) == {user}
    assert await seen(role, table) == set()


async def test_a_unit_of_nobody_sees_nothing_on_the_connection_of_somebodys(
    role: asyncpg.Connection, migrated_postgresql: str, user: str
) -> None:
    storage = SqlStorage(migrated_postgresql)
    await storage.run(user, lambda unit: unit.conversations.page(1))
    pages = Statement(select(conversations))
    assert await storage._units.run(lambda database: database.all(pages)) == []
    await storage.close()


async def test_nobody_writes_a_row_of_another(role: asyncpg.Connection, user: str) -> None:
    async with role.transaction():
        await role.execute("SELECT set_config('munshi.user_id', $1, true)", user)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await role.execute("INSERT INTO users (user_id, last_task, last_conversation) VALUES ('somebody', 0, 0)")


async def test_pruning_reaches_every_users_log_and_nothing_else(
    role: asyncpg.Connection, migrated_postgresql: str, user: str
) -> None:
    storage = SqlStorage(migrated_postgresql)
    await storage.prune(START + timedelta(days=1))
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == []
    assert await storage.run(f"not-{user}", lambda unit: unit.tasks.last_changes()) == []
    assert await storage.run(user, lambda unit: unit.tasks.get(1)) is not None
    await storage.close()
