"""What is made of an answer of the Responses API: words told as they come, and nothing taken for whole that is not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from agents import FunctionTool, ModelBehaviorError, ModelResponse, ModelSettings, ModelTracing
from openai.types.responses import ResponseFunctionToolCall
from tests.integration.test_model_service import HEAD, Peer, peer, whole

from adapters.assistant import models
from adapters.assistant.models import ENDING, Ending, model_of
from adapters.assistant.wire import Service, ServiceFault
from application.observing import Unobserved

MESSAGE = {"type": "message", "id": "m", "role": "assistant", "status": "completed"}
CALL = {"type": "function_call", "id": "f", "call_id": "c", "name": "add_task", "arguments": "{}"}
USAGE = {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}


def said(text: str) -> dict[str, Any]:
    return {**MESSAGE, "content": [{"type": "output_text", "text": text, "annotations": []}]}


def stream(*events: dict[str, Any] | str) -> bytes:
    return "".join(f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n" for event in events).encode()


def word(text: str, kind: str = "output_text") -> dict[str, Any]:
    return {"type": f"response.{kind}.delta", "delta": text}


def last(*output: dict[str, Any], status: str = "completed", **more: Any) -> dict[str, Any]:
    response = {"id": "resp_1", "status": status, "output": output, "usage": None, **more}
    return {"type": f"response.{status}", "response": response}


@asynccontextmanager
async def answering(*bodies: bytes) -> AsyncIterator[tuple[Peer, Service]]:
    async with peer(*map(whole, bodies)) as served:
        service = Service("sk-test", served.url)
        yield served, service
        await service.close()


async def asked(
    service: Service, tools: list[Any] | None = None, api: str = "responses"
) -> tuple[Ending, list[str], ModelResponse | Exception]:
    """How an answer ended, the words told on the way, and what the SDK got, or the fault."""
    words: list[str] = []
    ending = Ending(words.append)
    ENDING.set(ending)
    model = model_of(api, "any", service, Unobserved())
    items: list[Any] = [{"role": "user", "content": "سلام"}]
    try:
        got: ModelResponse | Exception = await model.get_response(
            "Be kind.",
            items,
            ModelSettings(),
            tools or [],
            None,
            [],
            ModelTracing.DISABLED,
            previous_response_id=None,
            conversation_id=None,
            prompt=None,
        )
    except (ServiceFault, ModelBehaviorError, ValueError) as fault:
        got = fault
    return ending, words, got


async def test_words_are_told_and_the_rest_is_the_sdks() -> None:
    reasoning = {"type": "reasoning", "id": "r", "summary": []}
    body = stream(
        {"type": "response.created"},
        word("Wa"),
        word("alaikum"),
        last(reasoning, said("Wa alaikum"), CALL, usage=USAGE),
    )
    async with answering(body) as (_, service):
        ending, words, got = await asked(service)
    assert words == ["Wa", "alaikum"]
    assert isinstance(got, ModelResponse)
    assert [item.type for item in got.output] == ["reasoning", "message", "function_call"]
    assert isinstance(got.output[2], ResponseFunctionToolCall)
    assert (got.response_id, got.usage.total_tokens) == ("resp_1", 7)
    assert (ending.reason, ending.tokens, ending.untold, len(ending.calls)) == ("completed", 7, 0, 1)


async def test_a_refusal_is_told_and_arguments_are_not() -> None:
    body = stream(word("Nahi.", "refusal"), word('{"a":', "function_call_arguments"), last(said("Nahi.")))
    async with answering(body) as (_, service):
        ending, words, _got = await asked(service)
    assert (words, ending.untold) == (["Nahi."], 1)


def chunk(**fields: Any) -> dict[str, Any]:
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "any"} | fields


def choice(delta: dict[str, Any] | None, finish_reason: str | None = None) -> dict[str, Any]:
    return chunk(choices=[{"index": 0, "delta": delta, "finish_reason": finish_reason}])


@pytest.mark.parametrize(
    "odd",
    [chunk(choices=None), chunk(choices=[]), chunk(), choice(None), choice({"content": None})],
    ids=["null", "none", "left out", "no delta", "no words"],
)
async def test_a_chunk_that_says_nothing_is_passed_over(odd: dict[str, Any]) -> None:
    body = stream(odd, choice({"role": "assistant", "content": "Ji."}), odd, choice({}, "stop"), odd, "[DONE]")
    async with answering(body) as (_, service):
        ending, words, got = await asked(service, api="chat")
    assert isinstance(got, ModelResponse)
    assert (words, ending.reason) == (["Ji."], "stop")


CUT_SHORT = last(CALL, status="incomplete", incomplete_details={"reason": "max_output_tokens"})
FAILED = last(status="failed", error={"code": "server_error", "message": "x"})
NO_ANSWERS: dict[str, tuple[bytes, str | None, type[Exception]]] = {
    "cut": (stream(word("a")), None, ModelBehaviorError),
    "cut, and said to be whole": (stream(word("a"), "[DONE]"), None, ModelBehaviorError),
    "no stream": (b"<html>Welcome</html>", None, ModelBehaviorError),
    "too long": (stream(CUT_SHORT), "max_output_tokens", ModelBehaviorError),
    "failed": (stream(FAILED), "failed", ModelBehaviorError),
    "an error": (stream(word("a"), {"type": "error", "message": "x"}), None, ServiceFault),
    "an error without a type": (stream(word("a"), {"error": {"message": "x"}}), None, ServiceFault),
    "half an event": (stream(word("a"), '{"type": "response.comp'), None, ValueError),
    "an empty event": (stream({"type": "response.completed"}), None, ValueError),
    "no UTF-8": (stream(word("a")).replace(b'"a"', b'"\xff"'), None, ValueError),
}


@pytest.mark.parametrize(("body", "reason", "kind"), NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
async def test_what_is_not_whole_is_no_answer(body: bytes, reason: str | None, kind: type[Exception]) -> None:
    async with answering(body) as (_, service):
        ending, _words, got = await asked(service)
    assert isinstance(got, kind)
    assert (ending.reason, ending.calls) == (reason, [])


@pytest.mark.parametrize(
    ("body", "spent"),
    [
        (stream(word("a" * 10), last(said("a" * 10), usage=USAGE)), 7),
        (stream(word("a" * 10), last(said("a" * 10))), 3),
        (stream(word("a" * 10), word("a")), 3),
        (stream(*[word("a" * 10)] * 3), 8),
        (stream(word("a" * 10), {"type": "error", "message": "x"}), 3),
    ],
    ids=["told", "not told", "broken off", "too long", "failed"],
)
async def test_what_an_answer_took_is_estimated_where_it_is_not_told(
    body: bytes, spent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "WORDS_MAX", 20)
    async with answering(body) as (_, service):
        ending, _words, _got = await asked(service)
    assert ending.spent == spent


async def test_every_request_says_who_asks_with_what_tools() -> None:
    async def invoke(_context: Any, _arguments: str) -> str:
        return ""

    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    tools = [FunctionTool("add_task", "Adds a task.", schema, invoke)]
    async with answering(stream(last(said("a"))), stream(last(said("b")))) as (served, service):
        await asked(service, tools)
        await asked(service)
    first, second = (json.loads(body) for body in served.bodies)
    assert (first["model"], first["instructions"], first["stream"]) == ("any", "Be kind.", True)
    assert first["input"] == second["input"] == [{"role": "user", "content": "سلام"}]
    assert [(tool["type"], tool["name"], tool["strict"]) for tool in first["tools"]] == [("function", "add_task", True)]
    assert second["tools"] == []


async def test_an_answer_that_is_given_up_is_hung_up_on() -> None:
    endless = f"{HEAD}Content-Length: 1000\r\n\r\n".encode() + stream(word("a"), {"error": {"message": "x"}})
    async with peer(endless) as served:
        service = Service("sk-test", served.url)
        await asked(service)
        await asyncio.wait_for(served.left.wait(), 30)
        await service.close()
