"""A TCP proxy before the database, that can be cut (connections are torn and refused) and frozen (nothing passes)."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 1 << 16


class Proxy:
    """Passes bytes between a free port and a server as long as it is let."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._open, self._over = asyncio.Event(), asyncio.Event()
        self._is_cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self.port = 0

    def cut(self) -> None:
        """Tear every connection, and each new one, until it is mended."""
        self._loop.call_soon_threadsafe(self._cut)

    def freeze(self) -> None:
        """Take bytes and connections and pass nothing on, until it is mended."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def mend(self) -> None:
        """Pass everything on again."""
        self._is_cut = False
        self._loop.call_soon_threadsafe(self._open.set)

    def _cut(self) -> None:
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        with suppress(OSError, asyncio.CancelledError):  # asyncio complains of a server's task that was cancelled
            there, back = await asyncio.open_connection(*self._server)
            self._writers |= {writer, back}
            try:
                await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
            finally:
                self._writers -= {writer, back}
                writer.transport.abort()
                back.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                await self._open.wait()
                target.write(data)
                await target.drain()
        target.transport.abort()

    def _serve(self, ready: threading.Event) -> None:
        async def serve() -> None:
            self._open.set()
            listener = await asyncio.start_server(self._connected, "127.0.0.1", 0, family=socket.AF_INET)
            self.port = listener.sockets[0].getsockname()[1]
            ready.set()
            await self._over.wait()
            listener.close()
            left = asyncio.all_tasks() - {asyncio.current_task()}
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

        self._loop.run_until_complete(serve())
        self._loop.close()

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Between the two as long as the block lasts."""
        ready = threading.Event()
        thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        thread.start()
        ready.wait()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._over.set)
            thread.join()
