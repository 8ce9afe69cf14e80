"""Turns as those around them hear and end them: slow listeners, impatient stops, other processes, a failing service."""

import asyncio
import gc
import logging
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import pytest
from litestar.types import Message as Sent
from litestar.types import Receive, Scope, Send
from tests.security.forge import HandClock

from adapters.assistant.fallback import FallbackAssistant
from adapters.assistant.models import Ending
from adapters.assistant.offline import OfflineAssistant
from adapters.assistant.work import Work
from adapters.storage.memory import MemoryStorage
from application.chat import Chat
from application.context import Ask, ContextManager, OpenedTurn
from application.live import LiveTurn, TurnDone, TurnStarted
from application.observing import Observer, Unobserved
from application.ports import Assistant, AssistantUnavailable, Delta, Storage
from application.shapes import AddTask
from application.toolbox import RESULTS_MAX, Toolbox, Toolboxes
from application.tools import add_task
from domain.conversations import Conversation, Message, Role, ToolCall, Turn
from domain.errors import ConversationBusy
from domain.urdu import Language, Reply, say
from entrypoints.http.protocol import LOSS
from entrypoints.http.requests import Requests
from entrypoints.http.sse import Frames, event_stream, gathered

ZONE = "Asia/Karachi"
AT_ONCE = 5
"""Seconds that mean never, where what is awaited needs no timer."""


class Told(Assistant):
    """Does in a turn what the test says."""

    name = "told"
    memory = 2

    def __init__(self, reply: Callable[[Turn, Toolbox], AsyncIterator[Delta | ToolCall]]) -> None:
        self._reply = reply

    def reply(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Delta | ToolCall]:
        return self._reply(turn, toolbox)

    async def close(self) -> None: ...


def chat_with(assistant: Assistant, storage: Storage, clock: HandClock) -> Chat:
    context = ContextManager(storage, clock, ZONE, timedelta(seconds=15))
    return Chat(context, Toolboxes(storage, clock, ZONE), assistant, AT_ONCE)


async def test_a_slow_listener_hears_the_end_at_once(clock: HandClock) -> None:
    live = LiveTurn(TurnStarted("trn_1", 1))
    hearing = gathered(live)
    await anext(hearing)
    done = TurnDone(1, "Ji.", (), clock.now())
    live.tell(Delta("Ji."))
    live.end(Message(2, Role.ASSISTANT, "Ji.", done.timestamp))
    for _ in range(10):
        await asyncio.sleep(0)  # the listener is busy with what it heard before
    async with asyncio.timeout(AT_ONCE):
        assert [events async for events in hearing] == [[Delta("Ji."), done]]


async def test_the_last_event_goes_out_in_one_piece_with_the_end_of_the_answer(clock: HandClock) -> None:
    sent: list[Sent] = []

    async def send(message: Sent) -> None:
        sent.append(message)

    live = LiveTurn(TurnStarted("trn_1", 1))
    live.end(Message(2, Role.ASSISTANT, "Ji.", clock.now()))
    scope: Any = {"state": {}}
    request: Any = None
    await Frames(event_stream(live, "/", exact=False)).to_asgi_response(None, request)(scope, request, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (b"event: done" in sent[1]["body"], sent[1]["more_body"]) == (True, False)


async def test_a_listener_who_goes_away_ends_the_stream_and_nothing_else() -> None:
    sent: list[object] = []
    closed, begun = asyncio.Event(), asyncio.Event()

    async def frames() -> AsyncGenerator[bytes]:
        try:
            yield b"data: 1\n\n"
            begun.set()
            await asyncio.Event().wait()
        finally:
            closed.set()

    def watch(lose: Callable[[], None] | None) -> None:
        watching.append(lose)

    async def go_away() -> None:
        await begun.wait()
        if lose := watching[-1]:
            lose()

    async def send(message: Sent) -> None:
        sent.append(message.get("body"))

    scope: Any = {"state": {LOSS: watch}}
    request: Any = None
    watching: list[Callable[[], None] | None] = []
    going = asyncio.ensure_future(go_away())
    async with asyncio.timeout(AT_ONCE):
        await Frames(frames()).to_asgi_response(None, request)(scope, request, send)
    await going
    await asyncio.sleep(0)  # a cancellation too many would come here
    assert (sent, closed.is_set(), watching[-1]) == ([None, b"data: 1\n\n"], True, None)


async def test_a_stream_of_which_only_the_head_is_asked_ends_with_it() -> None:
    async def frames() -> AsyncGenerator[bytes]:
        await asyncio.Event().wait()
        yield b""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request: Any = None
        await Frames(frames()).to_asgi_response(None, request)(scope, receive, send)

    async def send(message: Sent) -> None:
        sent.append(message["type"])

    class Container:
        async def get(self, _: object) -> Observer:
            return Unobserved()

    sent: list[str] = []
    container: Any = Container()
    scope: Any = {"type": "http", "method": "HEAD", "headers": [], "state": {}}
    receive: Any = None
    async with asyncio.timeout(AT_ONCE):
        await Requests(app, container, lambda _, headers: list(headers), log=None)(scope, receive, send)
    assert sent == ["http.response.start", "http.response.body"]


async def test_each_turn_is_looked_after_in_its_own_requests_name(
    clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seconds in ("WATCH", "LOOK"):
        monkeypatch.setattr(f"application.chat.{seconds}", 0.01)
    request: ContextVar[str] = ContextVar("request")
    looked: set[tuple[str, str]] = set()
    everyone = asyncio.Event()

    class Watching(ContextManager):
        async def attend(self, user_id: str, turn: Turn) -> bool:
            looked.add((user_id, request.get()))
            if len(looked) > 1:
                everyone.set()
            return await super().attend(user_id, turn)

    async def reply(_: Turn, __: Toolbox) -> AsyncIterator[Delta | ToolCall]:
        await everyone.wait()
        yield Delta("Ji.")

    storage = MemoryStorage()
    context = Watching(storage, clock, ZONE, timedelta(seconds=15))
    chat = Chat(context, Toolboxes(storage, clock, ZONE), Told(reply), AT_ONCE)

    async def ask(user: str) -> None:
        request.set(user)
        await (await chat.start(Ask(user, "salam"))).whole()

    await asyncio.gather(ask("ali"), ask("sara"))
    assert looked == {("ali", "ali"), ("sara", "sara")}


MESSAGES = {
    "sa1 add karo aur sb1 add karo": "Theek hai, 'sa1' task add ho gaya.\n(Rok diya gaya.)",
    "sa1 شامل کرو اور sb1 شامل کرو": "ٹھیک ہے، 'sa1' ٹاسک شامل ہو گیا۔\n(روک دیا گیا۔)",
}


@pytest.mark.parametrize("heard", [ToolCall, Delta])
@pytest.mark.parametrize("message", MESSAGES)
async def test_a_stopped_turn_tells_what_it_did_once(clock: HandClock, message: str, heard: type[Any]) -> None:
    came = asyncio.Event()

    async def reply(turn: Turn, toolbox: Toolbox) -> AsyncIterator[Any]:
        async for step in OfflineAssistant().reply(turn, toolbox):
            yield step
            if isinstance(step, heard):
                came.set()
                await asyncio.Event().wait()

    storage = MemoryStorage()
    live = await chat_with(Told(reply), storage, clock).start(Ask("ali", message, "c"))
    await came.wait()
    live.stop()
    done = await live.whole()
    assert (done.response, [call.name for call in done.tool_calls]) == (MESSAGES[message], ["add_task"])
    told = "".join([event.text async for event in live.events() if isinstance(event, Delta)])
    recorded = await storage.run("ali", lambda unit: unit.conversations.message(1, 2))
    assert recorded
    assert told == done.response == recorded.text


async def test_a_stopped_turn_tells_a_change_that_nobody_heard_of_and_no_failure(clock: HandClock) -> None:
    done = asyncio.Event()

    async def reply(_: Turn, toolbox: Toolbox) -> AsyncIterator[Delta | ToolCall]:
        yield Delta(" ")
        await toolbox.call("delete_task", b'{"task_id":9}')
        await toolbox.call("add_task", b'{"title":"chai"}')
        done.set()
        await asyncio.Event().wait()

    live = await chat_with(Told(reply), MemoryStorage(), clock).start(Ask("ali", "add chai", "c"))
    await done.wait()
    live.stop()
    assert (await live.whole()).response == " Okay, I added the task 'chai'.\n(Stopped.)"
    told = "".join([event.text async for event in live.events() if isinstance(event, Delta)])
    assert told == " Okay, I added the task 'chai'.\n(Stopped.)"


async def test_a_turn_that_is_stopped_twice_is_stopped_once(clock: HandClock) -> None:
    begun, tidying, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
    tidied: list[bool] = []

    async def reply(*_: object) -> AsyncIterator[Delta]:
        yield Delta("Ji, ")
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            tidying.set()
            await go_on.wait()
            tidied.append(True)

    live = await chat_with(Told(reply), MemoryStorage(), clock).start(Ask("ali", "salam", "c"))
    await begun.wait()
    live.stop()
    await tidying.wait()
    live.stop()
    await asyncio.sleep(0)
    go_on.set()
    assert (await live.whole()).response.startswith("Ji, ")
    assert tidied == [True]


async def test_a_service_that_fails_when_a_reply_is_corrected_has_nothing_done_twice(clock: HandClock) -> None:
    storage = MemoryStorage()

    async def reply(turn: Turn, toolbox: Toolbox) -> AsyncIterator[Delta | ToolCall]:
        if turn.correction:
            raise AssistantUnavailable("The model's service does not answer.")
        yield await toolbox.call("add_task", b'{"title":"doodh"}')
        yield Delta("'anda' task delete ho gaya.")

    chat = chat_with(FallbackAssistant(Told(reply), OfflineAssistant(), patience=60), storage, clock)
    live = await chat.start(Ask("ali", "doodh add karo", "c"))
    with pytest.raises(AssistantUnavailable):
        await live.whole()
    assert await storage.run("ali", lambda unit: unit.tasks.get(2)) is None


async def test_a_silent_service_is_down_after_a_while_unless_a_tool_was_begun(clock: HandClock) -> None:
    storage = MemoryStorage()

    async def reply(turn: Turn, toolbox: Toolbox) -> AsyncIterator[Delta]:
        if turn.message.startswith("anda"):
            await toolbox.call("add_task", b'{"title":"anda"}')
        await asyncio.Event().wait()
        yield Delta("")

    chat = chat_with(FallbackAssistant(Told(reply), OfflineAssistant(), patience=0.01), storage, clock)
    done = await (await chat.start(Ask("ali", "doodh add karo", "c"))).whole()
    assert done.response.splitlines()[1] == "Theek hai, 'doodh' task add ho gaya."
    with pytest.raises(AssistantUnavailable):
        await (await chat.start(Ask("ali", "anda add karo", "c"))).whole()
    assert await storage.run("ali", lambda unit: unit.tasks.get(3)) is None


async def test_a_turn_held_elsewhere_is_not_written_into_one_that_runs(clock: HandClock) -> None:
    context = ContextManager(MemoryStorage(), clock, ZONE, timedelta(seconds=15))
    opened = await context.open_turn(Ask("ali", "salam", "c"))
    with pytest.raises(ConversationBusy):
        await context.record_interaction("ali", "c", "kya haal", "Theek.")
    await context.abandon_turn("ali", opened.turn, opened.reply_id)
    assert (await context.record_interaction("ali", "c", "kya haal", "Theek.")).message_count == 4


async def test_a_listener_of_another_process_hears_the_turn_it_asked_for(clock: HandClock) -> None:
    storage = MemoryStorage()
    context = ContextManager(storage, clock, ZONE, timedelta(seconds=15))

    async def answer(opened: OpenedTurn) -> None:
        text = f"{opened.turn.message}!"
        await context.close_turn("ali", opened.turn, Message(opened.reply_id, Role.ASSISTANT, text, clock.now()))

    first = await context.open_turn(Ask("ali", "pehla", "c"))
    followed = await chat_with(OfflineAssistant(), storage, clock).follow("ali", "c")
    # Nothing here lets the loop go on: the other process looks again when both turns have ended.
    await answer(first)
    await answer(await context.open_turn(Ask("ali", "doosra", "c")))
    assert (await followed.whole()).response == "pehla!"


async def test_a_message_brings_no_more_than_a_turn_may(clock: HandClock) -> None:
    storage = MemoryStorage()
    await fill_with_long_tasks(storage, clock)
    live = await chat_with(OfflineAssistant(), storage, clock).start(Ask("ali", "list dikhao. " * 300, "c"))
    told = await live.whole()
    assert told.response.endswith(f"\n{say(Reply.TOO_MUCH, Language.ROMAN)}")
    assert RESULTS_MAX < sum(len(bytes(call.result or b"")) for call in told.tool_calls) < 2 * RESULTS_MAX


async def test_a_model_reads_no_more_than_a_turn_may_and_can_still_act(clock: HandClock) -> None:
    storage = MemoryStorage()
    box = await fill_with_long_tasks(storage, clock)
    turn = Turn("trn_1", Conversation(1, "c", "", clock.now(), clock.now()), "doodh add karo", (), clock.now(), ZONE)
    calls: list[ToolCall] = []
    work = Work(turn, box, Ending(lambda _: None), calls.append)
    while not box.is_full:
        await work.call("list_tasks", "{}")
    assert "read_enough" in await work.call("list_tasks", "{}")
    assert "created" in await work.call("add_task", '{"title":"doodh"}')
    assert [call.error for call in calls[:-2]] == [None] * (len(calls) - 2)


async def test_a_turn_that_failed_keeps_nothing_of_what_it_worked_with(
    clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("application.holding"), "disabled", True)  # pytest keeps what was logged

    class Request:
        """Stands for all that is at hand in a turn."""

    made: list[weakref.ref[Request]] = []

    async def reply(*_: object) -> AsyncIterator[Delta]:
        request = Request()
        made.append(weakref.ref(request))
        raise AssistantUnavailable("The model's service does not answer.", retry_after=7)
        yield Delta("")

    chat = chat_with(Told(reply), MemoryStorage(), clock)
    live = await chat.start(Ask("ali", "salam", "c"))
    for _ in range(2):
        with pytest.raises(AssistantUnavailable, match="does not answer") as told:
            await live.whole()
        assert told.value.retry_after == 7
    gc.collect()
    assert await chat.follow("ali", "c") is live
    assert made[0]() is None


async def fill_with_long_tasks(storage: Storage, clock: HandClock) -> Toolbox:
    box = Toolboxes(storage, clock, ZONE).of("ali")
    for number in range(50):
        await box.use(add_task, AddTask(f"kaam {number}", "x" * 4000))
    return box
