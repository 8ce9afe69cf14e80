"""An issuer on 127.0.0.1: a real HTTP server whose answers a test sets, and which counts who asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.security.forge import Mint, dump


class Issuer:
    """Answers every GET with `body`; `delay` seconds late, in pieces when `trickle` is set."""

    def __init__(self) -> None:
        self.url = ""
        self.status = "200 OK"
        self.headers: dict[str, str] = {"Content-Type": "application/json"}
        self.body = b""
        self.delay = 0.0
        self.trickle = False
        self.requests: list[str] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    def publish(self, *mints: Mint, **members: object) -> None:
        self.body = dump({"keys": [mint.jwk | members for mint in mints]})

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"{self.base}/api/auth/jwks"

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
            await asyncio.sleep(self.delay)
            head = [f"HTTP/1.1 {self.status}", f"Content-Length: {len(self.body)}", "Connection: close"]
            head += [f"{name}: {value}" for name, value in self.headers.items()]
            writer.write("\r\n".join([*head, "", ""]).encode())
            await self._send(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        if not self.trickle:
            writer.write(self.body)
            await writer.drain()
            return
        for place in range(len(self.body)):
            writer.write(self.body[place : place + 1])
            await writer.drain()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running_issuer(*mints: Mint) -> AsyncIterator[Issuer]:
    issuer = Issuer()
    issuer.publish(*mints)
    await issuer.start()
    try:
        yield issuer
    finally:
        await issuer.stop()
