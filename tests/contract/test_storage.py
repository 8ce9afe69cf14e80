"""What every Storage promises: memory, SQLite and PostgreSQL keep the same things in the same order."""

import asyncio
import errno
import shutil
import sqlite3
import sys
import threading
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from bench.faults.proxy import Proxy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Raw
from msgspec.structs import replace
from sqlalchemy import func, make_url, select, table
from sqlalchemy.dialects.sqlite import DATETIME
from tests.security.forge import START

from adapters.storage.memory import MemoryStorage
from adapters.storage.sql import SqlStorage
from adapters.storage.sql.statements import SQLITE, SqliteDatabase, Statement
from adapters.storage.sql.tables import Moment, users
from application.ports import (
    Edge,
    Storage,
    StorageUnavailable,
    TaskPosition,
    TaskQuery,
    TaskSort,
    Transactions,
    Unit,
)
from domain.conversations import (
    Message,
    MessageStatus,
    Question,
    QuestionKind,
    Role,
    ToolCall,
    ToolError,
    TurnKey,
)
from domain.errors import TurnGivenUp
from domain.tasks import Change, Due, Priority, Task, TaskStatus

LONG = "ایک بہت لمبا کام 🧾 " * 2000
TEXTS = (
    "doodh",
    "میٹنگ",
    "👩‍👩‍👧‍👦 \U0001f1f5\U0001f1f0",
    "e\u0301 é ß İ",
    "a\tb\nc",
    "'; DROP TABLE tasks; --",
    "%_\\",
    " ",
    LONG,
)
OUT_OF_RANGE = (0, -1, 2**63, -(2**63) - 1, 10**30)
UNREACHABLE = (
    "sqlite+aiosqlite:////",
    "sqlite+aiosqlite:////nowhere/at/all/munshi.sqlite3",
    "postgresql+asyncpg://postgres@127.0.0.1:1/munshi",
)
HANGING = 30.0
"""Seconds after which what should have ended long ago counts as hanging."""


class Refused(Exception):
    """What a unit of work may raise."""


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def a_task(number: int, title: str = "kaam", **fields: object) -> Task:
    return replace(Task(number, title, START, START), **fields)


def a_change(batch: str, before: Task | None, after: Task | None, at: datetime = START) -> Change:
    return Change(batch, "update_task", at, before, after)


def a_message(number: int, text: str = "salam", at: datetime = START, **fields: object) -> Message:
    return replace(Message(number, Role.USER, text, at), **fields)


def a_call(name: str = "add_task", **fields: object) -> ToolCall:
    return replace(ToolCall(name, Raw(b'{"title":"x"}'), result=Raw(b'{"task_id":1}')), **fields)


def a_reply(number: int, turn_id: str = "t", **fields: object) -> Message:
    """The reply of a turn that runs."""
    fields = {"role": Role.ASSISTANT, "status": MessageStatus.IN_PROGRESS, "turn_id": turn_id} | fields
    return a_message(number, "", **fields)


def asked(unit: Unit, conversation_id: int, turn_id: str, key: str | None = None) -> int:
    """Open a turn; the number of its reply."""
    place = unit.conversations.find(conversation_id)
    assert place
    reply = a_reply(place.message_count + 2, turn_id)
    turn_key = TurnKey(key, "f" * 64) if key else None
    unit.conversations.append(conversation_id, a_message(reply.id - 1, turn_id=turn_id), reply, key=turn_key)
    return reply.id


def readable(call: ToolCall) -> tuple[str, bytes, bytes | None, ToolError | None]:
    return call.name, bytes(call.arguments), None if call.result is None else bytes(call.result), call.error


def add_one(unit: Unit) -> int:
    task = a_task(unit.tasks.next_id())
    unit.tasks.put(task)
    unit.tasks.log(a_change(f"batch-{task.id}", None, task))
    return task.id


def started(unit: Unit, key: str = "c", at: datetime = START) -> int:
    return unit.conversations.start(key, "Salam", at).id


def said(unit: Unit, conversation_id: int, *texts: str) -> None:
    place = unit.conversations.find(conversation_id)
    assert place
    for offset, text in enumerate(texts, 1):
        unit.conversations.append(conversation_id, a_message(place.message_count + offset, text, after(offset)))


# Units of work


async def test_what_a_unit_returns_is_returned_and_what_it_wrote_is_kept(storage: Storage, user: str) -> None:
    assert await storage.run(user, add_one) == 1
    assert await storage.run(user, lambda unit: unit.tasks.get(1)) == a_task(1)


async def test_a_unit_sees_its_own_writes(storage: Storage, user: str) -> None:
    def work(unit: Unit) -> tuple[int, int]:
        add_one(unit)
        return unit.tasks.count(TaskQuery()), len(unit.tasks.last_changes())

    assert await storage.run(user, work) == (1, 1)


async def test_a_unit_that_raises_keeps_nothing(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (add_one(unit), started(unit), said(unit, 1, "salam")))
    before = await everything(storage, user)

    def spoil(unit: Unit) -> None:
        unit.tasks.put(a_task(1, "changed"))
        unit.tasks.forget_last(1)
        add_one(unit)
        unit.remember_timezone("Asia/Tokyo")
        said(unit, started(unit, "other"), "x")
        said(unit, 1, "y")
        unit.conversations.record(1, asked(unit, 1, "t", "key"), "t", a_call())
        unit.conversations.rename(1, "changed")
        raise Refused

    with pytest.raises(Refused):
        await storage.run(user, spoil)
    assert await everything(storage, user) == before


async def test_a_number_taken_in_a_unit_that_raised_is_given_to_the_next(storage: Storage, user: str) -> None:
    def refuse(unit: Unit) -> None:
        unit.tasks.next_id()
        raise Refused

    with pytest.raises(Refused):
        await storage.run(user, refuse)
    assert await storage.run(user, lambda unit: unit.tasks.next_id()) == 1


async def test_a_unit_raises_what_the_work_raised(storage: Storage, user: str) -> None:
    for fault in (KeyError("x"), ValueError("y"), Refused("z")):

        def refuse(_: Unit, fault: Exception = fault) -> None:
            raise fault

        with pytest.raises(type(fault)) as raised:
            await storage.run(user, refuse)
        assert raised.value is fault


async def test_many_units_of_one_user_lose_nothing(storage: Storage, user: str) -> None:
    numbers = await asyncio.gather(*(storage.run(user, add_one) for _ in range(40)))
    assert sorted(numbers) == list(range(1, 41))
    assert await storage.run(user, lambda unit: unit.tasks.count(TaskQuery())) == 40
    assert await storage.run(user, lambda unit: len(logged(unit))) == 40


async def test_no_update_is_lost_between_reading_and_writing(storage: Storage, user: str) -> None:
    def count_up(unit: Unit) -> None:
        task = unit.tasks.get(1) or a_task(unit.tasks.next_id(), "0")
        unit.tasks.put(replace(task, title=str(int(task.title) + 1)))

    await asyncio.gather(*(storage.run(user, count_up) for _ in range(40)))
    task = await storage.run(user, lambda unit: unit.tasks.get(1))
    assert task
    assert task.title == "40"


async def test_many_users_at_once_each_count_from_one(storage: Storage, user: str) -> None:
    names = [f"{user}-{letter}" for letter in "abcdefghij"] * 4
    await asyncio.gather(*(storage.run(name, add_one) for name in names))
    for name in set(names):
        tasks = await storage.run(name, lambda unit: unit.tasks.select(TaskQuery()))
        assert [task.id for task in tasks] == [1, 2, 3, 4]


async def test_two_storages_of_one_database_are_two_processes_that_lose_nothing(database_url: str, user: str) -> None:
    both = SqlStorage(database_url), SqlStorage(database_url)
    numbers = await asyncio.gather(*(both[turn % 2].run(user, add_one) for turn in range(30)))
    for storage in both:
        await storage.close()
    assert sorted(numbers) == list(range(1, 31))


async def test_a_caller_who_goes_away_in_the_middle_harms_nobody(storage: Storage, user: str) -> None:
    callers = [asyncio.create_task(storage.run(user, add_one)) for _ in range(30)]
    for place, caller in enumerate(callers):
        await asyncio.sleep(0.0005)
        if place % 3 == 0:
            caller.cancel()
    kept = [number for number in await asyncio.gather(*callers, return_exceptions=True) if isinstance(number, int)]
    tasks = await storage.run(user, lambda unit: unit.tasks.select(TaskQuery()))
    changes = await storage.run(user, logged)
    assert len(kept) >= 20
    assert {task.id for task in tasks} >= set(kept)
    assert [task.id for task in tasks] == list(range(1, len(tasks) + 1))
    assert len(changes) == len(tasks)


# Scripts: units one after the other


async def test_a_script_goes_on_with_what_its_units_came_to(storage: Storage, user: str) -> None:
    async def script(transactions: Transactions) -> list[int]:
        numbers = [await transactions.run(user, add_one) for _ in range(3)]
        return [*numbers, await transactions.run(user, lambda unit: unit.tasks.count(TaskQuery()))]

    assert await storage.run_through(script) == [1, 2, 3, 3]
    assert len(await storage.run(user, logged)) == 3


async def test_a_unit_of_a_script_is_committed_before_it_goes_on(database_url: str, user: str) -> None:
    storage, other = SqlStorage(database_url), SqlStorage(database_url)
    seen: list[int] = []

    def look() -> None:
        seen.append(asyncio.run(seen_by(other)))

    async def seen_by(beside: SqlStorage) -> int:
        try:
            return await beside.run(user, lambda unit: unit.tasks.count(TaskQuery()))
        finally:
            await beside.close()

    async def script(transactions: Transactions) -> None:
        await transactions.run(user, add_one)
        beside = threading.Thread(target=look)
        beside.start()
        beside.join(HANGING)

    await storage.run_through(script)
    await storage.close()
    assert seen == [1]


async def test_a_unit_that_raises_in_a_script_is_dropped_alone(storage: Storage, user: str) -> None:
    def spoil(unit: Unit) -> None:
        add_one(unit)
        raise Refused

    async def script(transactions: Transactions) -> int:
        await transactions.run(user, add_one)
        with pytest.raises(Refused):
            await transactions.run(user, spoil)
        return await transactions.run(user, add_one)

    assert await storage.run_through(script) == 2
    assert [task.id for task in await storage.run(user, lambda unit: unit.tasks.select(TaskQuery()))] == [1, 2]


@pytest.mark.parametrize("units", [0, 1])
async def test_a_script_raises_what_it_raised_and_what_it_did_before_stays(
    storage: Storage, user: str, units: int
) -> None:
    async def script(transactions: Transactions) -> None:
        for _ in range(units):
            await transactions.run(user, add_one)
        raise Refused

    with pytest.raises(Refused):
        await storage.run_through(script)
    assert await storage.run(user, lambda unit: unit.tasks.count(TaskQuery())) == units


async def test_scripts_and_units_at_once_lose_nothing(storage: Storage, user: str) -> None:
    async def script(transactions: Transactions) -> int:
        await transactions.run(user, add_one)
        return await transactions.run(user, add_one)

    scripts = (storage.run_through(script) for _ in range(20))
    units = (storage.run(user, add_one) for _ in range(20))
    await asyncio.gather(*scripts, *units)
    assert [task.id for task in await storage.run(user, lambda unit: unit.tasks.select(TaskQuery()))] == [*range(1, 61)]


async def test_a_script_runs_to_its_end_though_its_caller_goes_away(sql_storage: SqlStorage, user: str) -> None:
    loop = asyncio.get_running_loop()
    begun = asyncio.Event()

    async def script(transactions: Transactions) -> None:
        for _ in range(50):
            await transactions.run(user, add_one)
            loop.call_soon_threadsafe(begun.set)

    caller = asyncio.ensure_future(sql_storage.run_through(script))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await sql_storage.run(user, lambda unit: unit.tasks.count(TaskQuery())) == 50


async def test_users_with_names_alike_are_apart(storage: Storage, user: str) -> None:
    names = [
        user,
        user.upper(),
        f"{user} ",
        f" {user}",
        f"{user}%",
        f"{user}é",
        f"{user}e\u0301",
        f"{user}'",
        user * 20,
    ]
    for name in names:
        await storage.run(name, lambda unit, name=name: unit.tasks.put(a_task(unit.tasks.next_id(), name)))
    for name in names:
        tasks = await storage.run(name, lambda unit: unit.tasks.select(TaskQuery()))
        assert [(task.id, task.title) for task in tasks] == [(1, name)]


async def test_the_zone_is_remembered_for_each_user(storage: Storage, user: str) -> None:
    assert await storage.run(user, lambda unit: unit.timezone) is None
    await storage.run(user, lambda unit: unit.remember_timezone("Asia/Tokyo"))
    await storage.run(user, lambda unit: unit.remember_timezone("America/Argentina/ComodRivadavia"))
    assert await storage.run(user, lambda unit: unit.timezone) == "America/Argentina/ComodRivadavia"
    assert await storage.run(f"{user}-other", lambda unit: unit.timezone) is None


async def test_the_zone_just_remembered_is_known_in_the_same_unit(storage: Storage, user: str) -> None:
    def work(unit: Unit) -> str | None:
        unit.remember_timezone("Asia/Tokyo")
        return unit.timezone

    assert await storage.run(user, work) == "Asia/Tokyo"


async def test_ping_answers(storage: Storage) -> None:
    await storage.ping()


# Tasks


async def test_numbers_begin_at_one_and_are_never_given_twice(storage: Storage, user: str) -> None:
    def make_and_drop(unit: Unit) -> int:
        number = add_one(unit)
        unit.tasks.remove(number)
        return number

    assert [await storage.run(user, make_and_drop) for _ in range(3)] == [1, 2, 3]
    assert await storage.run(user, lambda unit: [unit.tasks.next_id() for _ in range(3)]) == [4, 5, 6]


async def test_a_task_comes_back_as_it_went(storage: Storage, user: str) -> None:
    whole = a_task(
        1,
        "میٹنگ",
        description="بیان\nline two",
        priority=Priority.URGENT,
        due=Due(date(2026, 2, 7), datetime(2026, 2, 6, 20, 30, 0, 123456, UTC)),
        repeat="FREQ=WEEKLY;BYDAY=FR;COUNT=3",
        tags=("Ghar", "گھر", "🏠", "%", 'quote"'),
        status=TaskStatus.COMPLETED,
        completed_at=after(0.000001),
        updated_at=after(3600),
    )
    await storage.run(user, lambda unit: unit.tasks.put(whole))
    assert await storage.run(user, lambda unit: unit.tasks.get(1)) == whole
    assert await storage.run(user, lambda unit: unit.tasks.select(TaskQuery())) == [whole]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_any_text_comes_back_as_it_went(storage: Storage, user: str, text: str) -> None:
    task = a_task(1, text, description=text, tags=(text,))

    def work(unit: Unit) -> None:
        unit.tasks.put(task)
        unit.tasks.log(a_change(text[:64], task, None))
        said(unit, started(unit), text)
        unit.conversations.rename(1, text)

    await storage.run(user, work)
    assert await storage.run(user, lambda unit: unit.tasks.get(1)) == task
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == [a_change(text[:64], task, None)]
    assert (await storage.run(user, lambda unit: unit.conversations.newest(1, 1)))[0].text == text
    assert (await storage.run(user, lambda unit: unit.conversations.find(1))).title == text


async def test_times_come_back_in_utc_whatever_their_offset(sql_storage: SqlStorage, user: str) -> None:
    karachi = START.astimezone(datetime.fromisoformat("2026-01-01T00:00+05:00").tzinfo)
    await sql_storage.run(user, lambda unit: unit.tasks.put(a_task(1, due=Due(date(2026, 2, 7), karachi))))
    task = await sql_storage.run(user, lambda unit: unit.tasks.get(1))
    assert task
    assert task.due
    assert task.due.at == START
    assert task.due.at.utcoffset() == timedelta()


async def test_putting_again_changes_that_task_and_no_other(storage: Storage, user: str) -> None:
    for number in (1, 2):
        await storage.run(user, lambda unit, number=number: unit.tasks.put(a_task(number)))
    await storage.run(user, lambda unit: unit.tasks.put(a_task(2, "new", due=None, tags=("t",))))
    assert await storage.run(user, lambda unit: unit.tasks.select(TaskQuery())) == [
        a_task(1),
        a_task(2, "new", tags=("t",)),
    ]


async def test_a_task_that_is_not_there_is_none_and_removing_it_changes_nothing(storage: Storage, user: str) -> None:
    await storage.run(user, add_one)
    for number in (2, *OUT_OF_RANGE):
        assert await storage.run(user, lambda unit, number=number: unit.tasks.get(number)) is None
        await storage.run(user, lambda unit, number=number: unit.tasks.remove(number))
    assert await storage.run(user, lambda unit: unit.tasks.count(TaskQuery())) == 1


async def test_another_users_task_is_as_absent(storage: Storage, user: str) -> None:
    await storage.run(user, add_one)

    def meddle(unit: Unit) -> tuple[Task | None, list[Task], int, list[Change]]:
        unit.tasks.remove(1)
        unit.tasks.forget_last(9)
        return (
            unit.tasks.get(1),
            unit.tasks.select(TaskQuery()),
            unit.tasks.count(TaskQuery()),
            unit.tasks.last_changes(),
        )

    assert await storage.run(f"{user}-other", meddle) == (None, [], 0, [])
    assert await storage.run(user, lambda unit: (unit.tasks.get(1), len(unit.tasks.last_changes()))) == (a_task(1), 1)


async def test_edges_in_time_narrow_days_and_moments(storage: Storage, user: str) -> None:
    days = [a_task(1, due=Due(date(2026, 2, 6))), a_task(2, due=Due(date(2026, 2, 7))), a_task(3)]
    moments = [a_task(4, due=Due(date(2026, 2, 6), after(-1))), a_task(5, due=Due(date(2026, 2, 6), after(0)))]
    await storage.run(user, lambda unit: [unit.tasks.put(task) for task in (*days, *moments)])
    edge = Edge(date(2026, 2, 7), START)
    assert await numbers(storage, user, TaskQuery(due_before=edge)) == [1, 4]
    assert await numbers(storage, user, TaskQuery(due_after=edge)) == [2, 5]


async def test_a_tag_fits_whole_in_any_case_and_is_no_pattern(storage: Storage, user: str) -> None:
    tagged = [("Ghar",), ("gharana",), ("50%",), ("a_b",), ("axb",), ("a", "b"), ("STRASSE",), ()]
    await storage.run(
        user, lambda unit: [unit.tasks.put(a_task(number, tags=tags)) for number, tags in enumerate(tagged, 1)]
    )
    fits = {"gHAR": [1], "%": [], "50%": [3], "a_b": [4], "a\nb": [], "\n": [], "": [], "straße": [7], "\0": []}
    fits["x" * 60_000] = []
    for tag, expected in fits.items():
        assert await numbers(storage, user, TaskQuery(tag=tag)) == expected, tag[:9]
        assert await storage.run(user, lambda unit, tag=tag: unit.tasks.count(TaskQuery(tag=tag))) == len(expected)


async def test_count_minds_the_filters_and_not_the_limit(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: [unit.tasks.put(a_task(number)) for number in range(1, 6)])
    limited = TaskQuery(status=TaskStatus.PENDING, limit=2, sort=TaskSort.TITLE)
    assert await storage.run(user, lambda unit: unit.tasks.count(limited)) == 5
    assert await numbers(storage, user, limited) == [1, 2]
    assert await numbers(storage, user, TaskQuery(limit=0)) == []


@pytest.mark.parametrize("sort", TaskSort)
async def test_a_list_goes_on_behind_a_task_whatever_is_added_and_removed_meanwhile(
    storage: Storage, user: str, sort: TaskSort
) -> None:
    there = [a_task(number, **look) for number, look in enumerate(LOOKS * 2, 1)]
    await storage.run(user, lambda unit: [unit.tasks.put(task) for task in there])
    seen: list[Task] = []
    for added in range(100, 110):
        query = going_on(seen, sort)
        page = await storage.run(user, lambda unit, query=query: unit.tasks.select(query))
        seen += page
        # One more before everything in each order but by number, and the task to go on behind is gone.
        early = a_task(added, title=" ", priority=Priority.URGENT, due=Due(date(1999, 1, 1)))
        await storage.run(
            user, lambda unit, new=early, gone=page[-1].id: (unit.tasks.put(new), unit.tasks.remove(gone))
        )
    assert seen == sorted(there, key=lambda task: TaskPosition.of(task, sort))


def going_on(seen: list[Task], sort: TaskSort) -> TaskQuery:
    return TaskQuery(sort=sort, limit=1, beyond=TaskPosition.of(seen[-1], sort) if seen else None)


LOOKS: list[dict[str, Any]] = [
    {"title": "b", "due": Due(date(2026, 2, 7))},
    {"title": "B", "priority": Priority.HIGH},
    {"title": "a", "due": Due(date(2026, 2, 7), START)},
    {"title": "میٹنگ", "priority": Priority.HIGH, "due": Due(date(2026, 2, 7), START)},
    {"title": "é", "due": Due(date(2026, 2, 6))},
]
MOMENTS = [START + timedelta(hours=hours, microseconds=hours % 2) for hours in (-30, -1, 0, 1, 23, 24, 500)]
TAGS = ["ghar", "GHAR", "gh", "دفتر", "a%", "a_", "ß", "ss", "#"]
dues = st.one_of(
    st.none(),
    st.builds(Due, st.sampled_from([moment.date() for moment in MOMENTS])),
    st.sampled_from(MOMENTS).map(lambda moment: Due((moment + timedelta(hours=5)).date(), moment)),
)
tasks = st.builds(
    Task,
    id=st.just(0),
    title=st.one_of(
        st.sampled_from(["a", "A", "B", "é", "z", "Z", "میٹنگ", "😀", "\uffff", "aa"]), st.text("aAbé😀 ", min_size=1)
    ),
    created_at=st.sampled_from(MOMENTS),
    updated_at=st.just(START),
    priority=st.sampled_from(Priority),
    due=dues,
    tags=st.lists(st.sampled_from(TAGS), max_size=3, unique_by=str.casefold).map(tuple),
    status=st.sampled_from(TaskStatus),
)
edges = st.none() | st.builds(Edge, st.sampled_from([moment.date() for moment in MOMENTS]), st.sampled_from(MOMENTS))
queries = st.builds(
    TaskQuery,
    status=st.none() | st.sampled_from(TaskStatus),
    priority=st.none() | st.sampled_from(Priority),
    due_before=edges,
    due_after=edges,
    tag=st.none() | st.sampled_from([*TAGS, "none", "%", "a\nb"]),
    sort=st.sampled_from(TaskSort),
    limit=st.none() | st.integers(0, 12),
)
# Anywhere in an order, whether a task stands there or not.
anywhere = st.builds(lambda task, number: replace(task, id=number), tasks, st.integers(0, 13))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    given_tasks=st.lists(tasks, max_size=12),
    asked=st.lists(queries, min_size=1, max_size=8),
    reached=st.none() | anywhere,
)
async def test_sql_finds_and_sorts_as_memory_does(
    sql_storage: SqlStorage, user: str, given_tasks: list[Task], asked: list[TaskQuery], reached: Task | None
) -> None:
    memory, told = MemoryStorage(), [replace(task, id=number) for number, task in enumerate(given_tasks, 1)]
    if reached:
        asked = [replace(query, beyond=TaskPosition.of(reached, query.sort)) for query in asked]

    def keep(unit: Unit) -> None:
        for task in unit.tasks.select(TaskQuery()):
            unit.tasks.remove(task.id)
        for task in reversed(told):
            unit.tasks.put(task)

    def ask(unit: Unit) -> list[tuple[list[Task], int]]:
        return [(unit.tasks.select(query), unit.tasks.count(query)) for query in asked]

    for storage in (sql_storage, memory):
        await storage.run(user, keep)
    assert await sql_storage.run(user, ask) == await memory.run(user, ask)


offsets = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moment=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=offsets), is_whole=st.booleans())
def test_sqlite_keeps_a_moment_as_sqlalchemy_writes_it(moment: datetime, is_whole: bool) -> None:
    kept = moment.replace(microsecond=0) if is_whole else moment
    ours, theirs = (kind.bind_processor(SQLITE) for kind in (Moment(), DATETIME()))
    assert ours(kept) == theirs(kept.astimezone(UTC))


# The log of changes


async def test_the_last_changes_are_those_of_the_newest_batch_in_order(storage: Storage, user: str) -> None:
    log = [a_change(batch, a_task(place), None) for place, batch in enumerate("aabba", 1)]
    await storage.run(user, lambda unit: [unit.tasks.log(change) for change in log])
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == log[4:]
    await storage.run(user, lambda unit: unit.tasks.forget_last(1))
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == log[2:4]
    await storage.run(user, lambda unit: unit.tasks.forget_last(2))
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == log[:2]


async def test_changes_keep_the_order_of_logging_whatever_their_time(storage: Storage, user: str) -> None:
    log = [a_change("b", None, a_task(place), after(-place)) for place in range(1, 12)]
    await storage.run(user, lambda unit: [unit.tasks.log(change) for change in log[:5]])
    await storage.run(user, lambda unit: [unit.tasks.log(change) for change in log[5:]])
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == log


async def test_nothing_logged_is_no_change_and_forgetting_too_many_forgets_all(storage: Storage, user: str) -> None:
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == []
    await storage.run(user, lambda unit: [unit.tasks.log(a_change(name, None, a_task(1))) for name in "abc"])
    await storage.run(user, lambda unit: unit.tasks.forget_last(0))
    assert await storage.run(user, lambda unit: len(logged(unit))) == 3
    await storage.run(user, lambda unit: unit.tasks.forget_last(5))
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == []


async def test_pruning_forgets_older_changes_of_every_user_and_no_task(storage: Storage, user: str) -> None:
    other = f"{user}-other"
    for name in (user, other):
        for change in (a_change("a", None, a_task(1), after(-9)), a_change("b", None, a_task(2))):
            await storage.run(name, lambda unit, change=change: (unit.tasks.put(change.after), unit.tasks.log(change)))
    await storage.prune(START)
    for name in (user, other):
        assert [change.batch for change in await storage.run(name, logged)] == ["b"]
        assert await storage.run(name, lambda unit: unit.tasks.count(TaskQuery())) == 2


async def test_after_pruning_all_the_log_goes_on(storage: Storage, user: str) -> None:
    await storage.run(user, add_one)
    await storage.prune(after(1))
    await storage.run(user, add_one)
    assert [change.after for change in await storage.run(user, logged)] == [a_task(2)]


# What a model took

TODAY, YESTERDAY = START.date(), START.date() - timedelta(days=1)


async def test_tokens_add_up_by_user_and_day(storage: Storage, user: str) -> None:
    for day, tokens in ((TODAY, 5), (TODAY, 2**40), (YESTERDAY, 7)):
        await storage.run(user, lambda unit, day=day, tokens=tokens: unit.spend_tokens(day, tokens))
    spent = [await storage.run(user, lambda unit, day=day: unit.tokens_spent(day)) for day in (TODAY, YESTERDAY)]
    assert spent == [2**40 + 5, 7]
    assert await storage.run(f"{user}-other", lambda unit: unit.tokens_spent(TODAY)) == 0
    assert await storage.run(user, lambda unit: unit.tokens_spent(TODAY + timedelta(days=1))) == 0


async def test_tokens_of_many_at_once_are_all_counted(storage: Storage, user: str) -> None:
    await asyncio.gather(*(storage.run(user, lambda unit: unit.spend_tokens(TODAY, 3)) for _ in range(40)))
    assert await storage.run(user, lambda unit: unit.tokens_spent(TODAY)) == 120


async def test_a_unit_that_raises_spends_nothing(storage: Storage, user: str) -> None:
    def spend_and_fail(unit: Unit) -> None:
        unit.spend_tokens(TODAY, 3)
        raise Refused

    with pytest.raises(Refused):
        await storage.run(user, spend_and_fail)
    assert await storage.run(user, lambda unit: unit.tokens_spent(TODAY)) == 0


async def test_old_days_are_pruned(storage: Storage, user: str) -> None:
    for day in (YESTERDAY, TODAY):
        await storage.run(user, lambda unit, day=day: unit.spend_tokens(day, 3))
    await storage.prune(START)
    spent = [await storage.run(user, lambda unit, day=day: unit.tokens_spent(day)) for day in (YESTERDAY, TODAY)]
    assert spent == [0, 3]


# Conversations


async def test_conversations_are_numbered_from_one_and_never_reused(storage: Storage, user: str) -> None:
    assert await storage.run(user, lambda unit: [started(unit, "a"), started(unit, "b")]) == [1, 2]
    await storage.run(user, lambda unit: unit.conversations.remove(2))
    assert await storage.run(user, lambda unit: started(unit, "b")) == 3
    assert await storage.run(f"{user}-other", lambda unit: started(unit, "a")) == 1


async def test_a_conversation_is_found_by_number_and_by_name(storage: Storage, user: str) -> None:
    place = await storage.run(user, lambda unit: unit.conversations.start("conv-123", "Salam", START))
    assert (place.id, place.key, place.title, place.message_count) == (1, "conv-123", "Salam", 0)
    for reference in (1, "conv-123"):
        assert await storage.run(user, lambda unit, it=reference: unit.conversations.find(it)) == place


async def test_a_name_is_compared_exactly_and_never_as_a_number(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: [started(unit, "1"), started(unit, "Conv")])
    assert await storage.run(user, lambda unit: unit.conversations.find("Conv").id) == 2
    for reference in ("conv", "CONV", "2", "%", "", "Conv ", "\0", *OUT_OF_RANGE):
        assert await storage.run(user, lambda unit, it=reference: unit.conversations.find(it)) is None


async def test_another_users_conversation_is_as_absent(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), said(unit, 1, "raaz"), asked(unit, 1, "t", "k")))
    mine = await everything(storage, user)

    def meddle(unit: Unit) -> list[object]:
        theirs = unit.conversations
        theirs.remove(1)
        theirs.mark_stopping(1, 3, "t")
        theirs.beat(1, 3, "t", after(5))
        assert not theirs.finish(1, a_reply(3, status=MessageStatus.FAILED))
        seen = [theirs.find(1), theirs.find("c"), theirs.message(1, 1), theirs.turn_with_key("k")]
        return [*seen, *theirs.newest(1, 9), *theirs.page(9)]

    assert set(await storage.run(f"{user}-other", meddle)) == {None}
    assert await everything(storage, user) == mine


async def test_a_name_and_an_idempotency_key_are_taken_once(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), asked(unit, 1, "t", "key")))
    for again in (started, lambda unit: asked(unit, 1, "u", "key")):
        with pytest.raises(Exception, match=r"(?i)unique|taken"):
            await storage.run(user, again)
    assert await storage.run(user, lambda unit: len(unit.conversations.page(9))) == 1
    assert await storage.run(user, lambda unit: unit.conversations.turn_with_key("key").reply.turn_id) == "t"


async def test_appending_counts_and_marks_the_conversation(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), said(unit, 1, "a", "b")))
    place = await storage.run(user, lambda unit: unit.conversations.find(1))
    assert place
    assert (place.message_count, place.created_at, place.updated_at) == (2, START, after(2))


async def test_renaming_changes_the_title_alone(storage: Storage, user: str) -> None:
    before = await storage.run(user, lambda unit: unit.conversations.start("c", "Salam", START))
    await storage.run(user, lambda unit: unit.conversations.rename(1, "Ghar"))
    assert await storage.run(user, lambda unit: unit.conversations.find(1)) == replace(before, title="Ghar")


async def test_pages_hold_every_conversation_once_even_with_equal_times(storage: Storage, user: str) -> None:
    times = [after(place // 4) for place in range(10)]
    await storage.run(user, lambda unit: [started(unit, f"c{place}", at) for place, at in enumerate(times)])
    seen: list[int] = []
    before = None
    while page := await storage.run(user, lambda unit, before=before: unit.conversations.page(3, before)):
        seen += [place.id for place in page]
        before = (page[-1].updated_at, page[-1].id)
    assert seen == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]


async def test_the_conversation_last_spoken_in_comes_first(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: [started(unit, name) for name in "abc"])
    await storage.run(user, lambda unit: said(unit, 1, "x"))
    assert [place.id for place in await storage.run(user, lambda unit: unit.conversations.page(9))] == [1, 3, 2]


async def test_removing_a_conversation_removes_all_that_is_in_it(storage: Storage, user: str) -> None:
    def fill(unit: Unit, key: str) -> None:
        number = started(unit, key)
        reply_id = asked(unit, number, f"turn-{key}", f"key-{key}")
        unit.conversations.record(number, reply_id, f"turn-{key}", a_call())

    await storage.run(user, lambda unit: (fill(unit, "a"), fill(unit, "b")))
    await storage.run(user, lambda unit: unit.conversations.remove(1))
    assert await storage.run(user, lambda unit: left(unit, 1, "key-a")) == (None, [], None, None)
    assert None not in await storage.run(user, lambda unit: left(unit, 2, "key-b"))
    assert await storage.run(user, lambda unit: fill(unit, "a")) is None


def left(unit: Unit, number: int, key: str) -> tuple[object, ...]:
    theirs = unit.conversations
    return theirs.find(number), theirs.newest(number, 9), theirs.message(number, 2), theirs.turn_with_key(key)


# Messages and tool calls


async def test_a_message_comes_back_as_it_went(storage: Storage, user: str) -> None:
    question = Question(QuestionKind.WHICH, "delete_task", (1, 2, 3), Raw('{"title":"دودھ"}'.encode()))
    reply = a_message(
        1, "Kaunsa?", role=Role.ASSISTANT, status=MessageStatus.IN_PROGRESS, turn_id="trn_1", question=question
    )
    await storage.run(user, lambda unit: (started(unit), unit.conversations.append(1, reply)))
    kept = await storage.run(user, lambda unit: unit.conversations.message(1, 1))
    assert kept
    assert kept.question
    assert bytes(kept.question.arguments) == bytes(question.arguments)
    assert replace(kept, question=None) == replace(reply, question=None)
    assert replace(kept.question, arguments=Raw(b"")) == replace(question, arguments=Raw(b""))


async def test_tool_calls_come_back_in_order_under_their_message(storage: Storage, user: str) -> None:
    calls = [
        a_call("list_tasks", arguments=Raw(b'{ "search" : "doodh\\u0000" }')),
        a_call("نہیں", result=None, error=ToolError("unknown_tool", "There is no tool 'نہیں'.")),
        *(a_call(f"tool-{place}") for place in range(12)),
    ]
    later = a_message(3, role=Role.ASSISTANT, tool_calls=(a_call("held"), a_call("elsewhere", result=None)))
    await storage.run(user, lambda unit: (started(unit), asked(unit, 1, "t")))
    for call in calls:
        await storage.run(user, lambda unit, call=call: unit.conversations.record(1, 2, "t", call))
    await storage.run(user, lambda unit: unit.conversations.append(1, later))
    messages = await storage.run(user, lambda unit: unit.conversations.newest(1, 9))
    assert [[call.name for call in message.tool_calls] for message in messages][::2] == [["held", "elsewhere"], []]
    assert [readable(call) for call in messages[1].tool_calls] == [readable(call) for call in calls]


async def test_finishing_writes_the_reply_and_keeps_its_calls(storage: Storage, user: str) -> None:
    def open_it(unit: Unit) -> None:
        started(unit)
        unit.conversations.append(1, a_reply(1))
        unit.conversations.record(1, 1, "t", a_call())

    await storage.run(user, open_it)
    question = Question(QuestionKind.CONFIRM, "delete_task", (1,))
    done = a_message(1, "Theek hai", after(9), role=Role.ASSISTANT, turn_id="t", question=question)
    last = a_call("undo")
    told = await storage.run(user, lambda unit: unit.conversations.finish(1, done, last))
    kept = await storage.run(user, lambda unit: unit.conversations.message(1, 1))
    place = await storage.run(user, lambda unit: unit.conversations.find(1))
    assert kept
    assert place
    assert (kept.text, kept.status, kept.created_at) == ("Theek hai", MessageStatus.COMPLETED, after(9))
    assert kept.question
    assert kept.question.kind is QuestionKind.CONFIRM
    assert [readable(call) for call in kept.tool_calls] == [readable(a_call()), readable(last)]
    assert told
    assert (told.text, [*map(readable, told.tool_calls)]) == (kept.text, [*map(readable, kept.tool_calls)])
    assert (place.updated_at, place.message_count) == (START, 1)


async def test_the_newest_messages_come_first_and_pages_go_back(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), said(unit, 1, *map(str, range(1, 8)))))

    def page(unit: Unit, limit: int, before: int | None) -> list[str]:
        return [message.text for message in unit.conversations.newest(1, limit, before)]

    pages = {(3, None): "765", (3, 5): "432", (9, 2): "1", (9, 1): "", (9, 99): "7654321", (0, None): ""}
    for (limit, before), texts in pages.items():
        assert "".join(await storage.run(user, lambda unit, a=limit, b=before: page(unit, a, b))) == texts


async def test_a_message_that_is_not_there_is_none(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), said(unit, 1, "a")))
    for place in ((1, 2), (2, 1), (1, 0)):
        assert await storage.run(user, lambda unit, place=place: unit.conversations.message(*place)) is None
    assert await storage.run(user, lambda unit: unit.conversations.newest(2, 9)) == []


async def test_calls_and_messages_of_nothing_are_refused(storage: Storage, user: str) -> None:
    await storage.run(user, started)
    for lost in (
        lambda unit: unit.conversations.record(1, 1, "t", a_call()),
        lambda unit: unit.conversations.record(2, 1, "t", a_call()),
        lambda unit: unit.conversations.append(2, a_message(1)),
    ):
        with pytest.raises(Exception, match=r".") as raised:
            await storage.run(user, lost)
        assert not isinstance(raised.value, StorageUnavailable)


async def test_writing_to_a_conversation_that_was_removed_meanwhile_writes_nothing(storage: Storage, user: str) -> None:
    def write(unit: Unit) -> None:
        unit.conversations.rename(7, "x")
        assert not unit.conversations.finish(7, a_reply(1))
        unit.conversations.beat(7, 1, "t", START)
        unit.conversations.mark_stopping(7, 1, "t")
        unit.conversations.remove(7)

    await storage.run(user, write)
    assert await everything(storage, user) == ([], [], [], [], None)


# Turns


async def test_a_turn_is_found_by_its_key_and_tells_how_it_ended(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), asked(unit, 1, "trn_1", "key 1")))
    opened = await storage.run(user, lambda unit: unit.conversations.turn_with_key("key 1"))
    assert opened
    assert (opened.conversation_id, opened.fingerprint, opened.reply) == (1, "f" * 64, a_reply(2, "trn_1"))
    done = a_message(2, "Ho gaya.", after(3), role=Role.ASSISTANT, turn_id="trn_1")
    await storage.run(user, lambda unit: unit.conversations.finish(1, done))
    closed = await storage.run(user, lambda unit: unit.conversations.turn_with_key("key 1"))
    assert closed == replace(opened, reply=done)


async def test_a_running_turn_shows_that_it_is_alive_and_that_it_is_to_stop(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), asked(unit, 1, "t")))
    await storage.run(user, lambda unit: unit.conversations.mark_stopping(1, 2, "t"))
    await storage.run(user, lambda unit: unit.conversations.beat(1, 2, "t", after(5)))
    reply = await storage.run(user, lambda unit: unit.conversations.message(1, 2))
    assert reply == a_reply(2, created_at=after(5), is_stopping=True)
    stopped = a_reply(2, status=MessageStatus.STOPPED)
    await storage.run(user, lambda unit: unit.conversations.record(1, 2, "t", a_call()))
    assert await storage.run(user, lambda unit: unit.conversations.finish(1, stopped))
    kept = await storage.run(user, lambda unit: unit.conversations.message(1, 2))
    assert (kept.status, kept.is_stopping, len(kept.tool_calls)) == (MessageStatus.STOPPED, False, 1)


@pytest.mark.parametrize("turn_id", ["ended", "another"])
async def test_a_turn_that_ended_or_is_not_there_changes_nothing(storage: Storage, user: str, turn_id: str) -> None:
    def end(unit: Unit) -> None:
        started(unit)
        asked(unit, 1, "ended")
        unit.conversations.finish(1, a_reply(2, "ended", status=MessageStatus.FAILED))

    await storage.run(user, end)
    before = await everything(storage, user)
    await storage.run(user, lambda unit: unit.conversations.beat(1, 2, turn_id, after(5)))
    await storage.run(user, lambda unit: unit.conversations.mark_stopping(1, 2, turn_id))
    late = a_reply(2, turn_id, status=MessageStatus.COMPLETED)
    assert not await storage.run(user, lambda unit: unit.conversations.finish(1, late))
    with pytest.raises(TurnGivenUp):
        await storage.run(user, lambda unit: (add_one(unit), unit.conversations.record(1, 2, turn_id, a_call())))
    assert await everything(storage, user) == before


async def test_a_turn_whose_messages_were_cut_is_gone(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), asked(unit, 1, "first", "key")))
    await storage.run(user, lambda unit: (unit.conversations.cut(1, 1), asked(unit, 1, "second", "key")))
    found = await storage.run(user, lambda unit: unit.conversations.turn_with_key("key"))
    assert found.reply == a_reply(2, "second")
    assert not await storage.run(user, lambda unit: unit.conversations.finish(1, a_reply(2, "first")))


async def test_turns_without_a_key_are_many_and_found_by_none(storage: Storage, user: str) -> None:
    await storage.run(user, lambda unit: (started(unit), asked(unit, 1, "a"), asked(unit, 1, "b")))
    for key in ("", "key", "a"):
        assert await storage.run(user, lambda unit, key=key: unit.conversations.turn_with_key(key)) is None


async def test_two_users_may_use_one_idempotency_key(storage: Storage, user: str) -> None:
    names = (user, f"{user}-other")
    for name in names:
        await storage.run(name, lambda unit, name=name: (started(unit), asked(unit, 1, name, "key")))
    for name in names:
        found = await storage.run(name, lambda unit: unit.conversations.turn_with_key("key"))
        assert found.reply.turn_id == name


# When the database does not answer

ASKED: tuple[Callable[[SqlStorage], Awaitable[object]], ...] = (
    lambda storage: storage.run("u", add_one),
    lambda storage: storage.prune(START),
    SqlStorage.ping,
    SqlStorage.migrate,
    SqlStorage.is_current,
)


@pytest.mark.parametrize(("query", "leaves_any"), [("", True), ("?prepared_statement_cache_size=0", False)])
async def test_behind_a_pooler_of_transactions_nothing_stays_prepared(
    migrated_postgresql: str, user: str, query: str, leaves_any: bool
) -> None:
    storage = SqlStorage(migrated_postgresql + query)
    await storage.run(user, add_one)
    left = Statement(select(func.count().label("left")).select_from(table("pg_prepared_statements")))
    assert (await storage._units.run(lambda database: database.first(left)[0]) > 0) is leaves_any
    await storage.close()


@pytest.mark.parametrize("url", UNREACHABLE)
async def test_an_unreachable_database_is_told_as_such(url: str) -> None:
    storage = SqlStorage(url)
    for asked in ASKED:
        with pytest.raises(StorageUnavailable):
            await asked(storage)
    await storage.close()
    for thread in threading.enumerate():
        if "_connection_worker" in thread.name:  # the driver's threads end a moment after their connections
            await asyncio.to_thread(thread.join)


async def test_a_wrong_database_name_or_user_is_told_as_unavailable(migrated_postgresql: str) -> None:
    for url in (f"{migrated_postgresql}_absent", migrated_postgresql.replace("//munshi_", "//nobody_")):
        storage = SqlStorage(url)
        with pytest.raises(StorageUnavailable):
            await storage.run("u", add_one)
        await storage.close()


async def test_a_connection_cut_in_the_middle_keeps_nothing_and_the_next_unit_works(
    migrated_postgresql: str, user: str
) -> None:
    storage, other = SqlStorage(migrated_postgresql), SqlStorage(migrated_postgresql)

    def cut(unit: Unit) -> None:
        add_one(unit)
        unit._database.first(Statement(select(func.pg_terminate_backend(func.pg_backend_pid()).label("done"))))

    with pytest.raises(StorageUnavailable) as raised:
        await storage.run(user, cut)
    assert raised.value.reason != "InterfaceError"  # what the driver says of a connection that was cut before
    assert await storage.run(user, add_one) == 1
    await other.close()
    await storage.close()


async def test_a_server_that_falls_silent_in_the_middle_is_told_in_time_and_answers_later(
    migrated_postgresql: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make_url(migrated_postgresql)
    with Proxy((address.host or "", address.port or 5432)).running() as proxy:
        through = address.set(host="127.0.0.1", port=proxy.port)
        storage = SqlStorage(through.render_as_string(hide_password=False))
        await storage.ping()

        def fall_silent(unit: Unit) -> None:
            add_one(unit)
            proxy.freeze()
            unit.tasks.get(1)

        def fail_in_silence(unit: Unit) -> None:
            add_one(unit)
            proxy.freeze()
            raise Refused

        with monkeypatch.context() as impatient:
            impatient.setattr("adapters.storage.sql.postgresql.UNIT_SECONDS", 0.2)
            for work in (fall_silent, add_one):
                with pytest.raises(StorageUnavailable):
                    await asyncio.wait_for(storage.run(user, work), HANGING)
            proxy.mend()
            with pytest.raises(StorageUnavailable):
                await asyncio.wait_for(storage.run(user, fail_in_silence), HANGING)
        proxy.mend()
        assert await storage.run(user, add_one) == 1
        await storage.close()


async def test_a_silent_server_does_not_hold_up_the_end(
    migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.storage.sql.postgresql.CLOSE_SECONDS", 0.1)
    address = make_url(migrated_postgresql)
    with Proxy((address.host or "", address.port or 5432)).running() as proxy:
        storage = SqlStorage(address.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False))
        await storage.ping()
        proxy.freeze()
        await asyncio.wait_for(storage.close(), HANGING)


async def test_what_a_unit_tells_its_session_ends_with_it(migrated_postgresql: str, user: str) -> None:
    storage = SqlStorage(migrated_postgresql)
    names = ("munshi.user_id", "idle_in_transaction_session_timeout")
    told = Statement(select(*(func.current_setting(name).label(name) for name in names)))
    within = await storage.run(user, lambda unit: unit._database.first(told))
    assert tuple(within) == (user, "10s")
    after_it = await storage._units.run(lambda database: database.first(told))
    assert tuple(after_it) == ("", "0")
    await storage.close()


async def test_a_file_that_may_only_be_read_is_told_as_such_and_written_to_later(
    sqlite_url: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect_to_read(file: str, **options: Any) -> SqliteDatabase:
        return SqliteDatabase(f"file:{file}?mode=ro", uri=True, **options)

    storage = SqlStorage(sqlite_url)
    with monkeypatch.context() as only_read:
        only_read.setattr("adapters.storage.sql.sqlite.SqliteDatabase", connect_to_read)
        with pytest.raises(StorageUnavailable) as raised:
            await storage.run(user, add_one)
    assert raised.value.reason == "SQLITE_READONLY"
    assert await storage.run(user, add_one) == 1
    await storage.close()


async def test_what_a_failing_disk_may_have_kept_is_not_told_as_dropped(
    sqlite_url: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "the disk is gone")

    storage = SqlStorage(sqlite_url)
    with monkeypatch.context() as failing:
        failing.setattr("adapters.storage.sql.writer.SYNC", fail)
        with pytest.raises(StorageUnavailable, match="not certain") as raised:
            await storage.run(user, add_one)
    assert raised.value.reason == "EIO"
    assert await storage.run(user, add_one) == 2
    await storage.close()


async def test_a_unit_that_looked_at_one_row_of_many_holds_no_view_of_the_file(sqlite_url: str, user: str) -> None:
    storage = SqlStorage(sqlite_url)
    for name in (user, f"{user}-b", f"{user}-c"):
        await storage.run(name, add_one)
    assert await storage._units.run(lambda database: database.first(Statement(select(users.c.user_id)))) is not None
    with closing(sqlite3.connect(sqlite_url.partition("///")[2])) as other:
        (is_busy, *_) = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not is_busy
    await storage.close()


async def test_a_database_locked_by_another_process_is_told_and_answers_later(
    sqlite_url: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = SqlStorage(sqlite_url)
    monkeypatch.setattr("adapters.storage.sql.sqlite.BUSY_SECONDS", 0)
    waiter = SqlStorage(sqlite_url)
    async with holder._engine.begin():
        with pytest.raises(StorageUnavailable):
            await waiter.run(user, add_one)
    assert await waiter.run(user, add_one) == 1
    await holder.close()
    await waiter.close()


RECOVER = """
import fcntl, os, sys
index = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
os.ftruncate(index, 32768)
fcntl.lockf(index, fcntl.LOCK_SH, 1, 128)
fcntl.lockf(index, fcntl.LOCK_EX, 3, 120)
print("begun", flush=True)
sys.stdin.read()
"""
"""In the midst of a recovery: SQLite's locks to use the log's index, which is not yet made, and to make it alone."""


@pytest.mark.skipif(sys.platform == "win32", reason="SQLite has other locks there")
async def test_who_starts_while_another_process_recovers_the_file_waits_for_it(
    sqlite_url: str, user: str, tmp_path: Path
) -> None:
    storage = SqlStorage(sqlite_url)
    assert await storage.run(user, add_one) == 1
    file, killed = sqlite_url.partition("///")[2], tmp_path / "killed.sqlite3"
    for end in ("", "-wal"):
        shutil.copy(file + end, f"{killed}{end}")
    await storage.close()
    other = await create_subprocess_exec(sys.executable, "-c", RECOVER, f"{killed}-shm", stdin=PIPE, stdout=PIPE)
    assert other.stdin is not None
    assert other.stdout is not None
    await other.stdout.readline()
    storage = SqlStorage(f"sqlite+aiosqlite:///{killed}")
    starting = asyncio.ensure_future(storage.run(user, add_one))
    await asyncio.wait([starting], timeout=0.1)
    other.stdin.close()
    assert await starting == 2
    await other.wait()
    await storage.close()


async def test_a_link_to_a_file_is_as_good_as_the_file(sqlite_url: str, user: str, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.sqlite3"
    link.parent.mkdir()
    link.symlink_to(sqlite_url.partition("///")[2])
    storage = SqlStorage(f"sqlite+aiosqlite:///{link}")
    assert await storage.run(user, add_one) == 1
    await storage.close()


async def test_a_fault_tells_the_log_nothing_that_a_user_wrote(sql_storage: SqlStorage, user: str) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign") as raised:
        await sql_storage.run(user, lambda unit: unit.conversations.append(2, a_message(1, "raaz")))
    assert "raaz" not in f"{raised.value} {raised.value.__cause__}"


# What tests read


def logged(unit: Unit) -> list[Change]:
    """The whole log, oldest first; read as undo reads it, so it is to be rolled back or thrown away."""
    log: list[Change] = []
    while batch := unit.tasks.last_changes():
        log = [*batch, *log]
        unit.tasks.forget_last(len(batch))
    for change in log:
        unit.tasks.log(change)
    return log


async def numbers(storage: Storage, user: str, query: TaskQuery) -> list[int]:
    return [task.id for task in await storage.run(user, lambda unit: unit.tasks.select(query))]


async def everything(storage: Storage, user: str) -> tuple[Sequence[object], ...]:
    def read(unit: Unit) -> tuple[object, ...]:
        places = unit.conversations.page(100)
        messages = [
            (message.id, message.text, message.status, list(map(readable, message.tool_calls)))
            for place in places
            for message in unit.conversations.newest(place.id, 100)
        ]
        return unit.tasks.select(TaskQuery()), logged(unit), places, messages, unit.timezone

    found: tuple[Sequence[object], ...] = await storage.run(user, read)
    return found
