"""One keep-alive connection that speaks just enough HTTP/1.1 to ask fast, and any header twice."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass
class Answer:
    """Status, headers as sent, and the whole body."""

    status: int
    head: str
    text: str

    @property
    def json(self) -> Any:
        """The body read."""
        return json.loads(self.text)

    def events(self) -> list[tuple[str, Any]]:
        """The named events of a stream."""
        frames = [
            dict(line.split(": ", 1) for line in frame.splitlines()) for frame in self.text.split("\n\n") if frame
        ]
        return [(frame.get("event", ""), json.loads(frame["data"])) for frame in frames if "data" in frame]


class Wire:
    """Asks one thing after the other."""

    def __init__(self, address: str) -> None:
        self._host, _, port = address.removeprefix("http://").partition(":")
        self._port = int(port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: object, headers: list[tuple[str, str]]) -> Answer:
        """One request and its answer, streams to their end."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(content)}"]
        lines += ["Content-Type: application/json"] if content else []
        lines += [f"{name}: {value}" for name, value in headers]
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port, limit=2**24)
        reader, writer = self._streams
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + content)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        told = head.lower()
        if "transfer-encoding: chunked" in told:
            text = await _chunked(reader)
        elif "content-length: " in told:
            text = await reader.readexactly(int(told.split("content-length: ", 1)[1].split("\r\n", 1)[0]))
        else:
            text = b""
        if "connection: close" in told:
            self.close()
        return Answer(int(head.split(" ", 2)[1]), head, text.decode())

    def close(self) -> None:
        """Hang up; the next question connects again."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)
