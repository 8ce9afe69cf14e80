"""The log of the service: one JSON object a line on stderr, each with the id of the request it belongs to.

What people say never gets there: of an exception its type and its place are told, of a library's line only what its
author wrote. Lines wait in a bounded queue, so that a slow reader of stderr holds up the log and nothing else.
"""

import atexit
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import FileIO, RawIOBase
from logging.config import dictConfig
from pathlib import Path
from select import select
from traceback import walk_tb
from types import TracebackType
from typing import Any

import msgspec
from structlog.dev import ConsoleRenderer
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

from application.ports import StorageUnavailable
from entrypoints.http.requests import Tell, request_now

SOURCES = Path(__file__).parents[2]
OURS = ("domain", "application", "adapters", "entrypoints")
OUR_FOLDERS = tuple(str(SOURCES / name) for name in OURS)
LITERAL = ("asyncio", "uvicorn")
"""Libraries whose lines begin with a sentence of their author's, even where they carry no arguments."""
LINES_MAX = 10_000
GATHER_SECONDS = 0.1
FLUSH_SECONDS = 1.0

Render = Callable[[WrappedLogger, str, EventDict], str]

log = logging.getLogger(__name__)


class Outlet:
    """Writes lines in a thread of its own, many at once; when its queue is full the oldest are lost, and counted."""

    def __init__(self, stream: RawIOBase) -> None:
        self._stream = stream
        self._lines: deque[bytes] = deque(maxlen=LINES_MAX)
        self._filled = threading.Event()
        self._writing = threading.Lock()
        self._lost = 0
        threading.Thread(target=self._write_on, name="log", daemon=True).start()
        atexit.register(self.flush)

    def put(self, line: bytes) -> None:
        """Take a line; it is written soon."""
        if len(self._lines) == LINES_MAX:
            self._lost += 1
        self._lines.append(line)
        if not self._filled.is_set():
            self._filled.set()

    def flush(self) -> None:
        """Write what is waiting; give up where somebody reads so slowly that an earlier writing has not ended."""
        if not self._writing.acquire(timeout=FLUSH_SECONDS):
            return
        try:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if self._lost:
                lines.append(b'{"event":"lines of the log were lost","level":"warning","lines":%d}' % self._lost)
                self._lost = 0
            rest = memoryview(b"".join(line + b"\n" for line in lines))
            while rest:
                written = self._stream.write(rest)
                if written is None:  # a full pipe that does not block
                    select([], [self._stream], [])
                rest = rest[written or 0 :]
        except (OSError, ValueError):
            # Nobody reads any more: the service goes on.
            return
        finally:
            self._writing.release()

    def _write_on(self) -> None:
        while self._filled.wait():
            time.sleep(GATHER_SECONDS)
            self._filled.clear()
            self.flush()


class OutletHandler(logging.Handler):
    """Brings what is logged through the standard library to the outlet."""

    def __init__(self, outlet: Outlet) -> None:
        super().__init__()
        self._outlet = outlet

    def emit(self, record: logging.LogRecord) -> None:
        """Never fails: what is told of matters more than the telling."""
        try:
            line = self.format(record)
        except Exception as fault:
            line = (
                f'{{"event":"a line of the log could not be written","level":"error","error":"{type(fault).__name__}"}}'
            )
        self._outlet.put(line.encode(errors="replace"))


class Lines:
    """Tells our events, one for each request, without a logger's way to the outlet, which costs more than the line."""

    def __init__(self, level: str, outlet: Outlet, as_json: bool) -> None:
        levels = logging.getLevelNamesMapping()
        self._told = {name.lower() for name, number in levels.items() if number >= levels[level.upper()]}
        self._outlet = outlet
        self._render = _json if as_json else _words()

    def tell(self, level: str, event: EventDict) -> None:
        """See `Tell`."""
        if level in self._told:
            self._outlet.put(self._render(None, level, _dated(event, level)).encode(errors="replace"))


def log_config(level: str, outlet: Outlet, as_json: bool) -> dict[str, Any]:
    """Everything that is logged through the standard library, to the outlet; libraries from warnings on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": ProcessorFormatter,
                "processors": [ProcessorFormatter.remove_processors_meta, _json if as_json else _words()],
                "foreign_pre_chain": [_by_author, ExtraAdder(), _told],
                "pass_foreign_args": True,
            }
        },
        "handlers": {"outlet": {"()": partial(OutletHandler, outlet), "formatter": "line"}},
        "root": {"handlers": ["outlet"], "level": "WARNING"},
        "loggers": {name: {"level": level.upper()} for name in OURS},
    }


def start_log(level: str) -> tuple[Tell, Outlet]:
    """Log to this process's stderr from now on: JSON, or plain words where a person looks on."""
    # Without Python's buffer, whose lock a writing that hangs would hold to the end of the process.
    outlet = Outlet(FileIO(sys.stderr.fileno(), "wb", closefd=False))
    as_json = not sys.stderr.isatty()
    dictConfig(log_config(level, outlet, as_json))
    logging.captureWarnings(True)
    sys.excepthook = lambda _, error, __: _tell_unhandled("the process", error)
    sys.unraisablehook = lambda fault: _tell_unhandled("a finalizer", fault.exc_value)
    threading.excepthook = lambda fault: _tell_unhandled("a thread", fault.exc_value)
    return Lines(level, outlet, as_json).tell, outlet


def _tell_unhandled(where: str, error: BaseException | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        log.error("unhandled error in %s", where, exc_info=error)


def _by_author(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The line without what a library put into it at run time: that may be what a person said."""
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    arguments = event.pop("positional_args", None)
    root = record.name.partition(".")[0]
    if root not in OURS:
        said = str(record.msg).partition("\n")[0]
        is_literal = (arguments or root in LITERAL) and not said.startswith("%")
        event["event"] = said if is_literal else "a library's warning"
        event["line"] = f"{_short(record.pathname)}:{record.lineno}"
    return event


def _told(_: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A line with its date; an exception in it without its words."""
    return _without_words(_dated(event, method))


def _dated(event: EventDict, level: str) -> EventDict:
    """To which request a line belongs, how grave it is and when it was told."""
    if request_id := request_now():
        event["request_id"] = request_id
    event["level"] = level
    event["timestamp"] = datetime.now(UTC)
    return event


def _without_words(event: EventDict) -> EventDict:
    """An exception as its type, the place in our sources where it came from, and what caused it."""
    event.pop("stack_info", None)
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = place_of(error.__traceback__)
        if cause := error.__cause__ or error.__context__:
            event["cause"] = type(cause).__name__
        if isinstance(error, StorageUnavailable) and error.reason:
            event["reason"] = error.reason
    return event


def place_of(traceback: TracebackType | None) -> str:
    """The innermost place of a traceback in our own sources, or else the innermost."""
    places = [(frame.f_code, line) for frame, line in walk_tb(traceback)]
    ours = [place for place in places if place[0].co_filename.startswith(OUR_FOLDERS)]
    if not places:
        return "unknown"
    code, line = (ours or places)[-1]
    return f"{_short(code.co_filename)}:{line} in {code.co_name}"


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(SOURCES)) if filename.startswith(OUR_FOLDERS) else "/".join(path.parts[-2:])


_encoder = msgspec.json.Encoder(enc_hook=lambda value: type(value).__name__)


def _json(_: WrappedLogger, __: str, event: EventDict) -> str:
    return _encoder.encode(event).decode()


def _words() -> Render:
    render = ConsoleRenderer(colors=False)

    def words(logger: WrappedLogger, method: str, event: EventDict) -> str:
        event["timestamp"] = event["timestamp"].isoformat().replace("+00:00", "Z")
        return str(render(logger, method, event))

    return words
