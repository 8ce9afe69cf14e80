"""Alembic over a connection of ours: which version the tables have, and bringing them to another."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

NEWEST = "0004"
SCRIPTS = Path(__file__).parent / "migrations"


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
