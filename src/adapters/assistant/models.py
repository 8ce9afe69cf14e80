"""The two models of the SDK: an answer is told while it is streamed, and how it ended is noted.

The SDK can take a cut answer for a whole one; and its own relay of a stream costs more than the stream.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from contextvars import ContextVar
from typing import Any

import msgspec
from agents import (
    Model,
    ModelBehaviorError,
    ModelResponse,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Tool,
    Usage,
)
from msgspec import Raw
from openai import AsyncOpenAI
from openai.types.responses import Response, ResponseFunctionToolCall, ResponseUsage

from adapters.assistant.wire import SPOKEN, LightClient
from application.observing import Kind, Observation, Observer


class Ending:
    """How the model's last answer ended, and which tools it asks for. `reason` is None until it ended.

    `tell` hears the words of every answer as they come. `tokens` is what all answers of the run took, as far as the
    service told; `untold` counts those it told nothing of.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.reason: str | None = None
        self.calls: list[ResponseFunctionToolCall] = []
        self.tell = tell
        self.tokens = 0
        self.untold = 0


ENDING: ContextVar[Ending] = ContextVar("ending")
FILTERED = "content_filter"
WHOLE = ("completed", "stop", "tool_calls", "function_call")
TERMINAL = ("response.completed", "response.incomplete", "response.failed")


def model_of(api: str, name: str, client: AsyncOpenAI, observer: Observer) -> Model:
    """The model behind the Responses API ("responses") or Chat Completions ("chat"); each call is observed."""
    model = _ChatModel(name, client) if api == "chat" else _ResponsesModel(name, client)
    model.observer = observer
    return model


class _ResponsesModel(OpenAIResponsesModel):
    observer: Observer

    def __init__(self, name: str, client: AsyncOpenAI) -> None:
        super().__init__(name, client)
        self._light = LightClient(client)
        self._tools: dict[tuple[int, ...], tuple[list[Tool], Raw]] = {}

    def _get_client(self) -> Any:
        return self._light

    def _build_response_create_kwargs(self, **named: Any) -> dict[str, Any]:  # type: ignore[override]
        """See the SDK, which converts all the tools for each request; ours never change, so they are kept as JSON."""
        tools = named.pop("tools")
        known = tuple(map(id, tools))
        if known not in self._tools:
            asked = super()._build_response_create_kwargs(**named | {"tools": tools})
            self._tools[known] = (tools, Raw(msgspec.json.encode(asked["tools"])))
        asked = super()._build_response_create_kwargs(**named | {"tools": []})
        return asked | {"tools": self._tools[known][1]}

    async def get_response(self, *arguments: Any, **named: Any) -> ModelResponse:
        """See the SDK; the answer is told while it comes."""
        with Observation(self.observer, Kind.MODEL, str(self.model)) as seen:
            return await _told(self.stream_response(*arguments, **named), seen, _reason)


class _ChatModel(OpenAIChatCompletionsModel):
    observer: Observer

    def __init__(self, name: str, client: AsyncOpenAI) -> None:
        super().__init__(name, client)
        self._light = LightClient(client)

    def _get_client(self) -> Any:
        return self._light

    async def get_response(self, *arguments: Any, **named: Any) -> ModelResponse:
        """See the SDK; the answer is told while it comes."""
        with Observation(self.observer, Kind.MODEL, str(self.model)) as seen:
            return await _told(self.stream_response(*arguments, **named), seen, lambda _: ENDING.get().reason)

    async def _fetch_response(self, *arguments: Any, **named: Any) -> Any:
        fetched: Any = await super()._fetch_response(*arguments, **named)
        response, chunks = fetched
        return response, _noting_reasons(chunks)


async def _told(events: Any, seen: Observation, reason_of: Callable[[Response], str | None]) -> ModelResponse:
    """The whole of a streamed answer, its words told on the way. Raises ModelBehaviorError for one that is not whole.

    Its tools never run then: their arguments may be cut as well.
    """
    ending = ENDING.get()
    ending.reason, ending.calls = None, []
    response: Response | None = None
    # An answer that is not heard to its end was cut or given up; the last event makes it whole.
    seen.outcome = "unfinished"
    async with aclosing(events):
        async for event in events:
            # A filtered answer has no words of the model: the SDK puts an English sentence of its own in their place.
            if event.type in SPOKEN and ending.reason != FILTERED:
                seen.hear()
                ending.tell(event.delta)
            elif event.type in TERMINAL:
                response = event.response
                ending.reason = reason_of(response)
                _count(response.usage, ending)
    if response is None or ending.reason not in WHOLE:
        raise ModelBehaviorError("The model's answer is not whole.")
    seen.outcome = "ok"
    ending.calls = [item for item in response.output if isinstance(item, ResponseFunctionToolCall)]
    return ModelResponse(output=response.output, usage=_usage(response), response_id=response.id)


async def _noting_reasons(chunks: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """The chunks; the finish reason is noted as it goes by."""
    async for chunk in chunks:
        for choice in chunk.choices:
            if choice.finish_reason:
                ENDING.get().reason = choice.finish_reason
        yield chunk


def _reason(response: Response) -> str | None:
    details = response.incomplete_details
    return (details and details.reason) or response.status


def _usage(response: Response) -> Usage:
    used = response.usage
    if used is None:
        return Usage(requests=1)
    return Usage(
        requests=1,
        input_tokens=used.input_tokens,
        input_tokens_details=used.input_tokens_details,
        output_tokens=used.output_tokens,
        output_tokens_details=used.output_tokens_details,
        total_tokens=used.total_tokens,
    )


def _count(usage: ResponseUsage | None, ending: Ending) -> None:
    if usage is None or not usage.total_tokens:
        ending.untold += 1
    else:
        ending.tokens += usage.total_tokens
