"""What must hold in the database whatever happened to the processes; each promise tells where it is broken."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench.faults.databases import Rows, rows, unsound
from bench.faults.load import Speaker

Row = dict[str, Any]
KINDS = {"add_task": "made", "delete_task": "deleted", "complete_task": "changed", "update_task": "changed"}
TAKEN_BACK = {"removed": "made", "restored": "deleted", "reverted": "changed"}


def audit(url: str, people: Sequence[Speaker]) -> list[str]:
    """Every promise that is broken, and what the people themselves saw go wrong."""
    kept = rows(url)
    broken = [f"{promise.__name__}: {fault}" for promise in PROMISES for fault in promise(kept, people)]
    return [*unsound(url), *(fault for one in people for fault in one.faults), *broken]


def no_answered_turn_is_missing(kept: Rows, people: Sequence[Speaker]) -> Iterator[str]:
    """Message, reply and tool calls are recorded as they were told."""
    replies = {(reply["user_id"], reply["idempotency_key"]): reply for reply in _replies(kept)}
    messages = {(one["user_id"], one["conversation_id"], one["id"]): one for one in kept["messages"]}
    calls = _calls_by_reply(kept)
    for one in people:
        for key, body in one.answered.items():
            reply = replies.get((one.user, key))
            if reply is None:
                yield f"{key} is missing"
                continue
            place = (reply["user_id"], reply["conversation_id"])
            asked = messages[*place, reply["id"] - 1]
            if (asked["text"], reply["text"]) != (one.said[key].message, body["response"]):
                yield f"{key} is recorded as {reply['text']!r}, told as {body['response']!r}"
            if calls[*place, reply["id"]] != body["tool_calls"]:
                yield f"the tool calls of {key} are not those that were told"


def every_turn_is_recorded_once(kept: Rows, _: Sequence[Speaker]) -> Iterator[str]:
    """One turn a key, two messages a turn, and an end to each."""
    replies = _replies(kept)
    keys = Counter((reply["user_id"], reply["idempotency_key"]) for reply in replies)
    yield from (f"{key} has {number} turns" for key, number in keys.items() if number > 1)
    if len(kept["messages"]) != 2 * len(replies):
        yield f"{len(kept['messages'])} messages for {len(replies)} replies"
    for reply in replies:
        if reply["status"] not in ("completed", "stopped", "failed"):
            yield f"the turn {reply['idempotency_key']} is {reply['status']}"


def messages_are_numbered_without_a_gap(kept: Rows, _: Sequence[Speaker]) -> Iterator[str]:
    """And every question has its reply after it."""
    said: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for message in kept["messages"]:
        said[message["user_id"], message["conversation_id"]].append(message)
    for place in kept["conversations"]:
        ordered = sorted(said[place["user_id"], place["id"]], key=lambda message: int(message["id"]))
        if [message["id"] for message in ordered] != list(range(1, place["message_count"] + 1)):
            yield f"{place['user_id']} {place['key']} has a gap"
        for asked, reply in zip(ordered[::2], ordered[1::2], strict=False):
            if (asked["role"], reply["role"], asked["turn_id"]) != ("user", "assistant", reply["turn_id"]):
                yield f"{place['user_id']} {place['key']}: message {asked['id']} has no reply after it"


def every_effect_has_its_record_and_every_record_its_effect(kept: Rows, _: Sequence[Speaker]) -> Iterator[str]:
    """What the tool calls tell, less what undo took back, is what the log of changes holds: each once."""
    told: Counter[tuple[str, str, int]] = Counter()
    may_be_idle: Counter[tuple[str, str, int]] = Counter()
    for call in kept["tool_calls"]:
        if "result" not in call:
            continue
        result, user = call["result"], call["user_id"]
        if call["name"] in KINDS:
            told[user, KINDS[call["name"]], result["task_id"]] += 1
        if call["name"] == "complete_task":  # a task that is done is told so again, and nothing changes
            may_be_idle[user, "changed", result["task_id"]] += 1
        if call["name"] == "undo":
            told.subtract((user, TAKEN_BACK[task["status"]], task["task_id"]) for task in result["tasks"])
    done = Counter(
        (change["user_id"], KINDS[change["tool"]], json.loads(change["after"] or change["before"])["id"])
        for change in kept["changes"]
    )
    for what in told.keys() | done.keys():
        if not 0 <= told[what] - done[what] <= may_be_idle[what]:
            yield f"{what} is told {told[what]} times and done {done[what]} times"


def the_tasks_are_what_the_log_makes_of_them(kept: Rows, _: Sequence[Speaker]) -> Iterator[str]:
    """Every change begins where the one before it ended, and the tasks are where the last one ended."""
    tasks: dict[tuple[str, int], Row | None] = {}
    for change in sorted(kept["changes"], key=lambda change: (change["user_id"], change["seq"])):
        before, after = (json.loads(change[side]) if change[side] else None for side in ("before", "after"))
        place = (change["user_id"], (before or after)["id"])
        if tasks.get(place) != before:
            yield f"change {change['seq']} of {place} begins with {before}, the one before ended with {tasks[place]}"
        tasks[place] = after
    left = {place: (task["title"], task.get("status", "pending")) for place, task in tasks.items() if task}
    there = {(task["user_id"], task["id"]): (task["title"], task["status"]) for task in kept["tasks"]}
    if there != left:
        yield f"the log makes {left.items() - there.items()} more, and {there.items() - left.items()} less"


def task_numbers_were_given_once_and_none_was_lost(kept: Rows, _: Sequence[Speaker]) -> Iterator[str]:
    """From 1 to the last one."""
    given: dict[str, list[int]] = defaultdict(list)
    for call in kept["tool_calls"]:
        if call["name"] == "add_task" and "result" in call:
            given[call["user_id"]].append(call["result"]["task_id"])
    for user in kept["users"]:
        if sorted(given[user["user_id"]]) != list(range(1, user["last_task"] + 1)):
            yield f"{user['user_id']} was given {sorted(given[user['user_id']])} of {user['last_task']}"


PROMISES: tuple[Callable[[Rows, Sequence[Speaker]], Iterator[str]], ...] = (
    no_answered_turn_is_missing,
    every_turn_is_recorded_once,
    messages_are_numbered_without_a_gap,
    every_effect_has_its_record_and_every_record_its_effect,
    the_tasks_are_what_the_log_makes_of_them,
    task_numbers_were_given_once_and_none_was_lost,
)


def _replies(kept: Rows) -> list[Row]:
    return [message for message in kept["messages"] if message["role"] == "assistant"]


def _calls_by_reply(kept: Rows) -> dict[tuple[str, int, int], list[Row]]:
    calls: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
    for call in kept["tool_calls"]:
        told = {part: call[part] for part in ("name", "arguments", "result", "error") if part in call}
        calls[call["user_id"], call["conversation_id"], call["message_id"]].append(told)
    return calls
