"""The one thread that speaks to a SQLite file: what waits is committed together.

A durable commit waits for the disk; shared by all units that wait it costs each a fraction, and nobody is answered
before it.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
TOGETHER = 256
"""Units in one transaction; with more the first would wait long for the last."""


class Writer:
    """Runs units of work one after the other, each whole or not at all, and commits those that wait at once."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, once it is committed. Raises what it raises, or sqlite3.Error: nothing was kept then.

        Who goes away before its turn came does nothing; a unit that has begun runs to its end.
        """
        waiting = _Waiting(work, asyncio.get_running_loop())
        if self._thread is None:
            self._thread = Thread(target=self._serve, name="sqlite", daemon=True)
            self._thread.start()
        self._waiting.put(waiting)
        try:
            outcome: T = await waiting.outcome
        except asyncio.CancelledError:
            # The next safe point: what was begun has been committed or dropped when its caller hears of the end.
            await waiting.leave()
            raise
        return outcome

    def close(self) -> None:
        """Run what waits, and let go of the file."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
            self._thread = None

    def _serve(self) -> None:
        is_open = True
        while is_open:
            together, is_open = self._all_that_wait()
            if together:
                self._commit(together)
        self._let_go()

    def _all_that_wait(self) -> "tuple[list[_Waiting], bool]":
        """At least one unit, or none and False when there will be no more."""
        together: list[_Waiting] = []
        following = self._waiting.get()
        with suppress(Empty):
            while following is not None:
                together.append(following)
                if len(together) == TOGETHER:
                    return together, True
                following = self._waiting.get_nowait()
            return together, False
        return together, True

    def _commit(self, together: "list[_Waiting]") -> None:
        try:
            if self._connection is None:
                self._connection = self._connect()
            try:
                _work(self._connection, together)
            except _HalfDone:
                # Rare, and then all again: to be ready for it would cost each unit two statements.
                self._connection.execute("ROLLBACK")
                _work(self._connection, together, are_parted=True)
            self._connection.execute("COMMIT")
            if any(isinstance(waiting.fault, sqlite3.OperationalError) for waiting in together):
                # A connection that once found its file read-only or full may believe so forever.
                self._let_go()
        except Exception as fault:
            self._let_go()
            for waiting in together:
                if waiting.is_begun or waiting.begin():
                    waiting.fault = fault
        _tell([waiting for waiting in together if waiting.is_begun])

    def _let_go(self) -> None:
        """Close the connection, which drops what is not committed; the next units get a new one."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _work(connection: sqlite3.Connection, together: "list[_Waiting]", are_parted: bool = False) -> None:
    """Do all that wait and still want it in one transaction.

    Raises _HalfDone, unless each is parted from the others, when one fails that had written already.
    """
    connection.execute("BEGIN IMMEDIATE")
    for waiting in together:
        if waiting.is_begun or waiting.begin():
            waiting.work_on(connection, are_parted)


class _HalfDone(Exception):
    """A unit failed after it had written: what it wrote can't be told from what the others wrote."""


class _Waiting:
    """A unit of work on its way from the loop to the thread and back."""

    def __init__(self, work: Callable[[sqlite3.Connection], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.outcome: asyncio.Future[Any] = loop.create_future()
        self.fault: BaseException | None = None
        self._work = work
        self._result: Any = None
        self._claims = [None]
        self._is_told = False
        self.is_begun = False

    def begin(self) -> bool:
        """In the thread: whether nobody went away before; what is begun is done whatever comes."""
        self.is_begun = self._claim()
        return self.is_begun

    def _claim(self) -> bool:
        """Whether who calls this, the thread or who goes away, is the first: that one decides what becomes of it."""
        try:
            self._claims.pop()
        except IndexError:
            return False
        return True

    def work_on(self, connection: sqlite3.Connection, is_parted: bool) -> None:
        """Do it, or leave no trace of it; parted from the others by a savepoint, or else raise _HalfDone.

        Raises sqlite3.Error when the whole transaction is gone.
        """
        self.fault = None
        if is_parted:
            connection.execute("SAVEPOINT unit")
        written = connection.total_changes
        try:
            self._result = self._work(connection)
        except BaseException as fault:
            # No future takes a StopIteration: it would be told to nobody, and nobody after it be told at all (PEP 479).
            self.fault = RuntimeError("StopIteration") if isinstance(fault, StopIteration) else fault
            if not connection.in_transaction:
                raise sqlite3.OperationalError("the transaction was given up") from fault
            if is_parted:
                connection.execute("ROLLBACK TO unit")
            elif connection.total_changes != written:
                raise _HalfDone from fault
        if is_parted:
            connection.execute("RELEASE unit")

    def tell(self) -> None:
        """In the loop: give the caller what came of it."""
        self._is_told = True
        if self.outcome.cancelled():
            return
        if self.fault is None:
            self.outcome.set_result(self._result)
        else:
            self.outcome.set_exception(self.fault)

    async def leave(self) -> None:
        """In the loop: do it not at all, or wait for its end."""
        if self._claim() or self._is_told:
            return
        self.outcome = self.loop.create_future()
        await asyncio.wait([self.outcome])
        self.outcome.exception()


def _tell(ended: list[_Waiting]) -> None:
    for loop in {waiting.loop for waiting in ended}:
        # A loop that is closed has nobody left who would hear it.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_tell_all, [waiting for waiting in ended if waiting.loop is loop])


def _tell_all(ended: list[_Waiting]) -> None:
    for waiting in ended:
        waiting.tell()
