"""What the offline assistant reads from the conversation: the question it asked, the tasks it showed, the language."""

import re
from collections.abc import Sequence
from itertools import takewhile

import msgspec
from msgspec import Struct

from application.account import CHANGES
from domain.conversations import ASSISTANT, USER, Message, Question, ToolCall, Turn
from domain.urdu import Language, language_of, tells_language

ANSWER_WORDS = 2
LINES, CUT = re.compile(r"^(\d+)\. ", re.MULTILINE), "\n…"
READING = ("list_tasks", "get_task")
SHOWING = (*READING, "add_task", "update_task", "complete_task", "undo")


class Shown(Struct, frozen=True):
    """The tasks a person last saw, in the order shown."""

    task_ids: tuple[int, ...] = ()
    is_list: bool = False


class _Task(Struct):
    task_id: int


class _Result(Struct):
    tasks: list[_Task] = []
    task_id: int | None = None


RESULT = msgspec.json.Decoder(_Result)


def open_question(history: Sequence[Message]) -> Question | None:
    """What was asked in the last message; an older question is no longer open."""
    return history[-1].question if history and history[-1].role is ASSISTANT else None


def tools_called_last(history: Sequence[Message]) -> set[str]:
    """The tools that the last reply called, but for those that only read."""
    return {call.name for call in history[-1].tool_calls if call.name not in READING} if history else set()


def changed_last(history: Sequence[Message]) -> int | None:
    """The one task that the last reply changed, None where there is none."""
    ids = {task_id for call in history[-1].tool_calls if call.name not in READING for task_id in _task_ids(call)}
    return ids.pop() if len(ids) == 1 else None


def last_shown(history: Sequence[Message]) -> Shown:
    """The tasks of the newest reply that showed or changed any."""
    return next((shown for message in reversed(history) if (shown := shown_in(message)).task_ids), Shown())


def shown_in(reply: Message) -> Shown:
    """The tasks that a reply showed or changed last; none where it did neither."""
    if reply.question and reply.question.task_ids:
        # Nobody counts in a list of one: a question about the last task shows no list.
        return Shown(reply.question.task_ids, is_list=len(reply.question.task_ids) > 1)
    calls = [(call.name, ids) for call in reply.tool_calls if (ids := _task_ids(call))]
    # What is listed by two calls is one list to the person.
    lists = list(takewhile(lambda call: call[0] == "list_tasks", reversed(calls)))[::-1]
    read = tuple(dict.fromkeys(task_id for _, ids in lists or calls[-1:] for task_id in ids))
    return Shown(_told(reply.text, read) if lists else read, is_list=bool(lists))


def deleted_in(reply: Message) -> tuple[int, ...]:
    """The tasks that a reply deleted."""
    deleted = [call.result for call in reply.tool_calls if call.name == "delete_task" and call.result]
    return tuple([task_id for result in deleted if (task_id := RESULT.decode(result).task_id)])


def last_completed(history: Sequence[Message]) -> frozenset[int]:
    """The tasks that the newest change of the conversation completed."""
    for message in reversed(history):
        done = [call for call in message.tool_calls if call.result and call.name in CHANGES]
        if done:
            results = (RESULT.decode(call.result or b"{}") for call in done)
            ids = (found.task_id for call, found in zip(done, results, strict=True) if call.name == "complete_task")
            return frozenset(task_id for task_id in ids if task_id)
    return frozenset()


def spoken_language(turn: Turn) -> Language:
    """The language of the message; a mere answer ("2", "task 2") and words of every language keep that of before."""
    return language_told(turn) or language_of(turn.message)


def language_told(turn: Turn) -> Language | None:
    """The language that the message or what was read of the conversation tells; None where neither does."""
    message = turn.message
    answers = open_question(turn.history) and message.isascii() and len(message.split()) <= ANSWER_WORDS
    if not answers and tells_language(message):
        return language_of(message)
    said = [message.text for message in reversed(turn.history) if message.role is USER]
    return next(map(language_of, filter(tells_language, said)), None)


def _told(text: str, read: tuple[int, ...]) -> tuple[int, ...]:
    """Of the tasks that were read those whose lines were told: some are left out of what a tool lists."""
    told = {int(number) for number in LINES.findall(text)}
    return (
        tuple(task_id for task_id in read if task_id in told) if told <= {*read} and told and CUT not in text else read
    )


def _task_ids(call: ToolCall) -> tuple[int, ...]:
    if call.result is None or call.name not in SHOWING:
        return ()
    result = RESULT.decode(call.result)
    return tuple([task.task_id for task in result.tasks]) or ((result.task_id,) if result.task_id else ())
