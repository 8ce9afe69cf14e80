"""What is forgotten, and when: a change can be taken back for 30 days, and a deleted task with it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from application.ports import Clock, Storage

KEPT = timedelta(days=30)
A_DAY = 24 * 60 * 60.0
AN_HOUR = 60 * 60.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def forgetting(
    storage: Storage, clock: Clock, every: float = A_DAY, after_a_fault: float = AN_HOUR
) -> AsyncIterator[None]:
    """As long as the block lasts, forget what is too old: at once, and again after so many seconds.

    Several processes may do so at once: what one forgot, the others no longer find.
    """

    async def forget() -> None:
        while True:
            pause = every
            try:
                await storage.prune(clock.now() - KEPT)
            except Exception as fault:
                log.warning("old changes could not be forgotten", exc_info=fault)
                pause = after_a_fault
            await asyncio.sleep(pause)

    task = asyncio.create_task(forget())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
