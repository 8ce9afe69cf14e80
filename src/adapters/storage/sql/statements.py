"""Statements, built once from SQLAlchemy Core, and the two ways in which they reach a database.

Building and compiling a statement costs many times what SQLite takes to run it: here each is compiled once, and SQLite
runs it on the driver's own connection.
"""

import sqlite3
from abc import abstractmethod
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, CursorResult, Select, String, UpdateBase, bindparam, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.compiler import SQLCompiler

Row = dict[str, Any]
Converter = Callable[[Any], Any]
SQLITE: Dialect = sqlite.dialect(paramstyle="qmark")
# A session whose process fell silent lets go of the user's row before long. Both settings end with the transaction.
BELONG = select(
    func.set_config("munshi.user_id", bindparam("me", type_=String), True),
    func.set_config("idle_in_transaction_session_timeout", "10s", True),
)


class Conflict(Exception):
    """A key that must be free is taken, or a row that must be there is gone."""


class Statement:
    """A Core statement with named values (`bindparam`, and the columns it `writes`), compiled at its first use."""

    def __init__(self, core: Select[Any] | UpdateBase, writes: Iterable[str] = ()) -> None:
        self.core = core
        self._writes = tuple(writes)

    @cached_property
    def sql(self) -> str:
        """The text in SQLite's words."""
        return str(self._compiled)

    def bound(self, values: dict[str, Any]) -> list[Any]:
        """The values as SQLite keeps them, and the constants of the statement, in the order of their places."""
        given = values | self._constants if self._constants else values
        return [given[name] if convert is None else convert(given[name]) for name, convert in self._places]

    def row(self, fetched: tuple[Any, ...]) -> Row:
        """A fetched row by its columns' names, in our types."""
        row = dict(zip(self._columns, fetched, strict=True))
        for name, convert in self._converters:
            row[name] = convert(row[name])
        return row

    @cached_property
    def _compiled(self) -> SQLCompiler:
        compiled = self.core.compile(dialect=SQLITE, column_keys=self._writes or None)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101  narrows for mypy
        return compiled

    @cached_property
    def _places(self) -> list[tuple[str, Converter | None]]:
        """The name of the value in each place, and how SQLite keeps it where it does not know the type."""
        binds = self._compiled.binds
        converts = {name: bind.type.dialect_impl(SQLITE).bind_processor(SQLITE) for name, bind in binds.items()}
        return [(name, converts[name]) for name in self._compiled.positiontup or ()]

    @cached_property
    def _constants(self) -> dict[str, Any]:
        return {name: bind.value for name, bind in self._compiled.binds.items() if not bind.required}

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        return tuple(self._selected)

    @cached_property
    def _converters(self) -> list[tuple[str, Converter]]:
        kinds = {name: column.type.dialect_impl(SQLITE) for name, column in self._selected.items()}
        found = ((name, kind.result_processor(SQLITE, None)) for name, kind in kinds.items())
        return [(name, convert) for name, convert in found if convert]

    @property
    def _selected(self) -> dict[str, ColumnElement[Any]]:
        return dict(self.core.selected_columns) if isinstance(self.core, Select) else {}


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
        fetched = self._connection.execute(statement.sql, statement.bound(values)).fetchone()
        return None if fetched is None else statement.row(fetched)

    def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        """See the port."""
        return [statement.row(row) for row in self._connection.execute(statement.sql, statement.bound(values))]

    def change(self, statement: Statement, /, **values: Any) -> int:
        """See the port."""
        try:
            return self._connection.execute(statement.sql, statement.bound(values)).rowcount
        except sqlite3.IntegrityError as fault:
            raise Conflict(str(fault)) from fault

    def add(self, statement: Statement, rows: list[Row]) -> None:
        """See the port."""
        try:
            self._connection.executemany(statement.sql, [statement.bound(row) for row in rows])
        except sqlite3.IntegrityError as fault:
            raise Conflict(str(fault)) from fault


class CoreDatabase(Database):
    """Through SQLAlchemy, as it is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def belong_to(self, user_id: str) -> bool:
        """See the port; the policies of the tables read the setting, which ends with the transaction."""
        self._connection.execute(BELONG, {"me": user_id})
        return True

    def first(self, statement: Statement, /, **values: Any) -> Row | None:
        """See the port."""
        found = self._connection.execute(statement.core, values).first()
        return found._asdict() if found else None

    def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        """See the port."""
        return [found._asdict() for found in self._connection.execute(statement.core, values)]

    def change(self, statement: Statement, /, **values: Any) -> int:
        """See the port."""
        return self._changed(statement, values).rowcount

    def add(self, statement: Statement, rows: list[Row]) -> None:
        """See the port."""
        self._changed(statement, rows)

    def _changed(self, statement: Statement, values: Row | list[Row]) -> CursorResult[Any]:
        try:
            return self._connection.execute(statement.core, values)
        except IntegrityError as fault:
            # Its further lines hold what was written.
            raise Conflict(str(fault.orig).partition("\n")[0]) from fault
