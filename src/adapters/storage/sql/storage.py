"""SqlStorage: one transaction a unit of work, in SQLite by the one writer, in PostgreSQL on a connection each."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, literal, make_url, select, tuple_, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from adapters.storage.sql.conversations import IS_RUNNING, SqlConversations
from adapters.storage.sql.migrate import is_current, upgrade
from adapters.storage.sql.owner import Owner
from adapters.storage.sql.presence import Presence
from adapters.storage.sql.sqlite import SqliteUnits
from adapters.storage.sql.statements import DENIED, UNAVAILABLE, Database, Statement, Units
from adapters.storage.sql.tables import changes, messages, usage
from adapters.storage.sql.tasks import SqlTasks
from adapters.storage.sql.usage import spend_tokens, tokens_spent
from adapters.storage.sql.writer import InDoubt
from application.ports import Script, Storage, StorageUnavailable, T, Transactions, Unit

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from adapters.storage.sql.postgresql import PostgresqlUnits

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
IN_DOUBT = "The disk does not answer; it is not certain whether this step was kept."
FAULTS = (DBAPIError, sqlite3.Error, OSError)
OUR_FAULTS = (IntegrityError, ProgrammingError, sqlite3.ProgrammingError)

TAKE_OVER = Statement(update(messages).where(IS_RUNNING), "created_at")
BITE = 1000


def _older(table: Table, moment: ColumnElement[Any]) -> Statement:
    keys = table.primary_key.columns
    some = select(*keys).where(moment < bindparam("until")).limit(BITE)
    return Statement(delete(table).where(tuple_(*keys).in_(some)), "until")


OLD_CHANGES = _older(changes, changes.c.at)
OLD_USAGE = _older(usage, usage.c.day)
PRUNING = Statement(select(func.set_config("munshi.pruning", "on", True).label("pruning")))
PING = Statement(select(literal(1).label("alive")))


class _SqlTransactions(Transactions):
    """Units of work over a database, each as its user's."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def run(self, user_id: str, work: Callable[[Unit], T]) -> T:
        """See the port. Once begun a unit runs to its end, also when its caller goes away."""
        try:
            return await self._units.run(lambda database: work(_SqlUnit(database, user_id)))
        except FAULTS as fault:
            _tell(fault)


class SqlStorage(_SqlTransactions, Storage):
    """Keeps everything behind a SQLAlchemy URL: `sqlite+aiosqlite:///file` or `postgresql+asyncpg://…`."""

    _units: "SqliteUnits | PostgresqlUnits"

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self._address = address
        self._name = address.render_as_string(hide_password=True)
        self._file = address.database or "" if address.get_backend_name() == "sqlite" else None
        super().__init__(SqliteUnits(address) if self._file is not None else _postgresql(address))
        self._in_script = _SqlTransactions(self._units.in_script)
        self._presence = Presence(Path(self._file)) if self._file else None

    @cached_property
    def _engine(self) -> "AsyncEngine":
        """For migrations and the like, made where it is used."""
        if self._file is None:
            from adapters.storage.sql.postgresql import postgresql_engine  # noqa: PLC0415

            return postgresql_engine(self._address)
        from adapters.storage.sql.sqlite_engine import sqlite_engine  # noqa: PLC0415

        return sqlite_engine(self._address)

    @property
    def name(self) -> str:
        """The address of the database without its password."""
        return self._name

    async def run_through(self, script: Script[T]) -> T:
        """See the port."""
        try:
            return await self._units.run_through(script(self._in_script))
        except FAULTS as fault:
            _tell(fault)

    async def ping(self) -> None:
        """See the port."""
        with _available():
            await self._units.run(lambda database: database.first(PING))

    async def migrate(self) -> None:
        """Bring the tables to the newest version; nothing happens when they are.

        Raises StorageUnavailable, UnfitDatabase.
        """
        with _available():
            if isinstance(self._units, SqliteUnits) and await self._units.make_new():
                return
            async with self._engine.begin() as connection:
                await connection.run_sync(upgrade)

    async def take_over(self) -> None:
        """Where no other process uses the SQLite file, date what was under way so far back that it is known dead."""
        if self._presence is None:
            return
        with _available():
            if self._presence.enter():
                await self._units.run(lambda database: database.change(TAKE_OVER, LONG_AGO))
                self._presence.share()

    async def is_current(self) -> bool:
        """Whether the tables are of the newest version. Raises StorageUnavailable, UnfitDatabase."""
        with _available():
            async with self._engine.begin() as connection:
                return await connection.run_sync(is_current)

    async def prune(self, before: datetime) -> None:
        """See the port."""
        await self._forget(OLD_CHANGES, before)
        await self._forget(OLD_USAGE, before.date())

    async def _forget(self, old: Statement, until: date) -> None:
        def some(database: Database) -> int:
            if self._file is None:
                database.first(PRUNING)
            return database.change(old, until)

        with _available():
            # In bites, so that nobody waits long for the end of one.
            while await self._units.run(some) == BITE:
                pass

    async def close(self) -> None:
        """See the port."""
        await self._units.close()
        if "_engine" in self.__dict__:
            await self._engine.dispose()
        if self._presence:
            self._presence.leave()


def _postgresql(address: URL) -> "PostgresqlUnits":
    from adapters.storage.sql.postgresql import PostgresqlUnits  # noqa: PLC0415  (half of SQLAlchemy comes with it)

    return PostgresqlUnits(address)


@contextmanager
def _available() -> Iterator[None]:
    """What the driver raises when there is no database to speak to becomes StorageUnavailable; faults of ours stay."""
    try:
        yield
    except FAULTS as fault:
        _tell(fault)


def _tell(fault: Exception) -> NoReturn:
    """Raise what a fault of the driver is to those who asked for a unit of work."""
    reason = _reason(fault)
    if isinstance(fault, OUR_FAULTS) and reason != DENIED:
        raise fault
    raise StorageUnavailable(IN_DOUBT if isinstance(fault, InDoubt) else UNAVAILABLE, reason) from fault


def _reason(fault: Exception) -> str:
    """The driver's code, such as SQLITE_FULL, 57P01 or ECONNREFUSED: it holds nothing that was written."""
    told = (fault.orig if isinstance(fault, DBAPIError) else None) or fault
    if isinstance(told, OSError) and told.errno:
        return errno.errorcode.get(told.errno, str(told.errno))
    code = getattr(told, "sqlite_errorname", None) or getattr(told, "sqlstate", None)
    return str(code or type(told).__name__)


class _SqlUnit(Unit):
    """One user's rows in one transaction."""

    def __init__(self, database: Database, user_id: str) -> None:
        self._database = database
        self._owner = Owner(database, user_id)
        self.tasks = SqlTasks(database, self._owner)
        self.conversations = SqlConversations(database, self._owner)

    @property
    def timezone(self) -> str | None:
        return self._owner.timezone

    def remember_timezone(self, timezone: str) -> None:
        self._owner.remember_timezone(timezone)

    def tokens_spent(self, day: date) -> int:
        return tokens_spent(self._database, self._owner.user_id, day)

    def spend_tokens(self, day: date, tokens: int) -> None:
        spend_tokens(self._database, self._owner.user_id, day, tokens)
