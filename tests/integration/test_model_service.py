"""The way to the model's service, over a socket: what is tried again and when, what is sent, how a stream is read."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.assistant import wire
from adapters.assistant.wire import DEADLINE, Answer, Service, ServiceFault

STREAM = b'data: {"n": 1}\n\ndata: {"n": 2}\n\ndata: [DONE]\n\n'
EVENTS = [b'{"n": 1}', b'{"n": 2}']
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


def whole(body: bytes) -> bytes:
    """A streamed answer that is sent at once."""
    return f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode() + body


def refusal(status: int, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} No\r\n{lines}Content-Length: 2\r\n\r\n{{}}".encode()


@dataclass
class Peer:
    """A server that answers each request with the next of its answers, then hangs up where one is cut short."""

    answers: list[bytes]
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with closing(writer):
            while head := await self._head(reader):
                self.heads.append(head)
                length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
                self.bodies.append(await reader.readexactly(length))
                answer = self.answers.pop(0)
                writer.write(answer)
                if not answer.startswith(b"HTTP") or b"Content-Length" not in answer:
                    break
        self.left.set()

    async def _head(self, reader: asyncio.StreamReader) -> str:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return ""

    def sent(self, name: str) -> str | None:
        """A header of the last request."""
        lines = [line.partition(": ") for line in self.heads[-1].split("\r\n")[1:]]
        return {key.lower(): value for key, _, value in lines}.get(name)


@asynccontextmanager
async def peer(*answers: bytes) -> AsyncIterator[Peer]:
    served = Peer(list(answers))
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield served


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[Service]:
    service = Service("sk-test", url)
    yield service
    await service.close()


async def read(service: Service, *body: bytes) -> list[bytes]:
    """Every event of an answer."""
    found = []
    with closing(await service.ask("responses", *body or (b"{}",))) as answer:
        while events := await answer.events():
            found += events
    return found


@contextmanager
def ending_in(seconds: float) -> Iterator[None]:
    """A turn that has so long."""
    token = DEADLINE.set(time.monotonic() + seconds)
    yield
    DEADLINE.reset(token)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between tries, in no time."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(wire, "asyncio", SimpleNamespace(sleep=sleep))
    return waited


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
async def test_what_may_pass_is_tried_twice_more(status: int, pauses: list[float]) -> None:
    async with peer(*[refusal(status)] * 3) as served, asking(served.url) as service:
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert (len(served.heads), told.value.status) == (3, status)
    assert 0.375 <= pauses[0] <= 0.5
    assert 0.75 <= pauses[1] <= 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_what_will_not_pass_is_not_tried_again(status: int, pauses: list[float]) -> None:
    async with peer(refusal(status)) as served, asking(served.url) as service:
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert (len(served.heads), told.value.status, pauses) == (1, status, [])


async def test_the_service_itself_may_say_whether_to_try_again(pauses: list[float]) -> None:
    async with peer(refusal(400, x_should_retry="true"), whole(STREAM)) as served, asking(served.url) as service:
        assert await read(service) == EVENTS
    async with peer(refusal(503, x_should_retry="false")) as served, asking(served.url) as service:
        with pytest.raises(ServiceFault):
            await read(service)
    assert len(pauses) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "4"}, 4),
        ({"retry_after": "0.25"}, 0.25),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"retry_after_ms": "1500", "retry_after": "4"}, 1.5),
        ({"retry_after_ms": "soon", "retry_after": "4"}, 4),
        ({"retry_after": "5"}, 5),
    ],
)
async def test_it_is_waited_as_long_as_was_asked(headers: dict[str, str], seconds: float, pauses: list[float]) -> None:
    async with peer(refusal(429, **headers), whole(STREAM)) as served, asking(served.url) as service:
        assert await read(service) == EVENTS
    assert pauses == [seconds]


async def test_a_date_to_wait_for_is_understood(pauses: list[float]) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    async with peer(refusal(503, retry_after=date)) as served, asking(served.url) as service:
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert told.value.pause is not None
    assert 50 < told.value.pause <= 60


@pytest.mark.parametrize("asked", ["-3", "0", "nan", "inf", "never", "Thu, 01 Jan 1970 00:00:00 GMT"])
async def test_a_wait_that_makes_no_sense_is_ours_to_choose(asked: str, pauses: list[float]) -> None:
    async with peer(refusal(429, retry_after=asked), whole(STREAM)) as served, asking(served.url) as service:
        assert await read(service) == EVENTS
    assert 0.375 <= pauses[0] <= 0.5


@pytest.mark.parametrize("seconds", [6, 30, 60, 120, 121])
async def test_a_wait_of_more_than_five_seconds_is_the_callers(seconds: int, pauses: list[float]) -> None:
    async with peer(refusal(429, retry_after=str(seconds))) as served, asking(served.url) as service:
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert (told.value.status, told.value.pause, len(served.heads), pauses) == (429, seconds, 1, [])


async def test_waits_that_are_too_long_together_are_the_callers(pauses: list[float]) -> None:
    async with peer(*[refusal(429, retry_after="3")] * 2) as served, asking(served.url) as service:
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert (told.value.status, told.value.pause, len(served.heads), pauses) == (429, 3, 2, [3])


@pytest.mark.parametrize(
    ("answer", "pause"),
    [(refusal(429, retry_after="3"), 3), (refusal(503), None), (b"", None)],
    ids=["asked", "ours", "torn"],
)
async def test_a_wait_beyond_the_end_of_the_turn_is_the_callers(
    answer: bytes, pause: float | None, pauses: list[float]
) -> None:
    async with peer(answer) as served, asking(served.url) as service:
        with ending_in(0.1), pytest.raises(ServiceFault) as told:
            await read(service)
    assert (len(served.heads), told.value.pause, pauses) == (1, pause, [])


async def test_a_wait_that_ends_before_the_turn_is_waited(pauses: list[float]) -> None:
    async with peer(refusal(429, retry_after="3"), whole(STREAM)) as served, asking(served.url) as service:
        with ending_in(30):
            assert await read(service) == EVENTS
    assert pauses == [3]


async def test_a_connection_that_is_torn_before_the_answer_is_tried_again(pauses: list[float]) -> None:
    async with peer(b"", whole(STREAM)) as served, asking(served.url) as service:
        assert await read(service) == EVENTS
    assert (len(served.heads), len(pauses)) == (2, 1)


async def test_a_service_that_is_not_there_is_tried_twice_more(pauses: list[float]) -> None:
    async with peer() as served:
        pass
    async with asking(served.url) as service:
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert (told.value.status, len(pauses)) == (None, 2)


@pytest.mark.parametrize("torn", [b"", b"Transfer-Encoding: chunked\r\n"], ids=["by its end", "chunked"])
async def test_once_words_were_heard_nothing_is_asked_again(torn: bytes, pauses: list[float]) -> None:
    event = b'data: {"n": 1}\n\n'
    piece = b"%x\r\n%s\r\n" % (len(event), event) if torn else event
    async with peer(HEAD.encode() + torn + b"\r\n" + piece, whole(STREAM)) as served, asking(served.url) as service:
        with closing(await service.ask("responses", b"{}")) as answer:
            assert await answer.events() == [b'{"n": 1}']
            if torn:
                with pytest.raises(ServiceFault):
                    await answer.events()
            else:
                assert await answer.events() == []
    assert (len(served.heads), pauses) == (1, [])


async def test_a_connection_serves_one_answer_after_another() -> None:
    async with peer(*[whole(STREAM)] * 3) as served, asking(served.url) as service:
        for _ in range(3):
            assert await read(service) == EVENTS
    assert served.connections == 1


async def test_an_answer_that_nobody_hears_to_its_end_is_hung_up_on() -> None:
    endless = HEAD.encode() + b'Content-Length: 1000\r\n\r\ndata: {"n": 1}\n\n'
    async with peer(endless) as served, asking(served.url) as service:
        with closing(await service.ask("responses", b"{}")) as answer:
            assert await answer.events() == [b'{"n": 1}']
        await asyncio.wait_for(served.left.wait(), 30)


async def test_a_request_bears_the_key_and_its_parts_in_one() -> None:
    async with peer(whole(STREAM)) as served, asking(served.url + "/v1/") as service:
        await read(service, b'{"model":"m",', '"input":"سلام"'.encode(), b"}")
    assert served.heads[0].startswith("POST /v1/responses HTTP/1.1\r\n")
    assert served.bodies == ['{"model":"m","input":"سلام"}'.encode()]
    assert served.sent("authorization") == "Bearer sk-test"
    assert served.sent("content-type") == "application/json"
    assert (served.sent("openai-organization"), served.sent("cookie")) == (None, None)


async def test_the_accounts_variables_are_those_of_the_openai_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: tasks\nAUTHORIZATION: Bearer other\nnonsense")
    async with peer(whole(STREAM)) as served, asking(served.url) as service:
        await read(service)
    assert (served.sent("openai-organization"), served.sent("openai-project")) == ("org-1", "proj-1")
    assert (served.sent("x-team"), served.sent("authorization")) == ("tasks", "Bearer other")


async def test_a_base_url_may_hold_credentials_and_a_query() -> None:
    async with peer(whole(STREAM)) as served:
        service = Service("sk-test", served.url.replace("//", "//ali:s%40lt@") + "/openai/v1?api-version=1")
        assert await read(service) == EVENTS
        await service.close()
    assert service.base_url == served.url + "/openai/v1"
    assert served.heads[0].startswith("POST /openai/v1/responses?api-version=1 HTTP/1.1\r\n")
    assert served.sent("authorization") == "Basic YWxpOnNAbHQ="


async def test_a_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with peer(*[whole(STREAM)] * 2) as proxy, peer(whole(STREAM)) as served:
        for name in ("http_proxy", "all_proxy"):
            with monkeypatch.context() as environ:
                environ.setenv(name, proxy.url.removeprefix("http://"))
                async with asking("http://model.invalid/v1") as service:
                    assert await read(service) == EVENTS
            assert proxy.heads[-1].startswith("POST http://model.invalid/v1/responses HTTP/1.1\r\n")
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "model.invalid,127.0.0.1")
        async with asking(served.url) as service:
            assert await read(service) == EVENTS


async def test_a_redirect_is_followed_with_the_body() -> None:
    moved = b"HTTP/1.1 307 Moved\r\nLocation: /v2/responses\r\nContent-Length: 0\r\n\r\n"
    async with peer(moved, whole(STREAM)) as served, asking(served.url) as service:
        assert await read(service, b'{"a":1}') == EVENTS
    assert served.bodies == [b'{"a":1}'] * 2


async def test_a_redirect_that_goes_round_ends_soon() -> None:
    moved = b"HTTP/1.1 307 Moved\r\nLocation: /responses\r\nContent-Length: 0\r\n\r\n"
    async with peer(*[moved] * 30) as served, asking(served.url) as service:
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert (told.value.status, len(served.heads)) == (307, 4)


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_that_would_lose_the_body_is_a_refusal(status: int) -> None:
    async with peer(refusal(status, location="/v2/responses")) as served, asking(served.url) as service:
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert (told.value.status, len(served.heads)) == (status, 1)


@pytest.mark.parametrize("place", ["{}/v1/responses", "//[", "mailto:a@b"])
async def test_a_redirect_to_another_is_a_refusal_and_the_key_is_not_shown(place: str) -> None:
    async with (
        peer() as other,
        peer(refusal(308, location=place.format(other.url))) as served,
        asking(served.url) as service,
    ):
        with pytest.raises(ServiceFault) as told:
            await read(service)
    assert (told.value.status, other.connections) == (308, 0)


def heard(pieces: list[bytes]) -> Answer:
    """An answer that comes in these pieces."""

    async def readany() -> bytes:
        return pieces.pop(0) if pieces else b""

    response: Any = SimpleNamespace(content=SimpleNamespace(readany=readany), close=lambda: None)
    return Answer(response)


SPLIT = 'event: a\ndata: {"t":"سلام 👋"}\n\n: a comment\n\ndata: [1,\ndata:2]\nid: 7\n\ndata:{}\n\n'.encode()
SAID = ['{"t":"سلام 👋"}'.encode(), b"[1,\n2]", b"{}"]
LINES: dict[str, Callable[[bytes], bytes]] = {"LF": bytes, "CRLF": lambda body: body.replace(b"\n", b"\r\n")}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES.keys())
async def test_wherever_a_stream_is_split_it_says_the_same(lines: Callable[[bytes], bytes]) -> None:
    body = lines(SPLIT)
    splits = [[body[:at], body[at:]] for at in range(1, len(body))]
    for pieces in [*splits, [bytes([byte]) for byte in body], [body]]:
        answer = heard(pieces)
        found = []
        while events := await answer.events():
            found += events
        assert found == SAID


async def test_what_is_no_event_says_nothing() -> None:
    for body in (b"", b"<html>No</html>", b"data: half an event", b"event: ping\n\n", b"\n\n\n\n"):
        assert await heard([body] if body else []).events() == []


async def test_an_event_without_an_end_is_not_kept_forever() -> None:
    pieces = [b"data: " + b"x" * (1 << 16)] * 1000
    with pytest.raises(ServiceFault):
        await heard(pieces).events()
    assert len(pieces) > 900
