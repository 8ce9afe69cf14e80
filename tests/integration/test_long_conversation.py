"""A conversation of 10,000 messages costs a turn no more than one of 100: the database's own steps are counted."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from tests.security.forge import START, HandClock

from adapters.assistant.offline import OfflineAssistant
from adapters.storage.sql import SqlStorage
from adapters.storage.sql.sqlite import SqliteUnits
from adapters.storage.sql.tables import conversations, messages
from application.chat import Chat
from application.context import Ask, ContextManager
from application.ports import TaskQuery
from application.toolbox import Toolboxes
from domain.tasks import Task

ASKED = ("salam", "doodh add karo", "list dikhao", "doodh delete kar do", "wapas karo")
LONG = 10_000
SHORT = 100


class Steps:
    """Counts what SQLite's machine does; the same work is always the same number."""

    def __init__(self, storage: SqlStorage) -> None:
        self.taken = 0
        self.statements: set[str] = set()
        assert isinstance(storage._units, SqliteUnits)
        self._connect = storage._units._connect
        storage._units._writer._connect = self._counted

    def _counted(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.set_progress_handler(self._one, 1)
        connection.set_trace_callback(self._note)
        return connection

    def _one(self) -> int:
        self.taken += 1
        return 0

    def _note(self, statement: str) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            self.statements.add(statement)


@pytest.fixture
def steps(sqlite_storage: SqlStorage) -> Steps:
    return Steps(sqlite_storage)


@pytest.fixture
def chat(sqlite_storage: SqlStorage, clock: HandClock) -> Chat:
    context = ContextManager(sqlite_storage, clock, "Asia/Karachi", timedelta(seconds=90))
    return Chat(context, Toolboxes(sqlite_storage, clock, "Asia/Karachi"), OfflineAssistant(), 30)


async def fill(storage: SqlStorage, user: str, key: str, length: int) -> int:
    """A conversation of so many messages, each reply with a tool call, beside many tasks of many users."""
    number = await storage.run(user, lambda unit: unit.conversations.start(key, "Salam", START).id)
    place = {"user_id": user, "conversation_id": number}
    said = {"text": "salam " * 5, "status": "completed", "created_at": START, "turn_id": None, "question": None}
    roles = ("assistant", "user")
    calls = ('{"name":"undo","arguments":{},"result":{}},', None)
    kept = [{"id": n, "role": roles[n % 2], "tool_calls": calls[n % 2]} for n in range(1, length + 1)]
    written = [{**place, **said, **message} for message in kept]
    async with storage._engine.begin() as connection:
        await connection.execute(insert(messages), written)
        await connection.execute(update(conversations).where(conversations.c.key == key).values(message_count=length))
    return number


async def test_a_long_conversation_costs_a_turn_the_same_steps(
    sqlite_storage: SqlStorage, steps: Steps, chat: Chat, user: str
) -> None:
    costs: dict[int, list[int]] = {}
    for length in (SHORT, LONG):
        await fill(sqlite_storage, f"{user}-{length}", f"c{length}", length)
        costs[length] = []
        for message in ASKED:
            before = steps.taken
            await (await chat.start(Ask(f"{user}-{length}", message, f"c{length}"))).whole()
            costs[length].append(steps.taken - before)
    assert min(costs[SHORT]) > 100
    assert costs[LONG] == costs[SHORT]


async def test_no_statement_of_a_turn_or_a_page_walks_a_table(
    sqlite_storage: SqlStorage, steps: Steps, chat: Chat, clock: HandClock, user: str
) -> None:
    await fill(sqlite_storage, user, "c", SHORT)
    await sqlite_storage.run(user, lambda unit: [unit.tasks.put(Task(n, "x", START, START)) for n in range(1, 50)])
    steps.statements.clear()
    for message in ASKED:
        await (await chat.start(Ask(user, message, "c", idempotency_key=message))).whole()
    await sqlite_storage.run(user, read_pages)
    steps.statements.add("DELETE FROM changes WHERE changes.at < '2026-01-01'")
    assert len(steps.statements) > 20
    for statement in list(steps.statements):
        for line in await plan(sqlite_storage, statement):
            assert "SCAN" not in line or "CONSTANT ROW" in line, f"{line}: {statement}"
            assert "TEMP B-TREE" not in line or "FROM tasks" in statement, f"{line}: {statement}"


def read_pages(unit: Any) -> None:
    unit.conversations.newest(1, 20, before=50)
    unit.conversations.page(20)
    unit.conversations.page(20, seen=(START, 3))
    unit.conversations.turn_with_key("k")
    unit.tasks.select(TaskQuery())
    unit.conversations.remove(1)


async def plan(storage: SqlStorage, statement: str) -> list[str]:
    async with storage._engine.begin() as connection:
        found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        return [row[3] for row in found]
