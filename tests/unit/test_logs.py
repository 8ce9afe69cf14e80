"""The log's lines: what a library or an exception would say of people stays out of them, and nothing holds them up."""

import json
import logging
import os
import re
import threading
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from application.ports import StorageUnavailable
from entrypoints.http import logs
from entrypoints.http.logs import Lines, Outlet, OutletHandler, log_config

FORMATTER = "line"


class Written:
    """A log that is written to a file, with a handler that stands where the service's own does."""

    def __init__(self, path: Path, as_json: bool) -> None:
        self._path = path
        self._outlet = Outlet(FileIO(path, "wb"))
        options = log_config("info", self._outlet, as_json)["formatters"][FORMATTER]
        self.handler = OutletHandler(self._outlet)
        self.handler.setFormatter(options.pop("()")(**options))

    def text(self) -> str:
        self._outlet.flush()
        return self._path.read_text()

    def tell(self, name: str, *told: Any, **named: Any) -> dict[str, Any]:
        """The line that a logger's warning becomes."""
        logger = logging.getLogger(name)
        logger.addHandler(self.handler)
        logger.warning(*told, **named)
        logger.removeHandler(self.handler)
        return dict(json.loads(self.text().splitlines()[-1]))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path / "log", as_json=True)


def test_a_silent_database_is_told_with_its_own_word_for_why(written: Written) -> None:
    fault = StorageUnavailable("The database does not answer.", "SQLITE_FULL")
    assert written.tell("adapters.storage", "a part failed", exc_info=fault)["reason"] == "SQLITE_FULL"


def test_our_own_line_is_told_whole(written: Written) -> None:
    line = written.tell("adapters.storage", "the pool has %d left", 3)
    assert (line["event"], line["logger"], line["level"]) == ("the pool has 3 left", "adapters.storage", "warning")


def test_an_exception_is_its_type_its_place_and_its_cause(written: Written) -> None:
    try:
        try:
            raise KeyError("doodh")
        except KeyError as cause:
            raise ValueError("doodh lana") from cause
    except ValueError as fault:
        line = written.tell("adapters.storage", "failed", exc_info=fault)
    assert (line["error"], line["cause"]) == ("ValueError", "KeyError")
    assert line["at"].startswith("unit/test_logs.py:")
    assert "doodh" not in written.text()


@pytest.mark.parametrize("name", ["openai.agents", "httpx2", "mcp.server", "asyncio"])
def test_what_a_library_puts_into_a_line_is_left_out(written: Written, name: str) -> None:
    logging.getLogger(name).setLevel(logging.WARNING)
    assert written.tell(name, "Bad answer %s", "doodh")["event"] == "Bad answer %s"
    assert written.tell(name, "%s", "doodh")["event"] == "a library's warning"
    line = written.tell(name, f"Task exception was never retrieved\nfuture: {'doodh'!r}")
    assert line["line"].startswith("unit/test_logs.py:")
    assert "doodh" not in written.text()


def test_lines_beyond_the_queue_are_lost_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LINES_MAX", 3)
    monkeypatch.setattr(logs, "GATHER_SECONDS", 60)
    with FileIO(tmp_path / "log", "wb") as stream:
        outlet = Outlet(stream)
        for number in range(5):
            outlet.put(b"%d" % number)
        outlet.flush()
    *kept, last = (tmp_path / "log").read_bytes().splitlines()
    assert kept == [b"2", b"3", b"4"]
    assert json.loads(last)["lines"] == 2


def test_nobody_reading_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with FileIO(writing, "wb") as stream:
        outlet = Outlet(stream)
        outlet.put(b"line")
        outlet.flush()


def test_a_full_pipe_that_does_not_block_is_waited_for() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    full, refused, line = threading.Event(), [0], b"x" * 200_000

    class Counted(FileIO):
        def write(self, content: Any) -> Any:
            written = super().write(content)
            if written is None:
                refused[0] += 1
                full.set()
            return written

    with FileIO(reading, "rb") as reader, Counted(writing, "wb") as stream:
        Outlet(stream).put(line)
        full.wait()
        heard = b""
        while len(heard) <= len(line):
            heard += reader.read(1 << 16) or b""
    assert heard == line + b"\n"
    assert refused[0] < len(line) // 1000  # more than pieces would be written page by page, a fraction of a busy loop


@pytest.mark.parametrize("as_json", [True, False])
def test_an_event_is_a_dated_line_from_its_level_on(tmp_path: Path, as_json: bool) -> None:
    with FileIO(tmp_path / "log", "wb") as stream:
        outlet = Outlet(stream)
        lines = Lines("warning", outlet, as_json)
        lines.tell("info", {"event": "request", "status": 200})
        lines.tell("warning", {"event": "request", "status": 503})
        outlet.flush()
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert "503" in line
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", line)


def test_a_person_looking_on_reads_words(tmp_path: Path) -> None:
    written = Written(tmp_path / "log", as_json=False)
    logger = logging.getLogger("adapters.words")
    logger.addHandler(written.handler)
    logger.warning("the pool is empty")
    logger.removeHandler(written.handler)
    assert "the pool is empty" in written.text()
    assert not written.text().startswith("{")
