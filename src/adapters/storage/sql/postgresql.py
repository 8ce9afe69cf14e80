"""PostgreSQL: a connection a unit of work, of a bounded number; what administers it has connections of its own."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import String, bindparam, func, select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only, greenlet_spawn

from adapters.storage.sql.statements import DENIED, UNAVAILABLE, Conflict, Database, Row, Statement, Units, Values
from application.ports import StorageUnavailable, T

CONNECTIONS = 20
POOL_SECONDS = 5
UNIT_SECONDS = 5
"""A unit takes milliseconds; one that takes so long speaks to a server that is silent."""
CLOSE_SECONDS = 3
# More than there are statements, so that none is ever parsed anew.
PREPARED = 512
# The last is what the driver says of itself when the server ends a session while it waits for an answer.
FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# A session whose process fell silent lets go of the user's row before long. Both settings end with the transaction.
BELONG = Statement(
    select(
        func.set_config("munshi.user_id", bindparam("me", type_=String), True),
        func.set_config("idle_in_transaction_session_timeout", "10s", True),
    ),
    "me",
)


class PostgresqlDatabase(Database):
    """On the driver's own connection, from within a greenlet that awaits it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    def belong_to(self, user_id: str) -> bool:
        """See the port; the policies of the tables read the setting, which ends with the transaction."""
        words = BELONG.postgresql
        await_only(self._connection.fetchrow(words.sql, *words.bound((user_id,))))
        return True

    def first(self, statement: Statement, *values: Any) -> Row | None:
        """See the port."""
        words = statement.postgresql
        found = await_only(self._connection.fetchrow(words.sql, *words.bound(values)))
        return None if found is None else words.rows([found])[0]

    def all(self, statement: Statement, *values: Any) -> Sequence[Row]:
        """See the port."""
        words = statement.postgresql
        return words.rows(await_only(self._connection.fetch(words.sql, *words.bound(values))))

    def change(self, statement: Statement, *values: Any) -> int:
        """See the port."""
        words = statement.postgresql
        with _conflicts():
            told = await_only(self._connection.execute(words.sql, *words.bound(values)))
        return int(told.rpartition(" ")[2])

    def add(self, statement: Statement, rows: Sequence[Values]) -> None:
        """See the port."""
        words = statement.postgresql
        with _conflicts():
            await_only(self._connection.executemany(words.sql, [words.bound(row) for row in rows]))


class PostgresqlUnits(Units):
    """Units of work in the database of a URL.

    Raises StorageUnavailable, and TimeoutError where no connection or no answer came in time.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._pool: asyncpg.Pool | None = None
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._begun: set[asyncio.Future[Any]] = set()

    async def run(self, work: Callable[[Database], T]) -> T:
        """What `work` returns, committed. Once begun it runs to its end, also when its caller goes away.

        One cancelled in its middle would tear the connection.
        """

        async def whole() -> T:
            try:
                async with asyncio.timeout(UNIT_SECONDS):
                    return await self._hold(work)
            finally:
                self._places.release()

        # Here and not in the pool: one who goes away there leaves others waiting for nothing.
        async with asyncio.timeout(POOL_SECONDS):
            await self._places.acquire()
        try:
            return await self._to_its_end(whole())
        except FAULTS as fault:
            if isinstance(fault, asyncpg.SyntaxOrAccessError) and fault.sqlstate != DENIED:
                raise
            raise StorageUnavailable(UNAVAILABLE, getattr(fault, "sqlstate", type(fault).__name__)) from fault

    @property
    def in_script(self) -> Units:
        """The units of a script are as any others."""
        return self

    async def run_through(self, script: Coroutine[None, None, T]) -> T:
        """What a script comes to. It runs to its end, also when its caller goes away."""
        return await self._to_its_end(script)

    async def _to_its_end(self, work: Coroutine[None, None, T]) -> T:
        begun = asyncio.ensure_future(work)
        self._begun.add(begun)
        begun.add_done_callback(self._ended)
        try:
            return await asyncio.shield(begun)
        except asyncio.CancelledError:
            # The next safe point: what was begun has been committed or dropped when its caller hears of the end.
            await asyncio.wait([begun])
            raise

    async def close(self) -> None:
        """Let what has begun come to its end."""
        if self._begun:
            await asyncio.wait(self._begun)
        if self._pool is None:
            return
        # A silent server does not say goodbye.
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    def _ended(self, begun: asyncio.Future[Any]) -> None:
        self._begun.discard(begun)
        if not begun.cancelled():
            begun.exception()  # heard, so that nobody reports it where the caller has gone

    async def _hold(self, work: Callable[[Database], T]) -> T:
        """Everything of a unit on one connection; what is cancelled in its middle has the connection thrown away."""
        if self._pool is None:
            self._pool = asyncpg.create_pool(**_connecting(self._url), min_size=0, max_size=CONNECTIONS, reset=_leave)
            await self._pool
        connection = await self._pool.acquire()
        try:
            await connection.execute("BEGIN")
            result: T = await greenlet_spawn(work, PostgresqlDatabase(connection))
            await connection.execute("COMMIT")
        except Exception:
            await _roll_back(connection)
            raise
        except BaseException:
            _throw_away(connection)
            raise
        finally:
            await self._pool.release(connection)
        return result


def postgresql_engine(url: URL) -> AsyncEngine:
    """For migrations and the like, which may take long: a connection each time, for which nothing is kept prepared."""
    connecting = {"timeout": UNIT_SECONDS, "statement_cache_size": 0}
    return create_async_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=connecting)


def _connecting(url: URL) -> dict[str, Any]:
    """What the driver is told to connect; behind a pooler of transactions nothing is prepared for the next one."""
    _, options = url.get_dialect()().create_connect_args(url)
    prepared = int(options.pop("prepared_statement_cache_size", PREPARED))
    return {**options, "statement_cache_size": prepared, "timeout": UNIT_SECONDS, "command_timeout": UNIT_SECONDS}


@contextmanager
def _conflicts() -> Iterator[None]:
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as fault:
        # Its further lines hold what was written.
        raise Conflict(str(fault).partition("\n")[0]) from None


async def _leave(_: object) -> None:
    """Nothing outlives a transaction of ours in its session."""


async def _roll_back(connection: asyncpg.Connection) -> None:
    """Drop what a unit did; a connection on which that can't be done, or not in time, is thrown away."""
    try:
        await connection.execute("ROLLBACK")
    except BaseException as fault:
        _throw_away(connection)
        if not isinstance(fault, Exception):
            raise


def _throw_away(connection: asyncpg.Connection) -> None:
    # One that was cut has left the pool by itself, and takes no more words.
    with suppress(asyncpg.InterfaceError):
        connection.terminate()
