"""The answer to the assistant's own question: what is to be done now, or nothing when the message is another matter."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from adapters.assistant.guard import ASK_FROM
from adapters.assistant.recall import changed_last, open_question, shown_in, tools_called_last
from adapters.assistant.voice import Found
from domain.conversations import Question, QuestionKind, Turn
from domain.recurrence import first_day
from domain.tasks import TaskStatus
from domain.urdu import (
    ACT,
    Answer,
    Intent,
    Operation,
    Reply,
    denies,
    due_beside,
    may_name,
    only_nods,
    parse_bare_change,
    parse_urdu_intent,
    read_answer,
    read_due,
    with_part,
    without_turn,
)

NO_INTENT = Intent(operation=Operation.NONE)
TOOLS = {Operation.COMPLETE: "complete_task", Operation.DELETE: "delete_task", Operation.UPDATE: "update_task"}
COMPLETED = frozenset(("complete_task",))
PUT_RIGHT = frozenset(("add_task", "update_task"))
ALL_TOOLS = {**TOOLS, Operation.ADD: "add_task", Operation.LIST: "list_tasks", Operation.UNDO: "undo"}


class Command(Struct, frozen=True):
    """One thing to do: a sentence to say, a tool to call on these tasks (or to be asked for), or an intent to act on.

    With `words` the tasks are narrowed to those that they name, and with `not_words` to the others; what is not `sure`
    is asked about first, and which of several with `asks`.
    """

    intent: Intent = NO_INTENT
    reply: Reply | None = None
    tool: str | None = None
    task_ids: tuple[int, ...] = ()
    arguments: dict[str, object] = {}
    words: str | None = None
    not_words: tuple[str, ...] = ()
    sure: bool = True
    asks: bool = False


class _Heard(Struct, frozen=True):
    """A message after a question, read both ways: as an answer and as a command."""

    turn: Turn
    question: Question
    answer: Answer
    intent: Intent

    @property
    def is_other(self) -> bool:
        """Whether it commands another operation than the one asked about."""
        operation = self.intent.operation
        commands = operation is not Operation.NONE and self.intent.confidence >= ACT
        return commands and ALL_TOOLS[operation] != self.question.tool

    @property
    def is_sure(self) -> bool:
        """Whether it does not ask itself what is to be done: "pehla delete kar doon?"."""
        return self.intent.operation not in (*TOOLS, Operation.UNDO) or self.intent.confidence >= ACT

    @property
    def repeats(self) -> bool:
        """Whether it commands again what was asked about."""
        return ALL_TOOLS.get(self.intent.operation) == self.question.tool


def read_follow_up(turn: Turn) -> list[Command]:
    """What the message asks for as an answer to the open question; empty when there is none or it is no answer."""
    question = open_question(turn.history)
    if question is None:
        return _put_right(turn)
    intent = parse_urdu_intent(turn.message, now=turn.now, timezone=turn.timezone)
    answer = read_answer(turn.message)
    if answer.words and " " not in answer.words and (intent.priority or intent.tags) and intent.title is None:
        # "Urgent wale" by itself asks for a list, but after "kaunsa?" it says which.
        intent = NO_INTENT if intent.operation is Operation.LIST else intent
    heard = _Heard(turn, question, answer, intent)
    instead = question.kind is QuestionKind.TOOL and intent.operation in TOOLS
    if heard.answer.yes is False and not heard.answer.picks and intent.title is None and not instead:
        return [Command(reply=Reply.CANCELLED)]
    command = READERS[question.kind](heard)
    # "Acha" is too little to act upon, and no end of the matter.
    if command is None and question.kind in (QuestionKind.CONFIRM, QuestionKind.WHICH) and only_nods(turn.message):
        command = _ask_of(question, question.task_ids) if question.task_ids else None
    return [command] if command else []


def read_pick(turn: Turn) -> int | None:
    """The task that a message picks in the list shown right before, and says no more of: "pehla wala", "2"."""
    shown = shown_in(turn.history[-1]) if turn.history else None
    if shown is None or not shown.is_list:
        return None
    answer = read_answer(turn.message)
    # With other words it says more, and "2 nahi" picks none.
    picks = answer.picks and not (answer.words or answer.refuses or answer.negated)
    picked = _tasks(shown.task_ids, answer.numbers, answer.choices) if picks else ()
    return picked[0] if len(picked) == 1 else None


def _put_right(turn: Turn) -> list[Command]:
    """What one task should be, right after it was added or changed: "4 baje", "no, 6pm", "balke jumme ko", "urgent".

    What was called done and is denied at once is taken back: "nahi hua", "oops, not yet".
    """
    tools = tools_called_last(turn.history)
    if tools == COMPLETED:
        denied = denies(turn.message) or denies(without_turn(turn.message))
        return [Command(tool="undo")] if denied and changed_last(turn.history) is not None else []
    if not tools or not tools <= PUT_RIGHT:
        return []
    text = without_turn(turn.message)
    # "Make it 4" is an hour; a number alone may be a task's.
    text = f"{text} baje" if text.isdecimal() and text != turn.message.strip() else text
    intent = parse_bare_change(text, now=turn.now, timezone=turn.timezone)
    changes = changes_in(intent, ZoneInfo(turn.timezone)) if intent else {}
    changed = changed_last(turn.history) if changes else None
    return [] if changed is None else [Command(tool="update_task", task_ids=(changed,), arguments=changes)]


def changes_in(intent: Intent, zone: ZoneInfo) -> dict[str, object]:
    """What an intent sets in a task or takes off it, as a tool's arguments: due, repetition, priority.

    An hour or a part of the day stays in words until it is known which task it is for.
    """
    changes: dict[str, object] = {}
    if intent.clears:
        changes = {facet: "" for facet in intent.clears if facet != "done"}
        if "done" in intent.clears:
            changes["status"] = TaskStatus.PENDING.value
    if intent.moved:
        changes["due"] = intent.set_text
    elif intent.due:
        day = intent.due.iso(zone)
        changes["due"] = intent.set_text if intent.hour_only else f"{day} {intent.part}" if intent.part else day
    if intent.repeat:
        changes["repeat"] = intent.repeat
    if intent.priority:
        changes["priority"] = intent.priority.value
    # A tag is put on where nothing else changes: "doodh pe #ghar laga do"; in "#ghar wale kal kar do" it says which.
    if not changes and intent.operation is Operation.UPDATE and intent.tags and (intent.title or intent.pronoun):
        changes["tags"] = list(intent.tags)
    return changes


def arguments_of(intent: Intent, zone: ZoneInfo) -> dict[str, object]:
    """What a command changes of its tasks."""
    if intent.operation is not Operation.UPDATE:
        return {}
    return changes_in(intent, zone) | ({"title": intent.new_title} if intent.new_title else {})


def fitted(arguments: dict[str, object], task: Found, now: datetime, zone: ZoneInfo) -> dict[str, object]:
    """What changes of one task: an hour moves within its day, and a day keeps its hour.

    A part of the day that no hour tells is noted in the title: "dentist (subah)".
    """
    tags = arguments.get("tags")
    if isinstance(tags, list):
        arguments = arguments | {"tags": list(dict.fromkeys([*task.tags, *tags]))}
    said, rule = arguments.get("due"), arguments.get("repeat")
    if rule and said is None and task.due:
        return arguments | {"due": _on_rule(str(rule), task.due, now, zone)}
    if not isinstance(said, str) or not said:
        return arguments
    due, part = due_beside(said, read_due(task.due, now, zone) if task.due else None, now, zone)
    if due is None:
        return arguments
    title = with_part(task.title, part) if part or due.at else task.title
    noted: dict[str, object] = {"title": title} if title != task.title else {}
    return noted | arguments | {"due": due.iso(zone)}


def _on_rule(rule: str, due: str, now: datetime, zone: ZoneInfo) -> str:
    """The first day of a new repetition, at the hour that the task has: no walk is left on a Sunday."""
    today = now.astimezone(zone).date()
    old = read_due(due, now, zone)
    day = first_day(rule, max(today, old.day if old else today))
    return day.isoformat() + due[len("2026-02-07") :]


def _which(heard: _Heard) -> Command | None:
    question, intent, answer = heard.question, heard.intent, heard.answer
    if heard.is_other:
        return _other(heard)
    chosen = _chosen(heard)
    if chosen:
        return _then(question, chosen, sure=len(chosen) < ASK_FROM and heard.is_sure)
    if heard.repeats and answer.numbers and intent.task_id is not None:
        return _then(question, answer.numbers, sure=False)
    if heard.repeats and intent.title and not answer.refuses:
        arguments = changes_in(intent, ZoneInfo(heard.turn.timezone)) or _arguments(question)
        named = intent.title
        return Command(intent, None, question.tool, question.task_ids, arguments, named, (), heard.is_sure, asks=True)
    if answer.words and not _commands(heard):
        return _among_the_rest(heard, answer.words)
    return _asked_again(heard)


def _other(heard: _Heard) -> Command | None:
    """Another operation on the tasks asked about: "doosra ho gaya" to "kaunsa?" of a deletion."""
    chosen, tool = _chosen(heard), TOOLS.get(heard.intent.operation)
    if not chosen or tool is None:
        return None
    changes = changes_in(heard.intent, ZoneInfo(heard.turn.timezone))
    return Command(tool=tool, task_ids=chosen, arguments=changes, sure=len(chosen) < ASK_FROM)


def _asked_again(heard: _Heard) -> Command | None:
    """The question once more: of the rest, or of all where what was picked was not shown."""
    if heard.answer.picks:
        return _ask_of(heard.question, heard.question.task_ids)
    return _among_the_rest(heard) if heard.answer.refuses else None


def _confirm(heard: _Heard) -> Command | None:
    question, answer = heard.question, heard.answer
    wonders = not (question.task_ids or heard.is_sure)
    if heard.is_other or (heard.repeats and (wonders or _says_more(heard))):
        return None
    if answer.refuses:
        return _among_the_rest(heard)
    if (answer.yes or (heard.repeats and heard.is_sure)) and not answer.picks:
        return _then(question, question.task_ids)
    chosen = _chosen(heard)
    if chosen:
        return _then(question, chosen)
    return _ask_of(question, question.task_ids) if answer.picks or heard.repeats else None


def _says_more(heard: _Heard) -> bool:
    """Whether a command says what was not asked about: other tasks, or another change of them."""
    intent = heard.intent
    more = intent.due or intent.repeat or intent.priority or intent.clears or intent.new_title
    return bool(more) or _names_another(heard)


def _names_another(heard: _Heard) -> bool:
    """Whether it says itself which tasks it is about, which may be others than those asked about."""
    question, intent = heard.question, heard.intent
    if intent.title or intent.during or intent.status or intent.excepted or intent.of_priority or intent.tags:
        return True
    one = len(question.task_ids) == 1
    numbers = {*heard.answer.numbers, *([] if intent.task_id is None else [intent.task_id])}
    return not numbers <= set(question.task_ids) or (one and bool(intent.ordinal or intent.everything))


def _among_the_rest(heard: _Heard, words: str | None = None) -> Command | None:
    """What is left of the tasks asked about when those that were refused are taken out: asked about, unless agreed."""
    question, answer = heard.question, heard.answer
    refused = _tasks(question.task_ids, answer.not_numbers, answer.not_choices)
    rest = tuple(task_id for task_id in question.task_ids if task_id not in refused)
    if not rest:
        return Command(reply=Reply.CANCELLED)
    if words or answer.not_words:
        sure, which = bool(words or answer.yes), question.kind is QuestionKind.WHICH
        return Command(
            heard.intent, None, question.tool, rest, _arguments(question), words, answer.not_words, sure, which
        )
    return _then(question, rest) if answer.yes else _ask_of(question, rest)


def _ask_of(question: Question, task_ids: tuple[int, ...]) -> Command:
    """Ask again, of these tasks."""
    which = question.kind is QuestionKind.WHICH and len(task_ids) > 1
    return Command(tool=question.tool, task_ids=task_ids, arguments=_arguments(question), sure=False, asks=which)


def _tool(heard: _Heard) -> Command | None:
    if heard.intent.operation is Operation.NONE:
        # "Ho gaya" says of the task asked about that it is done.
        said = parse_urdu_intent(f"task {heard.turn.message}", now=heard.turn.now, timezone=heard.turn.timezone)
        heard = msgspec.structs.replace(heard, intent=said)
    tool = TOOLS.get(heard.intent.operation)
    if tool not in ("complete_task", "delete_task") or heard.intent.options or _names_another(heard):
        return None
    return Command(tool=tool, task_ids=heard.question.task_ids, sure=heard.is_sure)


def _title(heard: _Heard) -> Command | None:
    intent, question = heard.intent, heard.question
    if intent.operation not in (Operation.ADD, Operation.NONE) or intent.social or only_nods(heard.turn.message):
        return None
    if intent.title is None and not may_name(heard.turn.message):
        asks = intent.operation is Operation.ADD or "?" in heard.turn.message or "؟" in heard.turn.message
        return None if asks else Command(reply=Reply.CANCELLED)
    title = intent.title or heard.turn.message
    if question.tool == "add_task":
        named = msgspec.structs.replace(intent, operation=Operation.ADD, title=title, confidence=1.0)
        return Command(intent=named)
    return Command(tool=question.tool, task_ids=question.task_ids, arguments={"title": title})


def _change(heard: _Heard) -> Command | None:
    if heard.is_other or _names_another(heard):
        return None
    zone = ZoneInfo(heard.turn.timezone)
    changes = changes_in(heard.intent, zone)
    if heard.intent.new_title:
        changes["title"] = heard.intent.new_title
    due = None if heard.intent.new_title else read_due(heard.turn.message, heard.turn.now, zone)
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
    """The tasks an answer picks: by place in the list that was shown, by number, or all of them; none that it refuses.

    Where one of those that it picks was not shown it picks none: nobody means half of what they say.
    """
    shown, answer = heard.question.task_ids, heard.answer
    if answer.everything:
        picked: tuple[int | None, ...] = shown
    else:
        numbers = answer.numbers
        # "2 ko parson kar do" says all itself.
        changes = changes_in(heard.intent, ZoneInfo(heard.turn.timezone))
        if heard.intent.task_id is not None and not (answer.picks or answer.refuses or changes):
            numbers = (heard.intent.task_id,)
        if heard.repeats and not set(numbers) <= set(shown):
            return ()
        picked = _tasks(shown, numbers, answer.choices)
    refused = _tasks(shown, answer.not_numbers, answer.not_choices)
    chosen = tuple(dict.fromkeys(task_id for task_id in picked if task_id is not None and task_id not in refused))
    return () if None in picked or answer.not_words else chosen


def _tasks(shown: tuple[int, ...], numbers: tuple[int, ...], places: tuple[int, ...]) -> tuple[int | None, ...]:
    """The tasks at these numbers and places, None for what was not shown; of a single task no place is meant."""
    by_number = [number if number in shown else _at(shown, number) for number in numbers]
    return (*by_number, *(_at(shown, place) for place in places))


def _at(task_ids: tuple[int, ...], place: int) -> int | None:
    """The task at this place, counted from 1, or from the end when negative; where only one is shown there is none."""
    if len(task_ids) == 1:
        return None
    if 1 <= place <= len(task_ids):
        return task_ids[place - 1]
    return task_ids[place] if -len(task_ids) <= place < 0 else None


def _then(question: Question, task_ids: tuple[int, ...], sure: bool = True) -> Command:
    return Command(tool=question.tool, task_ids=task_ids, arguments=_arguments(question), sure=sure)


def _arguments(question: Question) -> dict[str, object]:
    return msgspec.json.decode(question.arguments, type=dict[str, object])


def _commands(heard: _Heard) -> bool:
    """Whether it is a command by itself, though what names a task may sound like an addition."""
    intent = heard.intent
    named = intent.title is not None or intent.ordinal is not None
    return heard.repeats or (intent.operation is not Operation.NONE and intent.confidence >= ACT and named)
