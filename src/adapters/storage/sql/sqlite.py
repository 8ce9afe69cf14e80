"""SQLite: one durable writer on a thread of its own; what administers the file goes through aiosqlite."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from adapters.storage.sql.statements import Database, SqliteDatabase
from adapters.storage.sql.writer import Writer
from application.ports import T

BUSY_SECONDS = 5
# More than there are statements, so that none is ever parsed anew.
PREPARED = 512


class SqliteUnits:
    """Units of work in the file of a URL.

    Written durably (`synchronous=FULL`) unless the URL ends in `?synchronous=NORMAL`: then a loss of power may take the
    last turns, never the file.
    """

    def __init__(self, url: URL) -> None:
        self._file = url.database or ""
        self._synchronous = "NORMAL" if url.query.get("synchronous") == "NORMAL" else "FULL"
        self._writer = Writer(self._connect)

    async def run(self, work: Callable[[Database], T]) -> T:
        """What `work` returns, committed; see Writer."""
        return await self._writer.run(lambda connection: work(SqliteDatabase(connection)))

    async def close(self) -> None:
        """Run what waits, and let go of the file."""
        self._writer.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=PREPARED
        )
        for pragma in ("journal_mode=WAL", f"synchronous={self._synchronous}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


def sqlite_engine(url: URL) -> AsyncEngine:
    """For migrations and the like: a connection each time, which takes the write lock at once."""
    engine = create_async_engine(
        url.difference_update_query(["synchronous"]),
        hide_parameters=True,
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def probe(file: str) -> None:
    """Open the file once without the async driver's thread, which outlives a failure and the event loop."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA schema_version")


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late (before the first write): ours takes the write lock at once.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
