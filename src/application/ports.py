"""What the application needs from the outside: each port a small Protocol with its promises.

Adapters inherit the port, so that a forgotten method fails when the adapter is made.
"""

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import Struct

from domain.conversations import Conversation, Feedback, KeyedTurn, Message, Question, ToolCall, Turn, TurnKey
from domain.errors import MunshiError
from domain.tasks import Change, Priority, Task, TaskStatus

if TYPE_CHECKING:
    from application.toolbox import Toolbox

T = TypeVar("T")


class Unauthenticated(MunshiError):
    """The token is missing, malformed, expired or wrongly signed; `message` says which, never the token."""

    code = "unauthenticated"


class IdentityUnavailable(MunshiError):
    """No token can be judged, since its issuer's keys were never fetched; ask again in `retry_after` seconds."""

    code = "identity_unavailable"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StorageUnavailable(MunshiError):
    """The database did not answer; nothing of the unit of work was kept. `reason` is its own code, for the log."""

    code = "storage_unavailable"

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class AssistantUnavailable(MunshiError):
    """The model's service did not answer; trying again later may help, in `retry_after` seconds where it said so."""

    code = "assistant_unavailable"

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class AssistantTimeout(MunshiError):
    """The assistant did not finish in its time."""

    code = "assistant_timeout"


class Clock(Protocol):
    """The time."""

    @abstractmethod
    def now(self) -> datetime:
        """Aware UTC."""


class TokenVerifier(Protocol):
    """Tells whose token this is."""

    @abstractmethod
    async def verify(self, token: str) -> str:
        """The subject of a valid token, exactly as signed.

        Raises Unauthenticated for any other token, IdentityUnavailable where nobody can tell yet.
        """


class Quota(Struct, frozen=True):
    """What is left of a limit, by the name of its policy.

    `remaining` of `limit` in a `window` of seconds (0: at one time), more again in `reset` seconds.
    """

    policy: str
    limit: int
    remaining: int
    window: int
    reset: int


class RateLimited(MunshiError):
    """The limit is reached; ask again when `quota` is reset."""

    code = "rate_limited"

    def __init__(self, quota: Quota) -> None:
        super().__init__(f"Too many requests; try again in {quota.reset} s.")
        self.quota = quota
        self.retry_after = quota.reset


class RateLimiter(Protocol):
    """Counts what each key does in a moving window; the refused are not counted."""

    @abstractmethod
    async def hit(self, key: str) -> Quota:
        """Count one; raises RateLimited when the limit is reached."""

    @abstractmethod
    async def forgive(self, key: str) -> None:
        """Take back the newest one that was counted for this key."""


class AddressLimiter(RateLimiter, Protocol):
    """The limiter of addresses, before anybody is known; RateLimiter itself is that of users."""


class TaskSort(StrEnum):
    """The order of a list; ties go by number. Without a due comes last, `priority` begins with urgent."""

    CREATED = "created"
    DUE = "due"
    PRIORITY = "priority"
    TITLE = "title"


class Edge(Struct, frozen=True):
    """A border in time: whole days are compared by `day`, moments by `moment` (aware UTC)."""

    day: date
    moment: datetime


# Later than any due: a list by due ends with what has none.
NO_DAY = date(9999, 1, 1)
NO_MOMENT = datetime(9999, 1, 1, tzinfo=UTC)


class TaskPosition(Struct, frozen=True, order=True, omit_defaults=True, kw_only=True):
    """Where a task stands in an order; what that order does not sort by is left as it is here.

    Positions of one order compare as its tasks are sorted, so a list goes on behind a task that is gone meanwhile.
    """

    sort: TaskSort
    urgency: int = 0
    day: date = NO_DAY
    at: datetime = NO_MOMENT
    title: str = ""
    id: int

    @classmethod
    def of(cls, task: Task, sort: TaskSort) -> "TaskPosition":
        """The place of a task. Of one day, moments come before the whole day."""
        day, at = (task.due.day, task.due.at or NO_MOMENT) if task.due else (NO_DAY, NO_MOMENT)
        match sort:
            case TaskSort.CREATED:
                return cls(sort=sort, id=task.id)
            case TaskSort.DUE:
                return cls(sort=sort, day=day, at=at, id=task.id)
            case TaskSort.PRIORITY:
                return cls(sort=sort, urgency=-task.priority.rank, day=day, at=at, id=task.id)
            case TaskSort.TITLE:
                return cls(sort=sort, title=task.title.casefold(), id=task.id)


class TaskQuery(Struct, frozen=True):
    """Which tasks: every given field narrows. `due_before` excludes its edge, `due_after` includes it.

    `beyond`, a position of this very `sort`, leaves out what stands there or before.
    """

    status: TaskStatus | None = None
    priority: Priority | None = None
    due_before: Edge | None = None
    due_after: Edge | None = None
    tag: str | None = None
    sort: TaskSort = TaskSort.CREATED
    beyond: TaskPosition | None = None
    limit: int | None = None


class TaskRepository(Protocol):
    """One user's tasks, and the log of their changes."""

    @abstractmethod
    def next_id(self) -> int:
        """The next number of this user's tasks, from 1; none is given twice."""

    @abstractmethod
    def get(self, task_id: int) -> Task | None:
        """The task, or None."""

    @abstractmethod
    def put(self, task: Task) -> None:
        """Keep the task under its number, new or changed."""

    @abstractmethod
    def remove(self, task_id: int) -> None:
        """Forget the task; nothing happens when there is none."""

    @abstractmethod
    def select(self, query: TaskQuery) -> list[Task]:
        """The tasks that fit, in the order asked for."""

    @abstractmethod
    def count(self, query: TaskQuery) -> int:
        """How many tasks fit; `sort`, `beyond` and `limit` do not matter."""

    @abstractmethod
    def log(self, change: Change) -> None:
        """Note a change, the newest last."""

    @abstractmethod
    def last_changes(self) -> list[Change]:
        """The newest changes in order, as far back as they share one batch; empty when none is logged."""

    @abstractmethod
    def forget_last(self, count: int) -> None:
        """Drop the newest `count` changes from the log."""


class ConversationRepository(Protocol):
    """One user's conversations and messages; a turn is its reply with the tool calls under it."""

    @abstractmethod
    def find(self, reference: int | str) -> Conversation | None:
        """By number or by name."""

    @abstractmethod
    def start(self, key: str, title: str, at: datetime) -> Conversation:
        """A new conversation with the user's next number; `key` must be free."""

    @abstractmethod
    def rename(self, conversation_id: int, title: str) -> None:
        """Give it another title."""

    @abstractmethod
    def remove(self, conversation_id: int) -> None:
        """Forget it with everything in it."""

    @abstractmethod
    def page(
        self, limit: int, seen: tuple[datetime, int] | None = None, oldest_first: bool = False
    ) -> list[Conversation]:
        """The most recently updated first, or last; those beyond the (updated_at, id) of the last one seen."""

    @abstractmethod
    def append(self, conversation_id: int, *said: Message, key: TurnKey | None = None) -> None:
        """Add messages with their tool calls, and mark the conversation updated.

        Their ids go on from the conversation's message_count; the last is the reply of a turn of this `key`, which must
        be free.
        """

    @abstractmethod
    def finish(self, conversation_id: int, reply: Message, last: ToolCall | None = None) -> Message | None:
        """Write what a reply came to whose turn runs: its text, status, question and time, and its `last` call.

        The reply with all its calls; None, and nothing is written, where that turn has ended or is gone.
        """

    @abstractmethod
    def record(self, conversation_id: int, reply_id: int, turn_id: str, call: ToolCall) -> None:
        """Add a tool call under the reply of a turn, after those already there.

        Raises TurnGivenUp where that turn has ended or is gone.
        """

    @abstractmethod
    def rate(self, conversation_id: int, message_id: int, feedback: Feedback) -> None:
        """Keep what the user thinks of a message, in place of what was kept."""

    @abstractmethod
    def cut(self, conversation_id: int, message_id: int) -> None:
        """Forget this message and all after it."""

    @abstractmethod
    def message(self, conversation_id: int, message_id: int) -> Message | None:
        """One message with its tool calls, or None."""

    @abstractmethod
    def newest(self, conversation_id: int, limit: int, before: int | None = None) -> list[Message]:
        """The newest messages with their tool calls, newest first, older than message `before`."""

    @abstractmethod
    def beat(self, conversation_id: int, reply_id: int, turn_id: str, at: datetime) -> None:
        """Write that a running turn is alive: its reply in progress is dated anew."""

    @abstractmethod
    def mark_stopping(self, conversation_id: int, reply_id: int, turn_id: str) -> None:
        """Write that a running turn is to stop; nothing happens to one that ended."""

    @abstractmethod
    def turn_with_key(self, idempotency_key: str) -> KeyedTurn | None:
        """The turn that was asked under this key, or None."""


class Unit(Protocol):
    """One user's data inside one transaction."""

    tasks: TaskRepository
    conversations: ConversationRepository

    @property
    @abstractmethod
    def timezone(self) -> str | None:
        """The user's last known IANA zone."""

    @abstractmethod
    def remember_timezone(self, timezone: str) -> None:
        """Keep the user's zone for the next turn."""

    @abstractmethod
    def tokens_spent(self, day: date) -> int:
        """What the user's turns took of a model on this day (UTC)."""

    @abstractmethod
    def spend_tokens(self, day: date, tokens: int) -> None:
        """Add to what they took on this day (UTC)."""


class Transactions(Protocol):
    """Runs units of work, each in a transaction of its own."""

    @abstractmethod
    async def run(self, user_id: str, work: Callable[[Unit], T]) -> T:
        """Call `work` in one transaction of this user's data; commit when it returns, keep nothing when it raises.

        `work` is a plain function: nothing can be awaited while a transaction is open. It may be called again from
        the start when the database asks for it. Raises StorageUnavailable.
        """


Script = Callable[[Transactions], Coroutine[None, None, T]]
"""Units of work one after the other, and what is made of each; it awaits nothing but the transactions it is given."""


class Storage(Transactions, Protocol):
    """Keeps every user's tasks and conversations, apart from every other's."""

    @abstractmethod
    async def run_through(self, script: Script[T]) -> T:
        """What `script` comes to. Each of its units is committed before it goes on, with no transaction open.

        What it wrote is durable when its caller hears of it; once begun it runs to its end, whoever goes away. Raises
        what it raises, or StorageUnavailable when it ended and that could not be made durable.
        """

    @abstractmethod
    async def prune(self, before: datetime) -> None:
        """Forget every user's logged changes older than this (aware UTC), and the days before it that tokens took.

        Those changes can't be taken back any more.
        """

    @abstractmethod
    async def ping(self) -> None:
        """Raises StorageUnavailable when the database does not answer."""

    @abstractmethod
    async def close(self) -> None:
        """Release every connection."""


class Delta(Struct, frozen=True, omit_defaults=True):
    """A piece of the reply. One that is `ours` was made of tool results; a model's words are checked against them."""

    text: str
    ours: bool = False


class LastWords(Struct, frozen=True):
    """With what a reply ends: words made of a tool's result, and what they ask."""

    text: str
    question: Question | None = None


class LastCall(Struct, frozen=True):
    """A call with which a reply ends, yet to be made: its effect, its record and the end of its turn are one.

    `words` makes the last words of what came of it: a plain function, called inside the transaction.
    """

    name: str
    arguments: bytes
    words: Callable[[ToolCall], LastWords]


Step = Delta | ToolCall | Question | LastCall


class Assistant(Protocol):
    """Answers a turn; it is given at most `memory` of the newest messages.

    One that `is_prompt` awaits nothing but its toolbox: its turns are held in one go.
    """

    name: str
    memory: int
    is_prompt: bool = False

    @abstractmethod
    def reply(self, turn: Turn, toolbox: "Toolbox") -> AsyncIterator[Step]:
        """Answer `turn.message`; act only through `toolbox`.

        Yields text in order, each tool call after it was recorded, and at most one question, which the next message
        may answer. A call that nothing but its own words follow may be left to whoever listens, as the last step.
        Raises AssistantUnavailable (try again) or AssistantTimeout.
        """

    @abstractmethod
    async def close(self) -> None:
        """Release what it holds."""
