"""The client's requests and streams by msgspec: its own walk through its types costs more than all else in a turn.

The openai client rebuilds every request along its type tree, 0.2 ms a message of history, and changes nothing by it;
a streamed token costs it as much again. Connections, keys, retries and errors stay the client's.
"""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

import httpx2
import msgspec
from httpx2 import AsyncByteStream
from msgspec import Raw, Struct
from openai import APIConnectionError, APIError, APITimeoutError, AsyncOpenAI, NotGiven, Omit
from openai._models import FinalRequestOptions
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseErrorEvent,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
)
from pydantic import BaseModel, ValidationError

SPOKEN = ("response.output_text.delta", "response.refusal.delta")
WHOLE_EVENTS: dict[str, type[BaseModel]] = {
    "response.completed": ResponseCompletedEvent,
    "response.failed": ResponseFailedEvent,
    "response.incomplete": ResponseIncompleteEvent,
    "error": ResponseErrorEvent,
}
ECHOED: dict[str, Any] = {"instructions": None, "tools": []}
"""What was asked comes back with each answer, and nobody reads it there."""
EXTRA = ("extra_headers", "extra_query", "extra_body")
END = b"[DONE]"


class Spoken(Struct, frozen=True):
    """A piece of a reply, in the place of the client's own event."""

    type: str
    delta: str


class _Event(Struct):
    type: str = ""
    delta: Raw = Raw(b'""')
    error: Raw | None = None


M = TypeVar("M", bound=BaseModel)

read_event = msgspec.json.Decoder(_Event).decode
read_text = msgspec.json.Decoder(str).decode


class PlainClient(AsyncOpenAI):
    """The client, which puts a request of plain bytes together in a third of its time; all else is as it was."""

    def _idempotency_key(self) -> str:
        return ""  # no header of this service carries one

    def _build_request(self, options: FinalRequestOptions, *, retries_taken: int = 0) -> httpx2.Request:
        if not isinstance(options.content, bytes) or options.params:
            return super()._build_request(options, retries_taken=retries_taken)
        return httpx2.Request(
            options.method,
            self._address(options.url),
            headers=self._build_headers(options, retries_taken=retries_taken),
            content=options.content,
            extensions={"timeout": httpx2.Timeout(self.timeout).as_dict()},
        )

    @cache  # noqa: B019  (there is one for the process, and it asks at one address or two)
    def _address(self, path: str) -> httpx2.URL:
        return self._prepare_url(path)


class LightClient:
    """Stands in for the client towards the SDK's models, for streams alone; what it does not know is the client's."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client
        self.responses = _Route(client, "/responses", _response_event)
        self.chat = SimpleNamespace(completions=_Route(client, "/chat/completions", _chunk))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class _Route:
    def __init__(self, client: AsyncOpenAI, path: str, read: Callable[[bytes, _Event], Any]) -> None:
        self._client = client
        self._path = path
        self._read = read
        self._request = httpx2.Request("POST", client.base_url.join(path.removeprefix("/")))

    async def create(self, **asked: Any) -> AsyncIterator[Any]:
        """Ask, with the client's retries. Raises OpenAIError."""
        body = {
            name: value for name, value in asked.items() if not (name in EXTRA or isinstance(value, Omit | NotGiven))
        }
        response = await self._client.post(
            self._path,
            content=msgspec.json.encode(body | (asked.get("extra_body") or {}), enc_hook=_plain),
            cast_to=httpx2.Response,
            stream=True,
            options={"headers": asked.get("extra_headers") or {}, "params": asked.get("extra_query") or {}},
        )
        # A retry is over with; what was said before, up to 24,000 characters, need not wait for the answer's end.
        response.request = self._request
        return self._events(response)

    async def _events(self, response: httpx2.Response) -> AsyncIterator[Any]:
        try:
            async for data in _data(response):
                if data.startswith(END):
                    continue
                told = read_event(data)
                if told.error:
                    _raise(told.error, response)
                if (event := self._read(data, told)) is not None:
                    yield event
        except httpx2.TimeoutException as fault:
            raise APITimeoutError(request=response.request) from fault
        except httpx2.RequestError as fault:
            raise APIConnectionError(request=response.request) from fault
        finally:
            await response.aclose()


async def _data(response: httpx2.Response) -> AsyncIterator[bytes]:
    """The data of each Server-Sent Event."""
    rest = b""
    async for chunk in _bytes(response):
        *frames, rest = (rest + chunk).replace(b"\r\n", b"\n").split(b"\n\n")
        for frame in frames:
            lines = [line[5:].removeprefix(b" ") for line in frame.split(b"\n") if line.startswith(b"data:")]
            if lines:
                yield b"\n".join(lines)


def _bytes(response: httpx2.Response) -> AsyncIterable[bytes]:
    """The body; plain, as a stream comes, it needs none of the layers that would decode it."""
    is_plain = "content-encoding" not in response.headers
    return response.stream if is_plain and isinstance(response.stream, AsyncByteStream) else response.aiter_bytes()


def _response_event(data: bytes, event: _Event) -> Any:
    """What the Responses API says that anybody hears: pieces of text, and how the answer ended."""
    if event.type in SPOKEN:
        return Spoken(event.type, read_text(event.delta))
    kind = WHOLE_EVENTS.get(event.type)
    if kind is None:
        return None
    said = msgspec.json.decode(data)
    if isinstance(said.get("response"), dict):
        said["response"] |= ECHOED
    return _made(kind, said)


def _chunk(data: bytes, _: _Event) -> Any:
    return _made(ChatCompletionChunk, msgspec.json.decode(data))


def _made(kind: type[M], said: dict[str, Any]) -> M:
    """What was said, in the client's own type; only what does not fit is taken as it is, which costs ten times that."""
    try:
        return kind.model_validate(said)
    except ValidationError:
        return kind.construct(**said)


def _raise(error: Raw, response: httpx2.Response) -> None:
    body = msgspec.json.decode(error)
    message = body.get("message") if isinstance(body, dict) else None
    raise APIError(str(message or "The stream told of an error."), request=response.request, body=body)


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True)
    raise TypeError(f"{type(value).__name__} can't be sent")
