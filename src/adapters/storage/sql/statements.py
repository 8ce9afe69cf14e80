"""Statements, built once from SQLAlchemy Core, and how they reach a database.

Building and compiling a statement costs many times what a database takes to run it: here each is compiled once, and
runs on the driver's own connection.
"""

import sqlite3
from abc import abstractmethod
from collections.abc import Callable, Iterable
from functools import cached_property
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import URL, Select, UpdateBase
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Row = dict[str, Any]
SQLITE: Dialect = sqlite.dialect(paramstyle="qmark")
UNAVAILABLE = "The database does not answer; nothing of this step was kept."
DENIED = "42501"
"""What PostgreSQL says to a role without the privilege."""


class Conflict(Exception):
    """A key that must be free is taken, or a row that must be there is gone."""


class Compiled:
    """A statement in the words of one database: its values by their places, its rows in our types."""

    def __init__(self, core: Select[Any] | UpdateBase, writes: tuple[str, ...], dialect: Dialect) -> None:
        compiled = core.compile(dialect=dialect, column_keys=writes or None)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101  narrows for mypy
        self.sql = str(compiled)
        selected = {str(name): column for name, column in core.exported_columns.items()}
        self._columns = tuple(selected)
        self._from_database = [
            (name, convert)
            for name, column in selected.items()
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]
        binds, names = compiled.binds, list(compiled.positiontup or ())
        self._constants = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._picked: Callable[[dict[str, Any]], tuple[Any, ...]] = (
            itemgetter(*names) if len(names) > 1 else lambda given: tuple(given[name] for name in names)
        )
        self._to_database = [
            (place, convert)
            for place, name in enumerate(names)
            if (convert := binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        ]

    def bound(self, values: dict[str, Any]) -> list[Any]:
        """The values as the database keeps them, and the constants of the statement, in the order of their places."""
        bound = list(self._picked(values | self._constants if self._constants else values))
        for place, convert in self._to_database:
            bound[place] = convert(bound[place])
        return bound

    def row(self, fetched: Iterable[Any]) -> Row:
        """A fetched row by its columns' names, in our types."""
        row = dict(zip(self._columns, fetched, strict=True))
        for name, convert in self._from_database:
            row[name] = convert(row[name])
        return row


class Statement:
    """A Core statement with named values (`bindparam`, and the columns it `writes`), compiled at its first use."""

    def __init__(self, core: Select[Any] | UpdateBase, writes: Iterable[str] = ()) -> None:
        self._core = core
        self._writes = tuple(writes)

    @cached_property
    def sqlite(self) -> Compiled:
        """In SQLite's words."""
        return Compiled(self._core, self._writes, SQLITE)

    @cached_property
    def postgresql(self) -> Compiled:
        """In PostgreSQL's words."""
        return Compiled(self._core, self._writes, URL.create("postgresql+asyncpg").get_dialect()())


class Database(Protocol):
    """Runs statements inside the transaction of a unit of work."""

    @abstractmethod
    def belong_to(self, user_id: str) -> bool:
        """See this user's rows alone from here on; whether units of a user may run beside each other."""

    @abstractmethod
    def first(self, statement: Statement, /, **values: Any) -> Row | None:
        """The first row, or None."""

    @abstractmethod
    def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        """Every row."""

    @abstractmethod
    def change(self, statement: Statement, /, **values: Any) -> int:
        """How many rows were written. Raises Conflict."""

    @abstractmethod
    def add(self, statement: Statement, rows: list[Row]) -> None:
        """Insert these rows. Raises Conflict."""


class SqliteDatabase(Database):
    """On the driver's own connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def belong_to(self, user_id: str) -> bool:  # noqa: ARG002
        """See the port; SQLite has one writer, and no say in whose rows are read."""
        return False

    def first(self, statement: Statement, /, **values: Any) -> Row | None:
        """See the port."""
        words = statement.sqlite
        fetched = self._connection.execute(words.sql, words.bound(values)).fetchone()
        return None if fetched is None else words.row(fetched)

    def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        """See the port."""
        words = statement.sqlite
        return [words.row(row) for row in self._connection.execute(words.sql, words.bound(values))]

    def change(self, statement: Statement, /, **values: Any) -> int:
        """See the port."""
        words = statement.sqlite
        try:
            return self._connection.execute(words.sql, words.bound(values)).rowcount
        except sqlite3.IntegrityError as fault:
            raise Conflict(str(fault)) from fault

    def add(self, statement: Statement, rows: list[Row]) -> None:
        """See the port."""
        words = statement.sqlite
        try:
            self._connection.executemany(words.sql, [words.bound(row) for row in rows])
        except sqlite3.IntegrityError as fault:
            raise Conflict(str(fault)) from fault
