"""PostgreSQL: a connection a unit of work, of a bounded number."""

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.storage.sql.statements import CoreDatabase, Database
from application.ports import T

CONNECTIONS = 20
POOL_SECONDS = 10


class PostgresqlUnits:
    """Units of work over an engine. Raises TimeoutError where no connection was free in time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._begun: set[asyncio.Future[Any]] = set()

    async def run(self, work: Callable[[Database], T]) -> T:
        """What `work` returns, committed. Once begun it runs to its end, also when its caller goes away.

        One cancelled in its middle would tear the connection.
        """

        def within(connection: Connection) -> T:
            return work(CoreDatabase(connection))

        async def whole() -> T:
            try:
                async with self._engine.begin() as connection:
                    return await connection.run_sync(within)
            finally:
                self._places.release()

        # Here and not in the pool: one who goes away there leaves others waiting for nothing.
        async with asyncio.timeout(POOL_SECONDS):
            await self._places.acquire()
        begun = asyncio.ensure_future(whole())
        self._begun.add(begun)
        begun.add_done_callback(self._begun.discard)
        try:
            return await asyncio.shield(begun)
        except asyncio.CancelledError:
            # The next safe point: what was begun has been committed or dropped when its caller hears of the end.
            await asyncio.wait([begun])
            raise

    async def close(self) -> None:
        """Let what has begun come to its end."""
        if self._begun:
            await asyncio.wait(self._begun, timeout=POOL_SECONDS)


def postgresql_engine(url: URL) -> AsyncEngine:
    """A pool whose connections are tried before they are used."""
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=CONNECTIONS // 2,
        max_overflow=CONNECTIONS // 2,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
    )
