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
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import make_url

from adapters.storage.memory import MemoryStorage
from adapters.storage.sql import SqlStorage
from application.ports import Storage
from tests.security.forge import HandClock

POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"
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
    """Makes an empty PostgreSQL database of its own and gives its URL; all are dropped at the end.

    It belongs to a role without privileges, as Munshi's should, for whom row-level security holds.
    """
    server = os.environ.get("TEST_POSTGRES_URL", POSTGRES).replace("+asyncpg", "")
    if fault := apart(reached(server)):
        absent("PostgreSQL", server, "TEST_POSTGRES_URL", fault)
    made: list[str] = []
    role, password = f"munshi_{secrets.token_hex(6)}", secrets.token_hex(16)
    apart(told(server, f"CREATE ROLE {role} LOGIN PASSWORD '{password}'"))
    plain = make_url(server).set(drivername="postgresql+asyncpg", username=role, password=password)

    def make() -> str:
        made.append(f"munshi_test_{secrets.token_hex(6)}")
        apart(told(server, f"CREATE DATABASE {made[-1]} OWNER {role}"))
        return plain.set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    for name in made:
        apart(told(server, f"DROP DATABASE {name} WITH (FORCE)"))
    apart(told(server, f"DROP ROLE {role}"))


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


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis that answers; tests use keys of their own."""
    url = os.environ.get("TEST_REDIS_URL", REDIS)
    try:
        with Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (RedisError, OSError) as fault:
        absent("Redis", url, "TEST_REDIS_URL", str(fault))
    return url


def absent(server: str, url: str, name: str, fault: str) -> None:
    """Skip what needs the server; where it is named, or in CI, that is a failure."""
    told = f"no {server} answers at {url} (set {name}): {fault}"
    if name in os.environ or os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


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
