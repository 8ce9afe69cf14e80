"""The databases that are broken here: made empty and current, read whole afterwards, dropped."""

import asyncio
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.storage.sql.tables import metadata
from entrypoints.settings import read_settings
from entrypoints.wiring import migrate

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def database(engine: str, data_dir: Path, server: str = POSTGRES) -> Iterator[dict[str, str]]:
    """The settings of an empty, current database; on PostgreSQL one of its own name, dropped at the end."""
    if engine == "sqlite":
        asyncio.run(migrate(read_settings({"DATA_DIR": str(data_dir)})))
        yield {}
        return
    server, name = server.replace("+asyncpg", ""), f"munshi_faults_{secrets.token_hex(6)}"
    asyncio.run(told(server, f"CREATE DATABASE {name}"))
    url = f"{server.replace('postgresql:', 'postgresql+asyncpg:', 1).rpartition('/')[0]}/{name}"
    settings = {"DATABASE_URL": url}
    try:
        asyncio.run(migrate(read_settings({"DATA_DIR": str(data_dir), **settings})))
        yield settings
    finally:
        asyncio.run(told(server, f"DROP DATABASE {name} WITH (FORCE)"))


def rows(url: str) -> Rows:
    """Every row of every table; the tool calls, which stand in their messages, are rows too."""

    async def read() -> Rows:
        engine = create_async_engine(url)
        try:
            async with engine.connect() as connection:
                return {
                    name: [dict(row) for row in (await connection.execute(table.select())).mappings()]
                    for name, table in metadata.tables.items()
                }
        finally:
            await engine.dispose()

    kept = asyncio.run(read())
    kept["tool_calls"] = [
        {"user_id": one["user_id"], "conversation_id": one["conversation_id"], "message_id": one["id"], **call}
        for one in kept["messages"]
        for call in json.loads(f"[{(one['tool_calls'] or '')[:-1]}]")
    ]
    return kept


def unsound(url: str) -> list[str]:
    """What SQLite finds wrong with its file."""

    async def read() -> list[str]:
        engine = create_async_engine(url)
        try:
            async with engine.connect() as connection:
                checked = [str(row[0]) for row in await connection.execute(text("PRAGMA integrity_check"))]
                orphans = [str(tuple(row)) for row in await connection.execute(text("PRAGMA foreign_key_check"))]
                return [line for line in checked if line != "ok"] + orphans
        finally:
            await engine.dispose()

    return asyncio.run(read()) if url.startswith("sqlite") else []


async def told(server: str, *statements: str) -> None:
    """Have a PostgreSQL server carry out statements."""
    connection = await asyncpg.connect(server.replace("+asyncpg", ""), timeout=5)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
