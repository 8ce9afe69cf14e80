"""Every request, seen from outside: its id, one line of the log, what the observers hear of it; HEAD answered as GET.

This is put around the whole application: Litestar's middlewares run behind its router and never see an unknown path or
a preflight.
"""

import itertools
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Any

from dishka import AsyncContainer
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from application.observing import Kind, Observation, Observer
from entrypoints.http.door import PARTS, parts_of

HEADER = b"x-request-id"
SANE = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
"""What a caller may name its request: too short for a token, and safe in a line and in a header."""
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
UNROUTED = "unknown"
PROCESS = secrets.token_hex(6).encode()
OK = 200
SERVER_ERROR = 500
MICROSECONDS = 1_000_000
CODE = "problem_code"
"""Where the state of a request keeps the code of the problem that answered it, also in the last event of a stream."""
NAME = "request_id"
"""Where the state of a request keeps its id."""
HEAD_ONLY = "is_head_only"
"""Where the state of a request says that nobody hears more of its answer than the head."""

Headers = Iterable[tuple[bytes, bytes]]
Tell = Callable[[str, dict[str, Any]], None]
"""Writes an event to the log, at its level: info or warning."""

_count = itertools.count(1)
_state: ContextVar[dict[str, Any]] = ContextVar("state of the request that is answered")


def note_problem(code: str) -> None:
    """Let the log and the metrics know how the request that is answered here failed."""
    if state := _state.get(None):
        state[CODE] = code


def request_now() -> str | None:
    """The id of the request that is answered here, if one is."""
    state = _state.get(None)
    return None if state is None else str(state[NAME])


class Requests:
    """The application with an observer at its door, and each answer with the headers that `complete` adds.

    With `log` every request is a line of the log, else the log hears of none.
    """

    def __init__(
        self,
        app: ASGIApp,
        container: AsyncContainer,
        complete: Callable[[Scope, Headers], list[tuple[bytes, bytes]]],
        log: Tell | None,
    ) -> None:
        self._app = app
        self._container = container
        self._parts: dict[object, Any] = {}
        self._complete = complete
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        if not self._parts:
            self._parts = await parts_of(self._container)
        observer = self._parts[Observer]
        # Every part lives as long as the process: no request needs a container of its own.
        state = scope["state"]
        state[PARTS] = self._parts
        state["dishka_container"] = self._container
        request_id = request_id_of(scope["headers"])
        state[NAME] = request_id.decode()
        _state.set(state)
        method = scope["method"] if scope["method"] in METHODS else "other"
        if method == "HEAD":
            state[HEAD_ONLY] = True
            # A copy: the server still has to know what was asked for.
            scope, send = {**scope, "method": HttpMethod.GET}, _without_body(send)
        answer = _Answer(send, self._complete, request_id, observer, scope)
        with Observation(observer, Kind.REQUEST, method) as seen:
            try:
                await self._app(scope, receive, answer.send)
            finally:
                answer.end()
                code = state.get(CODE, "")
                seen.name = f"{method} {answer.route}"
                seen.outcome = f"{answer.status} {code}".rstrip()
        if self._log:
            told = {
                "method": method,
                "route": answer.route,
                "status": answer.status,
                "seconds": int(seen.seconds * MICROSECONDS) / MICROSECONDS,  # round() takes five times as long
            }
            if code:
                told["code"] = code
            told["event"] = "request"
            has_failed = answer.status >= SERVER_ERROR or (code and answer.status == OK)
            self._log("warning" if has_failed else "info", told)


def _without_body(send: Send) -> Send:
    """The head of the answer alone (RFC 9110 §9.3.2)."""

    async def head(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return head


class _Answer:
    """The answer on its way out, with whole headers and the request's id in them; `status` is 0 until it begins."""

    def __init__(
        self,
        send: Send,
        complete: Callable[[Scope, Headers], list[tuple[bytes, bytes]]],
        request_id: bytes,
        observer: Observer,
        scope: Scope,
    ) -> None:
        self._send = send
        self._complete = complete
        self._request_id = request_id
        self._observer = observer
        self._scope = scope
        self._stream: Observation | None = None
        self.status = 0

    @property
    def route(self) -> str:
        """The template of the route, which the router has written; of what leads nowhere, one word."""
        return str(self._scope.get("path_template", UNROUTED))

    def send(self, message: Message) -> Awaitable[None]:
        """See ASGI."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            for name, value in message["headers"]:
                if name == b"content-type":
                    if value.startswith(b"text/event-stream"):
                        self._stream = Observation(self._observer, Kind.STREAM, self.route).__enter__()
                    break
            message["headers"] = [*self._complete(self._scope, message["headers"]), (HEADER, self._request_id)]
        return self._send(message)

    def end(self) -> None:
        """Nothing more is sent."""
        if self._stream:
            self._stream.__exit__(None, None, None)


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The caller's own name for its request where it is a sane one, else a new one."""
    for name, value in headers:
        if name == HEADER:
            return value if SANE.fullmatch(value) else new_request_id()
    return new_request_id()


def new_request_id() -> bytes:
    """A name that no other request has: this process's own, and a count."""
    return b"%s-%x" % (PROCESS, next(_count))
