"""The tables: made at once in a new SQLite file, brought from version to version by Alembic everywhere else."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateIndex, CreateTable

from adapters.storage.sql.statements import SQLITE
from adapters.storage.sql.tables import metadata

VERSIONS = ("0001", "0002", "0003", "0004", "0005")
NEWEST = VERSIONS[-1]
SCRIPTS = Path(__file__).parent / "migrations"
NEEDED = ("SELECT", "INSERT", "UPDATE", "DELETE")
# Processes that migrate at once, as replicas that start together do, do it one after the other.
ALONE = text("SELECT pg_advisory_xact_lock(hashtext('munshi migrate'))")


class UnfitDatabase(Exception):
    """Tables that this Munshi can't work with; the message goes on after "a database"."""


def make_new(connection: sqlite3.Connection) -> bool:
    """Make the tables in a file that has none, which takes no Alembic; whether they are of the newest version then."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" in tables:
        return bool(connection.execute("SELECT version_num FROM alembic_version").fetchone() == (NEWEST,))
    if tables:
        return False
    connection.execute(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    # First, since tables are no changes that a unit of work is known by to have written when it fails.
    connection.execute("INSERT INTO alembic_version VALUES (?)", (NEWEST,))
    for table in metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=SQLITE)))
        for index in table.indexes:
            connection.execute(str(CreateIndex(index).compile(dialect=SQLITE)))
    return True


def version(connection: Connection) -> str | None:
    """The version of the tables; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(connection: Connection) -> bool:
    """Whether the tables are of the newest version and open to this role. Raises UnfitDatabase."""
    found = _known_version(connection)
    if found == NEWEST and connection.dialect.name == "postgresql":
        _check_grants(connection)
    return found == NEWEST


def upgrade(connection: Connection, target: str = NEWEST) -> None:
    """Apply the migrations up to `target`, in the transaction of the connection. Raises UnfitDatabase."""
    if connection.dialect.name == "postgresql":
        connection.execute(ALONE)
    if _known_version(connection) != target:
        _alembic("upgrade", connection, target)


def downgrade(connection: Connection, target: str) -> None:
    """Take the migrations back down to `target` ("base": all)."""
    _alembic("downgrade", connection, target)


def _known_version(connection: Connection) -> str | None:
    found = version(connection)
    if found is not None and found not in VERSIONS:
        raise UnfitDatabase(f"of version {found}, which this Munshi does not know: a newer one made it")
    return found


def _check_grants(connection: Connection) -> None:
    open_tables = ", ".join(
        " AND ".join(f"has_table_privilege('{table}', '{needed}')" for needed in NEEDED) for table in metadata.tables
    )
    role, *are_open = connection.execute(text(f"SELECT current_user, {open_tables}")).one()
    closed = [table for table, is_open in zip(metadata.tables, are_open, strict=True) if not is_open]
    if closed:
        granted = f"GRANT {', '.join(NEEDED)} ON {', '.join(closed)} TO {role}"
        raise UnfitDatabase(f"that is not open to the role {role}; as its owner: {granted}")


def _alembic(command_name: str, connection: Connection, target: str) -> None:
    # A quarter of a second to import, so only where there is something to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    getattr(command, command_name)(config, target)
