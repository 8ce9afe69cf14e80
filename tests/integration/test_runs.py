"""What a run of the SDK costs beside the model: counted, not timed."""

import asyncio
import gc
import json
import re
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from agents import RunState, Span, Trace, TracingProcessor, set_trace_processors
from tests.doubles import openai_server
from tests.doubles.openai_server import Call, Say, ScriptedModel, running, tool_outputs
from tests.integration.test_model_service import peer, whole
from tests.security.forge import HandClock

from adapters.assistant import models, openai
from adapters.assistant.openai import OpenAIAssistant
from adapters.storage.memory import MemoryStorage
from application.chat import Chat
from application.context import Ask, ContextManager
from application.live import TurnDone
from application.ports import AssistantUnavailable, Delta
from application.toolbox import Toolboxes

ZONE = "Asia/Karachi"
CUT = "(Jawab poora nahi aa saka.)"
APIS = ("responses", "chat")


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with running(ScriptedModel()) as scripted:
        yield scripted


@pytest.fixture(params=APIS)
async def chat(request: pytest.FixtureRequest, model: ScriptedModel, clock: HandClock) -> AsyncIterator[Chat]:
    async with chatting(request.param, model.base_url, clock) as made:
        yield made


@asynccontextmanager
async def chatting(api: str, url: str, clock: HandClock) -> AsyncIterator[Chat]:
    storage = MemoryStorage()
    assistant = OpenAIAssistant("sk-test", "any", url, api)
    context = ContextManager(storage, clock, ZONE, timedelta(minutes=2))
    yield Chat(context, Toolboxes(storage, clock, ZONE), assistant, timeout=60)
    await assistant.close()


async def ask(chat: Chat, message: str) -> TurnDone:
    return await (await chat.start(Ask("ali", message))).whole()


async def tasks_of(work: Any) -> int:
    """How many tasks were begun until it ended."""
    begun = 0

    def count(loop: asyncio.AbstractEventLoop, coro: Any, **named: Any) -> asyncio.Task[Any]:
        nonlocal begun
        begun += 1
        return asyncio.Task(coro, loop=loop, **named)

    loop = asyncio.get_running_loop()
    loop.set_task_factory(count)
    try:
        await work
    finally:
        loop.set_task_factory(None)
    return begun


async def test_a_run_begins_no_task_for_each_tool(
    chat: Chat, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script() -> None:
        model.rounds[:] = [[Call("list_tasks", {"search": None})], "Kuch nahi."]

    script()
    await ask(chat, "mere tasks dikhao")  # the first makes connections and reads what is kept
    script()
    with_all = await tasks_of(ask(chat, "mere tasks dikhao"))
    monkeypatch.setattr(openai, "FUNCTIONS", [tool for tool in openai.FUNCTIONS if tool.name == "list_tasks"])
    script()
    assert await tasks_of(ask(chat, "mere tasks dikhao")) == with_all


@pytest.mark.parametrize("before", [[], [[Call("list_tasks", {})]]], ids=["at once", "after a tool"])
async def test_an_answer_is_heard_without_a_run_beside_it(
    chat: Chat, model: ScriptedModel, before: list[list[Call]]
) -> None:
    model.rounds[:] = [*before, Say("Theek hai, main", "silence")]
    live = await chat.start(Ask("ali", "mere tasks dikhao"))
    async for event in live.events():
        if isinstance(event, Delta):
            break
    gc.collect()
    assert not [found for found in gc.get_objects() if type(found) is RunState]
    live.stop()
    assert (await live.whole()).response.startswith("Theek")


async def test_a_service_that_names_the_calls_of_each_answer_alike_is_understood(
    chat: Chat, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat_frames, response_items = openai_server._chat, openai_server._items
    monkeypatch.setattr(openai_server, "_chat", lambda _, *answer: chat_frames(1, *answer))
    monkeypatch.setattr(openai_server, "_items", lambda _, answer: response_items(1, answer))
    model.rounds[:] = [[Call("list_tasks", {"search": "a"})], [Call("list_tasks", {"search": "b"})], "Kuch nahi."]
    done = await ask(chat, "mere tasks dikhao")
    assert [bytes(call.arguments) for call in done.tool_calls] == [b'{"search":"a"}', b'{"search":"b"}']


async def test_unknown_tools_among_known_ones_are_answered_too(chat: Chat, model: ScriptedModel) -> None:
    unknown, known = Call("format_disk", {}), Call("list_tasks", {"search": None})
    model.rounds[:] = [[unknown], [unknown, known], [known], "Kuch nahi."]
    done = await ask(chat, "mere tasks dikhao")
    assert [call.name for call in done.tool_calls] == ["format_disk", "format_disk", "list_tasks", "list_tasks"]
    assert (len(tool_outputs(model.bodies[-1])), done.response) == (4, "Kuch nahi.")


async def test_a_turn_leaves_nothing_to_the_garbage_collector(
    chat: Chat, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[weakref.ref[Any]] = []

    class Watched(openai.Work):
        def __init__(self, *arguments: Any) -> None:
            kept.append(weakref.ref(self))
            super().__init__(*arguments)

    monkeypatch.setattr(openai, "Work", Watched)
    model.rounds[:] = [[Call("add_task", {"title": "doodh"})], "Likh liya."]
    gc.disable()
    try:
        await ask(chat, "doodh add karo")
        for _ in range(50):  # what the turn began ends
            await asyncio.sleep(0)
        assert [work() for work in kept] == [None]
    finally:
        gc.enable()


async def test_no_answer_is_asked_for_twice(chat: Chat, model: ScriptedModel) -> None:
    asked = len(model.bodies)
    model.rounds[:] = [[Call("list_tasks", {"search": None})], [Call("list_tasks", {"search": "a"})], "Kuch nahi."]
    done = await ask(chat, "mere tasks dikhao")
    assert (len(done.tool_calls), len(model.bodies) - asked) == (2, 3)
    assert len(tool_outputs(model.bodies[-1])) == 2


UNREADABLE = {
    "deep and cut": ("[" * 5000, "invalid"),
    "deep": ('{"title":' + "[" * 5000 + "]" * 5000 + "}", "invalid"),
    "half a character": ('{"title":"doodh \\ud800"}', "malformed_json"),
    "cut": ('{"title": ', "malformed_json"),
}


@pytest.mark.parametrize(("arguments", "code"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_arguments_that_nobody_can_read_are_recorded_and_the_model_is_told(
    chat: Chat, model: ScriptedModel, arguments: str, code: str
) -> None:
    model.rounds[:] = [[Call("add_task", arguments)], "Yeh nahi ho saka."]
    done = await ask(chat, "doodh add karo")
    assert [call.error and call.error.code for call in done.tool_calls] == [code]
    assert json.loads(bytes(done.tool_calls[0].arguments)) == arguments
    assert code in tool_outputs(model.bodies[-1])[0]


@pytest.mark.parametrize("depth", [90, 110, 300, 450, 900])
async def test_arguments_that_are_nested_are_refused_as_any(chat: Chat, model: ScriptedModel, depth: int) -> None:
    arguments = '{"title":' + "[" * depth + "]" * depth + "}"
    model.rounds[:] = [[Call("add_task", arguments)], [Call("format_disk", arguments)], "Yeh nahi ho saka."]
    done = await ask(chat, "doodh add karo")
    assert [call.error and call.error.code for call in done.tool_calls] == ["invalid", "unknown_tool"]


async def test_brackets_in_a_text_are_not_nested(chat: Chat, model: ScriptedModel) -> None:
    words = "[ ] " * 200
    model.rounds[:] = [[Call("add_task", {"title": "doodh", "description": words, "due": None})], "Likh liya."]
    done = await ask(chat, f"doodh add karo, {words}")
    assert [call.error for call in done.tool_calls] == [None]


async def test_a_string_in_a_string_is_no_call(chat: Chat, model: ScriptedModel) -> None:
    model.rounds[:] = [[Call("add_task", json.dumps('{"title":"doodh"}'))], "Yeh nahi ho saka."]
    done = await ask(chat, "doodh add karo")
    assert [call.error and call.error.code for call in done.tool_calls] == ["invalid"]


async def test_a_call_without_an_id_is_made(chat: Chat, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = openai_server._stream

    async def without_ids(send: Any, receive: Any, frames: AsyncIterator[bytes], ending: str) -> None:
        bare = (re.sub(rb'"call_\d+_\d+"', b'""', frame) async for frame in frames)
        await stream(send, receive, bare, ending)

    monkeypatch.setattr(openai_server, "_stream", without_ids)
    model.rounds[:] = [[Call("add_task", {"title": title}) for title in ("doodh", "chai")], "Likh liya."]
    done = await ask(chat, "doodh aur chai add karo")
    assert [call.error for call in done.tool_calls] == [None, None]
    assert (len(tool_outputs(model.bodies[-1])), done.response) == (2, "Likh liya.")


@pytest.mark.parametrize(
    ("sent", "code"),
    [({"title": "doodh"}, None), ({}, "invalid"), (None, "invalid"), (["doodh"], "invalid"), (5, "invalid")],
)
async def test_arguments_that_are_not_in_a_text_are_taken_as_json(
    chat: Chat, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch, sent: object, code: str | None
) -> None:
    stream = openai_server._stream

    async def bare(send: Any, receive: Any, frames: AsyncIterator[bytes], ending: str) -> None:
        told = (frame.replace(b'"{\\"as\\": 0}"', json.dumps(sent).encode()) async for frame in frames)
        await stream(send, receive, told, ending)

    monkeypatch.setattr(openai_server, "_stream", bare)
    model.rounds[:] = [[Call("add_task", {"as": 0})], "Ji."]
    done = await ask(chat, "doodh add karo")
    assert [call.error and call.error.code for call in done.tool_calls] == [code]
    assert done.response == "Ji."


ODD = {
    "a page": whole(b"<html>Welcome</html>"),
    "no JSON": whole(b"data: {nonsense}\n\n"),
    "an error": whole(b'data: {"error": {"message": "x"}}\n\n'),
    "no HTTP": b"220 mail ready\r\n\r\n",
}


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("answer", ODD.values(), ids=ODD.keys())
async def test_of_a_service_that_answers_nobody_says_that_it_does_not(
    api: str, answer: bytes, clock: HandClock
) -> None:
    async with peer(*[answer] * 3) as served, chatting(api, served.url, clock) as chat:
        with pytest.raises(AssistantUnavailable, match="not answer as it should"):
            await ask(chat, "salam")


@pytest.mark.parametrize("api", APIS)
async def test_a_service_that_is_not_there_does_not_answer(api: str, clock: HandClock) -> None:
    async with peer() as served:
        pass
    async with chatting(api, served.url, clock) as chat:
        with pytest.raises(AssistantUnavailable, match=r"does not answer\.$"):
            await ask(chat, "salam")


async def test_an_answer_without_an_end_is_cut_and_says_so(
    chat: Chat, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "WORDS_MAX", 1000)
    words = "aur chai " * 500
    model.rounds[:] = [words]
    done = await ask(chat, "kuch sunao")
    assert done.response == words[:1000] + "\n" + CUT
    model.rounds[:] = [words[:1000]]
    assert CUT not in (await ask(chat, "kuch sunao")).response


class Spans(TracingProcessor):
    """Keeps what a trace tells."""

    def __init__(self) -> None:
        self.ended: list[Span[Any]] = []

    def on_span_end(self, span: Span[Any]) -> None:
        self.ended.append(span)

    def on_span_start(self, span: Span[Any]) -> None: ...
    def on_trace_start(self, trace: Trace) -> None: ...
    def on_trace_end(self, trace: Trace) -> None: ...
    def shutdown(self) -> None: ...
    def force_flush(self) -> None: ...


@pytest.mark.parametrize("api", APIS)
async def test_a_trace_tells_of_the_whole_run(api: str, model: ScriptedModel, clock: HandClock) -> None:
    storage, spans = MemoryStorage(), Spans()
    assistant = OpenAIAssistant("sk-test", "any", model.base_url, api, tracing=True)
    context = ContextManager(storage, clock, ZONE, timedelta(minutes=2))
    set_trace_processors([spans])
    model.rounds[:] = [[Call("list_tasks", {"search": None})], "Kuch nahi."]
    await ask(Chat(context, Toolboxes(storage, clock, ZONE), assistant, timeout=60), "mere tasks dikhao")
    set_trace_processors([])
    await assistant.close()
    kinds = [span.span_data.type for span in spans.ended]
    asking = {"responses": "response", "chat": "generation"}[api]
    assert (kinds.count(asking), kinds.count("function"), kinds.count("agent")) == (2, 1, 1)
    assert "mere tasks dikhao" in str([span.span_data.input for span in spans.ended if span.span_data.type == asking])
