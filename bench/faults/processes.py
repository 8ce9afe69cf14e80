"""Serving processes that are killed, drained and started again on one database."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.faults.databases import database
from tests.e2e.process import COMMAND, environment

from entrypoints.settings import read_settings
from entrypoints.wiring import issue_token

LOG = "munshi.log"


@dataclass(frozen=True)
class Site:
    """A data folder and the settings of the processes that share it."""

    data_dir: Path
    settings: dict[str, str]

    @property
    def url(self) -> str:
        """The database's."""
        return read_settings({"DATA_DIR": str(self.data_dir), **self.settings}).database_url

    def token(self, user: str) -> str:
        """A token for this user, good in every process."""
        here = read_settings({"DATA_DIR": str(self.data_dir), **self.settings})
        return issue_token(here, user, timedelta(hours=12))

    def complaints(self) -> list[str]:
        """Tracebacks that the processes wrote, by their last lines."""
        written = (self.data_dir / LOG).read_text().split("Traceback (most recent call last):\n")[1:]
        return sorted({next(line for line in part.splitlines() if line[:1].strip()) for part in written})


@dataclass(frozen=True)
class Process:
    """One running `munshi serve`."""

    popen: subprocess.Popen[str]
    address: str

    def kill(self) -> None:
        """End it without a word."""
        self.popen.send_signal(signal.SIGKILL)
        self._ended()

    def drain(self) -> tuple[int, float]:
        """Ask it to end; the exit code, and the seconds it took."""
        asked = time.monotonic()
        self.popen.send_signal(signal.SIGTERM)
        return self._ended(), time.monotonic() - asked

    def _ended(self) -> int:
        code = self.popen.wait()
        if self.popen.stdout:
            self.popen.stdout.close()
        return code


@contextmanager
def site(engine: str, data_dir: Path, **settings: str) -> Iterator[Site]:
    """Where processes serve one empty database."""
    with database(engine, data_dir) as chosen:
        yield Site(data_dir, {"RATE_LIMIT": "100000000/minute", **chosen, **settings})


def started(at: Site) -> Process:
    """A process that is ready."""
    with (at.data_dir / LOG).open("a") as log:
        popen = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0"],
            env=environment(at.data_dir, at.settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert popen.stdout
    ready = popen.stdout.readline()
    assert ready.startswith("Munshi is ready: "), (at.data_dir / LOG).read_text()[-2000:]
    return Process(popen, ready.removeprefix("Munshi is ready: ").strip().partition("/#")[0].rstrip("/"))


@contextmanager
def serving(at: Site) -> Iterator[Process]:
    """A process as long as the block lasts, whatever happens in it."""
    process = started(at)
    try:
        yield process
    finally:
        if process.popen.poll() is None:
            process.kill()
