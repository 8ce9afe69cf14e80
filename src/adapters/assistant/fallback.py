"""An assistant whose place another takes while its service is down."""

from collections.abc import AsyncIterator

from adapters.assistant.recall import spoken_language
from application.ports import Assistant, AssistantUnavailable, Delta
from application.toolbox import Toolbox
from domain.conversations import Question, ToolCall, Turn
from domain.urdu import Reply, say


class FallbackAssistant(Assistant):
    """Asks the first; when it is unavailable before it did or said anything, the second answers and says so."""

    def __init__(self, first: Assistant, second: Assistant) -> None:
        self._first = first
        self._second = second
        self.name = first.name
        self.memory = max(first.memory, second.memory)

    async def reply(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Delta | ToolCall | Question]:
        """See the port."""
        # What is corrected was begun: the second would do it all once more.
        begun = turn.correction is not None
        try:
            async for step in self._first.reply(turn, toolbox):
                begun = True
                yield step
        except AssistantUnavailable:
            if begun:
                raise
        else:
            return
        yield Delta(say(Reply.FALLBACK, spoken_language(turn)) + "\n", ours=True)
        async for step in self._second.reply(turn, toolbox):
            yield step

    async def close(self) -> None:
        """See the port."""
        await self._first.close()
        await self._second.close()
