"""A turn's events as Server-Sent Events, with a heartbeat that keeps proxies open.

An event that comes alone is sent at once. Words that follow others within a frame of a screen go out in one piece: to
write to a socket costs more than all else that is done for a word.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence

import msgspec
from msgspec import Struct

from application.chat import Event, LiveTurn, TurnDone, TurnFailed, TurnStarted
from application.ports import Delta
from domain.conversations import Question, ToolCall
from entrypoints.http.problems import problem_of
from entrypoints.http.requests import note_problem
from entrypoints.http.wire import ToolCallBody, TurnBody

HEARTBEAT_SECONDS = 15.0
FRAME_SECONDS = 0.02
HEARTBEAT = b": still here\n\n"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
EVENT_ID = re.compile(r"(.{1,64})-(\d{1,9})", re.ASCII)
"""The turn and the number of the event in it: an id says nothing of another turn."""

encoded = msgspec.json.Encoder().encode


class _Called(Struct):
    name: str
    arguments: msgspec.Raw


async def event_stream(live: LiveTurn, instance: str, exact: bool, heard: str = "") -> AsyncIterator[bytes]:
    """Frames of the turn, from its beginning or after the event with the id `heard`; the last is told in any case.

    The turn runs on when nobody listens any more.
    """
    number, after = 0, _number_of(heard, live.turn_id)
    turn = live.turn_id.encode()
    async for events in gathered(live.events()):
        frames = [] if events else [HEARTBEAT]
        for event in events:
            is_last = isinstance(event, TurnDone | TurnFailed)
            for name, body in _frames(event, instance, exact):
                number += 1
                if number > after or is_last:
                    frames.append(b"id: %b-%d\nevent: %b\ndata: %b\n\n" % (turn, number, name, encoded(body)))
        if frames:
            yield b"".join(frames)


def _number_of(event_id: str, turn_id: str) -> int:
    """Which event of this turn an id names; 0 when it names none."""
    named = EVENT_ID.fullmatch(event_id)
    return int(named[2]) if named and named[1] == turn_id else 0


def _frames(event: Event, instance: str, exact: bool) -> Sequence[tuple[bytes, object]]:
    match event:
        case Delta():
            return ((b"delta", event),)
        case TurnStarted():
            return ((b"turn", event),)
        case ToolCall():
            body = ToolCallBody.of(event)
            returned = msgspec.structs.replace(body, arguments=msgspec.UNSET)
            return ((b"tool_call", _Called(event.name, event.arguments)), (b"tool_result", returned))
        case TurnDone():
            return ((b"done", TurnBody.of(event, exact)),)
        case TurnFailed(error):
            problem = problem_of(error, instance)
            note_problem(problem.code)
            return ((b"error", problem),)
        case Question():
            return ()


async def gathered(events: AsyncIterator[Event]) -> AsyncIterator[list[Event]]:
    """The events, together those that came together; an empty list when the heartbeat's time passes without one."""
    inbox = _Inbox()
    filling = asyncio.ensure_future(inbox.fill(events))
    filling.add_done_callback(inbox.ring)
    try:
        # The bell may have rung for the end already, while whoever listens was busy with what came before.
        while inbox.is_filled or not filling.done():
            come = await inbox.take()
            if come or not filling.done():
                yield come
        filling.result()
    finally:
        filling.cancel()
        inbox.close()


class _Inbox:
    """Events between who tells them and who sends them."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._events: list[Event] = []
        self._bell = asyncio.Event()
        self._taken_at = self._loop.time()
        self._due: asyncio.TimerHandle | None = None
        self._hold_until = 0.0
        self._timer = self._loop.call_later(HEARTBEAT_SECONDS, self._beat)

    async def fill(self, events: AsyncIterator[Event]) -> None:
        """Take every event in."""
        async for event in events:
            self._events.append(event)
            early = self._hold_until - self._loop.time()
            if early <= 0 or isinstance(event, TurnDone | TurnFailed):
                self._bell.set()
            elif self._due is None:
                self._due = self._loop.call_later(early, self._bell.set)

    @property
    def is_filled(self) -> bool:
        """Whether something has come since the last time."""
        return bool(self._events)

    def ring(self, _: object = None) -> None:
        """Let `take` come back, also with nothing."""
        self._bell.set()

    async def take(self) -> list[Event]:
        """What has come since the last time, as soon as there is something."""
        await self._bell.wait()
        self._bell.clear()
        self._taken_at = self._loop.time()
        come, self._events = self._events, []
        if self._due:
            self._due.cancel()
            self._due = None
        if come and isinstance(come[-1], Delta):
            self._hold_until = self._taken_at + FRAME_SECONDS
        return come

    def close(self) -> None:
        """No timer runs on."""
        self._timer.cancel()
        if self._due:
            self._due.cancel()

    def _beat(self) -> None:
        silent = self._loop.time() - self._taken_at
        if silent >= HEARTBEAT_SECONDS:
            self.ring()
            silent = 0.0
        self._timer = self._loop.call_later(HEARTBEAT_SECONDS - silent, self._beat)
