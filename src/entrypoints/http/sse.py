"""A turn's events as Server-Sent Events, with a heartbeat that keeps proxies open.

An event that comes alone is sent at once. Words that follow others within a frame of a screen go out in one piece: to
write to a socket costs more than all else that is done for a word.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import msgspec
from litestar.response import Stream
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send
from msgspec import Struct

from application.live import WATCH, Event, LiveTurn, TurnDone, TurnFailed, TurnStarted
from application.ports import Delta
from domain.conversations import ToolCall
from entrypoints.http.headers import Headers
from entrypoints.http.problems import problem_of
from entrypoints.http.protocol import LOSS
from entrypoints.http.requests import HEAD_ONLY, note_problem
from entrypoints.http.wire import ToolCallBody, TurnBody

HEARTBEAT_SECONDS = 15.0
FRAME_SECONDS = 0.02
HEARTBEAT = b": still here\n\n"
HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]
EVENT_ID = re.compile(r"(.{1,64})-(\d{1,9})", re.ASCII)
"""The turn and the number of the event in it: an id says nothing of another turn."""

encoded = msgspec.json.Encoder().encode


class _Called(Struct):
    name: str
    arguments: msgspec.Raw


class Last(bytes):
    """Frames after which none comes: they go out together with the end of the answer."""


class Frames(Stream):
    """An event stream that its request's own task sends; Litestar has two more for each, and a group around them."""

    def __init__(self, frames: AsyncGenerator[bytes], headers: Headers | None = None) -> None:
        self._frames = frames
        self._head = [*HEADERS, *(headers or [])]

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        """See Response."""
        return self  # type: ignore[return-value]  # which is called, and nothing else

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """See ASGI."""
        await send({"type": "http.response.start", "status": 200, "headers": self._head})
        del self._head  # a stream stays open for long
        if HEAD_ONLY in scope["state"]:
            return
        listener, is_last = _Listener(scope), False
        try:
            async with aclosing(self._frames):
                async for frame in self._frames:
                    is_last = isinstance(frame, Last)
                    await send({"type": "http.response.body", "body": frame, "more_body": not is_last})
            if not is_last:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except asyncio.CancelledError:
            if not listener.has_gone():
                raise
        finally:
            listener.watch(None)


class _Listener:
    """Whoever hears a stream: when they go away, the task that sends to them is cancelled."""

    def __init__(self, scope: Scope) -> None:
        # Of another server's transport, as in a test, nobody says so.
        self.watch: Callable[[Callable[[], None] | None], None] = scope["state"].get(LOSS, _unwatched)
        self._task = asyncio.current_task()
        self._is_lost = False
        self.watch(self._lose)

    def has_gone(self) -> bool:
        """Whether the cancellation that was caught says that, and nothing else does."""
        return self._is_lost and self._task is not None and not self._task.uncancel()

    def _lose(self) -> None:
        self._is_lost = True
        if self._task:
            self._task.cancel()


def _unwatched(_: object) -> None: ...


async def event_stream(live: LiveTurn, instance: str, exact: bool, heard: str = "") -> AsyncGenerator[bytes]:
    """Frames of the turn, from its beginning or after the event with the id `heard`; the last is told in any case.

    The turn runs on when nobody listens any more.
    """
    number, after = 0, _number_of(heard, live.turn_id)
    turn, inbox = live.turn_id.encode(), _Inbox(live)
    try:
        while not inbox.is_over:
            events = await inbox.take()
            frames = [] if events else [HEARTBEAT]
            for event in events:
                for name, body in _frames(event, instance, exact):
                    number += 1
                    if number > after or (inbox.is_over and event is events[-1]):
                        frames.append(b"id: %b-%d\nevent: %b\ndata: %b\n\n" % (turn, number, name, encoded(body)))
            if inbox.is_over:
                yield Last(b"".join(frames))
            elif frames:
                yield b"".join(frames)
    finally:
        inbox.close()


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


async def gathered(live: LiveTurn) -> AsyncIterator[list[Event]]:
    """The turn's events, together those that came together; an empty list when a heartbeat's time passes without."""
    inbox = _Inbox(live)
    try:
        while not inbox.is_over:
            yield await inbox.take()
    finally:
        inbox.close()


class _Inbox:
    """What a turn tells, until somebody takes it: no task of its own, for there is one for each open stream."""

    def __init__(self, live: LiveTurn) -> None:
        self._loop = asyncio.get_running_loop()
        self._live = live
        self._heard = 0
        self._is_rung = True
        self._waiting: asyncio.Future[None] | None = None
        self._taken_at = self._loop.time()
        self._hold_until = 0.0
        self._due: asyncio.TimerHandle | None = None
        self.is_over = False
        live.listen(self._hear)

    async def take(self) -> list[Event]:
        """What has come since the last time, as soon as there is something, or nothing when it is time to say so."""
        if not self._is_rung:
            self._waiting = self._loop.create_future()
            await self._waiting
        self._is_rung = False
        self._taken_at = self._loop.time()
        come = self._live.since(self._heard)
        self._heard += len(come)
        if self._due:
            self._due.cancel()
            self._due = None
        if come and isinstance(come[-1], Delta):
            self._hold_until = self._taken_at + FRAME_SECONDS
        self.is_over = self._live.is_ended
        return come

    def close(self) -> None:
        """No timer runs on."""
        self._live.leave(self._hear)
        if self._due:
            self._due.cancel()

    def _hear(self) -> None:
        now = self._loop.time()
        if self._heard == self._live.told:
            if now - self._taken_at >= HEARTBEAT_SECONDS - WATCH:
                self._ring()
        elif now >= self._hold_until or self._live.is_ended:
            self._ring()
        elif self._due is None:
            self._due = self._loop.call_later(self._hold_until - now, self._ring)

    def _ring(self) -> None:
        self._is_rung = True
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
