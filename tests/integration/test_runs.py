"""What a run of the SDK costs beside the model: counted, not timed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.doubles.openai_server import Call, ScriptedModel, running
from tests.security.forge import HandClock

from adapters.assistant import openai
from adapters.assistant.openai import OpenAIAssistant
from adapters.storage.memory import MemoryStorage
from application.chat import Chat
from application.context import Ask, ContextManager
from application.live import TurnDone
from application.toolbox import Toolboxes

ZONE = "Asia/Karachi"
APIS = ("responses", "chat")


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with running(ScriptedModel()) as scripted:
        yield scripted


@pytest.fixture(params=APIS)
async def chat(request: pytest.FixtureRequest, model: ScriptedModel, clock: HandClock) -> AsyncIterator[Chat]:
    storage = MemoryStorage()
    assistant = OpenAIAssistant("sk-test", "any", model.base_url, request.param)
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
