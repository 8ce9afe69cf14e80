"""The whole service on a socket, with a clock that moves when told; and a client that sends any bytes."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from dishka import Provider, Scope
from msgspec import Struct
from tests.security.forge import BASE, HandClock

from application.ports import Clock
from entrypoints.http.app import build_app
from entrypoints.settings import read_settings
from entrypoints.wiring import container_for


class Heard(Struct):
    """An answer; `status` is 0 where the connection was closed without one."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])


class Wire:
    """One connection, opened anew when the service closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, target: str, *headers: str | bytes, body: bytes | None = None) -> Heard:
        """GET, or POST where there is a body; target and headers go out as they stand."""
        lines = [f"{'GET' if body is None else 'POST'} {target} HTTP/1.1", "Host: munshi", *headers]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        raw = [line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass") for line in lines]
        try:
            return await self._exchange(b"\r\n".join([*raw, b"", body or b""]))
        except (ConnectionError, asyncio.IncompleteReadError):
            await self.close()
            return Heard(0, {}, b"")

    async def _exchange(self, message: bytes) -> Heard:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(message)
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = headers.get("content-length")
        body = await (self._reader.readexactly(int(size)) if size else self._reader.read())
        if not size or headers.get("connection") == "close":
            await self.close()
        return Heard(int(first.split()[1]), headers, body)

    async def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None


def bearer(token: str) -> str:
    return f"Authorization: Bearer {token}"


@asynccontextmanager
async def served(data_dir: Path, clock: HandClock, **settings: str) -> AsyncIterator[Wire]:
    """The service that accepts the tokens of BASE for BASE, on SQLite."""
    given = {"DATA_DIR": str(data_dir), "RATE_LIMIT": "100000/minute", "JWT_ISSUER": BASE, "JWT_AUDIENCE": BASE}
    handed = Provider(scope=Scope.APP)
    handed.provide(lambda: clock, provides=Clock, override=True)
    app = build_app(container_for(read_settings(given | settings), handed))
    # Named as TCP, or asyncio leaves Nagle's algorithm on, and each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    wire = Wire(listener.getsockname()[1])
    try:
        yield wire
    finally:
        await wire.close()
        server.should_exit = True
        await running


def refusals(heard: Iterable[tuple[str, Heard]], *allowed: Any) -> dict[str, Any]:
    """By name, what was answered otherwise than by one of the `allowed` (status, code)."""
    told = {name: (one.status, one.code if one.status >= 401 else "") for name, one in heard}
    return {name: what for name, what in told.items() if what not in allowed}
