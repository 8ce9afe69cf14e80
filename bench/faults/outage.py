"""The database is away for a while: bounded 503s, an honest health check, and recovery without a restart."""

import asyncio
import resource
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx2
from bench.faults.audit import audit
from bench.faults.databases import POSTGRES, told
from bench.faults.load import NO_TLS, Speaker, figures, settle, speakers, talking
from bench.faults.models import obedient
from bench.faults.processes import Process, Site, serving, site
from bench.faults.proxy import Proxy
from sqlalchemy import make_url
from tests.doubles.openai_server import running

WAYS = {"sqlite": ("locked", "full"), "postgresql": ("cut", "frozen", "closed")}
ANSWERED = 20.0
"""Seconds within which everybody must be answered; a hang shows only while the database is away for longer."""
HEALTH = 5.0
"""Seconds within which a health check is answered."""
RECOVERED = 15.0
"""Seconds after the database's return within which turns are held again."""
PIECE = 0.01


def outage(engine: str, data_dir: Path, way: str, *, away: float = 30.0, devices: int = 4) -> dict[str, Any]:
    """Take the database away for so many seconds under load; the figures, with every broken promise under "broken"."""
    with ExitStack() as stack:
        model = stack.enter_context(running(obedient(PIECE)))
        keys = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url}
        at = stack.enter_context(site(engine, data_dir, **keys))
        direct, proxy = at.url, None
        if way in ("cut", "frozen"):
            address = make_url(direct)
            proxy = stack.enter_context(Proxy((address.host or "127.0.0.1", address.port or 5432)).running())
            through = address.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
            at = Site(data_dir, {**at.settings, "DATABASE_URL": through})
        people = speakers(at, 8, devices, 7)
        process = stack.enter_context(serving(at))
        health = Health(process.address)
        with talking(people, [process.address]), health.watching():
            time.sleep(2)
            began = time.monotonic()
            with _away(way, direct, process, proxy):
                time.sleep(away)
            ended = time.monotonic()
            time.sleep(RECOVERED)
        settle(people, [process.address])
        told_of = _told_of(people, health, began, ended)
        return {
            **told_of,
            **figures(people),
            "tracebacks": at.complaints(),
            "broken": [*_broken(told_of, people), *audit(direct, people)],
        }


class Health:
    """What `/api/health` says, four times a second."""

    def __init__(self, address: str) -> None:
        self._url = f"{address}/api/health"
        self.seen: list[tuple[float, int, float]] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Ask as long as the block lasts."""
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _watch(self, over: threading.Event) -> None:
        with httpx2.Client(verify=NO_TLS, timeout=60) as http:
            while not over.wait(0.25):
                asked = time.monotonic()
                status = http.get(self._url).status_code
                self.seen.append((asked, status, time.monotonic() - asked))


def _away(way: str, url: str, process: Process, proxy: Proxy | None) -> AbstractContextManager[None]:
    if way == "locked":
        return locked(make_url(url).database or "")
    if way == "full":
        return full(process.popen.pid)
    if way == "closed":
        return _closed(make_url(url).database or "")
    assert proxy
    return _broken_line(proxy.cut if way == "cut" else proxy.freeze, proxy.mend)


@contextmanager
def locked(file: str) -> Iterator[None]:
    """Another process holds the write lock."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=60)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def full(pid: int) -> Iterator[None]:
    """No file of the process may grow: every write past its end fails, as on a full disk."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def _closed(name: str) -> Iterator[None]:
    """The server ends every connection and takes no new one."""
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    asyncio.run(told(POSTGRES, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", end))
    yield
    asyncio.run(told(POSTGRES, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))


@contextmanager
def _broken_line(fault: Callable[[], None], mend: Callable[[], None]) -> Iterator[None]:
    fault()
    yield
    mend()


def _told_of(people: list[Speaker], health: Health, began: float, ended: float) -> dict[str, Any]:
    heard = sorted((one for person in people for one in person.heard), key=lambda one: one.asked)
    meanwhile = [one for one in heard if began <= one.asked < ended]
    refused = [
        one.seconds for one in heard if one.asked < ended and one.asked + one.seconds > began and one.status == 503
    ]
    first = min(one.asked + one.seconds for one in heard if one.asked + one.seconds > ended and one.status == 200)
    sick = [seen for seen in health.seen if began <= seen[0] < ended - HEALTH]
    return {
        "away, s": round(ended - began, 1),
        "asked meanwhile": len(meanwhile),
        "told 503 meanwhile": len(refused),
        "seconds to a 503 (median, 99 %, longest)": _spread(refused),
        "longest answer of all, s": round(max(one.seconds for one in heard), 1),
        "first turn after the return, s": round(first - ended, 1),
        "health meanwhile": str({status: sum(s == status for _, s, _ in sick) for status in {s for _, s, _ in sick}}),
        "longest health check, s": round(max(seconds for _, _, seconds in health.seen), 1),
    }


def _spread(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return str(seconds)
    parts = quantiles(seconds, n=100)
    return f"{parts[49]:.2f}, {parts[98]:.2f}, {max(seconds):.2f}"


def _broken(told_of: dict[str, Any], people: list[Speaker]) -> list[str]:
    faults = []
    if told_of["longest health check, s"] > HEALTH:
        faults.append(f"a health check took {told_of['longest health check, s']} s")
    if told_of["longest answer of all, s"] > ANSWERED:
        faults.append(f"somebody waited {told_of['longest answer of all, s']} s for an answer")
    if told_of["first turn after the return, s"] > RECOVERED:
        faults.append("no turn was held soon after the return")
    if "200" in told_of["health meanwhile"]:
        faults.append(f"health was told as {told_of['health meanwhile']}")
    cut = [moment for one in people for moment in one.cut]
    return [*faults, *([f"{len(cut)} requests were cut without a word"] if cut else [])]
