"""An assistant whose place another takes while its service is down."""

import asyncio
import logging
from collections.abc import AsyncIterator

from adapters.assistant.recall import spoken_language
from application.ports import Assistant, AssistantUnavailable, Delta, Step
from application.toolbox import Toolbox
from domain.conversations import Turn
from domain.urdu import Reply, say

log = logging.getLogger(__name__)


class FallbackAssistant(Assistant):
    """Asks the first; when it is unavailable before it did or said anything, the second answers and says so.

    Unavailable is also who is silent for `patience` seconds.
    """

    def __init__(self, first: Assistant, second: Assistant, patience: float) -> None:
        self._first = first
        self._second = second
        self._patience = patience
        self.name = first.name
        self.memory = max(first.memory, second.memory)

    async def reply(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Step]:
        """See the port."""
        # What is corrected was begun: the second would do it all once more.
        begun = turn.correction is not None
        try:
            async for step in self._first.reply(turn, toolbox) if begun else self._in_time(turn, toolbox):
                begun = True
                yield step
        except AssistantUnavailable:
            if begun or toolbox.is_used:
                raise
        else:
            return
        yield Delta(say(Reply.FALLBACK, spoken_language(turn)) + "\n", ours=True)
        async for step in self._second.reply(turn, toolbox):
            yield step

    async def _in_time(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Step]:
        steps = self._first.reply(turn, toolbox)
        try:
            async with asyncio.timeout(self._patience):
                step = await anext(steps, None)
        except TimeoutError as late:
            log.warning("the model's service was silent for %g s", self._patience)
            raise AssistantUnavailable("The model's service is silent.") from late
        while step:
            yield step
            step = await anext(steps, None)

    async def close(self) -> None:
        """See the port."""
        await self._first.close()
        await self._second.close()
