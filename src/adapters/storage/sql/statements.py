"""Statements, built once from SQLAlchemy Core, and how they reach a database.

Building and compiling a statement costs many times what a database takes to run it: here each is compiled once, and
runs on the driver's own connection.
"""

import sqlite3
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import URL, BindParameter, ColumnElement, Select, UpdateBase, literal_column
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import iterate

from application.ports import T

Values = Sequence[Any]
Row = Sequence[Any]
SQLITE: Dialect = sqlite.dialect(paramstyle="qmark")
UNAVAILABLE = "The database does not answer; nothing of this step was kept."
DENIED = "42501"
"""What PostgreSQL says to a role without the privilege."""


def constant(value: int | str) -> ColumnElement[Any]:
    """A number or a plain word of ours in the text of a statement, so that it is not given each time."""
    return literal_column(repr(value))


class Conflict(Exception):
    """A key that must be free is taken, or a row that must be there is gone."""


class Compiled:
    """A statement in the words of one database: its values by their places, its rows in our types."""

    def __init__(self, core: Select[Any] | UpdateBase, takes: tuple[str, ...], dialect: Dialect) -> None:
        named = {part.key for part in iterate(core) if isinstance(part, BindParameter)}
        writes = [name for name in takes if name not in named]
        compiled = core.compile(dialect=dialect, column_keys=writes or None)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101  narrows for mypy
        self.sql = str(compiled)
        self._from_database = _conversions(
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in core.exported_columns
        )
        binds, places = compiled.binds, list(compiled.positiontup or ())
        constants = [name for name in dict.fromkeys(places) if name not in takes and not binds[name].required]
        self._constants = tuple(binds[name].value for name in constants)
        known = [*takes, *constants]
        # As a rule a statement takes its values in the very order in which its text has them.
        self._placed = itemgetter(*map(known.index, places)) if places != known else None
        self._to_database = _conversions(
            binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in places
        )

    def bound(self, given: Values) -> Values:
        """The values as the database keeps them, and the constants of the statement, in the order of their places."""
        values = (*given, *self._constants) if self._constants else given
        if self._placed:
            values = self._placed(values)
        if not self._to_database:
            return values
        kept = list(values)
        for place, convert in self._to_database:
            if (value := kept[place]) is not None:
                kept[place] = convert(value)
        return kept

    def rows(self, fetched: Sequence[Row]) -> Sequence[Row]:
        """Fetched rows in our types."""
        if not self._from_database:
            return fetched
        rows = list(map(list, fetched))
        for place, convert in self._from_database:
            for row in rows:
                if (value := row[place]) is not None:
                    row[place] = convert(value)
        return rows


class Statement:
    """A Core statement, compiled at its first use.

    It `takes` its values in this order: those of each `bindparam`, and of the columns that it writes.
    """

    def __init__(self, core: Select[Any] | UpdateBase, *takes: str) -> None:
        self._core = core
        self._takes = takes

    @cached_property
    def sqlite(self) -> Compiled:
        """In SQLite's words."""
        return Compiled(self._core, self._takes, SQLITE)

    @cached_property
    def postgresql(self) -> Compiled:
        """In PostgreSQL's words."""
        return Compiled(self._core, self._takes, URL.create("postgresql+asyncpg").get_dialect()())


class Database(Protocol):
    """Runs statements inside the transaction of a unit of work; each is given its values in the order it takes them."""

    @abstractmethod
    def belong_to(self, user_id: str) -> bool:
        """See this user's rows alone from here on; whether units of a user may run beside each other."""

    @abstractmethod
    def first(self, statement: Statement, *values: Any) -> Row | None:
        """The first row, or None."""

    @abstractmethod
    def all(self, statement: Statement, *values: Any) -> Sequence[Row]:
        """Every row."""

    @abstractmethod
    def change(self, statement: Statement, *values: Any) -> int:
        """How many rows were written. Raises Conflict."""

    @abstractmethod
    def add(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Insert these rows. Raises Conflict."""


class Units(Protocol):
    """Runs units of work over a database."""

    @abstractmethod
    def run(self, work: Callable[[Database], T]) -> Awaitable[T]:
        """What `work` returns, committed."""


class SqliteDatabase(sqlite3.Connection, Database):
    """The driver's own connection, on one cursor: another for each statement would cost more than many a statement."""

    def __init__(self, *where: Any, **how: Any) -> None:
        super().__init__(*where, **how)
        self._cursor = self.cursor()
        # Also for BEGIN and COMMIT, which go by the connection; each call of the driver's own makes a cursor.
        self.execute = self._cursor.execute  # type: ignore[method-assign]

    def close(self) -> None:
        """Let go of the file at once: a cursor left open in its midst would hold it, and its lock, as garbage."""
        self._cursor.close()
        super().close()

    def belong_to(self, user_id: str) -> bool:  # noqa: ARG002
        """See the port; SQLite has one writer, and no say in whose rows are read."""
        return False

    def first(self, statement: Statement, *values: Any) -> Row | None:
        """See the port."""
        words = statement.sqlite
        # All of them: a statement left in its midst would hold its view of the file when the unit has ended.
        found = self._cursor.execute(words.sql, words.bound(values)).fetchall()
        return words.rows(found)[0] if found else None

    def all(self, statement: Statement, *values: Any) -> Sequence[Row]:
        """See the port."""
        words = statement.sqlite
        return words.rows(self._cursor.execute(words.sql, words.bound(values)).fetchall())

    def change(self, statement: Statement, *values: Any) -> int:
        """See the port."""
        words = statement.sqlite
        try:
            return self._cursor.execute(words.sql, words.bound(values)).rowcount
        except sqlite3.IntegrityError as fault:
            raise Conflict(str(fault)) from fault

    def add(self, statement: Statement, rows: Sequence[Values]) -> None:
        """See the port."""
        words = statement.sqlite
        try:
            self._cursor.executemany(words.sql, [words.bound(row) for row in rows])
        except sqlite3.IntegrityError as fault:
            raise Conflict(str(fault)) from fault


Conversion = tuple[int, Callable[[Any], Any]]


def _conversions(found: Iterable[Callable[[Any], Any] | None]) -> list[Conversion]:
    """The places where a value has to be converted, and how."""
    return [(place, convert) for place, convert in enumerate(found) if convert]
