"""The migrations make the very tables that the code speaks to, on each engine, and can be taken back."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from msgspec import Raw
from msgspec.structs import replace
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.security.forge import START

from adapters.storage.sql import SqlStorage
from adapters.storage.sql.migrate import NEWEST, SCRIPTS, UnfitDatabase, downgrade, upgrade, version
from adapters.storage.sql.tables import metadata
from application.ports import StorageUnavailable, TaskQuery, Unit
from domain.conversations import Message, MessageStatus, Role, ToolCall, ToolError, TurnKey
from domain.tasks import Change, Due, Task

CALLS = (
    ToolCall("add_task", Raw('{"title": "دودھ \\"1\\""}'.encode()), result=Raw(b'{"task_id":1}')),
    ToolCall('a "name"', Raw(b"[]"), error=ToolError("unknown_tool", "There is no tool 'a \"name\"'.")),
    *(ToolCall(f"tool {place}", Raw(b"{}"), result=Raw(b"{}")) for place in range(12)),
)


async def on(engine: AsyncEngine, work: Callable[[Connection], Any]) -> Any:
    async with engine.begin() as connection:
        return await connection.run_sync(work)


def fill(unit: Unit) -> None:
    task = Task(unit.tasks.next_id(), "میٹنگ", START, START, due=Due(date(2026, 2, 7), START), tags=("ghar",))
    unit.tasks.put(task)
    unit.tasks.log(Change("b", "add_task", START, None, task))
    place = unit.conversations.start("c", "Salam", START)
    asked = Message(1, Role.USER, "salam", START, turn_id="t")
    reply = Message(2, Role.ASSISTANT, "", START, MessageStatus.COMPLETED, "t", CALLS)
    unit.conversations.append(place.id, asked, reply, key=TurnKey("k", "f"))
    unit.spend_tokens(START.date(), 5)


def test_the_newest_version_is_that_of_the_newest_script_and_the_scripts_are_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


async def test_an_empty_database_gets_the_tables_of_the_code(empty_url: str) -> None:
    storage = SqlStorage(empty_url)
    assert not await storage.is_current()
    await on(storage._engine, upgrade)
    assert await storage.is_current()

    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert await on(storage._engine, differences) == []
    assert await on(storage._engine, collation_of_title_keys) == "C"
    await storage.close()


async def test_a_new_file_is_made_as_the_migrations_would_make_it(tmp_path: Path) -> None:
    made, migrated = (SqlStorage(f"sqlite+aiosqlite:///{tmp_path / name}") for name in ("made", "migrated"))
    await made.migrate()
    await on(migrated._engine, upgrade)
    assert await on(made._engine, tables) == await on(migrated._engine, tables)
    for storage in (made, migrated):
        await storage.close()


async def test_migrating_again_changes_nothing(empty_url: str) -> None:
    storage = SqlStorage(empty_url)
    await storage.migrate()
    await storage.run("ali", fill)
    await storage.migrate()
    assert await storage.run("ali", lambda unit: unit.tasks.count(TaskQuery())) == 1
    await storage.close()


async def test_filled_tables_go_down_and_come_up_again(empty_url: str) -> None:
    storage = SqlStorage(empty_url)
    await storage.migrate()
    await storage.run("ali", fill)
    await on(storage._engine, lambda connection: downgrade(connection, "base"))
    assert await on(storage._engine, lambda connection: inspect(connection).get_table_names()) == ["alembic_version"]
    assert await on(storage._engine, version) is None
    await storage.migrate()
    await storage.run("ali", fill)
    assert await storage.run("ali", lambda unit: unit.tasks.count(TaskQuery())) == 1
    await storage.close()


async def test_turns_and_their_calls_move_into_their_replies_and_back(empty_url: str) -> None:
    storage = SqlStorage(empty_url)
    await storage.migrate()
    await storage.run("ali", fill)
    before = await storage.run("ali", lambda unit: unit.conversations.turn_with_key("k"))
    await on(storage._engine, lambda connection: downgrade(connection, "0004"))
    assert "turns" in await on(storage._engine, lambda connection: inspect(connection).get_table_names())
    await storage.migrate()
    after = await storage.run("ali", lambda unit: unit.conversations.turn_with_key("k"))
    assert before
    assert after
    assert replace(after.reply, tool_calls=()) == replace(before.reply, tool_calls=())
    for moved, call in zip(after.reply.tool_calls, CALLS, strict=True):
        assert (moved.name, moved.error) == (call.name, call.error)
        assert json.loads(bytes(moved.arguments)) == json.loads(bytes(call.arguments))
        assert bytes(moved.result or b"") == bytes(call.result or b"").replace(b":", b": ")
    await storage.close()


async def test_a_migration_that_dies_leaves_nothing_half_done(empty_url: str) -> None:
    storage = SqlStorage(empty_url)

    def die(connection: Connection) -> None:
        upgrade(connection)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await on(storage._engine, die)
    assert await on(storage._engine, lambda connection: inspect(connection).get_table_names()) == []
    await storage.migrate()
    assert await storage.is_current()
    await storage.close()


async def test_what_no_migration_made_is_told_and_not_overwritten(empty_url: str) -> None:
    storage = SqlStorage(empty_url)
    await on(storage._engine, lambda connection: connection.execute(text("CREATE TABLE tasks (mine INTEGER)")))
    with pytest.raises(Exception, match=r"tasks|answer") as raised:
        await storage.migrate()
    assert raised.type is StorageUnavailable or "exists" in str(raised.value)
    assert await on(storage._engine, lambda connection: inspect(connection).get_table_names()) == ["tasks"]
    await storage.close()


def tables(connection: Connection) -> dict[str, Any]:
    """Every table with its columns, keys and indexes, and the version."""
    asked = inspect(connection)
    found: dict[str, Any] = {
        name: (
            [{**column, "type": str(column["type"])} for column in asked.get_columns(name)],
            asked.get_pk_constraint(name),
            asked.get_foreign_keys(name),
            sorted((readable(index) for index in asked.get_indexes(name)), key=str),
        )
        for name in asked.get_table_names()
    }
    return found | {"version": version(connection)}


def readable(index: Mapping[str, Any]) -> dict[str, Any]:
    """With the words of a condition in place of an object, of which none is like another."""
    return {**index, "dialect_options": {name: str(it) for name, it in index.get("dialect_options", {}).items()}}


def collation_of_title_keys(connection: Connection) -> str:
    """How titles sort: by code points, which SQLite does anyway."""
    if connection.dialect.name == "sqlite":
        return "C"
    asked = "SELECT collation_name FROM information_schema.columns WHERE column_name = 'title_key'"
    return str(connection.execute(text(asked)).scalar_one())


async def test_a_database_of_a_newer_munshi_is_left_alone(empty_url: str) -> None:
    storage = SqlStorage(empty_url)
    await storage.migrate()
    await on(storage._engine, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num='9'")))
    for unfit in (storage.is_current, storage.migrate):
        with pytest.raises(UnfitDatabase, match="version 9, which this Munshi does not know"):
            await unfit()
    await storage.close()


async def test_processes_that_migrate_at_once_do_it_one_after_the_other(empty_url: str) -> None:
    storages = [SqlStorage(empty_url) for _ in range(4)]
    await asyncio.gather(*(storage.migrate() for storage in storages))
    assert await storages[0].is_current()
    for storage in storages:
        await storage.close()


async def test_a_role_without_grants_is_told_which(make_postgresql: Callable[[], str]) -> None:
    storage = SqlStorage(make_postgresql())
    await storage.migrate()
    await on(storage._engine, lambda connection: connection.execute(text("REVOKE INSERT ON tasks FROM current_user")))
    with pytest.raises(UnfitDatabase, match=r"GRANT SELECT, INSERT, UPDATE, DELETE ON tasks TO munshi_\w+"):
        await storage.is_current()
    with pytest.raises(StorageUnavailable) as refused:
        await storage.run("ali", fill)
    assert refused.value.reason == "42501"
    await storage.close()
