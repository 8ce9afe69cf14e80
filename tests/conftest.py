"""Fixtures of every suite: the loop, a clock that moves when told, users, and each storage on an empty database."""

import asyncio
import itertools
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from adapters.storage.memory import MemoryStorage
from adapters.storage.sql import SqlStorage
from application.ports import Storage
from tests.security.forge import HandClock

POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
ENGINES = ("sqlite", "postgresql")
users = itertools.count(1)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def user() -> str:
    """Nobody who was here before: tests share a database and never a user."""
    return f"user-{next(users)}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database of the newest version, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "munshi.sqlite3"
    apart(migrated(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def make_postgresql() -> Iterator[Callable[[], str]]:
    """Makes an empty PostgreSQL database of its own and gives its URL; all are dropped at the end."""
    server = os.environ.get("TEST_POSTGRES_URL", POSTGRES).replace("+asyncpg", "")
    if (fault := apart(reached(server))) and "TEST_POSTGRES_URL" not in os.environ:
        pytest.skip(f"no PostgreSQL answers at {server} (set TEST_POSTGRES_URL): {fault}")
    made: list[str] = []

    def make() -> str:
        made.append(f"munshi_test_{secrets.token_hex(6)}")
        apart(told(server, f"CREATE DATABASE {made[-1]}"))
        return f"{server.replace('postgresql:', 'postgresql+asyncpg:', 1).rpartition('/')[0]}/{made[-1]}"

    yield make
    for name in made:
        apart(told(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def migrated_postgresql(make_postgresql: Callable[[], str]) -> str:
    url = make_postgresql()
    apart(migrated(url))
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    return f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'munshi.sqlite3')}"


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database on each engine."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "migrated_postgresql")
    return url


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a table on each engine."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
    make: Callable[[], str] = request.getfixturevalue("make_postgresql")
    return make()


@pytest.fixture
async def sql_storage(database_url: str) -> AsyncIterator[SqlStorage]:
    storage = SqlStorage(database_url)
    yield storage
    await storage.close()


@pytest.fixture
async def sqlite_storage(sqlite_url: str) -> AsyncIterator[SqlStorage]:
    storage = SqlStorage(sqlite_url)
    yield storage
    await storage.close()


@pytest.fixture(params=("memory", *ENGINES))
async def storage(request: pytest.FixtureRequest) -> AsyncIterator[Storage]:
    """Every adapter of the port."""
    match request.param:
        case "memory":
            storage: Storage = MemoryStorage()
        case "sqlite":
            storage = SqlStorage(request.getfixturevalue("sqlite_url"))
        case _:
            storage = SqlStorage(request.getfixturevalue("migrated_postgresql"))
    yield storage
    await storage.close()


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to its end in a loop and a thread of its own: a fixture may be asked for inside a running loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def migrated(url: str) -> None:
    storage = SqlStorage(url)
    await storage.migrate()
    await storage.close()


async def told(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server, timeout=5)
    await connection.execute(statement)
    await connection.close()


async def reached(server: str) -> str:
    """Why the server does not answer; empty when it does."""
    try:
        await told(server, "SELECT 1")
    except (OSError, TimeoutError, asyncpg.PostgresError) as fault:
        return str(fault) or type(fault).__name__
    return ""
