"""A turn that ends with a tool call: effect, record and reply are kept together, and told when they are."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from tests.security.forge import HandClock

from adapters.assistant.offline import OfflineAssistant
from adapters.storage.memory import MemoryStorage
from adapters.storage.sql import SqlStorage
from adapters.storage.sql.statements import SqliteDatabase
from application.chat import Chat
from application.context import Ask, ContextManager
from application.live import Event, LiveTurn, TurnDone, TurnFailed, TurnStarted
from application.ports import (
    Assistant,
    AssistantUnavailable,
    Delta,
    LastCall,
    LastWords,
    Script,
    Step,
    Storage,
    StorageUnavailable,
    T,
    TaskQuery,
    Unit,
)
from application.toolbox import Toolbox, Toolboxes
from domain.conversations import Message, MessageStatus, Question, QuestionKind, ToolCall, Turn
from domain.errors import TurnGivenUp

ZONE = "Asia/Karachi"
LEASE = timedelta(seconds=15)
ADD = ("add_task", b'{"title":"doodh"}')
ASKED = Question(QuestionKind.TITLE, "update_task", (1,))


async def nothing() -> None: ...


class Ending(Assistant):
    """Says something and ends with a call, after what happens `meanwhile`."""

    name = "ending"
    memory = 2

    def __init__(self, tool: str, arguments: bytes, meanwhile: Callable[[], Awaitable[object]] = nothing) -> None:
        self._last = LastCall(tool, arguments, lambda call: LastWords(call.error.code if call.error else "done", ASKED))
        self._meanwhile = meanwhile

    async def reply(self, _: Turn, __: Toolbox) -> AsyncIterator[Step]:
        yield Delta("so: ", ours=True)
        await self._meanwhile()
        yield self._last

    async def close(self) -> None: ...


class Counted(MemoryStorage):
    """Counts its transactions; the `failing` one is not kept, of the `cancelled` one nobody hears what came."""

    def __init__(self, failing: int = 0, cancelled: int = 0) -> None:
        super().__init__()
        self._failing = failing
        self._cancelled = cancelled
        self.units = 0

    async def run(self, user_id: str, work: Callable[[Unit], T]) -> T:
        self.units += 1
        number = self.units
        if number == self._failing:
            raise StorageUnavailable("The disk is full.")
        result = await super().run(user_id, work)
        if number == self._cancelled:
            raise asyncio.CancelledError
        return result


def chat_of(storage: Storage, clock: HandClock, assistant: Assistant | None = None) -> Chat:
    context = ContextManager(storage, clock, ZONE, LEASE)
    return Chat(context, Toolboxes(storage, clock, ZONE), assistant or OfflineAssistant(), 5)


async def heard(live: LiveTurn) -> list[Event]:
    return [event async for event in live.events()]


async def reply_of(storage: Storage, user: str) -> Message:
    reply = await storage.run(user, lambda unit: unit.conversations.message(1, 2))
    assert reply
    return reply


async def test_a_turn_that_waits_for_no_model_is_held_in_one_go_and_a_drain_waits_for_it(clock: HandClock) -> None:
    class Gated(MemoryStorage):
        """Lets scripts begin when it is told."""

        begun, go_on, scripts = asyncio.Event(), asyncio.Event(), 0

        async def run_through(self, script: Script[T]) -> T:
            self.scripts += 1
            self.begun.set()
            await self.go_on.wait()
            return await super().run_through(script)

    storage = Gated()
    chat = chat_of(storage, clock)
    starting = asyncio.ensure_future(chat.start(Ask("ali", "doodh add karo aur anda add karo", "c")))
    await storage.begun.wait()
    draining = asyncio.ensure_future(chat.drain())
    await asyncio.sleep(0.01)
    assert not draining.done()
    storage.go_on.set()
    done = await (await starting).whole()
    await draining
    assert (len(done.tool_calls), storage.scripts) == (2, 1)
    with pytest.raises(AssistantUnavailable, match="shutting down"):
        await chat.start(Ask("ali", "salam", "c"))


async def test_a_turn_held_in_one_go_ends_though_its_caller_goes_away(
    sqlite_storage: SqlStorage, user: str, clock: HandClock
) -> None:
    caller = asyncio.ensure_future(chat_of(sqlite_storage, clock).start(Ask(user, "doodh lana add karo", "c")))
    await asyncio.sleep(0)
    await sqlite_storage.run(user, lambda unit: unit.conversations.find("c"))  # begun after the turn
    caller.cancel()
    await asyncio.wait([caller])
    reply = await reply_of(sqlite_storage, user)
    assert (reply.status, len(reply.tool_calls)) == (MessageStatus.COMPLETED, 1)


async def test_a_turn_held_in_one_go_can_be_stopped_in_its_midst(clock: HandClock) -> None:
    class Breathing(MemoryStorage):
        """Lets others have their turn before each unit."""

        async def run(self, user_id: str, work: Callable[[Unit], T]) -> T:
            await asyncio.sleep(0)
            return await super().run(user_id, work)

    storage, user = Breathing(), "ali"
    chat = chat_of(storage, clock)
    for number in range(60):
        await (await chat.start(Ask(user, f"doodh {number} lana add karo", "c"))).whole()
    await (await chat.start(Ask(user, "sab tasks delete karo", "c"))).whole()
    deleting = asyncio.ensure_future(chat.start(Ask(user, "haan", "c")))
    while not await chat.stop(user, "c"):
        assert not deleting.done()
    done = await (await deleting).whole()
    left = await storage.run(user, lambda unit: unit.tasks.count(TaskQuery()))
    assert 0 < left == 60 - len([call for call in done.tool_calls if call.name == "delete_task"])
    reply = (await ContextManager(storage, clock, ZONE, LEASE).messages(user, "c", 1))[0]
    assert (reply.status, reply.text) == (MessageStatus.STOPPED, done.response)


async def test_a_storage_that_fails_in_the_midst_is_waited_for_once(clock: HandClock) -> None:
    class Silent(Counted):
        """Fails from its second unit on; from the third on that takes until it is told."""

        go_on = asyncio.Event()

        async def run(self, user_id: str, work: Callable[[Unit], T]) -> T:
            if not self.units:
                return await super().run(user_id, work)
            self.units += 1
            if self.units > 2:
                await self.go_on.wait()
            raise StorageUnavailable("The database does not answer.")

    storage = Silent()
    chat = chat_of(storage, clock)
    live = await chat.start(Ask("ali", "doodh add karo", "c"))
    with pytest.raises(StorageUnavailable):
        await live.whole()
    storage.go_on.set()
    await chat.drain()
    assert storage.units == 3  # it was tried to write down how the turn ended


@pytest.mark.parametrize("message", ["doodh lana add karo", "mere tasks dikhao"])
async def test_a_turn_of_one_call_takes_two_transactions(clock: HandClock, message: str) -> None:
    storage = Counted()
    done = await (await chat_of(storage, clock).start(Ask("ali", message, "c"))).whole()
    assert (len(done.tool_calls), storage.units) == (1, 2)


async def test_the_last_of_several_commands_ends_the_turn(storage: Storage, clock: HandClock, user: str) -> None:
    live = await chat_of(storage, clock).start(Ask(user, "doodh lana add karo aur anda lana add karo", "c"))
    said = [event.text for event in await heard(live) if isinstance(event, Delta)]
    assert said == ["Theek hai, 'doodh lana' task add ho gaya.", "\nTheek hai, 'anda lana' task add ho gaya."]
    assert (await reply_of(storage, user)).text == "".join(said)


async def test_a_turn_that_ends_with_a_call_is_told_in_order(storage: Storage, clock: HandClock, user: str) -> None:
    events = await heard(await chat_of(storage, clock, Ending(*ADD)).start(Ask(user, "doodh", "c")))
    assert [type(event) for event in events] == [TurnStarted, Delta, ToolCall, Delta, TurnDone]
    assert [event.text for event in events if isinstance(event, Delta)] == ["so: ", "done"]
    reply = await reply_of(storage, user)
    assert (reply.text, reply.status, reply.question and reply.question.kind) == (
        "so: done",
        MessageStatus.COMPLETED,
        ASKED.kind,
    )


async def test_a_last_call_that_is_refused_is_recorded_with_the_end(
    storage: Storage, clock: HandClock, user: str
) -> None:
    chat = chat_of(storage, clock, Ending("delete_task", b'{"task_id":9}'))
    done = await (await chat.start(Ask(user, "9 mita do", "c"))).whole()
    reply = await reply_of(storage, user)
    assert (done.response, reply.text, reply.status) == (*["so: not_found"] * 2, MessageStatus.COMPLETED)
    assert [call.error and call.error.code for call in reply.tool_calls] == ["not_found"]


async def test_what_can_not_be_kept_is_neither_done_nor_told(clock: HandClock) -> None:
    storage = Counted(failing=2)
    events = await heard(await chat_of(storage, clock).start(Ask("ali", "doodh add karo", "c")))
    assert [type(event) for event in events] == [TurnStarted, TurnFailed]
    assert await storage.run("ali", lambda unit: unit.tasks.get(1)) is None


async def test_a_process_taken_for_dead_does_not_make_its_last_call(
    storage: Storage, clock: HandClock, user: str
) -> None:
    async def be_taken_for_dead() -> None:
        clock.pass_seconds(LEASE.total_seconds() + 1)
        await ContextManager(storage, clock, ZONE, LEASE).messages(user, "c", 10)

    live = await chat_of(storage, clock, Ending(*ADD, be_taken_for_dead)).start(Ask(user, "doodh", "c"))
    with pytest.raises(TurnGivenUp):
        await live.whole()
    assert (await reply_of(storage, user)).status is MessageStatus.FAILED
    assert await storage.run(user, lambda unit: unit.tasks.get(1)) is None


async def test_a_turn_that_is_stopped_before_its_last_call_does_not_make_it(clock: HandClock) -> None:
    storage = MemoryStorage()
    live = await chat_of(storage, clock, Ending(*ADD, asyncio.Event().wait)).start(Ask("ali", "doodh", "c"))
    asyncio.get_running_loop().call_later(0.01, live.stop)
    done = await live.whole()
    assert (done.tool_calls, live.is_stopped) == ((), True)
    assert await storage.run("ali", lambda unit: unit.tasks.get(1)) is None


async def test_a_turn_that_is_ended_while_its_end_is_recorded_is_done(clock: HandClock) -> None:
    storage = Counted(cancelled=2)
    events = await heard(await chat_of(storage, clock, Ending(*ADD)).start(Ask("ali", "doodh", "c")))
    assert [type(event) for event in events] == [TurnStarted, Delta, ToolCall, Delta, TurnDone]


async def test_a_command_costs_the_database_ten_statements(
    sqlite_storage: SqlStorage, clock: HandClock, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chat_of(sqlite_storage, clock)
    await (await chat.start(Ask(user, "anda lana add karo", "c"))).whole()
    asked: list[str] = []

    def counting(name: str) -> Callable[..., object]:
        run = getattr(SqliteDatabase, name)
        return lambda *args, **values: (asked.append(name), run(*args, **values))[1]

    for name in ("first", "all", "change", "add"):
        monkeypatch.setattr(SqliteDatabase, name, counting(name))
    await (await chat.start(Ask(user, "doodh lana add karo", "c"))).whole()
    assert len(asked) <= 10
