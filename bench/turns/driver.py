"""Load: the closed loop of `load.py`, and streams that are held open."""

import asyncio
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.turns.servers import SECRET, Server

ADD = "Add a task to buy milk {n}"
DELTA = re.compile(rb"^event: delta\ndata: (.*)$", re.MULTILINE)
Sample = dict[str, Any]


def load(tools: Path, server: Server, concurrency: int, seconds: float, **more: object) -> Sample:
    """One round of load in a process of its own; names of `more` are the options of `load.py`."""
    options: dict[str, object] = {"users": max(64, concurrency), "warmup": 0.3, "message": ADD} | more
    command = [sys.executable, str(tools / "load.py"), server.url, "--secret", SECRET, "--pid", str(server.pid)]
    command += ["--concurrency", str(concurrency), "--seconds", str(seconds)]
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        command += [flag] if value is True else [flag, str(value)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        raise RuntimeError(told.stderr)
    return dict(json.loads(told.stdout))


def loader(tools: Path) -> ModuleType:
    """`load.py` as a module, for its tokens and its look at a process."""
    spec = importlib.util.spec_from_file_location("load", tools / "load.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Ask:
    """One request of a user: a turn, or a GET of a path below the user's."""

    user: str
    message: str = ""
    conversation: str | None = None
    path: str = ""


async def each(tools: Path, server: Server, asks: list[Ask], concurrency: int) -> float:
    """CPU microseconds of the server for an answer, when each of these is asked once."""
    shared = loader(tools)
    process, waiting = shared.Process(server.pid), list(reversed(asks))
    tokens = {user: shared.token(user, SECRET, {}) for user in {ask.user for ask in asks}}

    async def worker() -> None:
        reader, writer = await asyncio.open_connection(*_place(server))
        while waiting:
            ask = waiting.pop()
            writer.write(_request(ask, tokens[ask.user]))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise RuntimeError(f"{ask} was answered {head[:40]!r}")
        writer.close()

    _, before = process.sample()
    await asyncio.gather(*(worker() for _ in range(concurrency)))
    _, after = process.sample()
    return float((after - before) / len(asks) * 1e6)


def _request(ask: Ask, token: str) -> bytes:
    body = b"" if ask.path else json.dumps({"message": ask.message, "conversation_id": ask.conversation}).encode()
    line = f"GET /api/{ask.user}{ask.path}" if ask.path else f"POST /api/{ask.user}/chat"
    head = f"{line} HTTP/1.1\r\nHost: munshi\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + body


def _place(server: Server) -> tuple[str, int]:
    host, _, port = server.url.removeprefix("http://").partition(":")
    return host, int(port)


@dataclass
class Held:
    """What came of streams that were open at the same time."""

    opened: int
    whole: int
    kib_per_stream: float
    meanwhile: Any = None


async def hold(
    tools: Path, server: Server, streams: int, message: str, words: int, meanwhile: Callable[[], Any] | None = None
) -> Held:
    """Open so many streams, look at the memory while all are open, and hear each to its end."""
    shared = loader(tools)
    process = shared.Process(server.pid)
    before, _ = process.sample()
    begun = asyncio.Semaphore(0)
    tasks = [
        asyncio.create_task(_listen(shared, server, f"s{number}", message, words, begun)) for number in range(streams)
    ]
    for _ in range(streams):
        await asyncio.wait_for(begun.acquire(), 120)
    opened = sum(not task.done() for task in tasks)
    now, _ = process.sample()
    found = await asyncio.to_thread(meanwhile) if meanwhile else None
    whole = sum(result is True for result in await asyncio.gather(*tasks, return_exceptions=True))
    return Held(opened, whole, (now - before) / streams, found)


async def _listen(
    shared: ModuleType, server: Server, user: str, message: str, words: int, begun: asyncio.Semaphore
) -> bool:
    """Whether a stream brought its every word and its end."""
    host, port = _place(server)
    text = b""
    try:
        reader, writer = await asyncio.open_connection(host, port)
        body = json.dumps({"message": message}).encode()
        writer.write(
            f"POST /api/{user}/chat/stream HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {shared.token(user, SECRET, {})}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        while b"w0" not in text:
            text += await _more(reader)
    finally:
        begun.release()
    while b"event: done" not in text:
        text += await _more(reader)
    writer.close()
    # Words that come late stand together in an event.
    said = "".join(json.loads(data)["text"] for data in DELTA.findall(text))
    return said.split() == [f"w{number}" for number in range(words)]


async def _more(reader: asyncio.StreamReader) -> bytes:
    piece = await reader.read(65536)
    if not piece:
        raise ConnectionError("the stream was cut")
    return piece
