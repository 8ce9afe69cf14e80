"""The two models of the SDK: an answer is told while it is streamed, and how it ended is noted.

The SDK can take a cut answer for a whole one; and its own relay of a stream costs more than the stream.
"""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, closing
from contextvars import ContextVar
from dataclasses import replace
from math import ceil
from types import SimpleNamespace
from typing import Any, TypeVar

import msgspec
from agents import (
    AgentOutputSchemaBase,
    Handoff,
    Model,
    ModelBehaviorError,
    ModelResponse,
    ModelSettings,
    ModelTracing,
    OpenAIChatCompletionsModel,
    Tool,
    TResponseInputItem,
    Usage,
)
from agents.items import TResponseStreamEvent
from agents.models.chatcmpl_converter import Converter as ChatConverter
from agents.models.openai_responses import Converter
from agents.tracing import response_span
from agents.usage import model_usage_to_span_usage
from msgspec import Raw, Struct
from openai import NotGiven, Omit
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import Response, ResponseFunctionToolCall, ResponseUsage
from pydantic import BaseModel, ValidationError

from adapters.assistant.wire import Answer, Service, ServiceFault
from application.observing import Kind, Observation, Observer
from application.toolbox import is_readable

FILTERED = "content_filter"
WHOLE = ("completed", "stop", "tool_calls", "function_call")
SPOKEN = ("response.output_text.delta", "response.refusal.delta")
SAID = ("message", "reasoning")
TERMINAL = ("response.completed", "response.incomplete", "response.failed")
WORDS_MAX = 200_000
"""Characters of one answer, which is kept whole and read again with the conversation; more is nobody's answer."""
TOO_LONG = "too_long"
CHARACTERS = 4
"""Of a token, where its service does not tell what an answer took: OpenAI's rule of thumb for English."""
ECHOED: dict[str, Any] = {"instructions": None, "tools": []}
"""What was asked comes back with each answer, and nobody reads it there."""
FAILED = ("error", "response.error")
BRACKETS_MAX = 100
"""In arguments that the SDK is to read: what is nested some hundreds deep ends its run."""
EXTRA = ("extra_headers", "extra_query", "extra_body")
M = TypeVar("M", bound=BaseModel)


class Ending:
    """How the model's last answer ended, and which tools it asks for. `reason` is None until it ended.

    `hear` tells the words of every answer as they come. `tokens` is what all answers of the run took, as far as the
    service told; `untold` counts those that ended and it told nothing of, `unpaid` the characters of all such answers,
    those included that did not end. `first` is an answer that was heard before the SDK's run.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.reason: str | None = None
        self.calls: list[ResponseFunctionToolCall] = []
        self.room = WORDS_MAX
        self.tokens = 0
        self.untold = 0
        self.unpaid = 0
        self.first: ModelResponse | None = None
        self._tell = tell

    @property
    def spent(self) -> int:
        """The tokens that all answers took, estimated where the service did not tell."""
        return self.tokens + ceil(self.unpaid / CHARACTERS)

    def hear(self, words: str) -> None:
        """Tell what an answer says. Raises ModelBehaviorError, and notes it, where it is longer than WORDS_MAX."""
        self._tell(words[: self.room])
        self.room -= len(words)
        self.unpaid += len(words)
        if self.room < 0:
            self.reason = TOO_LONG
            raise ModelBehaviorError("The model's answer does not end.")


ENDING: ContextVar[Ending] = ContextVar("ending")


def model_of(api: str, name: str, service: Service, observer: Observer) -> Model:
    """The model behind the Responses API ("responses") or Chat Completions ("chat"); each call is observed."""
    return ChatModel(name, service, observer) if api == "chat" else ResponsesModel(name, service, observer)


class _Event(Struct):
    type: str = ""
    delta: Raw = Raw(b'""')
    error: Any = None


class _Last(Struct):
    response: dict[str, Any]


read_event = msgspec.json.Decoder(_Event).decode
read_text = msgspec.json.Decoder(str).decode
read_last = msgspec.json.Decoder(_Last).decode


class ResponsesModel(Model):
    """A model behind the Responses API."""

    def __init__(self, name: str, service: Service, observer: Observer) -> None:
        self._name = name
        self._service = service
        self._observer = observer
        self._openings: dict[tuple[str | int | None, ...], tuple[list[Tool], bytes]] = {}

    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,  # noqa: ARG002
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,  # noqa: ARG002
        handoffs: list[Handoff],  # noqa: ARG002
        tracing: ModelTracing,
        **_: Any,
    ) -> ModelResponse:
        """See the SDK; the answer is told while it comes. Of the settings and the rest, the agent makes no use."""
        with Observation(self._observer, Kind.MODEL, self._name) as seen:
            if tracing.is_disabled():
                return _taken(await self._heard(system_instructions, input, tools, seen), seen)
            with response_span() as span:
                response = await self._heard(system_instructions, input, tools, seen)
                if tracing.include_data():
                    span.span_data.response, span.span_data.input = response, input
                answer = _taken(response, seen)
                span.span_data.usage = model_usage_to_span_usage(answer.usage)
                return answer

    async def _heard(
        self, instructions: str | None, said: str | list[TResponseInputItem], tools: list[Tool], seen: Observation
    ) -> Response | None:
        ending, response = _begun(seen), None
        opening = self._opening(instructions, tools)
        with closing(await self._service.ask("responses", opening, _json(said), b"}")) as answer:
            while events := await answer.events():
                for data in events:
                    event = _read(data)
                    if event.type in SPOKEN:
                        seen.hear()
                        ending.hear(read_text(event.delta))
                    elif event.type in TERMINAL:
                        response = _made(Response, read_last(data).response | ECHOED)
                        ending.reason = _reason(response)
                        _count(response.usage, ending)
        return response

    def _opening(self, instructions: str | None, tools: list[Tool]) -> bytes:
        """What stands in every request before what was said; the tools are the most of it."""
        known = (instructions, *map(id, tools))
        if known not in self._openings:
            made = Converter.convert_tools(tools, []).tools
            asked = {"model": self._name, "instructions": instructions, "tools": made, "stream": True}
            self._openings[known] = tools, _json(asked)[:-1] + b',"input":'
        return self._openings[known][1]

    def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[TResponseStreamEvent]:
        """See the SDK; nobody asks for it: get_response tells the words as they come."""
        raise NotImplementedError


class HeardModel(Model):
    """A model whose first answer was heard before the run began; the run is given it, and asks for the next ones."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def get_response(self, *arguments: Any, **named: Any) -> ModelResponse:
        """See the SDK."""
        ending = ENDING.get()
        first, ending.first = ending.first, None
        return first or await self._model.get_response(*arguments, **named)

    def stream_response(self, *arguments: Any, **named: Any) -> AsyncIterator[TResponseStreamEvent]:
        """See the SDK."""
        return self._model.stream_response(*arguments, **named)


class ChatModel(OpenAIChatCompletionsModel):
    """A model behind Chat Completions; what is said is put into that API's form, and back, by the SDK."""

    def __init__(self, name: str, service: Service, observer: Observer) -> None:
        client: Any = SimpleNamespace(
            base_url=service.base_url, chat=SimpleNamespace(completions=SimpleNamespace(create=self._create))
        )
        super().__init__(name, client)
        self._service = service
        self._observer = observer
        self._tools: dict[tuple[int, ...], tuple[list[Tool], Raw]] = {}

    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        *others: Any,
        **named: Any,
    ) -> ModelResponse:
        """See the SDK; the answer is told while it comes. The tools are added to what the SDK asks as ready JSON."""
        settings = replace(model_settings, extra_args={"tools": self._as_json(tools)}) if tools else model_settings
        with Observation(self._observer, Kind.MODEL, str(self.model)) as seen:
            ending, response = _begun(seen), None
            relayed: Any = self.stream_response(system_instructions, input, settings, [], *others, **named)
            async with aclosing(relayed) as events:
                async for event in events:
                    # A filtered answer has no words of the model: the SDK puts an English sentence in their place.
                    if event.type in SPOKEN and ending.reason != FILTERED:
                        seen.hear()
                        ending.hear(event.delta)
                    elif event.type in TERMINAL:
                        response = event.response
                        _count(response.usage, ending)
            return _taken(response, seen)

    def _as_json(self, tools: list[Tool]) -> Raw:
        known = tuple(map(id, tools))
        if known not in self._tools:
            self._tools[known] = tools, Raw(_json([ChatConverter.tool_to_openai(tool) for tool in tools]))
        return self._tools[known][1]

    async def _create(self, **asked: Any) -> AsyncIterator[ChatCompletionChunk]:
        body = {
            name: value for name, value in asked.items() if not (name in EXTRA or isinstance(value, Omit | NotGiven))
        }
        return _chunks(await self._service.ask("chat/completions", _json(body)))


def asks_for_tools(response: ModelResponse) -> bool:
    """Whether there is anything in an answer besides what was said."""
    return any(item.type not in SAID for item in response.output)


def suits_the_sdk(arguments: str) -> bool:
    """Whether the SDK can read the arguments of a call."""
    return is_readable(arguments.encode(errors="surrogatepass"), BRACKETS_MAX)


async def _chunks(answer: Answer) -> AsyncIterator[ChatCompletionChunk]:
    """The chunks of a streamed chat completion; the finish reason is noted as it goes by."""
    with closing(answer):
        while events := await answer.events():
            for data in events:
                _read(data)
                chunk = _made(ChatCompletionChunk, msgspec.json.decode(data))
                for choice in chunk.choices or ():  # which some services leave out where there is nothing to say
                    if choice.finish_reason:
                        ENDING.get().reason = choice.finish_reason
                    for call in (choice.delta and choice.delta.tool_calls) or ():
                        if call.function:
                            call.function.arguments = _as_text(call.function.arguments)
                yield chunk


def _begun(seen: Observation) -> Ending:
    """The ending of an answer that begins now. One that is not heard to its end was cut or given up."""
    ending = ENDING.get()
    ending.reason, ending.calls, ending.room = None, [], WORDS_MAX
    seen.outcome = "unfinished"
    return ending


def _taken(response: Response | None, seen: Observation) -> ModelResponse:
    """What the SDK gets of an answer. Raises ModelBehaviorError for one that is not whole.

    Its tools never run then: their arguments may be cut as well.
    """
    ending = ENDING.get()
    if response is None or ending.reason not in WHOLE:
        raise ModelBehaviorError("The model's answer is not whole.")
    seen.outcome = "ok"
    ending.calls = [item for item in response.output if isinstance(item, ResponseFunctionToolCall)]
    for call in ending.calls:
        _make_harmless(call)
    return ModelResponse(output=response.output, usage=_usage(response), response_id=response.id)


def _make_harmless(call: ResponseFunctionToolCall) -> None:
    """The SDK's run ends at a call without an id, and at arguments that it can't read: those are put into a string."""
    call.call_id = call.call_id or f"call_{secrets.token_hex(8)}"
    call.arguments = _as_text(call.arguments)
    if not suits_the_sdk(call.arguments):
        call.arguments = msgspec.json.encode(call.arguments).decode()


def _as_text(arguments: object) -> str:
    """The arguments as JSON, which some services send as what it stands for."""
    if isinstance(arguments, str):
        return arguments
    return "" if arguments is None else msgspec.json.encode(arguments).decode()


def _json(asked: object) -> bytes:
    return msgspec.json.encode(asked, enc_hook=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True)
    raise TypeError(f"{type(value).__name__} can't be sent")


def _read(data: bytes) -> _Event:
    """An event as far as its kind. Raises ServiceFault for one that tells of an error, ValueError for what is none."""
    event = read_event(data)
    if event.error or event.type in FAILED:
        raise ServiceFault("told of an error")
    return event


def _made(kind: type[M], said: dict[str, Any]) -> M:
    """What was said, in the client's own type; only what does not fit is taken as it is, which costs ten times that."""
    try:
        return kind.model_validate(said)
    except ValidationError:
        return kind.construct(**said)


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
        ending.unpaid -= WORDS_MAX - ending.room
