"""The answer to the assistant's own question: what is to be done now, or nothing when the message is another matter."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from adapters.assistant.guard import ASK_FROM
from adapters.assistant.recall import open_question
from domain.conversations import Question, QuestionKind, Turn
from domain.tasks import Due
from domain.urdu import ACT, Answer, Intent, Operation, Reply, parse_urdu_intent, read_answer, read_due

NOON = 12
NO_INTENT = Intent(operation=Operation.NONE)
TOOLS = {Operation.COMPLETE: "complete_task", Operation.DELETE: "delete_task", Operation.UPDATE: "update_task"}


class Command(Struct, frozen=True):
    """One thing to do: a sentence to say, a tool to call on these tasks, or an intent to act on.

    With `words` the tasks are narrowed to those that they name; what is not `sure` is asked about first.
    """

    intent: Intent = NO_INTENT
    reply: Reply | None = None
    tool: str | None = None
    task_ids: tuple[int, ...] = ()
    arguments: dict[str, object] = {}
    words: str | None = None
    sure: bool = True


class _Heard(Struct, frozen=True):
    """A message after a question, read both ways: as an answer and as a command."""

    turn: Turn
    question: Question
    answer: Answer
    intent: Intent


def read_follow_up(turn: Turn) -> list[Command]:
    """What the message asks for as an answer to the open question; empty when there is none or it is no answer."""
    question = open_question(turn.history)
    if question is None:
        return []
    intent = parse_urdu_intent(turn.message, now=turn.now, timezone=turn.timezone)
    heard = _Heard(turn, question, read_answer(turn.message), intent)
    if heard.answer.yes is False and not heard.answer.picks and intent.title is None:
        return [Command(reply=Reply.CANCELLED)]
    command = READERS[question.kind](heard)
    return [command] if command else []


def changes_in(intent: Intent, zone: ZoneInfo) -> dict[str, object]:
    """What an intent sets in a task or takes off it, as a tool's arguments: due, repetition, priority."""
    changes: dict[str, object] = dict.fromkeys(intent.clears, "")
    if intent.due:
        changes["due"] = intent.due.iso(zone)
    if intent.repeat:
        changes["repeat"] = intent.repeat
    if intent.priority:
        changes["priority"] = intent.priority.value
    return changes


def due_within_day(intent: Intent, due: str, now: datetime, zone: ZoneInfo) -> str:
    """The hour that an update names, on the day that the task has; "6 baje" is the six nearest to its hour."""
    old = read_due(due, now, zone)
    if old is None or intent.due is None or intent.due.at is None:
        return due
    clock = intent.due.at.astimezone(zone).time()
    hours = [datetime.combine(old.day, clock, zone)]
    if old.at and _is_either_half(intent.due_text or "", old.day, zone):
        hours.append(hours[0] + timedelta(hours=NOON if clock.hour < NOON else -NOON))
    before = old.at or hours[0]
    return Due.at_moment(min(hours, key=lambda hour: abs(hour - before)), zone).iso(zone)


def _is_either_half(hour: str, day: date, zone: ZoneInfo) -> bool:
    """Whether an hour is said without its part of the day: then it means another one at noon than at midnight."""
    read = [read_due(hour, datetime.combine(day, time(begin), zone), zone) for begin in (0, NOON)]
    return len({due.at.astimezone(zone).time() for due in read if due and due.at}) > 1


def _which(heard: _Heard) -> Command | None:
    question, intent = heard.question, heard.intent
    chosen = _chosen(heard)
    if chosen:
        return _then(question, chosen, sure=len(chosen) < ASK_FROM)
    if TOOLS.get(intent.operation) == question.tool and intent.title:
        arguments = changes_in(intent, ZoneInfo(heard.turn.timezone)) or _arguments(question)
        return Command(intent, None, question.tool, question.task_ids, arguments, intent.title)
    if heard.answer.words and not _is_command(intent):
        return _then(question, question.task_ids, words=heard.answer.words)
    return None


def _confirm(heard: _Heard) -> Command | None:
    if heard.answer.yes and not heard.answer.picks:
        return _then(heard.question, heard.question.task_ids)
    chosen = _chosen(heard)
    return _then(heard.question, chosen) if chosen else None


def _tool(heard: _Heard) -> Command | None:
    tool = TOOLS.get(heard.intent.operation)
    return Command(tool=tool, task_ids=heard.question.task_ids) if tool in ("complete_task", "delete_task") else None


def _title(heard: _Heard) -> Command | None:
    intent, question = heard.intent, heard.question
    if intent.operation not in (Operation.ADD, Operation.NONE) or intent.social:
        return None
    title = intent.title or heard.turn.message
    if question.tool == "add_task":
        named = msgspec.structs.replace(intent, operation=Operation.ADD, title=title, confidence=1.0)
        return Command(intent=named)
    return Command(tool=question.tool, task_ids=question.task_ids, arguments={"title": title})


def _change(heard: _Heard) -> Command | None:
    zone = ZoneInfo(heard.turn.timezone)
    changes = changes_in(heard.intent, zone)
    due = read_due(heard.turn.message, heard.turn.now, zone)
    if due:
        changes["due"] = due.iso(zone)
    return Command(tool=heard.question.tool, task_ids=heard.question.task_ids, arguments=changes) if changes else None


READERS = {
    QuestionKind.WHICH: _which,
    QuestionKind.CONFIRM: _confirm,
    QuestionKind.TOOL: _tool,
    QuestionKind.TITLE: _title,
    QuestionKind.CHANGE: _change,
}


def _chosen(heard: _Heard) -> tuple[int, ...]:
    """The tasks an answer picks: by place in the list that was shown, by number, or all of them."""
    shown = heard.question.task_ids
    if heard.answer.everything:
        return shown
    numbers = heard.answer.numbers
    if heard.intent.task_id is not None and not heard.answer.picks:
        numbers = (heard.intent.task_id,)
    by_number = [number if number in shown else _at(shown, number) for number in numbers]
    by_place = [_at(shown, place) for place in heard.answer.choices]
    return tuple(dict.fromkeys(task_id for task_id in (*by_number, *by_place) if task_id is not None))


def _at(task_ids: tuple[int, ...], place: int) -> int | None:
    """The task at this place, counted from 1, or from the end when negative."""
    if 1 <= place <= len(task_ids):
        return task_ids[place - 1]
    return task_ids[place] if -len(task_ids) <= place < 0 else None


def _then(question: Question, task_ids: tuple[int, ...], sure: bool = True, words: str | None = None) -> Command:
    return Command(tool=question.tool, task_ids=task_ids, arguments=_arguments(question), words=words, sure=sure)


def _arguments(question: Question) -> dict[str, object]:
    return msgspec.json.decode(question.arguments, type=dict[str, object])


def _is_command(intent: Intent) -> bool:
    return intent.operation is not Operation.NONE and intent.confidence >= ACT and intent.title is not None
