"""Finding the tasks that a command means: by number, by place, by name, by day or tag, or as those left over."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from adapters.assistant.answering import changes_in
from adapters.assistant.guard import ASK_FROM
from adapters.assistant.recall import Shown, deleted_in, last_shown, shown_in
from adapters.assistant.voice import Found
from application.shapes import LIST_MAX
from application.toolbox import Toolbox
from domain.conversations import Message, Question, Role, ToolCall, Turn
from domain.matching import is_done_by
from domain.tasks import Priority, TaskStatus
from domain.urdu import (
    Intent,
    Operation,
    Reply,
    due_beside,
    each_named,
    either_named,
    parse_urdu_intent,
    read_answer,
    read_due,
)


class Listed(Struct, frozen=True):
    """What a list of tasks shows, and how many there are."""

    tasks: list[Found]
    total: int


class Meant(Struct, frozen=True):
    """The tasks that a command means; those not meant `together` are asked about, as all there are if not `named`."""

    tasks: list[Found]
    together: bool
    sure: bool = True
    named: bool = True


class Finder:
    """Looks tasks up for one turn; `calls` are those that were made and not yet told."""

    def __init__(self, turn: Turn, toolbox: Toolbox, zone: ZoneInfo, say: Callable[..., str]) -> None:
        self.calls: list[ToolCall] = []
        self._turn = turn
        self._toolbox = toolbox
        self._zone = zone
        self._say = say

    @cached_property
    def _shown(self) -> Shown:
        """What "it" means: what the commands before this one came to, else what was shown before the message."""
        return last_shown(self._turn.history)

    @cached_property
    def _listed_last(self) -> Shown:
        """What "the first" counts in: a command that made no list leaves that of before."""
        return last_shown(self._turn.history)

    def tell(self, text: str, question: Question | None) -> list[ToolCall]:
        """The calls not told yet, which came to this text and question; the next command may speak of their tasks."""
        calls, self.calls = self.calls, []
        if not (calls or question):
            return calls
        reply = (self._turn.reply_id, Role.ASSISTANT, text, self._turn.now)
        told = Message(*reply, tool_calls=tuple(calls), question=question)
        deleted = deleted_in(told)
        shown = Shown(deleted, is_list=len(deleted) > 1) if deleted else shown_in(told)
        if calls:
            # Where no task came of a command, "it" is none either, and not one of before.
            self._shown = shown
        if shown.is_list and not deleted:
            self._listed_last = shown
        return calls

    async def call(self, tool: str, arguments: dict[str, object]) -> ToolCall:
        """Call a tool; the call is told with the sentence that comes of it."""
        return await self.make(tool, msgspec.json.encode(arguments))

    async def make(self, tool: str, arguments: bytes) -> ToolCall:
        """The same with arguments that are JSON already."""
        call = await self._toolbox.call(tool, arguments)
        self.calls.append(call)
        return call

    async def named(self, intent: Intent, tool: str) -> Meant | Intent | str:
        """The tasks that a command means, else what is to be added instead, else the sentence that says why not."""
        pointed = self.pointed_at(intent)
        if pointed:
            known = await self.by_number(pointed, said=bool(intent.also))
            return known if isinstance(known, str) else Meant(known, together=bool(intent.also or intent.everything))
        arguments: dict[str, object] = {"search": intent.title} if intent.title else {"limit": LIST_MAX}
        arguments |= self.filters(intent)
        if intent.status:
            arguments["status"] = intent.status.value
        elif not intent.title and tool != "delete_task":
            arguments["status"] = TaskStatus.PENDING.value
        lists = [*await self._of_priorities(intent.or_priority, arguments), await self._listed(arguments)]
        listed, sure = _together(lists), True
        unlike = intent.during or intent.of_priority
        if not listed.tasks and intent.title and unlike and not intent.everything:
            # "kal ki jagah parso" of a task that has no date, "zaroori meeting" of one that is urgent: this one?
            listed, sure = await self._listed({"search": intent.title}), False
        found = [task for task in listed.tasks if self._fits(task, intent)]
        if tool != "delete_task":
            wanted = TaskStatus.COMPLETED if "done" in intent.clears else TaskStatus.PENDING
            found = [task for task in found if task.status == wanted] or found[: 1 if tool == "complete_task" else None]
        if intent.rest and self._listed_last.is_list:
            found, sure = [task for task in found if task.task_id not in self._listed_last.task_ids], False
        if intent.ordinal and found:
            found = _picked(found, intent)
            return Meant(found, together=True) if found else self._say(Reply.LIST_EMPTY)
        if not found:
            return await self._not_found(intent, arguments)
        if intent.excepted:
            return await self._all_but(intent.excepted, found)
        if intent.title or intent.everything or intent.status or intent.of_repeat or self.filters(intent):
            # "Dono" of no list and of more than two is asked about.
            them = (
                intent.pronoun
                and len(found) >= ASK_FROM
                and not (intent.title or intent.status or self.filters(intent))
            )
            sure = sure and _is_done(found, intent.title, intent.act)
            return Meant(found, together=intent.everything and not them, sure=sure)
        return Meant(found, together=False, named=False)

    async def _not_found(self, intent: Intent, filters: dict[str, object]) -> Meant | Intent | str:
        """Nothing is called so: it may be several names, or there is none."""
        either = either_named(intent.title, intent.language) if intent.title else ()
        if len(either) > 1:
            meant = await self._all_named(either, filters)
            return meant if isinstance(meant, str) else msgspec.structs.replace(meant, together=False)
        each = each_named(intent.title) if intent.title else ()
        if len(each) > 1:
            return await self._all_named(each, filters)
        if intent.title and not intent.tags:
            # "Ghar wale tasks" may be those of a tag.
            wanted = {} if intent.operation is Operation.DELETE else {"status": TaskStatus.PENDING.value}
            kind = {name: value for name, value in filters.items() if name != "search"} | {"tag": intent.title}
            tagged = (await self._listed(kind | wanted | {"limit": LIST_MAX})).tasks
            if tagged:
                return Meant(tagged, together=True, sure=False)
        if intent.errand:
            return intent.errand
        words, _, act = (intent.title or "").rpartition(" ")
        if intent.act and words and (found := (await self._listed({**filters, "search": words})).tasks):
            # "Dawai kha li": the last word may be what was done.
            return Meant(found, together=False, sure=_is_done(found, words, act))
        return self._say(Reply.NOT_FOUND, title=intent.title) if intent.title else self._say(Reply.LIST_EMPTY)

    async def _all_but(self, names: str, found: list[Found]) -> Meant | str:
        """All but those named, to be asked about; nothing where the name is none's."""
        left_out = await self.left_out(names)
        rest = [task for task in found if task.task_id not in left_out]
        return Meant(rest, together=True, sure=False) if rest and left_out else self._say(Reply.NOT_FOUND, title=names)

    async def _all_named(self, names: Sequence[str], filters: dict[str, object]) -> Meant | str:
        """The task of each name; nothing where one is missing, and all that may be meant where one is not clear."""
        found: dict[int, Found] = {}
        clear = True
        for name in names:
            listed = (await self._listed({**filters, "search": name})).tasks
            if not listed:
                return self._say(Reply.NOT_FOUND, title=name)
            clear = clear and len(listed) == 1
            found |= {task.task_id: task for task in listed}
        return Meant(list(found.values()), together=clear)

    def pointed_at(self, intent: Intent) -> tuple[int, ...]:
        """The tasks that "doosra wala" or "isko" mean in what was shown last."""
        if intent.ordinal and not intent.title and self._listed_last.is_list:
            return tuple(_picked(self._listed_last.task_ids, intent))
        # "Them all" is more than the one that was spoken of last; "dono bill" and "aaj wale dono" say which.
        listed = self._shown.is_list and not (intent.status or self.filters(intent))
        if intent.pronoun and not intent.title and (listed or not intent.everything):
            return self._shown.task_ids
        return ()

    async def by_number(self, task_ids: Sequence[int], said: bool = False) -> list[Found] | str:
        """These tasks; one that is gone is left out, unless the person `said` its number."""
        calls = [await self.call("get_task", {"task_id": task_id}) for task_id in task_ids]
        gone = [task_id for call, task_id in zip(calls, task_ids, strict=True) if call.error]
        if gone and said:
            return self._say(Reply.NO_SUCH_NUMBER, number=gone[0])
        found = [result(call, Found) for call in calls if not call.error]
        return found or self._say(Reply.NO_SUCH_NUMBER, number=task_ids[0])

    async def named_by(self, words: str) -> set[int]:
        """The tasks that words name: by title, by kind, or each by its own name."""
        listed = await self._listed({"search": words, "limit": LIST_MAX})
        named = {task.task_id for task in listed.tasks} or await self._of_kind(words)
        if named or len(each := each_named(words)) <= 1:
            return named
        return set().union(*[await self.named_by(name) for name in each])

    async def left_out(self, words: str) -> set[int]:
        """The tasks that are left out of all: by number, else all that are of this kind or called so."""
        numbers = read_answer(words).numbers
        return set(numbers) or await self.named_by(words) | await self._of_kind(words)

    async def _of_kind(self, words: str) -> set[int]:
        """The tasks that a list of these shows, as of "urgent", "due today", "done"; else those of this tag."""
        kind = parse_urdu_intent(f"{words} tasks dikhao", now=self._turn.now, timezone=self._turn.timezone)
        if kind.title or kind.excepted or not (kind.status or self.filters(kind)):
            kind = Intent(operation=Operation.LIST, tags=(kind.title or words,))
        status = {"status": kind.status.value} if kind.status else {}
        found, _ = await self.shown_of(kind, self.filters(kind) | status | {"limit": LIST_MAX})
        return {task.task_id for task in found}

    async def due_as_said(self, task_ids: Sequence[int]) -> set[int]:
        """Of these tasks those that are due when the message says, and it says nothing else: "parson wali"."""
        said, now, zone = self._turn.message, self._turn.now, self._zone
        found = await self.by_number(task_ids) if read_due(said, now, zone) else []
        if isinstance(found, str):
            return set()
        dues = {task.task_id: read_due(task.due or "", now, zone) for task in found}
        return {task_id for task_id, due in dues.items() if due and due_beside(said, due, now, zone)[0] == due}

    async def shown_of(self, intent: Intent, arguments: dict[str, object]) -> tuple[list[Found], int]:
        """The tasks that fit, and how many there are; those of a tag where none is called so."""
        lists = [*await self.first_lists(intent, arguments), await self._listed(arguments)]
        if intent.title and not intent.tags and not any(listed.tasks for listed in lists):
            tagged = {name: value for name, value in arguments.items() if name != "search"}
            lists = [await self._listed(tagged | {"tag": intent.title})]
        return self.among(lists, intent)

    async def first_lists(self, intent: Intent, arguments: dict[str, object]) -> list[Listed]:
        """The lists of the further priorities that are meant; what is urgent is important too."""
        also = (Priority.URGENT,) if Priority.HIGH in (intent.priority, *intent.or_priority) else ()
        return await self._of_priorities((*also, *intent.or_priority), arguments)

    def among(self, lists: Sequence[Listed], intent: Intent) -> tuple[list[Found], int]:
        """The tasks in these lists that fit, and how many there are."""
        listed = _together(lists)
        found = [task for task in listed.tasks if self._fits(task, intent)]
        return found, listed.total if found == listed.tasks else len(found)

    def _fits(self, task: Found, intent: Intent) -> bool:
        """Whether a task fits what no tool narrows by: its hour, when it was completed, and further tags."""
        # "5 ki jagah 6 baje" says when a task is to be.
        hours = () if intent.operation is Operation.UPDATE and not intent.everything else intent.hours
        due = read_due(task.due, self._turn.now, self._zone) if task.due and hours else None
        # In a part of a day may be what has no hour, at an hour of the clock not.
        whole_day = intent.operation is Operation.LIST and len(hours) > 1
        in_time = not due or (due.at.astimezone(self._zone).hour in hours if due.at else whole_day)
        if intent.during and intent.status is TaskStatus.COMPLETED:
            day = task.completed_at and task.completed_at.astimezone(self._zone).date()
            in_time = in_time and day is not None and intent.during[0] <= day < intent.during[1]
        # "Har hafte" is also every Friday.
        if rule := intent.of_repeat:
            in_time = in_time and (task.repeat == rule or str(task.repeat).startswith(f"{rule};BY"))
        return in_time and {tag.casefold() for tag in task.tags} >= {tag.casefold() for tag in self._tags(intent)}

    def filters(self, intent: Intent) -> dict[str, object]:
        """What narrows a list to the tasks that a command speaks of, as arguments of list_tasks."""
        filters: dict[str, object] = {}
        priority = intent.priority if intent.operation is Operation.LIST else intent.of_priority
        if priority:
            filters["priority"] = priority.value
        if tags := self._tags(intent):
            filters["tag"] = tags[0]
        # "5 ki jagah 6 baje" says no day by which a task could be found.
        if intent.during and not intent.hour_only and intent.status is not TaskStatus.COMPLETED:
            first, after_last = intent.during
            filters |= {"due_after": first.isoformat(), "due_before": after_last.isoformat()}
        return filters

    def _tags(self, intent: Intent) -> tuple[str, ...]:
        """The tags that say which tasks are meant, and not what is put on them."""
        if not intent.tags or intent.operation is Operation.ADD or "tags" in changes_in(intent, self._zone):
            return ()
        return intent.tags

    async def _of_priorities(self, priorities: Sequence[Priority], arguments: dict[str, object]) -> list[Listed]:
        more = [one for one in dict.fromkeys(priorities) if one != arguments.get("priority")]
        return [await self._listed(arguments | {"priority": one.value}) for one in more]

    async def _listed(self, arguments: dict[str, object]) -> Listed:
        return listed_in(await self.call("list_tasks", arguments))


R = TypeVar("R", bound=Struct)
P = TypeVar("P")


def _is_done(found: Sequence[Found], words: str | None, act: str | None) -> bool:
    """Whether all these were done by what is said: "report parh li" does not say that it was sent."""
    return not (words and act) or all(is_done_by(task.title, words, act) for task in found)


def _picked(shown: Sequence[P], intent: Intent) -> list[P]:
    """Those at the places it says, counted from 1, or from the end when negative; none when one is no place."""
    ordinals = [ordinal for ordinal in (intent.ordinal, *intent.also) if ordinal]
    places = [ordinal - 1 if ordinal > 0 else len(shown) + ordinal for ordinal in ordinals]
    return [shown[place] for place in places] if all(0 <= place < len(shown) for place in places) else []


def _together(lists: Sequence[Listed]) -> Listed:
    """Each task once."""
    found = {task.task_id: task for listed in lists for task in listed.tasks}
    return Listed(list(found.values()), sum(listed.total for listed in lists))


def listed_in(call: ToolCall) -> Listed:
    """What a call of list_tasks brought."""
    return Listed([], 0) if call.error else result(call, Listed)


def result(call: ToolCall, kind: type[R]) -> R:
    """What a tool answered, read as `kind`."""
    return msgspec.json.decode(call.result or b"{}", type=kind)
