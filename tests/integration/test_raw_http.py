"""Bytes that are hardly HTTP: each gets an answer or the end of its connection, and none holds the others up."""

import asyncio
import gc
import sys
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

from entrypoints.http.protocol import BoundedProtocol

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
SMUGGLED = b"d\r\n0123456789abc\r\n0\r\n\r\n" + GET + b"\r\n"
FRAMED_WRONG = {
    "a chunked body with a length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + SMUGGLED,
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
    "a length with a sign": POST + b"Content-Length: +3\r\n\r\nabc",
    "another coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED,
    "a chunk without end": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nabc",
    "a chunk size that is none": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "a blank before a colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "a folded header": GET + b"X: a\r\n b\r\n\r\n",
    "a NUL in a header": GET + b"X: a\0b\r\n\r\n",
    "lines without a carriage return": b"GET / HTTP/1.1\nHost: x\n\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(50),
}


class Hasty(BoundedProtocol):
    """Waits for a request as long as a test does."""

    patience = 0.3


async def echo(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Says how long the body was."""
    assert scope["type"] == "http"
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        assert message["type"] == "http.request"
        size, more = size + len(message["body"]), message["more_body"]
    told = b"<%d>" % size
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"%d" % len(told))],
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": told, "more_body": False})


async def thoughtful(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Begins an answer, and has nothing to say."""
    await send({"type": "http.response.start", "status": 200, "headers": [], "trailers": False})
    await receive()
    await receive()


@asynccontextmanager
async def listening(protocol: type[BoundedProtocol], app: ASGI3Application = echo) -> AsyncIterator[int]:
    config = uvicorn.Config(app, port=0, http=protocol, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    served = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await served


async def told(port: int, sent: bytes) -> bytes:
    """All that comes back until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize("sent", FRAMED_WRONG.values(), ids=FRAMED_WRONG.keys())
async def test_what_two_servers_could_read_in_two_ways_is_refused(sent: bytes) -> None:
    async with listening(BoundedProtocol) as port:
        answer = await told(port, sent)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1


async def test_requests_in_one_packet_are_answered_in_turn() -> None:
    async with listening(BoundedProtocol) as port:
        post = POST + b"Content-Length: 3\r\n\r\nabc"
        answer = await told(port, post + GET + b"\r\n" + GET + b"Connection: close\r\n\r\n")
    assert [answer.count(b"HTTP/1.1 200"), answer.find(b"<3>") < answer.find(b"<0>")] == [3, True]


async def test_a_head_and_a_body_go_out_in_one_piece() -> None:
    async with listening(BoundedProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET + b"\r\n")
        assert (await reader.read(65536)).endswith(b"\r\n\r\n<0>")
        writer.close()


async def test_an_answer_is_sent_our_way() -> None:
    ways: list[str] = []

    async def noting(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        ways.append(send.__module__)
        await echo(scope, receive, send)

    async with listening(BoundedProtocol, noting) as port:
        await told(port, GET + b"Connection: close\r\n\r\n")
    assert ways == [BoundedProtocol.__module__]


async def test_an_answer_that_is_told_in_pieces_comes_whole() -> None:
    async def pieces(_: Scope, __: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")], "trailers": False}
        )
        for piece in (b"a", b"bc"):
            await asyncio.sleep(0.01)
            await send({"type": "http.response.body", "body": piece, "more_body": piece == b"a"})

    async with listening(BoundedProtocol, pieces) as port:
        answer = await told(port, GET + b"\r\n" + GET + b"Connection: close\r\n\r\n")
    assert answer.count(b"content-length: 3\r\n") == answer.count(b"\r\n\r\nabc") == 2


@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\r", b"\0"])
async def test_a_header_that_would_be_two_is_not_sent(ending: bytes) -> None:
    async def torn(_: Scope, __: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        headers = [(b"content-length", b"0"), (b"x-told", b"a" + ending + b"set-cookie: b")]
        await send({"type": "http.response.start", "status": 200, "headers": headers, "trailers": False})

    async with listening(BoundedProtocol, torn) as port:
        assert b"set-cookie" not in await told(port, GET + b"\r\n")


async def test_a_head_alone_goes_out_where_only_that_is_asked_for() -> None:
    async with listening(BoundedProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write((b"HEAD" + GET[3:] + b"\r\n") * 2)
        for _ in range(2):
            assert b"content-length: 3\r\n" in await reader.readuntil(b"\r\n\r\n")
        writer.close()


async def test_a_head_does_not_wait_for_its_body() -> None:
    async with listening(BoundedProtocol, thoughtful) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET + b"\r\n")
        async with asyncio.timeout(5):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.close()


async def test_a_piece_of_a_stream_is_on_its_way_when_it_is_sent() -> None:
    written: list[bytes] = []
    seen: list[int] = []

    class Watched(BoundedProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            write = transport.write
            wire: Any = transport
            wire.write = lambda data: (written.append(data), write(data))
            wire.writelines = lambda pieces: wire.write(b"".join(pieces))
            super().connection_made(transport)

    async def words(_: Scope, __: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [], "trailers": False})
        for word in (b"a", b"b", b"c"):
            seen.append(len(written))
            await send({"type": "http.response.body", "body": word, "more_body": word != b"c"})

    async with listening(Watched, words) as port:
        assert (await told(port, GET + b"Connection: close\r\n\r\n")).endswith(b"1\r\nc\r\n0\r\n\r\n")
    assert seen == [0, 1, 2]
    assert [len(written), written[0].startswith(b"HTTP/1.1"), b"\r\na\r\n" in written[0]] == [3, True, True]


async def test_a_body_is_waited_for_once_it_is_asked_for() -> None:
    async with listening(BoundedProtocol) as port:
        expecting = b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
        answer = await told(port, POST + expecting)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", GET + b"X: a", POST + b"Content-Length: 9\r\n\r\nabc"])
async def test_a_request_that_does_not_come_is_given_up_and_holds_nobody_up(begun: bytes) -> None:
    async with listening(Hasty) as port:
        slow = [asyncio.create_task(told(port, begun)) for _ in range(50)]
        assert b"<0>" in await told(port, GET + b"Connection: close\r\n\r\n")
        answers = await asyncio.gather(*slow)
    assert {answer[:12] for answer in answers} == ({b"HTTP/1.1 408"} if begun else {b""})


async def test_an_ended_connection_leaves_nothing_to_the_garbage_collector() -> None:
    made: list[weakref.ref[BoundedProtocol]] = []

    class Watched(BoundedProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            made.append(weakref.ref(self))
            super().connection_made(transport)

    gc.disable()
    try:
        async with listening(Watched) as port:
            assert b"<0>" in await told(port, GET + b"Connection: close\r\n\r\n")
        assert [protocol() for protocol in made] == [None]
    finally:
        gc.enable()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no uvloop")
def test_who_asks_ahead_and_hangs_up_is_no_fault_of_the_answers() -> None:
    import uvloop  # noqa: PLC0415

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(faults_of_answers_to_nobody()) == []


async def faults_of_answers_to_nobody() -> list[Exception]:
    """What answers met whose client had asked several things at once, and had hung up by then."""
    begun, faults = asyncio.Event(), list[Exception]()

    async def late(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        try:
            await echo(scope, receive, send)
        except RuntimeError as fault:
            faults.append(fault)

    async with listening(BoundedProtocol, late) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write((GET + b"\r\n") * 5)
        await begun.wait()
        writer.transport.abort()
        await asyncio.sleep(0.5)
    return faults
