"""The process is killed at any point of a turn: what is in the database afterwards is whole, and told honestly.

`bench/faults` does the same at length, on PostgreSQL and with several processes too.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from bench.faults.audit import PROMISES
from bench.faults.databases import Rows, rows
from bench.faults.kill import kills
from bench.faults.load import Speaker, settle, speakers
from bench.faults.processes import serving, site
from tests.security.forge import HandClock

from adapters.assistant.offline import OfflineAssistant
from application.chat import Chat
from application.context import Ask, ContextManager, OpenedTurn
from application.ports import Storage
from application.toolbox import Toolbox, Toolboxes
from domain.conversations import Message, MessageStatus, Role
from domain.errors import ConversationBusy, TurnGivenUp, TurnInProgress
from domain.urdu import Language, Reply, say

KILLS = 6
LEASE = timedelta(seconds=90)
Talked = tuple[Rows, list[Speaker]]


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> Talked:
    """What is in the database after many kills, and the people who talked: all their keys are answered."""
    with site("sqlite", tmp_path_factory.mktemp("killed")) as at:
        people = speakers(at, users=2, devices=2, seed=7)
        kills(at, people, KILLS)
        assert sum(len(one.open) for one in people) > KILLS // 3
        with serving(at) as process:
            settle(people, [process.address])
        return rows(at.url), people


def test_whoever_asks_again_under_the_same_key_is_told_the_same(talked: Talked) -> None:
    assert sum(len(one.answered) for one in talked[1]) > KILLS // 3
    assert [fault for one in talked[1] for fault in one.faults] == []


@pytest.mark.parametrize("promise", PROMISES)
def test_after_kills(promise: Callable[[Rows, list[Speaker]], Any], talked: Talked) -> None:
    assert list(promise(*talked)) == []


def lose_a_turn(kept: Rows) -> None:
    kept["messages"].remove(next(message for message in kept["messages"] if message["idempotency_key"]))


def lose_a_call(kept: Rows) -> None:
    kept["tool_calls"].remove(next(call for call in kept["tool_calls"] if call["name"] == "add_task"))


def add_twice(kept: Rows) -> None:
    kept["tool_calls"].append(next(call for call in kept["tool_calls"] if call["name"] == "add_task"))


def change_unseen(kept: Rows) -> None:
    kept["tasks"].append({**kept["tasks"][-1], "id": 10_000})


def skip_a_number(kept: Rows) -> None:
    kept["messages"][-1]["id"] += 1


def lose_a_change(kept: Rows) -> None:
    kept["changes"].pop()


HARMS = (lose_a_turn, lose_a_call, add_twice, change_unseen, skip_a_number, lose_a_change)


@pytest.mark.parametrize("harm", HARMS)
def test_the_audit_sees_what_is_lost_or_done_twice(harm: Callable[[Rows], None], talked: Talked) -> None:
    kept, people = deepcopy(talked[0]), talked[1]
    harm(kept)
    assert any(list(promise(kept, people)) for promise in PROMISES[1:])


# A turn whose process died, told by the next one


async def interrupted(storage: Storage, clock: HandClock, user: str) -> ContextManager:
    """The context of a storage in which a turn was opened and did one thing, and no process lives that began it."""
    context = ContextManager(storage, clock, "Asia/Karachi", LEASE)
    opened = await context.open_turn(Ask(user, "doodh add karo", "c", idempotency_key="k", fingerprint="f"))
    await toolbox_of(storage, clock, user, opened).call("add_task", b'{"title":"doodh"}')
    return context


def toolbox_of(storage: Storage, clock: HandClock, user: str, opened: OpenedTurn) -> Toolbox:
    place = (opened.turn.conversation.id, opened.reply_id)
    return Toolboxes(storage, clock, "Asia/Karachi").of(user, opened.turn.id, place)


async def test_an_interrupted_turn_is_left_alone_within_its_lease(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = await interrupted(storage, clock, user)
    clock.pass_seconds(LEASE.total_seconds() - 1)
    with pytest.raises(TurnInProgress):
        await context.open_turn(Ask(user, "doodh add karo", "c", idempotency_key="k", fingerprint="f"))
    with pytest.raises(ConversationBusy):
        await context.open_turn(Ask(user, "salam", "c"))
    reply = (await context.messages(user, "c", 10))[1]
    assert (reply.status, reply.text) == (MessageStatus.IN_PROGRESS, "")


async def test_an_interrupted_turn_is_closed_after_its_lease_with_what_it_did(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = await interrupted(storage, clock, user)
    clock.pass_seconds(LEASE.total_seconds() + 1)
    opened = await context.open_turn(Ask(user, "salam", "c"))
    asked, reply = opened.turn.history
    assert (asked.text, reply.status, reply.role) == ("doodh add karo", MessageStatus.FAILED, Role.ASSISTANT)
    assert "doodh" in reply.text
    assert [call.name for call in reply.tool_calls] == ["add_task"]
    assert (await context.messages(user, "c", 10))[1].text == reply.text


async def test_an_interrupted_turn_asked_again_under_its_key_tells_what_was_done_and_does_nothing_twice(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = await interrupted(storage, clock, user)
    clock.pass_seconds(LEASE.total_seconds() + 1)
    chat = Chat(context, Toolboxes(storage, clock, "Asia/Karachi"), OfflineAssistant(), 5)
    live = await chat.start(Ask(user, "doodh add karo", "c", idempotency_key="k", fingerprint="f"))
    done = await live.whole()
    assert "doodh" in done.response
    assert [call.name for call in done.tool_calls] == ["add_task"]
    assert await storage.run(user, lambda unit: unit.tasks.get(2)) is None
    assert len(await context.messages(user, "c", 10)) == 2


async def test_a_turn_that_changed_nothing_is_held_anew_in_its_place_under_its_key(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context, ask = ContextManager(storage, clock, "Asia/Karachi", LEASE), keyed(user)
    opened = await context.open_turn(ask)
    await toolbox_of(storage, clock, user, opened).call("list_tasks", b"{}")
    clock.pass_seconds(LEASE.total_seconds() + 1)
    done = await (await chat_over(storage, clock, context).start(ask)).whole()
    assert [call.name for call in done.tool_calls] == ["add_task"]
    [asked, reply] = await context.messages(user, "c", 10)
    assert (asked.text, reply.status, reply.text) == (ask.message, MessageStatus.COMPLETED, done.response)
    assert await (await chat_over(storage, clock, context).start(ask)).whole() == done


async def test_an_answer_that_is_given_anew_in_its_place_still_answers_the_question(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = ContextManager(storage, clock, "Asia/Karachi", LEASE)
    chat = chat_over(storage, clock, context)
    for said in ("doodh lana add karo", "doodh wala delete kar doon?"):
        await (await chat.start(Ask(user, said, "c"))).whole()
    yes = Ask(user, "haan", "c", idempotency_key="yes")
    await context.open_turn(yes)
    clock.pass_seconds(LEASE.total_seconds() + 1)
    assert [call.name for call in (await (await chat.start(yes)).whole()).tool_calls] == ["delete_task"]
    await (await chat.start(Ask(user, "wapas karo", "c"))).whole()
    await (await chat.start(Ask(user, "doodh wala delete kar doon?", "c"))).whole()
    await (await chat.start(Ask(user, "nahi", "c"))).whole()
    instead = await (await chat.start(Ask(user, "haan", "c", after=12, replaces=11))).whole()
    assert [call.name for call in instead.tool_calls] == ["delete_task"]


async def test_a_turn_that_changed_nothing_stays_where_the_conversation_went_on(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context, ask = ContextManager(storage, clock, "Asia/Karachi", LEASE), keyed(user)
    await context.open_turn(ask)
    clock.pass_seconds(LEASE.total_seconds() + 1)
    chat = chat_over(storage, clock, context)
    await (await chat.start(Ask(user, "salam", "c"))).whole()
    told = await (await chat.start(ask)).whole()
    assert (told.response.splitlines()[1:], told.tool_calls) == ([say(Reply.NOT_DONE, Language.ROMAN)], ())
    assert len(await context.messages(user, "c", 10)) == 4
    anew = await (await chat.start(keyed(user, "k2"))).whole()
    assert [call.name for call in anew.tool_calls] == ["add_task"]


async def test_a_process_taken_for_dead_does_and_says_nothing_more(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = ContextManager(storage, clock, "Asia/Karachi", LEASE)
    opened = await context.open_turn(keyed(user))
    box = toolbox_of(storage, clock, user, opened)
    clock.pass_seconds(LEASE.total_seconds() + 1)
    told = (await context.messages(user, "c", 10))[1]
    for act in (lambda: box.call("add_task", b'{"title":"doodh"}'), lambda: box.call("no_tool", b"{}")):
        with pytest.raises(TurnGivenUp):
            await act()
    with pytest.raises(TurnGivenUp):
        await context.close_turn(user, opened.turn, Message(opened.reply_id, Role.ASSISTANT, "Ho gaya.", clock.now()))
    await context.abandon_turn(user, opened.turn, opened.reply_id)
    assert await context.attend(user, opened.turn)
    assert (await context.messages(user, "c", 10))[1] == told
    assert await storage.run(user, lambda unit: unit.tasks.get(1)) is None


async def test_a_process_taken_for_dead_does_nothing_once_its_turn_is_held_anew(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = ContextManager(storage, clock, "Asia/Karachi", LEASE)
    first = await context.open_turn(keyed(user))
    clock.pass_seconds(LEASE.total_seconds() + 1)
    second = await context.open_turn(keyed(user))
    assert (second.reply_id, second.turn.id != first.turn.id) == (first.reply_id, True)
    with pytest.raises(TurnGivenUp):
        await toolbox_of(storage, clock, user, first).call("add_task", b'{"title":"doodh"}')
    await toolbox_of(storage, clock, user, second).call("add_task", b'{"title":"doodh"}')
    assert await storage.run(user, lambda unit: unit.tasks.get(2)) is None


def keyed(user: str, key: str = "k") -> Ask:
    return Ask(user, "doodh add karo", "c", idempotency_key=key, fingerprint="f")


def chat_over(storage: Storage, clock: HandClock, context: ContextManager) -> Chat:
    return Chat(context, Toolboxes(storage, clock, "Asia/Karachi"), OfflineAssistant(), 5)
