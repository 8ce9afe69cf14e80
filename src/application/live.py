"""A live turn: what happens in it, told to whoever listens, from its beginning to its end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from msgspec import Struct

from application.ports import AssistantUnavailable, Delta
from domain.conversations import Message, ToolCall
from domain.errors import MunshiError

WATCH = 2.0
"""Seconds between two signs of life of a running turn, and two looks at whether it is to stop."""


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


class TurnFailed(Struct, frozen=True):
    """The turn ended without an answer; the conversation shows what was done until then."""

    error: MunshiError


Event = TurnStarted | Delta | ToolCall | TurnDone | TurnFailed


class LiveTurn:
    """A turn under way. It runs to its end whoever listens; each listener hears it from the beginning."""

    def __init__(self, started: TurnStarted) -> None:
        self._events: list[Event] = [started]
        self._bells: list[Callable[[], None]] = []
        self._ends: list[asyncio.Future[None]] = []
        self._cancel: Callable[[], object] | None = None
        self._shown = started.conversation_id
        self.turn_id = started.turn_id
        self.is_ended = False
        """Whether the last event was told."""
        self.is_stopped = False
        self.is_late = False
        self.is_retold = False

    def tell(self, event: Delta | ToolCall) -> None:
        """Let every listener know."""
        self._events.append(event)
        self.ring()

    def ring(self) -> None:
        """Call every listener, who may long have heard nothing."""
        for bell in self._bells:
            bell()

    def end(self, reply: Message) -> None:
        """Tell that the turn has ended with this reply, as recorded, and what of it was not told yet."""
        calls = said = 0
        for event in self._events[1:]:
            if isinstance(event, Delta):
                said += len(event.text)
            else:
                calls += 1
        self._events += reply.tool_calls[calls:]
        if rest := reply.text[said:]:
            self._events.append(Delta(rest))
        self._end(TurnDone(self._shown, reply.text, reply.tool_calls, reply.created_at))

    def fail(self, error: MunshiError) -> None:
        """Tell that the turn has ended without an answer."""
        self._end(TurnFailed(error))

    def _end(self, last: TurnDone | TurnFailed) -> None:
        self._events.append(last)
        self.is_ended = True
        self.ring()
        for end in self._ends:
            if not end.done():
                end.set_result(None)
        self._ends.clear()

    @property
    def told(self) -> int:
        """How many events there are."""
        return len(self._events)

    def listen(self, bell: Callable[[], None]) -> None:
        """Call this at every event from now on, and every WATCH seconds while the turn runs.

        It must be quick, and look itself at what was told `since`.
        """
        self._bells.append(bell)

    def leave(self, bell: Callable[[], None]) -> None:
        """Call it no more."""
        self._bells.remove(bell)

    def since(self, heard: int) -> list[Event]:
        """The events after the first `heard` of them."""
        return self._events[heard:]

    def stop_with(self, cancel: Callable[[], object] | None) -> None:
        """Say what ends the assistant's work when somebody asks for it; None when there is nothing more to end."""
        self._cancel = cancel

    def stop(self) -> None:
        """End the assistant's work; what it said and did until now is recorded."""
        # Once: a second cancellation would break off how the assistant ends its own work.
        if self._cancel and not self.is_stopped and not self.is_ended:
            self.is_stopped = True
            self._cancel()

    def give_up(self) -> None:
        """End the assistant's work because its time is over."""
        if self._cancel and not self.is_late:
            self.is_late = True
            self._cancel()

    async def events(self) -> AsyncIterator[Event]:
        """Every event from the first to TurnDone or TurnFailed."""
        heard = 0
        news = asyncio.Event()
        self.listen(news.set)
        try:
            while heard < len(self._events) or not self.is_ended:
                for event in self.since(heard):
                    heard += 1
                    yield event
                if heard == len(self._events) and not self.is_ended:
                    news.clear()
                    await news.wait()
        finally:
            self.leave(news.set)

    async def whole(self) -> TurnDone:
        """The turn when it is done. Raises what it failed with."""
        if not self.is_ended:
            end = asyncio.get_running_loop().create_future()
            self._ends.append(end)
            await end
        last = self._events[-1]
        if isinstance(last, TurnDone):
            return last
        raise anew(last.error) if isinstance(last, TurnFailed) else AssistantUnavailable("The turn has no end.")


def anew(error: MunshiError) -> MunshiError:
    """The same error without its way here: a turn is remembered, and what it worked with should not be."""
    twin = type(error).__new__(type(error), *error.args)
    twin.__dict__.update(error.__dict__)
    return twin
