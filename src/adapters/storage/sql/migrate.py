"""The tables: made at once in a new SQLite file, brought from version to version by Alembic everywhere else."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateIndex, CreateTable

from adapters.storage.sql.statements import SQLITE
from adapters.storage.sql.tables import metadata

NEWEST = "0004"
SCRIPTS = Path(__file__).parent / "migrations"


def make_new(connection: sqlite3.Connection) -> bool:
    """Make the tables in a file that has none, which takes no Alembic; whether they are of the newest version then."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" in tables:
        return bool(connection.execute("SELECT version_num FROM alembic_version").fetchone() == (NEWEST,))
    if tables:
        return False
    for table in metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=SQLITE)))
        for index in table.indexes:
            connection.execute(str(CreateIndex(index).compile(dialect=SQLITE)))
    connection.execute(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute("INSERT INTO alembic_version VALUES (?)", (NEWEST,))
    return True


def version(connection: Connection) -> str | None:
    """The version of the tables; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection, target: str = NEWEST) -> None:
    """Apply the migrations up to `target`, in the transaction of the connection."""
    if version(connection) != target:
        _alembic("upgrade", connection, target)


def downgrade(connection: Connection, target: str) -> None:
    """Take the migrations back down to `target` ("base": all)."""
    _alembic("downgrade", connection, target)


def _alembic(command_name: str, connection: Connection, target: str) -> None:
    # A quarter of a second to import, so only where there is something to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    getattr(command, command_name)(config, target)
