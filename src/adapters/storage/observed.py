"""A storage whose units of work are observed: how long each waited for its turn, and how long it took."""

from collections.abc import Callable
from datetime import datetime

from application.observing import STORAGE, Observation, Observer
from application.ports import Script, Storage, StorageUnavailable, T, Transactions, Unit


class _Observed(Transactions):
    """Any transactions, with an observer at their door."""

    def __init__(self, transactions: Transactions, observer: Observer) -> None:
        self._transactions = transactions
        self._observer = observer

    async def run(self, user_id: str, work: Callable[[Unit], T]) -> T:
        """See the port."""
        with Observation(self._observer, STORAGE, getattr(work, "__qualname__", "unit")) as seen:

            def begun(unit: Unit) -> T:
                seen.leave_queue()
                return work(unit)

            try:
                return await self._transactions.run(user_id, begun)
            except StorageUnavailable:
                raise
            except Exception:
                seen.outcome = "rolled_back"
                raise


class ObservedStorage(_Observed, Storage):
    """Any storage, its units observed, also those of scripts."""

    def __init__(self, storage: Storage, observer: Observer) -> None:
        super().__init__(storage, observer)
        self._storage = storage

    async def run_through(self, script: Script[T]) -> T:
        """See the port."""
        return await self._storage.run_through(lambda transactions: script(_Observed(transactions, self._observer)))

    async def prune(self, before: datetime) -> None:
        """See the port."""
        await self._storage.prune(before)

    async def ping(self) -> None:
        """See the port."""
        await self._storage.ping()

    async def close(self) -> None:
        """See the port."""
        await self._storage.close()
