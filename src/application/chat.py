"""One turn of a conversation: the message in, the assistant's events out, everything recorded."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from msgspec import Struct

from application.context import Ask, ContextManager, OpenedTurn
from application.hearing import Hearing
from application.ports import Assistant, AssistantTimeout, AssistantUnavailable, Delta
from application.toolbox import Toolboxes
from domain.conversations import Message, MessageStatus, Question, Role, ToolCall, Turn
from domain.errors import ConversationBusy, MunshiError
from domain.urdu import Reply, language_of, say

BUSY_WAIT = 3.0
"""Seconds that a message waits for the turn before it in the same conversation."""
POLL = 0.05
WATCH = 2.0
"""Seconds between two signs of life of a running turn, and two looks at whether it is to stop."""
REMEMBERED = 256
"""Ended turns of which the events are kept, so that a listener who lost the line hears the same again."""

log = logging.getLogger(__name__)


class TurnStarted(Struct, frozen=True):
    """The turn is open: the user's message is committed. The id is in the form in which it was asked."""

    turn_id: str
    conversation_id: int | str


class TurnDone(Struct, frozen=True):
    """The whole turn, as recorded; `timestamp` is aware UTC."""

    conversation_id: int | str
    response: str
    tool_calls: tuple[ToolCall, ...]
    timestamp: datetime
    question: Question | None = None


class TurnFailed(Struct, frozen=True):
    """The turn ended without an answer; the conversation shows what was done until then."""

    error: MunshiError


Event = TurnStarted | Delta | ToolCall | Question | TurnDone | TurnFailed


class LiveTurn:
    """A turn under way. It runs to its end whoever listens; each listener hears it from the beginning."""

    def __init__(self, started: TurnStarted) -> None:
        self._events: list[Event] = [started]
        self._news = asyncio.Event()
        self._cancel: Callable[[], object] | None = None
        self.turn_id = started.turn_id
        self.is_stopped = False

    def tell(self, event: Event) -> None:
        """Let every listener know."""
        self._events.append(event)
        self._news.set()
        self._news = asyncio.Event()

    def stop_with(self, cancel: Callable[[], object]) -> None:
        """Say what ends the assistant's work when somebody asks for it."""
        self._cancel = cancel

    def stop(self) -> None:
        """End the assistant's work; what it said and did until now is recorded."""
        if self._cancel and not self.is_ended:
            self.is_stopped = True
            self._cancel()

    @property
    def is_ended(self) -> bool:
        """Whether the last event was told."""
        return isinstance(self._events[-1], TurnDone | TurnFailed)

    async def events(self) -> AsyncIterator[Event]:
        """Every event from the first to TurnDone or TurnFailed."""
        heard = 0
        while True:
            news = self._news
            for event in self._events[heard:]:
                yield event
                heard += 1
                if isinstance(event, TurnDone | TurnFailed):
                    return
            if heard == len(self._events):
                await news.wait()

    async def whole(self) -> TurnDone:
        """The turn when it is done. Raises what it failed with."""
        async for event in self.events():
            if isinstance(event, TurnFailed):
                raise event.error
            if isinstance(event, TurnDone):
                return event
        raise AssistantUnavailable("The turn ended without an answer.")


class Chat:
    """Holds turns: opens them, gives them to the assistant, records what came of it. One at a time a conversation."""

    def __init__(self, context: ContextManager, toolboxes: Toolboxes, assistant: Assistant, timeout: float) -> None:
        self._context = context
        self._toolboxes = toolboxes
        self._assistant = assistant
        self._timeout = timeout
        self._running: set[asyncio.Task[None]] = set()
        self._turns: dict[tuple[str, int], LiveTurn] = {}

    async def start(self, ask: Ask) -> LiveTurn:
        """Open a turn and let it run by itself; a turn already answered under the same key is told again.

        Waits a little for the turn before it in the conversation. Raises Invalid, ConversationNotFound,
        IdempotencyMismatch, TurnInProgress, StorageUnavailable: nothing ran then.
        """
        # A caller that goes away between the commit and the first step must not leave a message without an answer.
        return await asyncio.shield(asyncio.ensure_future(self._begin(ask)))

    async def stop(self, user_id: str, conversation: int | str) -> bool:
        """Stop the turn that runs in a conversation, in whichever process; False when none runs.

        What was said and done until then stays and is recorded. Raises ConversationNotFound.
        """
        turn = await self._context.ask_to_stop(user_id, conversation)
        if turn is None:
            return False
        live = self._turns.get((user_id, turn.conversation_id))
        if live and live.turn_id == turn.id:
            live.stop()
        return True

    async def follow(self, user_id: str, conversation: int | str) -> LiveTurn:
        """The newest turn of a conversation, running or ended, to be heard from its beginning.

        One that runs in another process is heard when it has ended. Raises ConversationNotFound, also where no turn
        was held yet.
        """
        place, reply = await self._context.last_reply(user_id, conversation)
        shown = place.key if isinstance(conversation, str) else place.id
        live = self._turns.get((user_id, place.id))
        if live and live.turn_id == reply.turn_id:
            return live
        live = LiveTurn(TurnStarted(reply.turn_id or "", shown))
        if reply.status is MessageStatus.IN_PROGRESS:
            self._keep(asyncio.create_task(self._await_elsewhere(user_id, conversation, live, shown)))
        else:
            _retell(live, reply, shown)
        return live

    async def drain(self, seconds: float) -> None:
        """Wait for the turns under way, at most so long; the rest is cancelled and closed honestly."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=seconds)
        for running in late:
            running.cancel()
        if late:
            await asyncio.wait(late, timeout=seconds)

    async def _begin(self, ask: Ask) -> LiveTurn:
        opened = await self._open(ask)
        place = opened.turn.conversation
        shown = place.key if isinstance(ask.conversation, str) else place.id
        live = LiveTurn(TurnStarted(opened.turn.id, shown))
        if opened.answered:
            _retell(live, opened.answered, shown)
            return live
        self._remember((ask.user_id, place.id), live)
        self._keep(asyncio.create_task(self._run(ask.user_id, opened, live, shown)))
        return live

    async def _open(self, ask: Ask) -> OpenedTurn:
        waited = 0.0
        while True:
            try:
                return await self._context.open_turn(ask)
            except ConversationBusy:
                if waited >= BUSY_WAIT:
                    raise
            await asyncio.sleep(POLL)
            waited += POLL

    def _keep(self, running: asyncio.Task[None]) -> None:
        self._running.add(running)
        running.add_done_callback(self._running.discard)

    def _remember(self, place: tuple[str, int], live: LiveTurn) -> None:
        self._turns.pop(place, None)
        self._turns[place] = live
        ended = [key for key, turn in self._turns.items() if turn.is_ended]
        for key in ended[: max(0, len(ended) - REMEMBERED)]:
            del self._turns[key]

    async def _run(self, user_id: str, opened: OpenedTurn, live: LiveTurn, shown: int | str) -> None:
        """The turn to its end: whatever happens, the reply is recorded and every listener hears a last event."""
        try:
            reply = await self._answer(user_id, opened, live)
            live.tell(_done(await self._context.close_turn(user_id, opened.turn, reply), shown))
        except asyncio.CancelledError:
            await self._close_failed(user_id, opened, live, AssistantUnavailable("Munshi is shutting down."))
            raise
        except MunshiError as error:
            await self._close_failed(user_id, opened, live, error)
        except Exception:
            log.exception("a turn failed")
            await self._close_failed(user_id, opened, live, MunshiError("The turn failed; what was done is recorded."))

    async def _close_failed(self, user_id: str, opened: OpenedTurn, live: LiveTurn, error: MunshiError) -> None:
        """Record what was done until the failure; the journal knows the calls, whatever the listener heard."""
        try:
            await self._context.abandon_turn(user_id, opened.turn, opened.reply_id)
        except MunshiError as fault:
            log.warning("a failed turn could not be closed: %s", fault.code)
        finally:
            live.tell(TurnFailed(error))

    async def _answer(self, user_id: str, opened: OpenedTurn, live: LiveTurn) -> Message:
        turn = opened.turn
        toolbox = self._toolboxes.of(user_id, turn.id, (turn.conversation.id, opened.reply_id))
        hearing = Hearing(live.tell)
        listening = asyncio.ensure_future(hearing.listen(self._assistant, turn, toolbox))
        watching = asyncio.ensure_future(self._watch(user_id, turn, live))
        live.stop_with(listening.cancel)
        try:
            async with asyncio.timeout(self._timeout):
                await listening
        except TimeoutError as late:
            raise AssistantTimeout(f"The assistant did not finish within {self._timeout:g} s.") from late
        except asyncio.CancelledError:
            if not live.is_stopped:
                raise
        finally:
            watching.cancel()
        text = hearing.text
        if live.is_stopped:
            note = say(Reply.STOPPED, language_of(turn.message))
            live.tell(Delta(f"\n{note}" if text.strip() else note))
            text = f"{text}\n{note}" if text.strip() else note
        return Message(
            id=opened.reply_id,
            role=Role.ASSISTANT,
            text=text,
            created_at=turn.now,
            status=MessageStatus.STOPPED if live.is_stopped else MessageStatus.COMPLETED,
            turn_id=turn.id,
            question=hearing.question,
        )

    async def _watch(self, user_id: str, turn: Turn, live: LiveTurn) -> None:
        """Show signs of life, and stop when another process was asked to."""
        while not live.is_ended:
            await asyncio.sleep(WATCH)
            try:
                if await self._context.attend(user_id, turn):
                    live.stop()
            except MunshiError as fault:
                log.warning("a turn could not show that it is alive: %s", fault.code)

    async def _await_elsewhere(self, user_id: str, conversation: int | str, live: LiveTurn, shown: int | str) -> None:
        """Tell a turn of another process when it has ended."""
        try:
            while True:
                _, reply = await self._context.last_reply(user_id, conversation)
                if reply.status is not MessageStatus.IN_PROGRESS:
                    _retell(live, reply, shown)
                    return
                await asyncio.sleep(WATCH)
        except MunshiError as error:
            live.tell(TurnFailed(error))


def _done(reply: Message, shown: int | str) -> TurnDone:
    return TurnDone(shown, reply.text, reply.tool_calls, reply.created_at, reply.question)


def _retell(live: LiveTurn, reply: Message, shown: int | str) -> None:
    for call in reply.tool_calls:
        live.tell(call)
    live.tell(Delta(reply.text))
    live.tell(_done(reply, shown))
