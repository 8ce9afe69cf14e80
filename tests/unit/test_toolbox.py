"""The tools in the hands of one user: checked arguments, effect and record together, failures told, all taken back."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from tests.security.forge import START, HandClock

from application.ports import Storage, StorageUnavailable, TaskQuery, Unit
from application.toolbox import Toolbox, Toolboxes
from application.tools import TOOLS
from domain.conversations import Message, MessageStatus, Role, ToolCall
from domain.tasks import Task

PLACE = (1, 1)


@pytest.fixture
async def boxes(storage: Storage, clock: HandClock, user: str) -> Toolboxes:
    """Toolboxes over a user with a running turn and its empty reply in a conversation."""

    def begin(unit: Unit) -> None:
        unit.conversations.start("c", "Salam", START)
        reply = Message(1, Role.ASSISTANT, "", START, MessageStatus.IN_PROGRESS, "turn")
        unit.conversations.append(1, reply)

    await storage.run(user, begin)
    return Toolboxes(storage, clock, "Asia/Karachi")


@pytest.fixture
def box(boxes: Toolboxes, user: str) -> Toolbox:
    return boxes.of(user, "turn", PLACE)


async def done(box: Toolbox, tool: str, **arguments: object) -> dict[str, Any]:
    call = await box.call(tool, msgspec.json.encode(arguments))
    assert call.error is None, call.error
    return dict(json.loads(bytes(call.result or b"")))


async def refused(box: Toolbox, tool: str, arguments: bytes) -> str:
    call = await box.call(tool, arguments)
    assert call.result is None
    assert call.error
    return call.error.code


async def kept(storage: Storage, user: str) -> list[Task]:
    return await storage.run(user, lambda unit: unit.tasks.select(TaskQuery()))


async def recorded(storage: Storage, user: str) -> list[ToolCall]:
    message = await storage.run(user, lambda unit: unit.conversations.message(*PLACE))
    assert message
    return list(message.tool_calls)


async def test_an_effect_and_its_record_are_kept_together(storage: Storage, box: Toolbox, user: str) -> None:
    result = await done(box, "add_task", title="doodh", priority="high")
    [task], [call] = await kept(storage, user), await recorded(storage, user)
    assert (task.id, task.title, result["task_id"], result["status"]) == (1, "doodh", 1, "created")
    assert (call.name, json.loads(bytes(call.arguments))) == ("add_task", {"title": "doodh", "priority": "high"})
    assert json.loads(bytes(call.result or b"")) == result


async def test_an_effect_that_cannot_be_recorded_is_not_kept(storage: Storage, boxes: Toolboxes, user: str) -> None:
    nowhere = boxes.of(user, "turn", (7, 1))
    with pytest.raises(Exception, match=r".") as raised:
        await nowhere.call("add_task", b'{"title":"doodh"}')
    assert not isinstance(raised.value, StorageUnavailable)
    assert await kept(storage, user) == []
    assert await storage.run(user, lambda unit: unit.tasks.last_changes()) == []


async def test_a_failure_is_recorded_and_changes_nothing(storage: Storage, box: Toolbox, user: str) -> None:
    assert await refused(box, "delete_task", b'{"task_id": 9}') == "not_found"
    [call] = await recorded(storage, user)
    assert call.error
    assert (call.name, bytes(call.arguments), call.error.code) == ("delete_task", b'{"task_id": 9}', "not_found")


async def test_calls_are_recorded_in_their_order_failed_ones_too(storage: Storage, box: Toolbox, user: str) -> None:
    for tool in ("add_task", "gibberish", "list_tasks"):
        await box.call(tool, b'{"title":"x"}' if tool == "add_task" else b"{}")
    assert [call.name for call in await recorded(storage, user)] == ["add_task", "gibberish", "list_tasks"]


GARBAGE = (
    *(b"{", b"\xff\xfe", b'{"title": "\\ud800"}', b"NaN", b"{'title': 'x'}", b'{"title":"x"} {}', b"[" * 100_000),
    *(b'{"title":%b%b}' % (b"[" * depth, b"]" * depth) for depth in (400, 600, 900, 950, 980, 1000)),
)


@pytest.mark.parametrize("arguments", GARBAGE, ids=range(len(GARBAGE)))
async def test_arguments_that_are_no_json_are_refused_and_kept_readable(
    storage: Storage, box: Toolbox, user: str, arguments: bytes
) -> None:
    assert await refused(box, "add_task", arguments) in ("malformed_json", "invalid")
    [call] = await recorded(storage, user)
    json.loads(bytes(call.arguments))
    assert await kept(storage, user) == []


async def test_brackets_in_a_text_are_no_depth(storage: Storage, box: Toolbox, user: str) -> None:
    asked = {"title": "x", "description": '[{\\"' * 600}
    await box.call("add_task", msgspec.json.encode(asked))
    [call] = await recorded(storage, user)
    assert msgspec.json.decode(call.arguments) == asked


INVALID = (
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b'{"title": 5}',
    b'{"title": ""}',
    b'{"title": "x", "priority": "burning"}',
    b'{"title": "x", "tags": "ghar"}',
    b'{"title": "x", "repeat": "FREQ=DAILY;INTERVAL=0"}',
    b'{"title": "x", "due": "0001-01-01"}',
    b'{"title": 1e400}',
)


async def test_arguments_that_do_not_fit_are_refused(storage: Storage, box: Toolbox, user: str) -> None:
    for arguments in INVALID:
        assert await refused(box, "add_task", arguments) == "invalid", arguments
    assert await kept(storage, user) == []
    assert len(await recorded(storage, user)) == len(INVALID)


@pytest.mark.parametrize("tool", [tool.name for tool in TOOLS])
async def test_no_tool_takes_a_user(box: Toolbox, tool: str) -> None:
    for name in ("user_id", "user", "userId"):
        assert await refused(box, tool, msgspec.json.encode({name: "sara", "title": "x", "task_id": 1})) == "invalid"


async def test_an_unknown_tool_is_refused_by_name(storage: Storage, box: Toolbox, user: str) -> None:
    for name in ("drop_table", "", "ADD_TASK", "x" * 500, "نہیں"):
        assert await refused(box, name, b"{}") == "unknown_tool"
    assert len(await recorded(storage, user)) == 5


async def test_numbers_that_no_task_can_have_are_refused(box: Toolbox) -> None:
    for number in (0, -1, 2**53 + 1, 2**63, 10**40, 1.5, "1", None, True):
        assert await refused(box, "get_task", msgspec.json.encode({"task_id": number})) == "invalid"
    assert await refused(box, "get_task", b'{"task_id": 9007199254740992}') == "not_found"


async def test_words_that_no_conversation_can_be_named_by_are_not_found(box: Toolbox) -> None:
    for name in ("absent", "\x00", "x" * 500, 2**63 - 1, 2**63, 9):
        assert await refused(box, "fetch_chat_history", msgspec.json.encode({"conversation_id": name})) in (
            "not_found",
            "invalid",
        )


async def test_a_toolbox_without_a_place_records_nowhere(storage: Storage, boxes: Toolboxes, user: str) -> None:
    await done(boxes.of(user), "add_task", title="doodh")
    assert await recorded(storage, user) == []
    assert len(await kept(storage, user)) == 1


async def test_a_due_is_read_in_the_users_zone(storage: Storage, box: Toolbox, user: str) -> None:
    assert (await done(box, "add_task", title="a", due="2026-02-07T09:00"))["due"] == "2026-02-07T09:00:00+05:00"
    await storage.run(user, lambda unit: unit.remember_timezone("Asia/Tokyo"))
    assert (await done(box, "add_task", title="b", due="2026-02-07T09:00"))["due"] == "2026-02-07T09:00:00+09:00"


async def test_a_list_can_always_be_told_whatever_zone_the_user_moves_to(
    storage: Storage, box: Toolbox, user: str
) -> None:
    for due in ("2999-12-31T23:59", "1900-01-01T00:00", "2999-12-31"):
        await done(box, "add_task", title="x", due=due)
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        await storage.run(user, lambda unit, zone=zone: unit.remember_timezone(zone))
        assert len((await done(box, "list_tasks"))["tasks"]) == 3


async def test_edges_at_the_ends_of_the_calendar_only_narrow(box: Toolbox) -> None:
    await done(box, "add_task", title="x", due="2026-02-07")
    for edge, total in (("0001-01-01", 0), ("9999-12-31", 1)):
        assert (await done(box, "list_tasks", due_before=edge))["total"] == total
        assert (await done(box, "list_tasks", due_after=edge))["total"] == 1 - total


async def test_total_counts_beyond_the_limit(box: Toolbox) -> None:
    for _ in range(5):
        await done(box, "add_task", title="doodh")
    for search in ({}, {"search": "doodh"}):
        listed = await done(box, "list_tasks", limit=2, **search)
        assert (len(listed["tasks"]), listed["total"]) == (2, 5)


# Undo

CHANGES: dict[str, dict[str, object]] = {
    "complete_task": {"task_id": 1},
    "delete_task": {"task_id": 1},
    "update_task": {"task_id": 1, "title": "neya", "due": None, "priority": "urgent", "tags": []},
}


@pytest.mark.parametrize("repeat", [None, "FREQ=DAILY;COUNT=3"])
@pytest.mark.parametrize("tool", CHANGES)
async def test_every_kind_of_change_is_taken_back_whole(
    storage: Storage, boxes: Toolboxes, clock: HandClock, user: str, tool: str, repeat: str | None
) -> None:
    await done(boxes.of(user), "add_task", title="doodh", due="2026-02-07", repeat=repeat, tags=["ghar"])
    before = await kept(storage, user)
    clock.pass_seconds(60)
    await done(boxes.of(user), tool, **CHANGES[tool])
    assert await kept(storage, user) != before
    clock.pass_seconds(60)
    undone = await done(boxes.of(user), "undo")
    assert [task["task_id"] for task in undone["tasks"]] == [1]
    assert await kept(storage, user) == before


async def test_an_added_task_is_taken_back_and_its_number_is_not_given_again(
    storage: Storage, boxes: Toolboxes, user: str
) -> None:
    await done(boxes.of(user), "add_task", title="doodh")
    assert (await done(boxes.of(user), "undo"))["tasks"] == [{"task_id": 1, "title": "doodh", "status": "removed"}]
    assert await kept(storage, user) == []
    assert (await done(boxes.of(user), "add_task", title="doodh"))["task_id"] == 2


async def test_a_batch_is_taken_back_at_once_in_any_mixture(storage: Storage, boxes: Toolboxes, user: str) -> None:
    for title in ("a", "b", "c"):
        await done(boxes.of(user), "add_task", title=title)
    before = await kept(storage, user)
    turn = boxes.of(user, "turn", PLACE)
    await done(turn, "update_task", task_id=1, title="x")
    await done(turn, "update_task", task_id=1, title="y")
    await done(turn, "delete_task", task_id=2)
    await done(turn, "complete_task", task_id=3)
    await done(turn, "add_task", title="d")
    undone = await done(boxes.of(user), "undo")
    assert len(undone["tasks"]) == 5
    assert await kept(storage, user) == before


async def test_undo_goes_back_step_by_step_to_the_beginning(storage: Storage, boxes: Toolboxes, user: str) -> None:
    states = [await kept(storage, user)]
    for tool, arguments in (("add_task", {"title": "a"}), *CHANGES.items()):
        if tool != "delete_task":
            await done(boxes.of(user), tool, **arguments)
            states.append(await kept(storage, user))
    for state in states[-2::-1]:
        await done(boxes.of(user), "undo")
        assert await kept(storage, user) == state
    assert await refused(boxes.of(user), "undo", b"{}") == "nothing_to_undo"


async def test_undo_takes_back_what_this_turn_did_before_it(storage: Storage, box: Toolbox, user: str) -> None:
    await done(box, "add_task", title="a")
    await done(box, "undo")
    assert await kept(storage, user) == []
    assert await refused(box, "undo", b"{}") == "nothing_to_undo"


async def test_completing_what_is_done_is_no_change_to_take_back(storage: Storage, boxes: Toolboxes, user: str) -> None:
    for tool, arguments in (
        ("add_task", {"title": "a"}),
        ("complete_task", {"task_id": 1}),
        ("complete_task", {"task_id": 1}),
    ):
        await done(boxes.of(user), tool, **arguments)
    await done(boxes.of(user), "undo")
    [task] = await kept(storage, user)
    assert replace(task, updated_at=START) == Task(1, "a", START, START)


async def test_undo_never_reaches_another_user(storage: Storage, boxes: Toolboxes, user: str) -> None:
    other = f"{user}-other"
    await done(boxes.of(user, "same"), "add_task", title="mine")
    await done(boxes.of(other, "same"), "add_task", title="theirs")
    await done(boxes.of(user), "undo")
    assert [task.title for task in await kept(storage, other)] == ["theirs"]
    assert await refused(boxes.of(user), "undo", b"{}") == "nothing_to_undo"
