"""Units that wait are committed together, and yet each is whole or not at all."""

import asyncio
import errno
import gc
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from time import monotonic
from typing import Any, TypeVar

import pytest

from adapters.storage.sql.conversations import START
from adapters.storage.sql.statements import SqliteDatabase
from adapters.storage.sql.writer import CAREFUL, PATIENCE, PAUSE, SLOW, TOGETHER, InDoubt, Step, Writer

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], int]
Told = int | BaseException
Outcomes = Callable[..., Coroutine[Any, Any, list[Told]]]
NAME: ContextVar[str] = ContextVar("name")
NOW = datetime(2026, 2, 7, tzinfo=UTC)


class File:
    """A SQLite file with one table, and every statement that reached it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.statements: list[str] = []
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY) STRICT")
        connection.close()

    def open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=0)
        connection.set_trace_callback(self.statements.append)
        return connection

    def rows(self) -> list[int]:
        connection = sqlite3.connect(self.path)
        found = [row[0] for row in connection.execute("SELECT number FROM rows ORDER BY number")]
        connection.close()
        return found


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path / "rows.sqlite3")


@pytest.fixture
async def writer(file: File) -> AsyncIterator[Writer]:
    writer = Writer(file.open)
    yield writer
    writer.close()


def insert(number: int, then: Callable[[sqlite3.Connection], object] = lambda _: None) -> Work:
    def work(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO rows VALUES (?)", (number,))
        then(connection)
        return number

    return work


def inserts(first: int, count: int) -> list[Work]:
    return [insert(number) for number in range(first, first + count)]


def refuse(_: sqlite3.Connection) -> None:
    raise LookupError("no such task")


def fail_to_sync(_: int) -> None:
    raise OSError(errno.EIO, "the disk is gone")


async def one_step(work: Work) -> int:
    return await Step(work)


async def by_themselves(writer: Writer, *works: Work) -> list[Told]:
    """All asked for at once, before any is begun: done by the thread."""
    return await asyncio.gather(*(writer.run(work) for work in works), return_exceptions=True)


async def in_scripts(writer: Writer, *works: Work) -> list[Told]:
    """The same, done in the loop."""
    return await asyncio.gather(*(writer.run_through(one_step(work)) for work in works), return_exceptions=True)


@pytest.fixture(params=[by_themselves, in_scripts])
def outcomes(request: pytest.FixtureRequest) -> Outcomes:
    found: Outcomes = request.param
    return found


async def told_together(writer: Writer, *works: Work) -> None:
    """After the file was opened, which the thread does, and nobody waits for others."""
    await in_scripts(writer, lambda _: 0)
    await in_scripts(writer, *works)


async def test_what_waits_is_committed_at_once(writer: Writer, file: File, outcomes: Outcomes) -> None:
    assert await outcomes(writer, *inserts(0, TOGETHER)) == list(range(TOGETHER)) == file.rows()
    assert file.statements.count("COMMIT") == 1


def logging_ahead(file: File) -> Writer:
    def connect() -> sqlite3.Connection:
        connection = file.open()
        connection.execute("PRAGMA journal_mode=WAL")
        return connection

    return Writer(connect, f"{file.path}-wal")


async def test_those_who_were_told_together_are_waited_for(
    writer: Writer, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told_together(writer, insert(1), insert(2), insert(3))
    monkeypatch.setattr("adapters.storage.sql.writer.monotonic", lambda: 0.0)
    file.statements.clear()
    again = []
    for number in (4, 5, 6):
        assert file.statements == []
        again.append(asyncio.ensure_future(in_scripts(writer, insert(number))))
        await asyncio.sleep(0.001)
    assert await asyncio.gather(*again) == [[4], [5], [6]]
    assert file.statements.count("COMMIT") == 1


async def test_nobody_waits_long_for_those_who_do_not_come_again_and_who_is_alone_for_nobody(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []

    def look() -> float:
        looked.append(PAUSE / 10)
        return sum(looked)

    await told_together(writer, insert(1), insert(2), insert(3))
    monkeypatch.setattr("adapters.storage.sql.writer.monotonic", look)
    assert await in_scripts(writer, insert(4)) == [4]
    assert 10 <= len(looked) < 20
    looked.clear()
    assert await in_scripts(writer, insert(5)) == [5]
    assert len(looked) < 10


async def test_who_keeps_coming_is_not_waited_for_without_end(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    await told_together(writer, *inserts(0, 50))
    monkeypatch.setattr("adapters.storage.sql.writer.monotonic", lambda: now[0])
    first = asyncio.ensure_future(in_scripts(writer, insert(100)))
    number = 100
    while not first.done():
        number += 1
        asyncio.ensure_future(in_scripts(writer, insert(number)))  # noqa: RUF006  each is told at the end
        now[0] += PAUSE / 2
        await asyncio.sleep(0)
    assert PATIENCE <= now[0] < 2 * PATIENCE


async def test_a_unit_that_fails_takes_nothing_of_its_neighbours_along(
    writer: Writer, file: File, outcomes: Outcomes
) -> None:
    told = await outcomes(writer, insert(1), insert(2, then=refuse), insert(3), insert(1))
    assert (told[0], told[2]) == (1, 3)
    assert (type(told[1]), type(told[3])) == (LookupError, sqlite3.IntegrityError)
    assert file.rows() == [1, 3]


async def test_what_fails_before_it_wrote_makes_nobody_work_twice(
    writer: Writer, file: File, outcomes: Outcomes
) -> None:
    def fail(connection: sqlite3.Connection) -> int:
        connection.execute("SELECT number FROM rows").fetchall()
        raise LookupError("no such task")

    told = await outcomes(writer, insert(1), fail, insert(2))
    assert (told[0], type(told[1]), told[2]) == (1, LookupError, 2)
    assert file.rows() == [1, 2]
    assert not {"ROLLBACK", "SAVEPOINT unit"} & set(file.statements)


async def test_a_unit_that_ends_as_an_iterator_does_keeps_nobody_waiting(
    writer: Writer, file: File, outcomes: Outcomes
) -> None:
    ends = insert(2, then=lambda _: next(iter(())))
    async with asyncio.timeout(5):
        first, fault, last = await outcomes(writer, insert(1), ends, insert(3))
    assert (first, type(fault), last, file.rows()) == (1, RuntimeError, 3, [1, 3])


async def test_nobody_is_told_of_success_when_the_transaction_is_lost(
    writer: Writer, file: File, outcomes: Outcomes
) -> None:
    lose = insert(2, then=lambda connection: connection.execute("ROLLBACK").connection.execute("SELECT nothing"))
    told = await outcomes(writer, *(insert(10 + number) for number in range(50)), lose, insert(3))
    kept = [number for number in told if isinstance(number, int)]
    assert file.rows() == sorted(kept)
    assert isinstance(told[50], sqlite3.OperationalError)
    assert await writer.run(insert(4)) == 4


async def test_a_commit_that_fails_is_told_to_everybody_and_the_next_succeeds(
    writer: Writer, file: File, outcomes: Outcomes
) -> None:
    await writer.run(insert(1))
    holder = sqlite3.connect(file.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    told = await outcomes(writer, insert(2), insert(3))
    assert [type(fault) for fault in told] == [sqlite3.OperationalError] * 2
    holder.execute("ROLLBACK")
    holder.close()
    assert await outcomes(writer, insert(2), insert(3)) == [2, 3]


async def test_who_was_kept_beside_a_failure_hears_so(file: File, outcomes: Outcomes) -> None:
    def fail(_: sqlite3.Connection) -> int:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    writer = logging_ahead(file)
    kept, failed = await outcomes(writer, insert(2), fail)
    assert (kept, type(failed)) == (2, sqlite3.OperationalError)
    assert await writer.run(insert(3)) == 3
    writer.close()
    assert file.rows() == [2, 3]


def test_a_closed_connection_lets_go_of_its_file_at_once(tmp_path: Path) -> None:
    gc.disable()
    try:
        database = SqliteDatabase(tmp_path / "rows.sqlite3", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE conversations (user_id, id, key, title, created_at, updated_at, message_count)")
        database.add(START, [("u", number, f"c{number}", "", NOW, NOW, 0) for number in (1, 2)])
        database.close()
        assert not list(tmp_path.glob("*-wal"))
    finally:
        gc.enable()


async def test_a_file_that_cannot_be_opened_is_told_until_it_can(tmp_path: Path) -> None:
    writer = Writer(lambda: sqlite3.connect(tmp_path / "later" / "rows.sqlite3", isolation_level=None))
    with pytest.raises(sqlite3.OperationalError):
        await writer.run(lambda connection: connection.execute("SELECT 1").fetchone())
    (tmp_path / "later").mkdir()
    assert await writer.run(lambda connection: connection.execute("SELECT 1").fetchone()) == (1,)
    writer.close()


async def test_closing_runs_what_waits(file: File) -> None:
    writer = Writer(file.open)
    waiting = [asyncio.ensure_future(writer.run(insert(number))) for number in range(2 * TOGETHER)]
    await asyncio.sleep(0)
    writer.close()
    assert await asyncio.gather(*waiting) == list(range(2 * TOGETHER)) == file.rows()


async def test_a_locked_file_holds_up_nobody_but_those_who_need_it(file: File, outcomes: Outcomes) -> None:
    writer = Writer(file.open, lock_patience=30)
    await writer.run(insert(1))
    holder = sqlite3.connect(file.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    waiting = asyncio.ensure_future(outcomes(writer, insert(2), insert(3)))
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert not waiting.done()
    holder.execute("INSERT INTO rows VALUES (100)")
    holder.execute("COMMIT")
    holder.close()
    assert await waiting == [2, 3]
    writer.close()
    assert file.rows() == [1, 2, 3, 100]


async def test_the_thread_gives_back_what_the_loop_can_do(writer: Writer) -> None:
    threads: list[Thread] = []
    await in_scripts(writer, *[lambda _: threads.append(current_thread()) or 0] * (3 * TOGETHER))
    opened, last = threads[0], threads[-1]
    assert (opened is main_thread(), last is main_thread()) == (False, True)


class Disk:
    """A disk that takes as long as it is told, in a time of its own."""

    def __init__(self, file: File, monkeypatch: pytest.MonkeyPatch) -> None:
        self._file = file
        self._numbers = count()
        self._took = {"sync": 0.0, "COMMIT": 0.0}
        self._waited: list[Thread] = []
        self.now = 0.0
        self.writer = Writer(self._open, f"{file.path}-wal")
        monkeypatch.setattr("adapters.storage.sql.writer.monotonic", lambda: self.now)
        monkeypatch.setattr("adapters.storage.sql.writer.SYNC", lambda _: self._take("sync"))

    def _open(self) -> sqlite3.Connection:
        connection = self._file.open()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.set_trace_callback(self._take)
        return connection

    def _take(self, what: str) -> None:
        if what in self._took:
            self.now += self._took[what]
            self._waited.append(current_thread())

    async def holds_up_the_loop(self, **took: float) -> bool:
        self._took = {"sync": 0.0, "COMMIT": 0.0} | took
        self._waited.clear()
        await in_scripts(self.writer, insert(next(self._numbers)))
        return main_thread() in self._waited

    async def is_open(self) -> None:
        while not await self.holds_up_the_loop():
            pass


@pytest.fixture
async def disk(file: File, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Disk]:
    disk = Disk(file, monkeypatch)
    await disk.is_open()
    yield disk
    disk.writer.close()


@pytest.mark.parametrize("what", ["sync", "COMMIT"])
async def test_a_slow_disk_holds_the_loop_up_once(disk: Disk, what: str) -> None:
    assert await disk.holds_up_the_loop(**{what: SLOW / 2})
    assert await disk.holds_up_the_loop(**{what: 2 * SLOW})
    assert not await disk.holds_up_the_loop(**{what: 2 * SLOW})
    assert await in_scripts(disk.writer, lambda _: 7) == [7]  # without a word of the disk
    assert not await disk.holds_up_the_loop()


async def test_a_disk_that_is_quick_again_is_trusted_after_a_while(disk: Disk) -> None:
    assert await disk.holds_up_the_loop(sync=2 * SLOW)
    assert not await disk.holds_up_the_loop()
    disk.now += CAREFUL * 2 * SLOW
    await disk.is_open()


async def test_nobody_waits_for_a_lock_behind_those_who_waited_in_vain(file: File) -> None:
    writer = Writer(file.open, lock_patience=0.5)
    holder = sqlite3.connect(file.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    begun = monotonic()
    told = await by_themselves(writer, *inserts(0, 4 * TOGETHER))
    assert {type(fault) for fault in told} == {sqlite3.OperationalError}
    assert 0.5 <= monotonic() - begun < 4 * 0.5
    holder.close()
    writer.close()


def test_a_loop_may_end_and_another_go_on(file: File) -> None:
    writer = Writer(file.open)

    async def leave(number: int) -> None:
        asyncio.ensure_future(writer.run(insert(number)))  # noqa: RUF006  nobody waits for it
        await asyncio.sleep(0)

    for number in (1, 3, 5):
        asyncio.run(leave(number))
        assert asyncio.run(writer.run(insert(number + 1))) == number + 1
    writer.close()
    assert {2, 4, 6} <= set(file.rows())


def test_several_loops_at_once_share_a_writer(file: File) -> None:
    writer = Writer(file.open)

    async def ask(first: int) -> list[Told]:
        return [
            told for number in range(first, first + 100, 4) for told in await by_themselves(writer, *inserts(number, 4))
        ]

    with ThreadPoolExecutor(3) as threads:
        told = list(threads.map(lambda first: asyncio.run(ask(first)), (0, 100, 200)))
    writer.close()
    assert [number for each in told for number in each] == list(range(300)) == file.rows()


def in_time(work: Coroutine[Any, Any, T]) -> T:
    """Where asyncio.run would wait without end for who is never told."""
    loop = asyncio.new_event_loop()
    told = loop.create_task(work)
    loop.run_until_complete(asyncio.wait([told], timeout=5))
    assert told.done()
    loop.close()
    return told.result()


def test_a_loop_that_ends_leaves_nobody_of_another_waiting(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.storage.sql.writer.SLICE", -1.0)
    in_hand, has_looked = Event(), Event()

    class Late(Writer):
        """The main thread's loop looks whether anything waits just while the other has it in hand."""

        def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
            if current_thread() is main_thread() and not in_hand.is_set():
                other.start()
                in_hand.wait(5)
            super()._go_on(loop)
            if current_thread() is main_thread():
                asyncio.get_running_loop().call_soon(has_looked.set)

    def hold(_: sqlite3.Connection) -> int:
        in_hand.set()
        return int(has_looked.wait(5))

    async def long() -> None:
        for number in range(100):
            await Step(insert(number))

    writer = Late(file.open)
    writer._is_for_thread = False
    writer._connection = file.open()
    other = Thread(target=lambda: asyncio.run(writer.run_through(one_step(hold))))
    in_time(writer.run_through(long()))
    other.join()
    writer.close()
    assert file.rows() == list(range(100))


async def test_who_goes_away_hears_the_end_of_what_was_begun(writer: Writer, file: File) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell_and_wait(_: sqlite3.Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()

    unit = asyncio.ensure_future(writer.run(insert(1, then=tell_and_wait)))
    await begun.wait()
    unit.cancel()
    loop.call_soon(go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await unit
    assert file.rows() == [1]


# Scripts


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch, file: File) -> list[list[int]]:
    """What the file held each time somebody waited for the disk."""
    held: list[list[int]] = []
    monkeypatch.setattr("adapters.storage.sql.writer.SYNC", lambda _: held.append(file.rows()))
    return held


async def test_a_script_waits_for_the_disk_once_and_before_its_end_is_told(file: File, synced: list[list[int]]) -> None:
    async def script() -> int:
        await Step(insert(1))
        await Step(insert(2))
        return await Step(lambda _: 3)

    writer = logging_ahead(file)
    assert await writer.run_through(script()) == 3
    assert synced == [[1, 2]]
    await writer.run(lambda _: None)
    assert synced == [[1, 2]]
    writer.close()


async def test_who_can_not_be_told_that_it_is_durable_is_told_why(
    file: File, monkeypatch: pytest.MonkeyPatch, outcomes: Outcomes
) -> None:
    writer = logging_ahead(file)
    with monkeypatch.context() as patched:
        patched.setattr("adapters.storage.sql.writer.SYNC", fail_to_sync)
        told = await outcomes(writer, insert(1), insert(2, then=refuse))
        assert [type(fault) for fault in told] == [InDoubt, LookupError]
    assert await writer.run(insert(3)) == 3
    writer.close()


def test_a_file_that_can_not_be_closed_keeps_nobody_waiting(
    file: File, monkeypatch: pytest.MonkeyPatch, outcomes: Outcomes
) -> None:
    close = os.close

    def close_and_fail(number: int) -> None:
        close(number)
        fail_to_sync(number)

    writer = logging_ahead(file)
    with monkeypatch.context() as patched:
        patched.setattr("adapters.storage.sql.writer.SYNC", fail_to_sync)
        patched.setattr("adapters.storage.sql.writer.os.close", close_and_fail)
        assert [type(fault) for fault in in_time(outcomes(writer, insert(1)))] == [InDoubt]
    assert in_time(writer.run(insert(2))) == 2
    writer.close()


async def test_who_asks_while_a_long_script_runs_does_not_wait_for_its_end(writer: Writer) -> None:
    told: list[str] = []

    async def script() -> None:
        for number in range(300):
            await Step(insert(number))

    async def tell(name: str, work: Awaitable[object]) -> None:
        await work
        told.append(name)

    await asyncio.gather(tell("long", writer.run_through(script())), tell("short", writer.run(insert(1000))))
    assert told == ["short", "long"]


async def test_a_commit_that_fails_is_told_to_a_script_which_may_go_on(writer: Writer, file: File) -> None:
    await writer.run(insert(1))
    holder = sqlite3.connect(file.path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")

    async def script() -> int:
        with pytest.raises(sqlite3.OperationalError):
            await Step(insert(2))
        holder.execute("ROLLBACK")
        holder.close()
        return await Step(insert(3))

    assert await writer.run_through(script()) == 3
    assert file.rows() == [1, 3]


async def test_what_a_script_comes_to_after_a_commit_that_failed_is_told(file: File) -> None:
    async def script() -> str:
        await Step(insert(1))
        with pytest.raises(sqlite3.OperationalError):
            await Step(lambda connection: connection.execute("ROLLBACK").connection.execute("SELECT nothing"))
        return "the second failed"

    writer = logging_ahead(file)
    assert await writer.run_through(script()) == "the second failed"
    writer.close()
    assert file.rows() == [1]


async def test_a_script_that_waits_for_anything_else_is_told_so(writer: Writer) -> None:
    async def script() -> None:
        await Step(insert(1))
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="nothing but its transactions"):
        await writer.run_through(script())
    assert await writer.run(insert(2)) == 2


async def test_a_script_whose_caller_goes_away_before_its_turn_does_nothing(writer: Writer, file: File) -> None:
    begun, gone = Event(), Event()

    def block(_: sqlite3.Connection) -> None:
        begun.set()
        gone.wait(5)

    first = asyncio.ensure_future(in_scripts(writer, insert(1)))
    blocking = asyncio.ensure_future(writer.run(insert(2, then=block)))
    assert await asyncio.to_thread(begun.wait, 5)
    late = asyncio.ensure_future(writer.run_through(one_step(insert(3))))
    await asyncio.sleep(0)
    late.cancel()
    gone.set()
    await asyncio.gather(first, blocking, late, return_exceptions=True)
    assert file.rows() == [1, 2]


async def test_closing_runs_scripts_to_their_ends(file: File) -> None:
    writer = Writer(file.open)

    async def script(number: int) -> int:
        await Step(insert(number))
        return await Step(insert(100 + number))

    waiting = [asyncio.ensure_future(writer.run_through(script(number))) for number in range(10)]
    await asyncio.sleep(0)
    writer.close()
    assert await asyncio.gather(*waiting) == list(range(100, 110))
    assert file.rows() == [*range(10), *range(100, 110)]


async def test_a_script_runs_in_the_context_of_its_caller(writer: Writer) -> None:
    async def script() -> list[str]:
        return [NAME.get(), await Step(lambda _: ""), NAME.get()]

    NAME.set("request 7")
    assert await writer.run_through(script()) == ["request 7", "", "request 7"]
