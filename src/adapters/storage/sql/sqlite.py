"""SQLite: one durable writer."""

import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy.engine import URL

from adapters.storage.sql.migrate import make_new
from adapters.storage.sql.statements import Database, SqliteDatabase, Units
from adapters.storage.sql.writer import Step, Writer, is_busy
from application.ports import T

BUSY_SECONDS = 5
BUSY_PAUSE = 0.02
# More than there are statements, so that none is ever parsed anew.
PREPARED = 512
# Unasked, the driver looks for a form of each absent value, and learns from two errors that there is none.
sqlite3.register_adapter(type(None), lambda absent: absent)


class SqliteScript(Units):
    """The units of a script, which the writer runs as they are awaited."""

    def run(self, work: Callable[[Database], T]) -> Awaitable[T]:
        """See the port."""
        return Step(work)


class SqliteUnits(Units):
    """Units of work in the file of a URL.

    Written durably (as `synchronous=FULL` does) unless the URL ends in `?synchronous=NORMAL`: then a loss of power may
    take the last turns, never the file.
    """

    def __init__(self, url: URL) -> None:
        self._file = url.database or ""
        is_durable = url.query.get("synchronous") != "NORMAL"
        # SQLite keeps the log beside the file itself, not beside a link to it.
        log = f"{Path(self._file).resolve()}-wal" if is_durable else None
        self._writer = Writer(self._connect, log, BUSY_SECONDS)
        self.in_script = SqliteScript()

    def run(self, work: Callable[[Database], T]) -> Awaitable[T]:
        """What `work` returns, committed; see Writer."""
        return self._writer.run(work)

    def run_through(self, script: Coroutine[None, None, T]) -> Awaitable[T]:
        """What a script comes to whose units are `in_script`; see Writer."""
        return self._writer.run_through(script)

    async def make_new(self) -> bool:
        """Make the tables of a new file; whether they are of the newest version then."""
        return await self._writer.run(make_new)

    async def close(self) -> None:
        """Run what waits, and let go of the file."""
        self._writer.close()

    def _connect(self) -> SqliteDatabase:
        # Who has to wait for another process's lock is the writer's to say: the driver would hold up whoever asks.
        connection = SqliteDatabase(
            self._file, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=PREPARED
        )
        try:
            _keep_log(connection)
            for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _keep_log(connection: sqlite3.Connection) -> None:
    """Write ahead in a log; of several that make a file SQLite turns all but one away here, without waiting."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as fault:
            if not is_busy(fault) or monotonic() > until:
                raise
            sleep(BUSY_PAUSE)
        else:
            return
