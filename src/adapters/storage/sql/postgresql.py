"""PostgreSQL: a connection a unit of work, of a bounded number; what administers it has connections of its own."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from adapters.storage.sql.statements import CoreDatabase, Database
from application.ports import T

CONNECTIONS = 20
POOL_SECONDS = 5
UNIT_SECONDS = 5
"""A unit takes milliseconds; one that takes so long speaks to a server that is silent."""
CLOSE_SECONDS = 3


class PostgresqlUnits:
    """Units of work in the database of a URL. Raises TimeoutError where no connection or no answer came in time."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_size=CONNECTIONS // 2,
            max_overflow=CONNECTIONS // 2,
            pool_timeout=POOL_SECONDS,
            pool_pre_ping=True,
            # The rollback of a unit that was given up may find silence too.
            connect_args={**_connecting(url), "command_timeout": UNIT_SECONDS},
        )
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
                # What is cancelled here has its connection thrown away, with whatever it still waits for.
                async with asyncio.timeout(UNIT_SECONDS), self._engine.begin() as connection:
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
            await asyncio.wait(self._begun)
        # A silent server does not say goodbye.
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._engine.dispose()


def postgresql_engine(url: URL) -> AsyncEngine:
    """For migrations and the like, which may take long: a connection each time."""
    return create_async_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=_connecting(url))


def _connecting(url: URL) -> dict[str, int]:
    """Behind a pooler of transactions the next one runs elsewhere, where nothing was prepared."""
    if url.query.get("prepared_statement_cache_size") == "0":
        return {"timeout": UNIT_SECONDS, "statement_cache_size": 0}
    return {"timeout": UNIT_SECONDS}
