"""ChatKit without a network: when its package is imported, how silence is told, what a retry and a thumb keep."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.e2e.chatkit import event_of, kinds, said
from tests.security.forge import HandClock

from adapters.assistant.offline import OfflineAssistant
from adapters.storage.memory import MemoryStorage
from application import chat
from application.chat import Chat
from application.context import Ask, ContextManager
from application.ports import Assistant, Delta, Quota, RateLimiter, Storage, StorageUnavailable
from application.toolbox import Toolbox, Toolboxes
from domain.conversations import Feedback, MessageStatus, Turn
from domain.errors import ConversationMoved, ConversationNotFound
from entrypoints.chatkit.protocol import ChatKitProtocol
from entrypoints.http import sse

ZONE = "Asia/Karachi"


class Unlimited(RateLimiter):
    """Counts nothing."""

    async def hit(self, key: str) -> Quota:
        return Quota("chat", 1, 1, 1, 1)

    async def forgive(self, key: str) -> None:
        """Nothing to take back."""


class Slow(Assistant):
    """Thinks as long as it is told to."""

    name = "slow"
    memory = 1

    def __init__(self, think: Callable[[], Any]) -> None:
        self._think = think

    async def reply(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Delta]:
        await self._think()
        yield Delta("Ji.")

    async def close(self) -> None: ...


def context_over(storage: Storage, clock: HandClock) -> ContextManager:
    return ContextManager(storage, clock, ZONE, timedelta(minutes=2))


def protocol_over(storage: Storage, clock: HandClock, assistant: Assistant) -> ChatKitProtocol:
    toolboxes, context = Toolboxes(storage, clock, ZONE), context_over(storage, clock)
    return ChatKitProtocol(Chat(context, toolboxes, assistant, 5), context, toolboxes, Unlimited())


async def ask(protocol: ChatKitProtocol, kind: str, user: str = "ali", **params: Any) -> Any:
    """The answer to one request: JSON, or the events of a stream."""
    answer = await protocol.answer(user, msgspec.json.encode({"type": kind, "params": params}))
    if isinstance(answer.content, bytes):
        return msgspec.json.decode(answer.content)
    return [event_of(frame.decode().strip()) async for frame in answer.content]


async def test_silence_is_told_as_progress(clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.01)
    for pause in ("WATCH", "LOOK"):
        monkeypatch.setattr(chat, pause, 0.01)
    go_on = asyncio.Event()
    protocol = protocol_over(MemoryStorage(), clock, Slow(go_on.wait))
    body = msgspec.json.encode({"type": "threads.create", "params": {"input": said("salam")}})
    answer = await protocol.answer("ali", body)
    assert not isinstance(answer.content, bytes)
    events: list[Any] = []
    async for frame in answer.content:
        events.append(event_of(frame.decode().strip()))
        if kinds(events).count("progress_update") > 2:
            go_on.set()
    assert events[-1].item.content[0].text == "Ji."


async def test_a_silent_database_before_the_stream_is_raised_and_within_it_is_told(
    clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = MemoryStorage()
    protocol = protocol_over(storage, clock, OfflineAssistant())

    async def fail(*_: Any, **__: Any) -> None:
        raise StorageUnavailable("The database does not answer.")

    body = msgspec.json.encode({"type": "threads.create", "params": {"input": said("salam")}})
    answer = await protocol.answer("ali", body)
    assert not isinstance(answer.content, bytes)
    frames = [await anext(answer.content), await anext(answer.content)]
    monkeypatch.setattr(storage, "run", fail)
    frames += [frame async for frame in answer.content]
    events = [event_of(frame.decode().strip()) for frame in frames]
    assert (events[-1].type, events[-1].message) == ("error", "The database does not answer.")
    with pytest.raises(StorageUnavailable):
        await ask(protocol, "threads.create", input=said("salam"))
    with pytest.raises(StorageUnavailable):
        await ask(protocol, "threads.list")


async def test_each_of_many_messages_at_once_gets_its_own_answer(clock: HandClock) -> None:
    protocol = protocol_over(MemoryStorage(), clock, OfflineAssistant())
    thread = (await ask(protocol, "threads.create", input=said("salam")))[0].thread.id
    texts = [f"doodh {number} add karo" for number in range(8)]
    streams = await asyncio.gather(
        *(ask(protocol, "threads.add_user_message", thread_id=thread, input=said(text)) for text in texts)
    )
    assert [events[0].item.content[0].text for events in streams] == texts
    kept = (await ask(protocol, "items.list", thread_id=thread, limit=100, order="asc"))["data"]
    spoken = [item["content"][0]["text"] for item in kept if item["type"] == "user_message"]
    assert (spoken[0], sorted(spoken[1:])) == ("salam", texts)
    assert [item["id"] for item in kept if item["type"] == "workflow"] == [f"wf_1_{n}" for n in range(4, 20, 2)]


async def test_what_was_cut_is_gone_and_its_place_is_free(storage: Storage, user: str, clock: HandClock) -> None:
    context = context_over(storage, clock)
    for text in ("a", "b"):
        opened = await context.open_turn(Ask(user, text, "c", idempotency_key=text))
        await context.abandon_turn(user, opened.turn, opened.reply_id)
    again = await context.open_turn(Ask(user, "a", "c", after=4, replaces=1))
    assert (again.turn.history, again.reply_id) == ((), 2)
    messages = await context.messages(user, "c", 9)
    assert [(message.id, message.status) for message in messages] == [
        (1, MessageStatus.COMPLETED),
        (2, MessageStatus.IN_PROGRESS),
    ]
    assert (await context.conversation(user, "c")).message_count == 2
    await context.abandon_turn(user, again.turn, again.reply_id)
    anew = await context.open_turn(Ask(user, "b", "c", idempotency_key="b"))
    assert (anew.answered, anew.reply_id) == (None, 4)


async def test_an_answer_to_what_is_no_longer_the_last_word_is_refused(
    storage: Storage, user: str, clock: HandClock
) -> None:
    context = context_over(storage, clock)
    opened = await context.open_turn(Ask(user, "a", "c"))
    await context.abandon_turn(user, opened.turn, opened.reply_id)
    with pytest.raises(ConversationMoved):
        await context.open_turn(Ask(user, "b", "c", after=1))
    assert len(await context.messages(user, "c", 9)) == 2


async def test_a_thumb_is_kept_and_changed(storage: Storage, user: str, clock: HandClock) -> None:
    context = context_over(storage, clock)
    opened = await context.open_turn(Ask(user, "a", "c"))
    for feedback in Feedback:
        await context.rate(user, "c", {opened.reply_id}, feedback)
    await context.abandon_turn(user, opened.turn, opened.reply_id)
    assert [message.feedback for message in await context.messages(user, "c", 9)] == [None, Feedback.NEGATIVE]
    with pytest.raises(ConversationNotFound):
        await context.rate(user, "c", {1, 9}, Feedback.POSITIVE)
    assert (await context.messages(user, "c", 9))[0].feedback is None


@pytest.mark.parametrize("oldest_first", [False, True])
async def test_conversations_are_paged_both_ways(
    storage: Storage, user: str, clock: HandClock, oldest_first: bool
) -> None:
    context = context_over(storage, clock)
    for number in range(5):
        await context.record_interaction(user, f"c{number}", "a", "b")
        clock.pass_seconds(number % 2)
    found: list[str] = []
    seen = None
    while page := await context.conversations(user, 2, seen, oldest_first):
        found += [place.key for place in page]
        seen = (page[-1].updated_at, page[-1].id)
    expected = [f"c{number}" for number in range(5)]
    assert found == (expected if oldest_first else expected[::-1])
