"""A turn held to its end: the assistant heard, the reply recorded, every listener told, whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from application.context import ContextManager, OpenedTurn
from application.hearing import Hearing
from application.live import LiveTurn, anew
from application.observing import Kind, Observation, Observer, outcome_of
from application.ports import Assistant, AssistantUnavailable, Delta, LastWords, StorageUnavailable, Transactions, Unit
from application.toolbox import Toolboxes
from domain.conversations import ASSISTANT, Message, MessageStatus, ToolCall, Turn
from domain.errors import MunshiError
from domain.tasks import printable

SHUTTING_DOWN = "Munshi is shutting down."
Listen = Callable[[str, Turn, LiveTurn, Awaitable[None]], Awaitable[None]]
"""How a user's live turn is listened to: it awaits the listening itself."""

log = logging.getLogger(__name__)


class Holder:
    """Holds opened turns of an assistant."""

    def __init__(
        self,
        context: ContextManager,
        toolboxes: Toolboxes,
        assistant: Assistant,
        observer: Observer,
        listen: Listen,
    ) -> None:
        self._context = context
        self._toolboxes = toolboxes
        self._assistant = assistant
        self._observer = observer
        self._listen = listen

    async def hold(
        self, user_id: str, opened: OpenedTurn, live: LiveTurn, within: Transactions | None = None
    ) -> MunshiError | None:
        """The turn to its end, which every listener hears; else the error it failed with: it is to be closed then.

        That of a script is held `within` its transactions.
        """
        with Observation(self._observer, Kind.TURN, self._assistant.name) as seen:
            try:
                reply = await self._answer(user_id, opened, live, seen, within)
                seen.outcome = str(reply.status)
                seen.hear()
                live.end(reply)
            except asyncio.CancelledError:
                await self.close_failed(user_id, opened, live, AssistantUnavailable(SHUTTING_DOWN, 1), within)
                raise
            except MunshiError as error:
                log.warning("a turn failed: %s", error.code, exc_info=error)
                seen.outcome = outcome_of(error)
                return anew(error)
            except Exception as fault:
                log.exception("a turn failed")
                seen.outcome = outcome_of(fault)
                return MunshiError("The turn failed; what was done is recorded.")
        return None

    async def close_failed(
        self,
        user_id: str,
        opened: OpenedTurn,
        live: LiveTurn,
        error: MunshiError,
        within: Transactions | None = None,
    ) -> None:
        """Record what was done until the failure, whatever the listener heard of it, and tell the failure.

        Where the failure came as the end of the turn was being recorded, that stays its end.
        """
        if isinstance(error, StorageUnavailable):
            live.fail(error)  # nobody has to wait for a silent database twice
        try:
            reply = await self._context.abandon_turn(user_id, opened.turn, opened.reply_id, within)
            if reply and reply.status is not MessageStatus.FAILED and not live.is_ended:
                live.end(reply)
        except MunshiError as fault:
            log.warning("a failed turn could not be closed: %s", fault.code)
        finally:
            if not live.is_ended:
                live.fail(error)

    async def _answer(
        self, user_id: str, opened: OpenedTurn, live: LiveTurn, seen: Observation, within: Transactions | None
    ) -> Message:
        """Hear the assistant and close the turn; the reply as it was recorded."""

        def tell(event: Delta | ToolCall) -> None:
            if isinstance(event, Delta):
                seen.hear()
            live.tell(event)

        turn = opened.turn
        place = (turn.conversation.id, opened.reply_id)
        toolbox = self._toolboxes.of(user_id, turn.id, place, ZoneInfo(turn.timezone), within)
        live.stop_with(toolbox.stop)
        hearing = Hearing(tell)
        await self._listen(user_id, turn, live, hearing.listen(self._assistant, turn, toolbox))
        reply = Message(opened.reply_id, ASSISTANT, hearing.text, turn.now, question=hearing.question)
        last = hearing.last
        if live.is_stopped:
            return await self._context.stop_turn(user_id, turn, reply, within)
        if last is None:
            return await self._context.close_turn(user_id, turn, reply, within)

        def close(unit: Unit, call: ToolCall) -> Message:
            return self._context.close(unit, turn, _ended(reply, last.words(call)), call)

        return await toolbox.call_last(last.name, last.arguments, close)


def _ended(reply: Message, words: LastWords) -> Message:
    return replace(reply, text=reply.text + printable(words.text), question=words.question or reply.question)
