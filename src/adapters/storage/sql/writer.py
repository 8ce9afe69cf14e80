"""The one writer of a SQLite file: what waits is committed together.

To wait for the disk is what a durable commit costs; shared by all that have ended it costs each a fraction, and nobody
is answered before it. A script runs from its first unit to its end without another way through the loop.
"""

import asyncio
import os
import sqlite3
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from contextvars import copy_context
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct

T = TypeVar("T")
C = TypeVar("C", bound=sqlite3.Connection)
TOGETHER = 64
"""Units in one transaction; with more the first would wait long for the last."""
PATIENCE, PAUSE = 0.01, 0.001
"""Seconds that the first to come waits at most for the others, and that it waits for one more."""
SLICE = 0.005
"""Seconds after which a long script lets others have their turn."""
SLOW, CAREFUL = 0.02, 50
"""Seconds that the disk may take, or the loop waits for it no more; so many times as long as it took."""
LOCK_PAUSE = 0.005


class Step(Struct, Generic[T]):
    """A unit of work that a script awaits."""

    work: Callable[[Any], T]

    def __await__(self) -> "Generator[Step[T], T, T]":
        return (yield self)


SYNC = getattr(os, "fdatasync", os.fsync)
NOTHING: Step[None] = Step(lambda _: None)


class Writer(Generic[C]):
    """Runs units of work one after the other, each whole or not at all, and commits those that wait at once.

    Scripts run in the loop of who asks: the way to a thread and back costs a fifth of a turn. A thread is for units by
    themselves, which come one by one and there wait for the disk together, and for what would hold the loop up: to open
    the file, to wait until no other process has it locked, a disk that is slow.

    With a `log`, the path of SQLite's write-ahead log, all that was committed is on the disk before anybody is told:
    connections that leave it at synchronous=NORMAL keep what FULL would, for one wait a script and not one a commit.
    `lock_patience`: seconds that each waits for another process's transaction.
    """

    def __init__(self, connect: Callable[[], C], log: str | None = None, lock_patience: float = 0) -> None:
        self._connect = connect
        self._log = log
        self._lock_patience = lock_patience
        self._log_file: int | None = None
        self._is_unsynced = False
        self._is_worn = False
        self._connection: C | None = None
        self._waiting: deque[_Waiting] = deque()
        self._planned_in: AbstractEventLoop | None = None
        self._planned_at = self._came_at = 0.0
        self._seen = self._told = 0
        self._is_for_thread = True
        self._slow_until = 0.0
        self._holding = Lock()
        self._thread: Thread | None = None
        self._asked: SimpleQueue[AbstractEventLoop | None] = SimpleQueue()

    async def run(self, work: Callable[[C], T]) -> T:
        """What `work` returns, once it is committed. Raises what it raises, or sqlite3.Error: nothing was kept then.

        Who goes away before its turn came does nothing; a unit that has begun runs to its end.
        """
        return cast(T, await self._take(_Waiting(Step(work))))

    async def run_through(self, script: Coroutine[Any, Any, T]) -> T:
        """What a script returns, once all that it did is durable. It awaits nothing but Steps.

        Who goes away before its turn came does nothing; a script that has begun runs to its end.
        """
        running = _Script(script)
        if running.advance():
            return cast(T, await self._take(running))
        if running.fault:
            raise running.fault
        return cast(T, running.result)

    async def _take(self, waiting: "_Waiting") -> Any:
        self._waiting.append(waiting)
        self._is_for_thread |= not waiting.is_script
        if self._planned_in is not waiting.loop:
            self._planned_in = waiting.loop
            self._planned_at = monotonic()
            self._seen = 0
            waiting.loop.call_soon(self._gather, waiting.loop)
        try:
            return await waiting.outcome
        except asyncio.CancelledError:
            # The next safe point: what was begun has been committed or dropped when its caller hears of the end.
            await waiting.leave()
            raise

    def close(self) -> None:
        """Run what waits, and let go of the file."""
        if self._thread is not None:
            self._asked.put(None)
            self._thread.join()
            self._thread = None
        while self._waiting:
            self._hold(None, is_patient=True)
        self._let_go()

    def _gather(self, loop: AbstractEventLoop) -> None:
        """Wait for those who were told together as long as they keep coming again: one commit for them all."""
        now = monotonic()
        if self._seen < len(self._waiting):
            self._seen, self._came_at = len(self._waiting), now
        if self._seen < self._told and now < min(self._came_at + PAUSE, self._planned_at + PATIENCE):
            loop.call_soon(self._gather, loop)
        else:
            self._begin(loop)

    def _begin(self, loop: AbstractEventLoop) -> None:
        if self._waiting and self._has_to_wait():
            if self._thread is None:
                self._thread = Thread(target=self._serve, name="sqlite", daemon=True)
                self._thread.start()
            self._asked.put(loop)
        else:
            self._hold(loop)
            self._go_on(loop)

    def _has_to_wait(self) -> bool:
        """Whether what waits is the thread's."""
        return self._is_for_thread or monotonic() < self._slow_until

    def _serve(self) -> None:
        while loop := self._asked.get():
            # With more than TOGETHER there is always one that waits: what the loop can do again goes back to it.
            while self._waiting and self._has_to_wait():
                self._hold(loop, is_patient=True)
            # A loop that is closed has nobody left who waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._go_on, loop)

    def _go_on(self, loop: AbstractEventLoop) -> None:
        """Have done what still waits, after whatever else the loop has to do."""
        if self._waiting:
            loop.call_soon(self._begin, loop)
        else:
            self._planned_in = None

    def _hold(self, loop: AbstractEventLoop | None, is_patient: bool = False) -> None:
        """Do what waits: to its end, but that others have to have their turn; the `loop` looks after what is left.

        In the loop itself, which is not patient, nothing is waited for, but for a disk that is quick; what would have
        to be is left for the thread.
        """
        with self._holding:
            under_way = [self._waiting.popleft() for _ in range(min(len(self._waiting), TOGETHER))]
            self._told, self._is_for_thread = 0, False
            until = monotonic() + SLICE
            try:
                while under_way:
                    self._commit(under_way, is_patient)
                    under_way = self._advance(under_way, None if is_patient else loop)
                    if monotonic() > until:
                        break
            except _MustWait:
                self._is_for_thread = True
            self._waiting.extendleft(reversed(under_way))
        # Another loop that found nothing waiting meanwhile looks after it no more, and this one may end.
        for other in {waiting.loop for waiting in under_way} - {loop}:
            with suppress(RuntimeError):
                other.call_soon_threadsafe(self._go_on, other)

    def _commit(self, together: "list[_Waiting]", is_patient: bool) -> None:
        """Raises _MustWait where that can't be done at once and has to be; all of it is to be done again then."""
        try:
            connection = self._begun(together, is_patient)
            written = connection.total_changes
            try:
                _work(connection, together)
            except _HalfDone:
                # Rare, and then all again: to be ready for it would cost each unit two statements.
                connection.execute("ROLLBACK")
                _work(self._begun(together, is_patient), together, are_parted=True)
            self._is_unsynced |= connection.total_changes != written
            begun = monotonic()
            connection.execute("COMMIT")
            self._heed(begun)
        except _MustWait:
            raise
        except Exception as fault:
            self._is_worn = True
            for waiting in together:
                if waiting.is_begun or waiting.begin():
                    waiting.fault = fault

    def _heed(self, begun: float) -> None:
        """How long the disk took: also COMMIT waits for it, when it brings the log into the file."""
        took = monotonic() - begun
        if took > SLOW:
            self._slow_until = begun + CAREFUL * took

    def _begun(self, together: "list[_Waiting]", is_patient: bool) -> C:
        """The connection, in a transaction. Raises _MustWait where that takes patience, and sqlite3.Error."""
        if self._connection is None:
            if not is_patient:
                raise _MustWait
            self._connection = self._connect()
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as fault:
                if not is_busy(fault):
                    raise
                if not is_patient:
                    raise _MustWait from fault
                # By when they came: who waited behind others that gave up does not wait as long again.
                if monotonic() >= max(waiting.came for waiting in together) + self._lock_patience:
                    raise
                sleep(LOCK_PAUSE)
            else:
                return self._connection

    def _advance(self, together: "list[_Waiting]", loop: AbstractEventLoop | None) -> "list[_Waiting]":
        """Tell those that have ended; the rest, without those whose callers went away."""
        ended: list[_Waiting] = []
        under_way: list[_Waiting] = []
        for waiting in together:
            if waiting.is_begun:
                # A connection that once found its file read-only or full may believe so forever.
                self._is_worn |= isinstance(waiting.fault, sqlite3.OperationalError)
                (under_way if waiting.advance() else ended).append(waiting)
        if ended:
            self._told += len(ended)
            if self._log and self._is_unsynced and any(waiting.fault is None for waiting in ended):
                self._sync(self._log, ended)
            _tell(ended, loop)
        if self._is_worn:
            self._let_go()  # and not before the log is on the disk, which may go with it
        return under_way

    def _sync(self, log: str, ended: "list[_Waiting]") -> None:
        """Wait until all that was committed is on the disk; who would be told of it before hears why it is not."""
        begun = monotonic()
        try:
            if self._log_file is None:
                self._log_file = os.open(log, os.O_RDWR)
            SYNC(self._log_file)
            self._is_unsynced = False
        except OSError as fault:
            self._let_go()
            for waiting in ended:
                waiting.fault = waiting.fault or InDoubt(*fault.args)
        self._heed(begun)

    def _let_go(self) -> None:
        """Close the connection, which drops what is not committed; the next units get a new one."""
        self._is_worn = False
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
        if self._log_file is not None:
            # On a disk that fails this may fail too, and gives the number back all the same.
            with suppress(OSError):
                os.close(self._log_file)
            self._log_file = None


def is_busy(fault: sqlite3.OperationalError) -> bool:
    """Whether another process has the file locked; also one that recovers the log of one that was killed."""
    any_busy = fault.sqlite_errorcode & 0xFF  # an extended code has the kind in its lowest byte
    return any_busy == sqlite3.SQLITE_BUSY


def _work(connection: sqlite3.Connection, together: "list[_Waiting]", are_parted: bool = False) -> None:
    """Do all that wait and still want it in the connection's transaction.

    Raises _HalfDone, unless each is parted from the others, when one fails that had written already.
    """
    for waiting in together:
        if waiting.is_begun or waiting.begin():
            waiting.work_on(connection, are_parted)


class InDoubt(OSError):
    """What was committed may not outlive the machine's power: the disk did not say that it has it."""


class _MustWait(Exception):
    """What is to be done can't be at once: the file is not open, or another process has it locked."""


class _HalfDone(Exception):
    """A unit failed after it had written: what it wrote can't be told from what the others wrote."""


class _Waiting:
    """A unit of work, and whoever waits for what comes of it."""

    is_script = False

    def __init__(self, step: Step[Any]) -> None:
        self.step = step
        self.loop = asyncio.get_running_loop()
        self.outcome: asyncio.Future[Any] = self.loop.create_future()
        self.fault: BaseException | None = None
        self.result: Any = None
        self.came = monotonic()
        self._claims = [None]
        self._is_told = False
        self.is_begun = False

    def begin(self) -> bool:
        """Whether nobody went away before; what is begun is done whatever comes."""
        self.is_begun = self._claim()
        return self.is_begun

    def _claim(self) -> bool:
        """Whether who calls this, the writer or who goes away, is the first: that one decides what becomes of it."""
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
            self.result = self.step.work(connection)
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

    def advance(self) -> bool:
        """Once the unit is committed or dropped: whether another follows."""
        return False

    def tell(self) -> None:
        """In the loop: give the caller what came of it."""
        self._is_told = True
        if self.outcome.cancelled():
            return
        if self.fault is None:
            self.outcome.set_result(self.result)
        else:
            self.outcome.set_exception(self.fault)

    async def leave(self) -> None:
        """In the loop: do it not at all, or wait for its end."""
        if self._claim() or self._is_told:
            return
        self.outcome = self.loop.create_future()
        await asyncio.wait([self.outcome])
        self.outcome.exception()


class _Script(_Waiting):
    """A script on its way; it runs in the context of its caller, and begins in the loop."""

    is_script = True

    def __init__(self, script: Coroutine[Any, Any, Any]) -> None:
        super().__init__(NOTHING)
        self._script = script
        self._context = copy_context()

    def advance(self) -> bool:
        """See above; what the script comes to takes the place of what its last unit came to."""
        try:
            if self.fault is None:
                step = self._context.run(self._script.send, self.result)
            else:
                step = self._context.run(self._script.throw, self.fault)
        except StopIteration as end:
            self.result, self.fault = end.value, None
            return False
        except BaseException as fault:
            self.fault = fault
            return False
        if isinstance(step, Step):
            self.step, self.came = step, monotonic()
            return True
        self.fault = RuntimeError("A script awaits nothing but its transactions.")
        return self.advance()


def _tell(ended: list[_Waiting], here: AbstractEventLoop | None) -> None:
    for loop in {waiting.loop for waiting in ended}:
        told = [waiting for waiting in ended if waiting.loop is loop]
        if loop is here:
            _tell_all(told)
        else:
            # A loop that is closed has nobody left who would hear it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell_all, told)


def _tell_all(ended: list[_Waiting]) -> None:
    for waiting in ended:
        waiting.tell()
