"""The two models of the SDK, each noting how its stream ended: the SDK can take a cut answer for a whole one."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from contextvars import ContextVar
from typing import Any

from agents import Model, OpenAIChatCompletionsModel, OpenAIResponsesModel
from openai import AsyncOpenAI
from openai.types.responses import ResponseFunctionToolCall


class Ending:
    """How the model's last answer ended, and which tools it asks for. `reason` is None until it ended."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.calls: list[ResponseFunctionToolCall] = []


ENDING: ContextVar[Ending] = ContextVar("ending")
WHOLE = ("completed", "stop", "tool_calls", "function_call")
TERMINAL = ("response.completed", "response.incomplete", "response.failed")


def model_of(api: str, name: str, client: AsyncOpenAI) -> Model:
    """The model behind the Responses API ("responses") or Chat Completions ("chat")."""
    return _ChatModel(name, client) if api == "chat" else _ResponsesModel(name, client)


class _ResponsesModel(OpenAIResponsesModel):
    async def stream_response(self, *arguments: Any, **named: Any) -> AsyncIterator[Any]:
        """See the SDK; the terminal event says how it ended."""
        async for event in _noting(super().stream_response(*arguments, **named)):
            if event.type in TERMINAL:
                details = event.response.incomplete_details
                ENDING.get().reason = details.reason if details and details.reason else event.response.status
            yield event


class _ChatModel(OpenAIChatCompletionsModel):
    async def stream_response(self, *arguments: Any, **named: Any) -> AsyncIterator[Any]:
        """See the SDK; the chunks' finish reason says how it ended."""
        async for event in _noting(super().stream_response(*arguments, **named)):
            yield event

    async def _fetch_response(self, *arguments: Any, **named: Any) -> Any:
        fetched: Any = await super()._fetch_response(*arguments, **named)
        if not named.get("stream"):
            return fetched
        response, stream = fetched
        return response, _Chunks(stream)


class _Chunks:
    """A stream of chunks that notes the finish reason as it goes by."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for chunk in self._stream:
            for choice in chunk.choices:
                if choice.finish_reason:
                    ENDING.get().reason = choice.finish_reason
            yield chunk


async def _noting(events: Any) -> AsyncIterator[Any]:
    """The events of one answer; which tools it asks for is noted before they run."""
    ending = ENDING.get()
    ending.reason, ending.calls = None, []
    async with aclosing(events):
        async for event in events:
            if event.type == "response.completed":
                ending.calls = [item for item in event.response.output if isinstance(item, ResponseFunctionToolCall)]
            yield event
