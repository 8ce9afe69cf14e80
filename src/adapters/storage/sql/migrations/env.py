"""Alembic's entry: migrations run on the connection they are given, in its transaction."""

from alembic import context

from adapters.storage.sql.tables import metadata

# SQLite's DDL is transactional under our own BEGIN: a migration that dies leaves nothing half done.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
