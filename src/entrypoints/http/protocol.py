"""uvicorn's HTTP/1.1 over httptools, which by itself would take in headers without end."""

import asyncio
from collections.abc import Callable, Iterable
from http import HTTPStatus
from itertools import chain
from typing import ClassVar, TypeGuard

import msgspec
from uvicorn._types import ASGISendEvent, HTTPResponseBodyEvent
from uvicorn.protocols.http import httptools_impl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from entrypoints.http.headers import SECURITY
from entrypoints.http.problems import Problem
from entrypoints.http.requests import new_request_id

HEAD_MAX = 32 * 1024
"""Bytes of a request's line and headers; a token alone may have 8 KB."""
TOO_LARGE = Problem(
    "urn:munshi:problem:too_large",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.phrase,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    f"The headers have more than {HEAD_MAX} bytes.",
    "too_large",
    "",
)
TOO_SLOW = Problem(
    "urn:munshi:problem:request_timeout",
    HTTPStatus.REQUEST_TIMEOUT.phrase,
    HTTPStatus.REQUEST_TIMEOUT,
    "The request did not come in time.",
    "request_timeout",
    "",
)
MALFORMED = Problem(
    "urn:munshi:problem:malformed_request",
    HTTPStatus.BAD_REQUEST.phrase,
    HTTPStatus.BAD_REQUEST,
    "This is not HTTP.",
    "malformed_request",
    "",
)


HEAD = b"HTTP/1.1 "
INTERIM = b"HTTP/1.1 1"
"""How "100 Continue" begins: an answer would overtake it, were it held."""
LENGTH = b"content-length"
UNUSUAL = frozenset((b"connection", b"transfer-encoding"))
CONTROLS = bytes((*range(9), *range(10, 32), 127))
LOSS = "munshi.loss"
"""Where a request's state keeps the function that takes what to call when its connection is lost, or None: a stream has
no task to wait for that."""


class HeadTooLarge(Exception):
    """Ends the reading of a request."""


class _Joining(asyncio.Transport):
    """A transport that writes the head of an answer together with what follows at once.

    Each write is a call of the system, which costs as much as Python's share of sending does. A head that nothing
    follows goes out before the loop waits again, and nothing else is held: the loop hears who reads too slowly.
    """

    __slots__ = ("_held", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def get_extra_info(self, name: str, default: object = None) -> object:
        """See asyncio, as all that follow."""
        return self._transport.get_extra_info(name, default)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def write(self, data: bytes) -> None:  # type: ignore[override]  # as uvicorn writes
        """Where nobody listens any more it does nothing, and uvloop's would raise."""
        if self._transport.is_closing():
            return
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.writelines((held, data))
        elif data.startswith(HEAD) and not data.startswith(INTERIM):
            self._held = data
            self._loop.call_soon(self._let_go)
        else:
            self._transport.write(data)

    def writelines(self, pieces: Iterable[bytes | bytearray | memoryview]) -> None:
        """An answer that is given whole: nothing is held then."""
        if not self._transport.is_closing():
            self._transport.writelines(pieces)

    def close(self) -> None:
        """What is held goes out before."""
        self._let_go()
        self._transport.close()

    def _let_go(self) -> None:
        if self._held is not None and not self._transport.is_closing():
            held, self._held = self._held, None
            self._transport.write(held)


class _Cycle(RequestResponseCycle):
    """Sends a usual answer, of a known length and given whole, in one piece; all others as uvicorn does.

    uvicorn looks at each header by itself, more than once, which costs more than all else that sending does.
    """

    _head: bytes | None = None

    async def send(self, message: ASGISendEvent) -> None:
        """See ASGI."""
        head, self._head = self._head, None
        if head is None:
            if not self._begins(message):
                await super().send(message)
        elif self._ends(message):
            self.transport.writelines((head, message.get("body", b"")))
            self.response_complete = True
            self.message_event.set()
            self.on_response()
        else:
            self.transport.write(head)
            await super().send(message)

    def _begins(self, message: ASGISendEvent) -> bool:
        if message["type"] != "http.response.start" or self.response_started:
            return False
        if self.disconnected or not self.keep_alive:
            return False
        headers = [*self.default_headers, *message["headers"]]
        named = dict(headers)
        lines = b"\r\n".join(map(b": ".join, headers))
        is_clean = len(lines.translate(None, CONTROLS)) == len(lines) - 2 * (len(headers) - 1)
        if not is_clean or LENGTH not in named or not UNUSUAL.isdisjoint(named):
            return False
        self._head = b"%b%b\r\n\r\n" % (STATUS_LINE[message["status"]], lines)
        self.expected_content_length = int(named[LENGTH])
        self.chunked_encoding = self.waiting_for_100_continue = False
        self.response_started = True
        return True

    def _ends(self, message: ASGISendEvent) -> TypeGuard[HTTPResponseBodyEvent]:
        return (
            message["type"] == "http.response.body"
            and not message.get("more_body", False)
            and len(message.get("body", b"")) == self.expected_content_length
            and self.keep_alive
            and not self.flow.write_paused
        )


# uvicorn asks for no other where it makes one; to change the class of one that is made costs more than to make it.
httptools_impl.RequestResponseCycle = _Cycle  # type: ignore[misc]


class BoundedProtocol(HttpToolsProtocol):
    """Refuses a request whose head is too large, also while it still comes in and where it comes after the body.

    A request must come whole within `patience`, or a few slow senders would hold every connection there can be.
    """

    patience: ClassVar[float] = 30.0
    _late: asyncio.TimerHandle | None = None
    _told_of_loss: Callable[[], None] | None = None
    _is_reading = False
    _unread = 0  # bytes since the last that the parser passed on: a header that does not end
    _head = 0
    _fields = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """See asyncio."""
        super().connection_made(_Joining(transport, self.loop))
        self._await_rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        self._stop_waiting()
        super().connection_lost(exc)
        if self._told_of_loss:
            self._told_of_loss()
        # They hold each other and this: let go of, they need no collector.
        self.cycle = self.scope = None  # type: ignore[assignment]  # as uvicorn has it at first

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        self._unread += len(data)
        super().data_received(data)
        if self._is_reading and self._late is None:
            self._await_rest()
        if self._unread > HEAD_MAX and self.parser is not None and not self.transport.is_closing():
            self._head = self._unread
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """See httptools."""
        self._head = self._fields = 0
        self._is_reading = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """See httptools."""
        self._check_head()
        self._fields = len(self.headers)
        self.scope["state"][LOSS] = self._tell_of_loss
        super().on_headers_complete()
        self._unread = 0

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        super().on_body(body)
        self._unread = 0

    def on_message_complete(self) -> None:
        """See httptools."""
        if len(self.headers) > self._fields:  # those that came after the body
            self._check_head()
        self._is_reading = False
        self._stop_waiting()
        super().on_message_complete()
        self._unread = 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (uvicorn's words are not ours)
        """A problem in the place of uvicorn's line of text, and the end of the connection."""
        self._refuse(TOO_LARGE if self._head > HEAD_MAX else MALFORMED)

    def _refuse(self, problem: Problem) -> None:
        body = msgspec.json.encode(problem)
        head = [
            f"HTTP/1.1 {problem.status} {problem.title}",
            *(f"{name}: {value}" for name, value in SECURITY.items()),
            "Content-Type: application/problem+json",
            f"Content-Length: {len(body)}",
            "Connection: close",
            f"X-Request-ID: {new_request_id().decode()}",
        ]
        self.transport.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        self.transport.close()

    def _tell_of_loss(self, lose: Callable[[], None] | None) -> None:
        self._told_of_loss = lose
        if lose and self.transport.is_closing():
            lose()

    def _await_rest(self) -> None:
        self._late = self.loop.call_later(self.patience, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        """Say why, unless nothing was asked yet or the answer is already under way."""
        if not self._is_reading or (self.cycle is not None and self.cycle.response_started):
            self.transport.close()
        elif not self.transport.is_closing():
            self._refuse(TOO_SLOW)

    def _check_head(self) -> None:
        self._head = len(self.url) + sum(map(len, chain.from_iterable(self.headers)))
        if self._head > HEAD_MAX:
            raise HeadTooLarge
