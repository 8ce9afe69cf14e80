"""One turn of a conversation: the message in, the assistant's events out, everything recorded."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from application.account import honest
from application.context import Ask, ContextManager, OpenedTurn
from application.ports import Assistant, AssistantTimeout, AssistantUnavailable, Delta
from application.toolbox import Toolbox, Toolboxes
from domain.conversations import Correction, Message, MessageStatus, Question, Role, ToolCall, Turn
from domain.errors import MunshiError
from domain.tasks import printable
from domain.urdu import language_of
from domain.urdu.claims import Gate

ATTEMPTS = 2

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

    def tell(self, event: Event) -> None:
        """Let every listener know."""
        self._events.append(event)
        self._news.set()
        self._news = asyncio.Event()

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
    """Holds turns: opens them, gives them to the assistant, records what came of it."""

    def __init__(self, context: ContextManager, toolboxes: Toolboxes, assistant: Assistant, timeout: float) -> None:
        self._context = context
        self._toolboxes = toolboxes
        self._assistant = assistant
        self._timeout = timeout
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, ask: Ask) -> LiveTurn:
        """Open a turn and let it run by itself; a turn already answered under the same key is told again.

        Raises Invalid, ConversationNotFound, IdempotencyMismatch, TurnInProgress, StorageUnavailable: nothing ran.
        """
        # A caller that goes away between the commit and the first step must not leave a message without an answer.
        return await asyncio.shield(asyncio.ensure_future(self._begin(ask)))

    async def _begin(self, ask: Ask) -> LiveTurn:
        opened = await self._context.open_turn(ask)
        place = opened.turn.conversation
        shown = place.key if isinstance(ask.conversation, str) else place.id
        live = LiveTurn(TurnStarted(opened.turn.id, shown))
        if opened.answered:
            _retell(live, opened.answered, shown)
            return live
        running = asyncio.create_task(self._run(ask.user_id, opened, live, shown))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
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
        place = (turn.conversation.id, opened.reply_id)
        toolbox = self._toolboxes.of(user_id, turn.id, place)
        heard = _Heard(live)
        try:
            async with asyncio.timeout(self._timeout):
                await self._hear(turn, toolbox, heard)
        except TimeoutError as late:
            raise AssistantTimeout(f"The assistant did not finish within {self._timeout:g} s.") from late
        if not heard.text.strip():
            heard.say(honest(heard.calls, language_of(turn.message)))
        return Message(
            opened.reply_id,
            Role.ASSISTANT,
            heard.text,
            turn.now,
            MessageStatus.COMPLETED,
            turn.id,
            tuple(heard.calls),
            heard.question,
        )

    async def _hear(self, turn: Turn, toolbox: Toolbox, heard: "_Heard") -> None:
        """Listen to the assistant; a claim that no tool call founds is held back, corrected once, then replaced."""
        for _ in range(ATTEMPTS):
            gate = Gate(lambda: heard.calls)
            said: list[str] = []
            async for event in self._assistant.reply(turn, toolbox):
                if isinstance(event, Delta) and not self._assistant.trusted:
                    said.append(event.text)
                    heard.say(gate.feed(event.text))
                else:
                    heard.hear(event)
            heard.say(gate.finish())
            if not gate.held:
                return
            log.warning("a reply claimed what no tool did; it was held back")
            claims = tuple(claim.sentence for claim in gate.held)
            turn = replace(turn, correction=Correction("".join(said), claims, tuple(heard.calls)))
            heard.start_anew()
        heard.say(honest(heard.calls, language_of(turn.message)))


class _Heard:
    """What an assistant has said and done so far in a turn; listeners are told at once."""

    def __init__(self, live: LiveTurn) -> None:
        self._live = live
        self._pieces: list[str] = []
        self.calls: list[ToolCall] = []
        self.question: Question | None = None

    @property
    def text(self) -> str:
        """The deltas joined."""
        return "".join(self._pieces)

    def say(self, text: str) -> None:
        """A piece of the reply, without what no store keeps."""
        piece = printable(text)
        if piece:
            self._pieces.append(piece)
            self._live.tell(Delta(piece))

    def hear(self, event: Delta | ToolCall | Question) -> None:
        """An event of the assistant."""
        match event:
            case Delta(text):
                self.say(text)
            case ToolCall():
                self.calls.append(event)
                self._live.tell(event)
            case Question():
                self.question = event
                self._live.tell(event)

    def start_anew(self) -> None:
        """The next words stand apart from what was already said."""
        if self.text.strip():
            self.say("\n")


def _done(reply: Message, shown: int | str) -> TurnDone:
    return TurnDone(shown, reply.text, reply.tool_calls, reply.created_at, reply.question)


def _retell(live: LiveTurn, reply: Message, shown: int | str) -> None:
    for call in reply.tool_calls:
        live.tell(call)
    live.tell(Delta(reply.text))
    live.tell(_done(reply, shown))
