"""Turns of a conversation, held one at a time: begun, watched, stopped, followed and drained."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import Context, copy_context
from itertools import islice
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from application.context import Ask, ContextManager, OpenedTurn
from application.holding import SHUTTING_DOWN, Holder
from application.live import WATCH, LiveTurn, TurnStarted
from application.observing import Observer, Unobserved
from application.ports import Assistant, AssistantTimeout, AssistantUnavailable, T, Transactions
from application.toolbox import Toolboxes
from domain.conversations import MessageStatus, Turn
from domain.errors import ConversationBusy, MunshiError, TurnGivenUp

BUSY_WAIT = 3.0
"""Seconds that a message waits for the turn before it in the same conversation."""
POLL = 0.05
LOOK = 0.05
"""Seconds between two looks at some of the running turns: to look after all of them at once would hold everybody up."""
FEW = 8
DRAIN_TIMEOUT = 20.0
"""Seconds that the turns under way have to end when the service does."""
CLOSING = 5.0
"""Seconds that a cancelled turn has to write down how it ended."""
REMEMBERED = 256
"""Ended turns of which the events are kept, so that a listener who lost the line hears the same again."""

log = logging.getLogger(__name__)


class _Watched(Struct, frozen=True):
    """A running turn of a user; `due` is when to look after it, in the loop's time, `context` what it runs in."""

    user_id: str
    turn: Turn
    due: float
    context: Context


class Chat:
    """Holds turns: opens them, gives them to the assistant, records what came of it. One at a time a conversation."""

    def __init__(
        self,
        context: ContextManager,
        toolboxes: Toolboxes,
        assistant: Assistant,
        timeout: float,
        observer: Observer | None = None,
        drain_timeout: float = DRAIN_TIMEOUT,
    ) -> None:
        self._context = context
        self._assistant = assistant
        self._timeout = timeout
        self._drain_timeout = drain_timeout
        listen = _listen_in_one_go if assistant.is_prompt else self._listen
        self._holder = Holder(context, toolboxes, assistant, observer or Unobserved(), listen)
        self._running: set[asyncio.Future[None]] = set()
        self._in_one_go: dict[str, LiveTurn] = {}
        self._watched: dict[LiveTurn, _Watched] = {}
        self._looking: set[asyncio.Future[None]] = set()
        self._next_look: asyncio.TimerHandle | None = None
        # In the order of their ends, since all have the same time: one timer serves them all.
        self._ends: dict[LiveTurn, float] = {}
        self._next_end: asyncio.TimerHandle | None = None
        self._following: set[asyncio.Future[None]] = set()
        self._drained: asyncio.Future[None] | None = None
        self._turns: dict[tuple[str, int], LiveTurn] = {}
        self._crowded_at = 2 * REMEMBERED

    async def start(self, ask: Ask) -> LiveTurn:
        """Open a turn and let it run by itself; a turn already answered under the same key is told again.

        That of an assistant that is prompt has ended by then; only this process can stop it in its midst.

        Waits a little for the turn before it in the conversation. Raises Invalid, ConversationNotFound,
        IdempotencyMismatch, TurnInProgress, StorageUnavailable, AssistantUnavailable: nothing ran then.
        """
        if self._assistant.is_prompt:
            return await self._hold_in_one_go(ask)
        opened: asyncio.Future[LiveTurn] = asyncio.get_running_loop().create_future()
        # A caller that goes away between the commit and the first step must not leave a message without an answer.
        _kept(self._running, self._hold(ask, opened))
        return await opened

    async def stop(self, user_id: str, conversation: int | str) -> bool:
        """Stop the turn that runs in a conversation, in whichever process; False when none runs.

        What was said and done until then stays and is recorded. Raises ConversationNotFound.
        """
        running = await self._context.ask_to_stop(user_id, conversation)
        if running is None:
            return False
        place_id, turn_id = running
        live = self._in_one_go.get(turn_id) or self._turns.get((user_id, place_id))
        if live and live.turn_id == turn_id:
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
            _kept(self._following, self._await_elsewhere(user_id, place.id, reply.id, live))
        else:
            live.end(reply)
        return live

    async def drain(self) -> None:
        """Take no more turns and wait for those under way, at most `drain_timeout`; the rest is closed honestly.

        Whoever asks again waits for the same end.
        """
        self._drained = self._drained or asyncio.ensure_future(self._drain())
        await asyncio.shield(self._drained)

    async def _drain(self) -> None:
        for following in self._following:
            following.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._drain_timeout):
                while self._running:
                    await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        late = set(self._running)
        for running in late:
            running.cancel()
        if late:
            await asyncio.wait(late, timeout=CLOSING)
        for timer in (self._next_look, self._next_end):
            if timer:
                timer.cancel()

    async def _hold_in_one_go(self, ask: Ask) -> LiveTurn:
        """A whole turn of an assistant that waits for nothing: the storage runs it through, whoever goes away."""

        async def whole(within: Transactions) -> tuple[OpenedTurn, LiveTurn, MunshiError | None]:
            opened = await self._context.open_turn(ask, self._assistant.memory, within)
            live = _live(ask, opened)
            if opened.answered:
                return opened, live, None
            self._in_one_go[opened.turn.id] = live
            try:
                return opened, live, await self._holder.hold(ask.user_id, opened, live, within)
            finally:
                del self._in_one_go[opened.turn.id]

        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running.add(ended)
        try:
            opened, live, error = await self._when_free(lambda: self._context.run_through(whole))
        finally:
            self._running.discard(ended)
            ended.cancel()
        if not opened.answered:
            self._remember((ask.user_id, opened.turn.conversation.id), live)
        if error:
            # By itself: where the storage failed, nobody has to wait for it once more.
            _kept(self._running, self._holder.close_failed(ask.user_id, opened, live, error))
        return live

    async def _hold(self, ask: Ask, told: "asyncio.Future[LiveTurn]") -> None:
        """A turn from its opening, which is told as soon as it is known, to its end."""
        try:
            opened = await self._when_free(lambda: self._context.open_turn(ask, self._assistant.memory))
        except asyncio.CancelledError:
            # What was committed by then is a turn without a process, which its lease ends.
            if not told.done():
                told.set_exception(AssistantUnavailable(SHUTTING_DOWN, retry_after=1))
            raise
        except Exception as fault:
            if not told.done():
                told.set_exception(fault)
            return
        live = _live(ask, opened)
        if not opened.answered:
            self._remember((ask.user_id, opened.turn.conversation.id), live)
        if not told.done():
            told.set_result(live)
        if opened.answered:
            return
        error = await self._holder.hold(ask.user_id, opened, live)
        if error:
            await self._holder.close_failed(ask.user_id, opened, live, error)

    async def _when_free(self, begin: Callable[[], Awaitable[T]]) -> T:
        """What `begin` brings as soon as the conversation is free. Raises ConversationBusy when that takes long."""
        waited = 0.0
        while True:
            if self._drained:
                raise AssistantUnavailable(SHUTTING_DOWN, retry_after=1)
            try:
                return await begin()
            except ConversationBusy:
                if waited >= BUSY_WAIT:
                    raise
            await asyncio.sleep(POLL)
            waited += POLL

    def _remember(self, place: tuple[str, int], live: LiveTurn) -> None:
        self._turns.pop(place, None)
        self._turns[place] = live
        if len(self._turns) < self._crowded_at:
            return
        ended = [key for key, turn in self._turns.items() if turn.is_ended]
        for key in ended[: max(0, len(ended) - REMEMBERED)]:
            del self._turns[key]
        self._crowded_at = len(self._turns) + REMEMBERED

    async def _listen(self, user_id: str, turn: Turn, live: LiveTurn, listening: Awaitable[None]) -> None:
        """Listen to a turn's end, or until it is stopped. Raises AssistantTimeout."""
        this = asyncio.current_task()
        live.stop_with(this.cancel if this else None)
        self._watch(user_id, turn, live)
        try:
            await listening
        except asyncio.CancelledError as cancelled:
            ours = live.is_stopped + live.is_late
            if this is None or this.cancelling() > ours:
                raise
            for _ in range(ours):
                this.uncancel()
            if live.is_late:
                raise AssistantTimeout(f"The assistant did not finish within {self._timeout:g} s.") from cancelled
        finally:
            live.stop_with(None)
            del self._watched[live], self._ends[live]

    def _watch(self, user_id: str, turn: Turn, live: LiveTurn) -> None:
        """Look after a turn about every WATCH seconds until it has ended, or its time has."""
        loop = asyncio.get_running_loop()
        self._ends[live] = loop.time() + self._timeout
        if self._next_end is None:
            self._next_end = loop.call_later(self._timeout, self._end_the_late)
        self._watched[live] = _Watched(user_id, turn, loop.time() + WATCH, copy_context())
        if self._next_look is None:
            self._next_look = loop.call_later(WATCH, self._look_after_some)

    def _end_the_late(self) -> None:
        loop = asyncio.get_running_loop()
        self._next_end = None
        for live, end in self._ends.items():
            if end > loop.time():
                self._next_end = loop.call_at(end, self._end_the_late)
                break
            live.give_up()

    def _look_after_some(self) -> None:
        """Those that waited longest, no more at once than keep all of them looked after in WATCH seconds."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        at_once = max(FEW, ceil(len(self._watched) * LOOK / WATCH))
        for live, watched in list(islice(self._watched.items(), at_once)):
            if watched.due > now:
                break
            del self._watched[live]
            self._watched[live] = replace(watched, due=now + WATCH)
            live.ring()
            # Here is the context of another turn, whose request and trace have nothing to do with this one.
            looking = self._look_after(watched.user_id, watched.turn, live)
            watched.context.run(_kept, self._looking, looking)
        self._next_look = None
        if self._watched:
            first = next(iter(self._watched.values()))
            self._next_look = loop.call_later(max(first.due - now, LOOK), self._look_after_some)

    async def _look_after(self, user_id: str, turn: Turn, live: LiveTurn) -> None:
        """Show a sign of life, and stop where another process was asked to."""
        try:
            if await self._context.attend(user_id, turn):
                live.stop()
        except MunshiError as fault:
            log.warning("a turn could not show that it is alive: %s", fault.code)

    async def _await_elsewhere(self, user_id: str, place_id: int, reply_id: int, live: LiveTurn) -> None:
        """Tell a turn of another process, or one that is held in one go, when it has ended."""
        pause = POLL
        try:
            while True:
                found = await self._context.messages(user_id, place_id, 1, before=reply_id + 1)
                if not found or found[0].turn_id != live.turn_id:
                    raise TurnGivenUp
                if found[0].status is not MessageStatus.IN_PROGRESS:
                    live.end(found[0])
                    return
                await asyncio.sleep(pause)
                pause = min(2 * pause, WATCH)
                live.ring()
        except asyncio.CancelledError:
            live.fail(AssistantUnavailable(SHUTTING_DOWN, retry_after=1))
            raise
        except MunshiError as error:
            live.fail(error)


def _kept(tasks: set[asyncio.Future[T]], work: Coroutine[object, object, T]) -> asyncio.Future[T]:
    """The work under way, held until it has ended."""
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


async def _listen_in_one_go(_: str, __: Turn, live: LiveTurn, listening: Awaitable[None]) -> None:
    """Listen to a turn's end, or until it is stopped."""
    try:
        await listening
    except asyncio.CancelledError:
        if not live.is_stopped:
            raise
    finally:
        live.stop_with(None)


def _live(ask: Ask, opened: OpenedTurn) -> LiveTurn:
    place = opened.turn.conversation
    live = LiveTurn(TurnStarted(opened.turn.id, place.key if isinstance(ask.conversation, str) else place.id))
    if opened.answered:
        live.is_retold = True
        live.end(opened.answered)
    return live
