"""The offline assistant: the domain's Urdu service acting through the toolbox; no key, no network.

Which tasks a command means is found in finding.py; here it is done and told.
What it must remember (which tasks it asked about, which list was shown last) is read from the conversation.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from adapters.assistant.answering import ALL_TOOLS, Command, arguments_of, changes_in, fitted
from adapters.assistant.finding import Finder, Meant, listed_in, result
from adapters.assistant.guard import ASK_FROM
from adapters.assistant.reading import read_commands, refers_back
from adapters.assistant.recall import language_told, last_completed
from adapters.assistant.voice import Found, Voice
from application.ports import Assistant, Delta, LastCall, LastWords, Step
from application.shapes import LIST_MAX
from application.toolbox import Toolbox
from domain.conversations import Question, QuestionKind, ToolCall, Turn
from domain.matching import find, is_called
from domain.tasks import TaskStatus
from domain.urdu import (
    ACT,
    ASK,
    Intent,
    Language,
    Operation,
    Reply,
    each_named,
    language_of,
    only_nods,
    whole_day,
    with_part,
)

CONFIRM = {
    "complete_task": Reply.CONFIRM_COMPLETE,
    "delete_task": Reply.CONFIRM_DELETE,
    "update_task": Reply.CONFIRM_UPDATE,
}
MANY = {
    "complete_task": Reply.COMPLETED_MANY,
    "delete_task": Reply.DELETED_MANY,
    "update_task": Reply.UPDATED_MANY,
}
# What changes of a task depends on what it was.
FITTED = frozenset(("due", "repeat", "tags"))
LISTING = frozenset(",،")
UNDONE = {
    "removed": Reply.UNDONE_REMOVED,
    "restored": Reply.UNDONE_RESTORED,
    "reverted": Reply.UNDONE_REVERTED,
}
REMEMBERED = 8
"""Newest messages in which it looks for what is spoken of, where the last turn does not tell."""
UNNAMED = {Language.ROMAN: "Naya task", Language.URDU: "نیا ٹاسک", Language.ENGLISH: "New task"}


class _Undone(Struct, frozen=True):
    tasks: list[Found]


class OfflineAssistant(Assistant):
    """Answers from the domain's own understanding; without state of its own."""

    name = "offline"
    memory = 2
    is_prompt = True

    async def reply(self, turn: Turn, toolbox: Toolbox) -> AsyncIterator[Step]:
        """See the port: each command's sentence comes after its calls, the question last."""
        commands, language = read_commands(turn), language_told(turn)
        is_short = len(turn.history) < min(REMEMBERED, turn.conversation.message_count)
        if is_short and (language is None or refers_back(turn, commands)):
            turn = msgspec.structs.replace(turn, history=await toolbox.said_before(REMEMBERED) or turn.history)
            language = language_told(turn)
        answer, between = _Answer(turn, toolbox, language or language_of(turn.message)), ""
        for command in commands:
            if toolbox.is_full:
                yield Delta(between + answer.say(Reply.TOO_MUCH), ours=True)
                break
            asked, came = answer.question, await answer.do(command)
            if isinstance(came, LastCall) and command is not commands[-1]:
                came = await answer.call(came)
            for call in answer.untold(came, asked):
                yield call
            if isinstance(came, LastCall):
                yield answer.behind(between, came) if between or answer.question else came
                return
            yield Delta(between + came, ours=True)
            between = "\n"
        if answer.question:
            yield answer.question

    async def close(self) -> None:
        """See the port."""


class _Answer:
    """One turn being answered: what each command comes to, and the `question` that is asked with it."""

    def __init__(self, turn: Turn, toolbox: Toolbox, language: Language) -> None:
        self._turn = turn
        self._toolbox = toolbox
        self._zone = ZoneInfo(turn.timezone)
        self._voice = Voice(language, turn.now, self._zone)
        self.say = self._voice.say
        self._finder = Finder(turn, toolbox, self._zone, self.say)
        self.question: Question | None = None

    async def call(self, last: LastCall) -> str:
        """Make a call behind which more is to come; what is said of it."""
        words = last.words(await self._finder.make(last.name, last.arguments))
        self.question = words.question or self.question
        return words.text

    def untold(self, came: str | LastCall, asked: Question | None) -> list[ToolCall]:
        """The calls that led to what came of a command, before which this was `asked`."""
        question = None if self.question is asked else self.question
        return self._finder.tell("" if isinstance(came, LastCall) else came, question)

    def behind(self, said: str, last: LastCall) -> LastCall:
        """The same behind what was said and asked before."""

        def words(call: ToolCall) -> LastWords:
            own = last.words(call)
            return LastWords(said + own.text, own.question or self.question)

        return msgspec.structs.replace(last, words=words)

    async def do(self, command: Command) -> str | LastCall:
        """What a command comes to: a sentence, or a call of which one is made."""
        if command.tool is None and command.task_ids:
            found = await self._finder.by_number(command.task_ids)
            return found if isinstance(found, str) else self._ask_what(found)
        if command.tool is None:
            return self.say(command.reply) if command.reply else await self._act(command.intent)
        if command.tool in ("add_task", "undo"):
            return self._confirmed(command.tool, command.arguments)
        if command.words or command.not_words:
            return await self._narrow(command, command.tool)
        if command.asks:
            found = await self._finder.by_number(command.task_ids)
            return found if isinstance(found, str) else self._ask_which(command.tool, found, command.arguments)
        return await self._perform(command.tool, command.task_ids, command.arguments, sure=command.sure)

    def _confirmed(self, tool: str, arguments: dict[str, object]) -> LastCall:
        """Do what no task had to be named for, after the person's yes."""

        def added(call: ToolCall) -> str:
            return self._voice.failed(call) if call.error else self._voice.done(tool, result(call, Found))

        return _calling(tool, arguments, self._undone if tool == "undo" else added)

    async def _act(self, intent: Intent) -> str | LastCall:
        if intent.options:
            return await self._which_tool(intent)
        tool = ALL_TOOLS.get(intent.operation)
        if tool is None or intent.confidence < ASK:
            return self._talk(intent)
        match tool:
            case "add_task":
                return self._add(intent)
            case "list_tasks":
                return await self._list(intent)
            case "undo":
                return await self._undo(intent)
            case _:
                return await self._change(intent, tool)

    def _talk(self, intent: Intent) -> str:
        if intent.social:
            today = whole_day(self._turn.now.astimezone(self._zone).date(), self._voice.language)
            return self.say(Reply[intent.social.name], today=today)
        return self.say(Reply.OKAY if only_nods(self._turn.message) else Reply.NOT_UNDERSTOOD)

    def _add(self, intent: Intent) -> str | LastCall:
        arguments = changes_in(intent, self._zone)
        if intent.due:
            arguments["due"] = intent.due.iso(self._zone)
        if intent.tags:
            arguments["tags"] = list(intent.tags)
        if intent.title is None and not arguments:
            self.question = _question(QuestionKind.TITLE, "add_task")
            return self.say(Reply.NEEDS_TITLE)
        title = with_part(intent.title or UNNAMED[self._voice.language], intent.part or "")

        def words(call: ToolCall) -> LastWords:
            if call.error:
                return LastWords(self._voice.failed(call))
            made = result(call, Found)
            sentence = self._voice.done("add_task", made) + self._voice.passed(made.due)
            if intent.title is not None:
                return LastWords(sentence)
            asked = _question(QuestionKind.TITLE, "update_task", (made.task_id,))
            return LastWords(f"{sentence} {self.say(Reply.NEEDS_TITLE)}", asked)

        return LastCall("add_task", msgspec.json.encode({"title": title, **arguments}), words)

    async def _list(self, intent: Intent) -> str | LastCall:
        if intent.task_id is not None:
            one = await self._finder.by_number((intent.task_id,), said=True)
            return one if isinstance(one, str) else self.say(Reply.LISTED, count=1, lines=self._voice.lines(one))
        arguments = self._finder.filters(intent)
        status = intent.status or (None if intent.everything else TaskStatus.PENDING)
        if status:
            arguments["status"] = status.value
        if intent.title:
            arguments["search"] = intent.title
        if intent.most_important:
            arguments |= {"sort": "priority", "limit": 1}
        elif intent.of_repeat or (intent.during and intent.status is TaskStatus.COMPLETED):
            arguments["limit"] = LIST_MAX
        elif intent.during:
            arguments["sort"] = "due"
        if intent.excepted:
            found, _ = await self._finder.shown_of(intent, arguments | {"limit": LIST_MAX})
            left_out = await self._finder.left_out(intent.excepted)
            rest = [task for task in found if task.task_id not in left_out]
            return self._shown(intent, rest, len(rest))
        if intent.title:
            return self._shown(intent, *await self._finder.shown_of(intent, arguments))
        first = await self._finder.first_lists(intent, arguments)
        return _calling(
            "list_tasks",
            arguments,
            lambda call: self._shown(intent, *self._finder.among([*first, listed_in(call)], intent)),
        )

    def _shown(self, intent: Intent, found: list[Found], total: int) -> str:
        if intent.count_only and total:
            return self.say(Reply.COUNT, count=total)
        if not found:
            return self.say(self._nothing(intent))
        if intent.most_important:
            return self.say(Reply.MOST_IMPORTANT, title=found[0].title, due=self._voice.due(found[0].due))
        return self.say(Reply.LISTED, count=total, lines=self._voice.lines(found))

    def _nothing(self, intent: Intent) -> Reply:
        narrowed = (
            intent.title or self._finder.filters(intent) or intent.of_repeat or intent.status or intent.everything
        )
        return Reply.LIST_EMPTY if narrowed else Reply.NOTHING_PENDING

    async def _undo(self, intent: Intent) -> str | LastCall:
        """Take back the last change, unless another task is named or it is only asked about: then ask."""
        last = await self._toolbox.last_changed()
        other = intent.title and len(find(last, intent.title)) < len(last)
        if not last or (intent.confidence >= ACT and not other):
            return _calling("undo", {}, self._undone)
        self.question = _question(QuestionKind.CONFIRM, "undo")
        titles = ", ".join(f"'{task.title}'" for task in last)
        return self.say(Reply.CONFIRM_UNDO, titles=titles)

    def _undone(self, call: ToolCall) -> str:
        if call.error and call.error.code == "nothing_to_undo":
            return self.say(Reply.NOTHING_TO_UNDO)
        if call.error:
            return self._voice.failed(call)
        outcomes: dict[Reply, list[str]] = {}
        completed = last_completed(self._turn.history)
        for task in result(call, _Undone).tasks:
            opened = task.status == "reverted" and task.task_id in completed
            outcome = Reply.UNDONE_REOPENED if opened else UNDONE[task.status]
            outcomes.setdefault(outcome, []).append(f"'{task.title}'")
        said = [self.say(reply, titles=", ".join(titles), count=len(titles)) for reply, titles in outcomes.items()]
        return self.say(Reply.UNDONE, titles="; ".join(said))

    async def _which_tool(self, intent: Intent) -> str | LastCall:
        found = await self._named(intent, "complete_task")
        if not isinstance(found, Meant):
            return found
        if len(found.tasks) > 1:
            return self._ask_which("complete_task", found.tasks)
        return self._ask_what(found.tasks)

    def _ask_what(self, found: list[Found]) -> str:
        """Ask what is to be done with this one task."""
        self.question = _question(QuestionKind.TOOL, "complete_task", _ids(found))
        return self.say(Reply.WHICH_OPERATION, title=found[0].title)

    async def _change(self, intent: Intent, tool: str) -> str | LastCall:
        arguments = arguments_of(intent, self._zone)
        if intent.task_id is not None:
            return await self._perform(tool, (intent.task_id,), arguments, sure=intent.confidence >= ACT)
        meant = await self._named(intent, tool)
        if not isinstance(meant, Meant):
            return meant
        found = meant.tasks
        if len(found) > 1 and not meant.together:
            return self._ask_which(tool, found, arguments)
        # "pehla" of a list that nobody saw is a guess.
        guessed = intent.ordinal is not None and not self._finder.pointed_at(intent)
        sure = meant.sure and intent.confidence >= ACT and not guessed and _fits(tool, found, intent.title)
        return await self._perform_on(tool, found, arguments, sure)

    async def _named(self, intent: Intent, tool: str) -> Meant | str | LastCall:
        """The tasks that a command means, or what is said instead."""
        meant = await self._finder.named(intent, tool)
        if isinstance(meant, Intent):
            return self._add(meant)
        if isinstance(meant, str) or meant.named:
            return meant
        self.question = _question(QuestionKind.WHICH, tool, _ids(meant.tasks), changes_in(intent, self._zone))
        return f"{self.say(Reply.WHICH_TASK)}\n{self._voice.lines(meant.tasks)}"

    def _ask_which(self, tool: str, found: list[Found], arguments: dict[str, object] | None = None) -> str:
        self.question = _question(QuestionKind.WHICH, tool, _ids(found), arguments)
        return self.say(Reply.WHICH, count=len(found), lines=self._voice.lines(found))

    async def _narrow(self, command: Command, tool: str) -> str | LastCall:
        """Of the tasks that were asked about, those that the words name, or those that are not refused."""
        left, named, dated = command.task_ids, set[int](), False
        for words in command.not_words:
            refused = await self._finder.named_by(words)
            left = tuple(task_id for task_id in left if task_id not in refused)
        if command.words:
            named = await self._finder.named_by(command.words)
            dated = not named
            named = named or await self._finder.due_as_said(left)
            left = tuple(task_id for task_id in left if task_id in named)
        elif left == command.task_ids:
            return await self._act(command.intent)
        if not left and command.words and (command.not_words or command.intent.operation is not Operation.NONE):
            return await self._act(command.intent)
        if not left and not named:
            return self.say(Reply.NOT_FOUND, title=command.words) if command.words else self.say(Reply.CANCELLED)
        # What was named is there, but was not asked about: which of those that were?
        found = await self._finder.by_number(left or command.task_ids)
        if isinstance(found, str):
            return found
        if not left or (command.asks and len(found) > max(1, len(each_named(command.words or "")))):
            return self._ask_which(tool, found, command.arguments)
        sure = command.sure and (dated or _fits(tool, found, command.words))
        return await self._perform_on(tool, found, command.arguments, sure)

    async def _perform_on(
        self, tool: str, found: list[Found], arguments: dict[str, object], sure: bool
    ) -> str | LastCall:
        if tool != "delete_task" and len(found) == 1 and found[0].status == TaskStatus.COMPLETED:
            if tool == "complete_task":
                return self.say(Reply.ALREADY_DONE, title=found[0].title)
            if "status" not in arguments:
                return self.say(Reply.IS_DONE, title=found[0].title)
        if tool == "update_task" and not arguments:
            self.question = _question(QuestionKind.CHANGE, tool, _ids(found))
            return self.say(Reply.NEEDS_CHANGE, title=found[0].title if len(found) == 1 else None)
        # No two tasks are meant to have one name.
        if "title" in arguments and len(found) > 1:
            return self._ask_which(tool, found, arguments)
        if len(found) >= ASK_FROM or not sure:
            self.question = _with(self.question, _question(QuestionKind.CONFIRM, tool, _ids(found), arguments))
            change = self._voice.change(arguments)
            return self.say(CONFIRM[tool], count=len(found), lines=self._voice.lines(found), change=change)
        renamed = found[0].title if "title" in arguments else None
        return await self._perform(tool, _ids(found), arguments, old=renamed, known=found)

    async def _perform(
        self,
        tool: str,
        task_ids: Sequence[int],
        arguments: dict[str, object],
        sure: bool = True,
        old: str | None = None,
        known: Sequence[Found] = (),
    ) -> str | LastCall:
        """Call the tool for each task and say what came of it; what is not sure is looked up and asked about first."""
        looks = len(task_ids) == 1 or not arguments or "title" in arguments
        unclear = tool == "update_task" and not known and looks
        if unclear or not sure:
            found = await self._finder.by_number(task_ids, said=True)
            return found if isinstance(found, str) else await self._perform_on(tool, found, arguments, sure)
        if not known and not FITTED.isdisjoint(arguments):
            found = await self._finder.by_number(task_ids)
            known = () if isinstance(found, str) else found
        fitting = self._fitting(arguments, known)
        asked = [{"task_id": task_id, **fitting.get(task_id, arguments)} for task_id in task_ids]
        before = [await self._finder.call(tool, one) for one in asked[:-1]]

        def performed(call: ToolCall) -> str:
            calls = list(zip(task_ids, [*before, call], strict=True))
            return self._performed(tool, calls, arguments, old, known)

        return _calling(tool, asked[-1], performed)

    def _performed(
        self,
        tool: str,
        calls: Sequence[tuple[int, ToolCall]],
        arguments: dict[str, object],
        old: str | None,
        known: Sequence[Found],
    ) -> str:
        """What came of the call for each task."""
        failures = [self._voice.failed(call, task_id) for task_id, call in calls if call.error]
        changed = [result(call, Found) for _, call in calls if not call.error]
        if arguments.keys() == {"due"}:
            # What was due then before is not called updated, unless all were.
            before = {task.task_id: task.due for task in known}
            changed = [task for task in changed if task.due != before.get(task.task_id)] or changed
        # A repeating task that is done this time is not complete.
        alike = [task for task in changed if task.done or tool != "complete_task"]
        if len(alike) == 1:
            alike = []
        # Those that were asked about first were named then.
        lines = self._voice.lines(alike) if len(changed) < ASK_FROM else None
        many = [self.say(MANY[tool], count=len(alike), lines=lines)] if alike else []
        single = [self._voice.done(tool, task, old, "status" in arguments) for task in changed if task not in alike]
        if single and arguments.get("due"):
            single[-1] += self._voice.passed(changed[-1].due)
        return "\n".join([*many, *single, *failures])

    def _fitting(self, arguments: dict[str, object], known: Sequence[Found]) -> dict[int, dict[str, object]]:
        """What changes of each task where the new due depends on its old one."""
        if FITTED.isdisjoint(arguments):
            return {}
        return {task.task_id: fitted(arguments, task, self._turn.now, self._zone) for task in known}


def _calling(tool: str, arguments: dict[str, object], told: Callable[[ToolCall], str]) -> LastCall:
    return LastCall(tool, msgspec.json.encode(arguments), lambda call: LastWords(told(call)))


def _question(
    kind: QuestionKind, tool: str, task_ids: tuple[int, ...] = (), arguments: dict[str, object] | None = None
) -> Question:
    return Question(kind, tool, task_ids, msgspec.Raw(msgspec.json.encode(arguments or {})))


def _with(asked: Question | None, question: Question) -> Question:
    """Two confirmations of one change are one: "pehla mita do aur teesra mita do"."""
    if asked is None or (asked.kind, asked.tool, asked.arguments) != (question.kind, question.tool, question.arguments):
        return question
    return msgspec.structs.replace(question, task_ids=tuple(dict.fromkeys(asked.task_ids + question.task_ids)))


def _fits(tool: str, found: Sequence[Found], words: str | None) -> bool:
    """Whether these words are enough: near a name they delete nothing unasked, for part of a list they end nothing."""
    if tool == "update_task" or not words:
        return True
    named = each_named(words)
    if any(_listed(task) > len(named) for task in found):
        return False
    return tool != "delete_task" or all(any(is_called(task.title, name) for name in (words, *named)) for task in found)


def _listed(task: Found) -> int:
    """How many things a task lists: "doodh, anday, roti" three."""
    return 1 if LISTING.isdisjoint(task.title) else len(each_named(task.title))


def _ids(found: Sequence[Found]) -> tuple[int, ...]:
    return tuple(task.task_id for task in found)
