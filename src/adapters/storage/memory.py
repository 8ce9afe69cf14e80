"""Storage in the memory of one process: for tests and scripts; everything is gone when it ends."""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from itertools import islice
from operator import itemgetter

from msgspec.structs import replace

from application.ports import (
    ConversationRepository,
    Edge,
    Script,
    Storage,
    T,
    TaskPosition,
    TaskQuery,
    TaskRepository,
    Unit,
)
from domain.conversations import Conversation, Feedback, KeyedTurn, Message, ToolCall, TurnKey
from domain.errors import TurnGivenUp
from domain.tasks import Change, Due, Task


class MemoryStorage(Storage):
    """Every user's data in dictionaries; a unit of work changes a copy, which takes the place of the old one."""

    def __init__(self) -> None:
        self._users: dict[str, _MemoryUnit] = {}

    async def run(self, user_id: str, work: Callable[[Unit], T]) -> T:
        """See the port."""
        unit = self._users[user_id].copy() if user_id in self._users else _MemoryUnit()
        result = work(unit)
        self._users[user_id] = unit
        return result

    async def run_through(self, script: Script[T]) -> T:
        """See the port; there is nothing to wait for."""
        return await script(self)

    async def prune(self, before: datetime) -> None:
        """See the port."""
        for unit in self._users.values():
            unit.tasks.prune(before)
            unit.prune(before)

    async def ping(self) -> None:
        """See the port."""

    async def close(self) -> None:
        """See the port."""


class _MemoryUnit(Unit):
    def __init__(self) -> None:
        self.tasks: _MemoryTasks = _MemoryTasks()
        self.conversations: _MemoryConversations = _MemoryConversations()
        self._timezone: str | None = None
        self._tokens: dict[date, int] = {}

    def copy(self) -> "_MemoryUnit":
        twin = copy(self)
        twin.tasks = self.tasks.copy()
        twin.conversations = self.conversations.copy()
        twin._tokens = dict(self._tokens)
        return twin

    def prune(self, before: datetime) -> None:
        self._tokens = {day: tokens for day, tokens in self._tokens.items() if day >= before.date()}

    @property
    def timezone(self) -> str | None:
        return self._timezone

    def remember_timezone(self, timezone: str) -> None:
        self._timezone = timezone

    def tokens_spent(self, day: date) -> int:
        return self._tokens.get(day, 0)

    def spend_tokens(self, day: date, tokens: int) -> None:
        self._tokens[day] = self.tokens_spent(day) + tokens


class _MemoryTasks(TaskRepository):
    def __init__(self) -> None:
        self._last_id = 0
        self._tasks: dict[int, Task] = {}
        self._changes: list[Change] = []

    def copy(self) -> "_MemoryTasks":
        twin = copy(self)
        twin._tasks = dict(self._tasks)
        twin._changes = list(self._changes)
        return twin

    def prune(self, before: datetime) -> None:
        self._changes = [change for change in self._changes if change.at >= before]

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def get(self, task_id: int) -> Task | None:
        return self._tasks.get(task_id)

    def put(self, task: Task) -> None:
        self._tasks[task.id] = task

    def remove(self, task_id: int) -> None:
        self._tasks.pop(task_id, None)

    def select(self, query: TaskQuery) -> list[Task]:
        fitting = [task for task in self._tasks.values() if _fits(task, query)]
        placed = sorted(((TaskPosition.of(task, query.sort), task) for task in fitting), key=itemgetter(0))
        return [task for place, task in placed if query.beyond is None or place > query.beyond][: query.limit]

    def count(self, query: TaskQuery) -> int:
        return sum(_fits(task, query) for task in self._tasks.values())

    def log(self, change: Change) -> None:
        self._changes.append(change)

    def last_changes(self) -> list[Change]:
        tail: list[Change] = []
        for change in reversed(self._changes):
            if change.batch != self._changes[-1].batch:
                break
            tail.append(change)
        return tail[::-1]

    def forget_last(self, count: int) -> None:
        del self._changes[max(0, len(self._changes) - count) :]


class _MemoryConversations(ConversationRepository):
    def __init__(self) -> None:
        self._last_id = 0
        self._conversations: dict[int, Conversation] = {}
        self._messages: dict[int, dict[int, Message]] = {}
        self._keyed: dict[tuple[int, int], TurnKey] = {}

    def copy(self) -> "_MemoryConversations":
        twin = copy(self)
        twin._conversations = dict(self._conversations)
        twin._messages = {number: dict(messages) for number, messages in self._messages.items()}
        twin._keyed = dict(self._keyed)
        return twin

    def find(self, reference: int | str) -> Conversation | None:
        if isinstance(reference, int):
            return self._conversations.get(reference)
        return next((place for place in self._conversations.values() if place.key == reference), None)

    def start(self, key: str, title: str, at: datetime) -> Conversation:
        if self.find(key):
            raise ValueError(f"The name {key!r} is taken.")
        self._last_id += 1
        place = Conversation(self._last_id, key, title, at, at)
        self._conversations[place.id] = place
        self._messages[place.id] = {}
        return place

    def rename(self, conversation_id: int, title: str) -> None:
        self._mark(conversation_id, title=title)

    def remove(self, conversation_id: int) -> None:
        self._conversations.pop(conversation_id, None)
        self._messages.pop(conversation_id, None)
        self._keyed = {place: key for place, key in self._keyed.items() if place[0] != conversation_id}

    def page(
        self, limit: int, seen: tuple[datetime, int] | None = None, oldest_first: bool = False
    ) -> list[Conversation]:
        places = sorted(self._conversations.values(), key=_position, reverse=not oldest_first)
        beyond = (place for place in places if seen is None or _is_beyond(_position(place), seen, oldest_first))
        return list(islice(beyond, limit))

    def append(self, conversation_id: int, *said: Message, key: TurnKey | None = None) -> None:
        place = self._conversations[conversation_id]
        if key:
            if self.turn_with_key(key.idempotency_key):
                raise ValueError("The idempotency key is taken.")
            self._keyed[conversation_id, said[-1].id] = key
        self._messages[conversation_id] |= {message.id: message for message in said}
        self._conversations[conversation_id] = replace(
            place, updated_at=said[-1].created_at, message_count=place.message_count + len(said)
        )

    def finish(self, conversation_id: int, reply: Message, last: ToolCall | None = None) -> Message | None:
        changes = {name: getattr(reply, name) for name in ("text", "status", "question", "created_at")}
        calls = self._with_call(conversation_id, reply.id, last)
        if not self._change_open(
            conversation_id, reply.id, reply.turn_id, is_stopping=False, tool_calls=calls, **changes
        ):
            return None
        return self.message(conversation_id, reply.id)

    def record(self, conversation_id: int, reply_id: int, turn_id: str, call: ToolCall) -> None:
        calls = self._with_call(conversation_id, reply_id, call)
        if not self._change_open(conversation_id, reply_id, turn_id, tool_calls=calls):
            raise TurnGivenUp

    def rate(self, conversation_id: int, message_id: int, feedback: Feedback) -> None:
        kept = self.message(conversation_id, message_id)
        if kept:
            self._messages[conversation_id][message_id] = replace(kept, feedback=feedback)

    def cut(self, conversation_id: int, message_id: int) -> None:
        kept = {number: said for number, said in self._messages[conversation_id].items() if number < message_id}
        self._messages[conversation_id] = kept
        self._keyed = {
            place: key for place, key in self._keyed.items() if place[0] != conversation_id or place[1] < message_id
        }
        self._mark(conversation_id, message_count=len(kept))

    def message(self, conversation_id: int, message_id: int) -> Message | None:
        return self._messages.get(conversation_id, {}).get(message_id)

    def newest(self, conversation_id: int, limit: int, before: int | None = None) -> list[Message]:
        messages = self._messages.get(conversation_id, {})
        last = len(messages) if before is None else min(len(messages), before - 1)
        return [messages[number] for number in range(last, max(0, last - limit), -1)]

    def beat(self, conversation_id: int, reply_id: int, turn_id: str, at: datetime) -> None:
        self._change_open(conversation_id, reply_id, turn_id, created_at=at)

    def mark_stopping(self, conversation_id: int, reply_id: int, turn_id: str) -> None:
        self._change_open(conversation_id, reply_id, turn_id, is_stopping=True)

    def turn_with_key(self, idempotency_key: str) -> KeyedTurn | None:
        for (conversation_id, reply_id), key in self._keyed.items():
            if key.idempotency_key == idempotency_key:
                return KeyedTurn(conversation_id, self._messages[conversation_id][reply_id], key.fingerprint)
        return None

    def _with_call(self, conversation_id: int, reply_id: int, call: ToolCall | None) -> tuple[ToolCall, ...]:
        reply = self.message(conversation_id, reply_id)
        return (*(reply.tool_calls if reply else ()), *([call] if call else ()))

    def _change_open(self, conversation_id: int, reply_id: int, turn_id: str | None, **changes: object) -> bool:
        """Change the reply of a turn that runs; False where it does not."""
        reply = self.message(conversation_id, reply_id)
        if reply is None or turn_id is None or not reply.is_open(turn_id):
            return False
        self._messages[conversation_id][reply_id] = replace(reply, **changes)
        return True

    def _mark(self, conversation_id: int, **changed: object) -> None:
        if conversation_id in self._conversations:
            self._conversations[conversation_id] = replace(self._conversations[conversation_id], **changed)


def _position(place: Conversation) -> tuple[datetime, int]:
    return (place.updated_at, place.id)


def _is_beyond(position: tuple[datetime, int], seen: tuple[datetime, int], oldest_first: bool) -> bool:
    return position > seen if oldest_first else position < seen


def _fits(task: Task, query: TaskQuery) -> bool:
    return (
        (query.status is None or task.status is query.status)
        and (query.priority is None or task.priority is query.priority)
        and (query.due_before is None or _is_before(task.due, query.due_before))
        and (query.due_after is None or (task.due is not None and not _is_before(task.due, query.due_after)))
        and (query.tag is None or query.tag.casefold() in map(str.casefold, task.tags))
    )


def _is_before(due: Due | None, edge: Edge) -> bool:
    if due is None:
        return False
    return due.day < edge.day if due.at is None else due.at < edge.moment
