"""SqlStorage: one engine, one transaction a unit of work, serialised per user."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, event, make_url, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.storage.sql.conversations import SqlConversations
from adapters.storage.sql.migrate import NEWEST, upgrade, version
from adapters.storage.sql.presence import Presence
from adapters.storage.sql.tables import changes, messages, users
from adapters.storage.sql.tasks import SqlTasks
from application.ports import Storage, StorageUnavailable, T, Unit
from domain.conversations import MessageStatus

BUSY_SECONDS = 5
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CONNECTIONS = 20
POOL_SECONDS = 10
UNAVAILABLE = "The database does not answer; nothing of this step was kept."


class SqlStorage(Storage):
    """Keeps everything behind a SQLAlchemy URL: `sqlite+aiosqlite:///file` or `postgresql+asyncpg://…`."""

    def __init__(self, url: str) -> None:
        is_sqlite = url.startswith("sqlite")
        self._name = make_url(url).render_as_string(hide_password=True)
        self._file = make_url(url).database if is_sqlite else None
        self._presence = Presence(Path(self._file)) if self._file else None
        self._engine = _sqlite(url) if is_sqlite else _postgresql(url)
        self._places = asyncio.Semaphore(1 if is_sqlite else CONNECTIONS)
        self._begun: set[asyncio.Future[Any]] = set()

    @property
    def name(self) -> str:
        """The address of the database without its password."""
        return self._name

    async def run(self, user_id: str, work: Callable[[Unit], T]) -> T:
        """See the port. Once begun a unit runs to its end, also when its caller goes away.

        One cancelled in its middle would tear the connection, and SQLite stays locked by what is left of it.
        """

        def within(connection: Connection) -> T:
            return work(_SqlUnit(connection, user_id))

        async def whole() -> T:
            try:
                with _available():
                    async with self._engine.begin() as connection:
                        return await connection.run_sync(within)
            finally:
                self._places.release()

        await self._queue()
        begun = asyncio.ensure_future(whole())
        self._begun.add(begun)
        begun.add_done_callback(self._begun.discard)
        try:
            return await asyncio.shield(begun)
        except asyncio.CancelledError:
            # The next safe point: what was begun has been committed or dropped when its caller hears of the end.
            await asyncio.wait([begun])
            raise

    async def migrate(self) -> None:
        """Bring the tables to the newest version; nothing happens when they are. Raises StorageUnavailable."""
        with _available():
            self._probe()
        async with self._transaction() as connection:
            await connection.run_sync(upgrade)

    def _probe(self) -> None:
        """Open the SQLite file once without the driver's thread, which outlives a failure and the event loop."""
        if self._file:
            with closing(sqlite3.connect(self._file)) as connection:
                connection.execute("PRAGMA schema_version")

    async def take_over(self) -> None:
        """Where no other process uses the SQLite file, date what was under way so far back that it is known dead."""
        if self._presence is None:
            return
        with _available():
            is_alone = self._presence.enter()
        if is_alone:
            under_way = messages.c.status == MessageStatus.IN_PROGRESS.value
            async with self._transaction() as connection:
                await connection.execute(update(messages).where(under_way).values(created_at=LONG_AGO))
            self._presence.share()

    async def is_current(self) -> bool:
        """Whether the tables are of the newest version."""
        async with self._transaction() as connection:
            return await connection.run_sync(version) == NEWEST

    async def prune(self, before: datetime) -> None:
        """See the port."""
        async with self._transaction() as connection:
            await connection.execute(delete(changes).where(changes.c.at < before))

    async def ping(self) -> None:
        """See the port."""
        async with self._transaction() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """See the port."""
        if self._begun:
            await asyncio.wait(self._begun, timeout=POOL_SECONDS)
        await self._engine.dispose()
        if self._presence:
            self._presence.leave()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        await self._queue()
        try:
            with _available():
                async with self._engine.begin() as connection:
                    yield connection
        finally:
            self._places.release()

    async def _queue(self) -> None:
        """Wait for a place, here and not in the pool: one who goes away there leaves others waiting for nothing."""
        with _available():
            async with asyncio.timeout(POOL_SECONDS):
                await self._places.acquire()


@contextmanager
def _available() -> Iterator[None]:
    """What the driver raises when there is no database to speak to becomes StorageUnavailable; faults of ours stay."""
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except (DBAPIError, sqlite3.Error, PoolTimeout, OSError) as fault:
        raise StorageUnavailable(UNAVAILABLE) from fault


class _SqlUnit(Unit):
    """One user's rows in one transaction; on PostgreSQL the user's own row is locked, so that units of a user queue."""

    def __init__(self, connection: Connection, user_id: str) -> None:
        self._connection = connection
        self._user_id = user_id
        mine = select(users).where(users.c.user_id == user_id).with_for_update()
        row = connection.execute(mine).mappings().first()
        if row is None:
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            newcomer = insert(users).values(user_id=user_id, last_task=0, last_conversation=0)
            connection.execute(newcomer.on_conflict_do_nothing())
            row = connection.execute(mine).mappings().one()
        self._timezone: str | None = row["timezone"]
        self.tasks = SqlTasks(connection, user_id, row["last_task"])
        self.conversations = SqlConversations(connection, user_id, row["last_conversation"])

    @property
    def timezone(self) -> str | None:
        return self._timezone

    def remember_timezone(self, timezone: str) -> None:
        self._timezone = timezone
        self._connection.execute(update(users).where(users.c.user_id == self._user_id).values(timezone=timezone))


def _sqlite(url: str) -> AsyncEngine:
    """One connection, taken in turns: SQLite has one writer anyway."""
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=1,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late (before the first write): ours takes the write lock at once.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: str) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=CONNECTIONS // 2,
        max_overflow=CONNECTIONS // 2,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
    )
