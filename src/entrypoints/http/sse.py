"""A turn's events as Server-Sent Events, with a heartbeat that keeps proxies open."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
from msgspec import Struct

from application.chat import Event, LiveTurn, TurnDone, TurnFailed, TurnStarted
from application.ports import Delta
from domain.conversations import Question, ToolCall
from entrypoints.http.problems import problem_of
from entrypoints.http.wire import ToolCallBody, TurnBody

HEARTBEAT_SECONDS = 15.0
HEARTBEAT = b": still here\n\n"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class _Called(Struct):
    name: str
    arguments: msgspec.Raw


async def event_stream(live: LiveTurn, instance: str, exact: bool, after: int = 0) -> AsyncIterator[bytes]:
    """Frames of the turn later than the one numbered `after`; the turn runs on when nobody listens any more."""
    number = 0
    async for event in with_heartbeat(live.events()):
        if event is None:
            yield HEARTBEAT
            continue
        for name, body in _frames(event, instance, exact):
            number += 1
            if number <= after:
                continue
            yield b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), msgspec.json.encode(body))


def _frames(event: Event, instance: str, exact: bool) -> list[tuple[str, object]]:
    match event:
        case TurnStarted() | Delta():
            return [("turn" if isinstance(event, TurnStarted) else "delta", event)]
        case ToolCall():
            body = ToolCallBody.of(event)
            returned = msgspec.structs.replace(body, arguments=msgspec.UNSET)
            return [("tool_call", _Called(event.name, event.arguments)), ("tool_result", returned)]
        case TurnDone():
            return [("done", TurnBody.of(event, exact))]
        case TurnFailed(error):
            return [("error", problem_of(error, instance))]
        case Question():
            return []


async def with_heartbeat(events: AsyncIterator[Event]) -> AsyncIterator[Event | None]:
    """The events, and None whenever the heartbeat's time passes without one."""
    source = aiter(events)
    upcoming = asyncio.ensure_future(anext(source, None))
    try:
        while True:
            done, _ = await asyncio.wait({upcoming}, timeout=HEARTBEAT_SECONDS)
            if not done:
                yield None
                continue
            event = upcoming.result()
            if event is None:
                return
            yield event
            upcoming = asyncio.ensure_future(anext(source, None))
    finally:
        upcoming.cancel()
