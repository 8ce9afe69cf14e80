"""A task and its rules: made, edited, completed, and what undo takes back."""

import unicodedata
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from domain.errors import Invalid
from domain.recurrence import checked_rule, first_day, next_occurrence, spent

TITLE_MAX = 255
DESCRIPTION_MAX = 4000
TAGS_MAX = 20
TAG_MAX = 50
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # Unicode UAX 9 §2
# At the ends of the calendar a moment has no day in another zone.
DUE_YEARS = range(1900, 3000)


class Priority(StrEnum):
    """How pressing a task is, least first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for urgent."""
        return list(Priority).index(self)


class TaskStatus(StrEnum):
    """Whether a task is still to be done."""

    PENDING = "pending"
    COMPLETED = "completed"


class Due(Struct, frozen=True):
    """When a task falls due: a whole local day, or a moment of it.

    `day` is the calendar day in the user's zone; `at` an aware UTC datetime, None for the whole day.
    """

    day: date
    at: datetime | None = None

    @classmethod
    def at_moment(cls, moment: datetime, zone: ZoneInfo) -> "Due":
        """The due of an aware datetime, its day told in `zone`."""
        return cls(moment.astimezone(zone).date(), moment.astimezone(UTC))

    def iso(self, zone: ZoneInfo) -> str:
        """ISO 8601: `2026-02-07`, or `2026-02-07T09:00:00+05:00` with the offset of `zone`."""
        return self.day.isoformat() if self.at is None else self.at.astimezone(zone).isoformat(timespec="seconds")

    def start(self, zone: ZoneInfo) -> datetime:
        """The moment itself, or the first moment of the day in `zone`; aware UTC."""
        midnight = datetime.combine(self.day, time.min, zone)
        try:
            return self.at or midnight.astimezone(UTC)
        except OverflowError:  # the first or last day of the calendar
            return midnight.replace(tzinfo=UTC)


class Draft(Struct, frozen=True):
    """What a new task is made from."""

    title: str
    description: str = ""
    priority: Priority = Priority.NORMAL
    due: Due | None = None
    repeat: str | None = None
    tags: tuple[str, ...] = ()


class Edit(Struct, frozen=True):
    """What changes in a task; UNSET leaves a field as it is, None empties it."""

    title: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    priority: Priority | UnsetType = UNSET
    due: Due | UnsetType | None = UNSET
    repeat: str | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    status: TaskStatus | UnsetType = UNSET


class Task(Struct, frozen=True):
    """One task of one user. `id` counts from 1 per user and is never reused; times are aware UTC."""

    id: int
    title: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    priority: Priority = Priority.NORMAL
    due: Due | None = None
    repeat: str | None = None
    tags: tuple[str, ...] = ()
    status: TaskStatus = TaskStatus.PENDING
    completed_at: datetime | None = None


class Change(Struct, frozen=True):
    """One change of one task, enough to take it back. Changes with one `batch` are taken back together.

    `before` is None for a task that was made, `after` is None for one that was deleted.
    """

    batch: str
    tool: str
    at: datetime
    before: Task | None
    after: Task | None


def make(number: int, draft: Draft, at: datetime, zone: ZoneInfo) -> Task:
    """A new pending task. Raises Invalid for a title, tag or rule that breaks the rules."""
    repeat = checked_rule(draft.repeat)
    due = draft.due
    if repeat and due is None:
        due = Due(first_day(repeat, at.astimezone(zone).date()))
    return Task(
        id=number,
        title=checked_title(draft.title),
        created_at=at,
        updated_at=at,
        description=checked_description(draft.description),
        priority=draft.priority,
        due=checked_due(due),
        repeat=repeat,
        tags=checked_tags(draft.tags),
    )


def edit(task: Task, changes: Edit, at: datetime, zone: ZoneInfo) -> Task:
    """The task with these changes. A repeating task keeps its repetition when it is moved.

    Raises Invalid; a task without a due has no repetition either.
    """
    fields: dict[str, object] = {"updated_at": at}
    if changes.title is not UNSET:
        fields["title"] = checked_title(changes.title)
    if changes.description is not UNSET:
        fields["description"] = checked_description(changes.description or "")
    if changes.priority is not UNSET:
        fields["priority"] = changes.priority
    if changes.tags is not UNSET:
        fields["tags"] = checked_tags(changes.tags)
    if changes.status is not UNSET and changes.status is not task.status:
        fields["status"] = changes.status
        fields["completed_at"] = at if changes.status is TaskStatus.COMPLETED else None
    fields |= _scheduled(task, changes, at.astimezone(zone).date())
    return replace(task, **fields)


def _scheduled(task: Task, changes: Edit, today: date) -> dict[str, object]:
    due = task.due if changes.due is UNSET else checked_due(changes.due)
    repeat = task.repeat if changes.repeat is UNSET else checked_rule(changes.repeat)
    if repeat and due is None:
        if changes.due is None:
            repeat = None
        else:
            due = Due(first_day(repeat, today))
    return {"due": due, "repeat": repeat}


def complete(task: Task, at: datetime, zone: ZoneInfo) -> Task:
    """The task done; a repeating one moves on to its next due instead, as long as its rule has one."""
    if task.repeat and task.due:
        upcoming = _next_due(task.repeat, task.due, at, zone)
        if upcoming:
            return replace(task, due=upcoming, repeat=spent(task.repeat), updated_at=at)
    return replace(task, status=TaskStatus.COMPLETED, completed_at=at, updated_at=at)


def _next_due(rule: str, due: Due, now: datetime, zone: ZoneInfo) -> Due | None:
    if due.at is None:
        start = datetime.combine(due.day, time.min)
        reached = datetime.combine(now.astimezone(zone).date(), time.min)
    else:
        start = due.at.astimezone(zone).replace(tzinfo=None)
        reached = now.astimezone(zone).replace(tzinfo=None)
    upcoming = next_occurrence(rule, start, after=max(start, reached))
    if upcoming is None:
        return None
    return Due(upcoming.date()) if due.at is None else Due.at_moment(upcoming.replace(tzinfo=zone), zone)


def checked_title(title: str) -> str:
    """One line of 1 to 255 characters, spaces folded; raises Invalid."""
    line = one_line(title)
    if not line:
        raise Invalid("title", "must not be empty")
    if len(line) > TITLE_MAX:
        raise Invalid("title", f"must have at most {TITLE_MAX} characters, has {len(line)}")
    return line


def checked_description(description: str) -> str:
    """At most 4,000 characters; raises Invalid."""
    text = printable(description).strip()
    if len(text) > DESCRIPTION_MAX:
        raise Invalid("description", f"must have at most {DESCRIPTION_MAX} characters, has {len(text)}")
    return text


def checked_due(due: Due | None) -> Due | None:
    """A day of the years 1900 to 2999; raises Invalid."""
    if due and due.day.year not in DUE_YEARS:
        raise Invalid("due", f"must be in the years {DUE_YEARS[0]} to {DUE_YEARS[-1]}")
    return due


def checked_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """At most 20 tags of 1 to 50 characters, the first spelling of each kept; raises Invalid."""
    if not tags:
        return ()
    kept: dict[str, str] = {}
    for tag in tags:
        line = one_line(tag).removeprefix("#")
        if not line or len(line) > TAG_MAX:
            raise Invalid("tags", f"a tag must have 1 to {TAG_MAX} characters")
        kept.setdefault(line.casefold(), line)
    if len(kept) > TAGS_MAX:
        raise Invalid("tags", f"must be at most {TAGS_MAX}")
    return tuple(kept.values())


def one_line(text: str) -> str:
    """The text without control characters, every run of white space one blank."""
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """The text without lone surrogates and control characters (but line breaks and tabs), which no store keeps.

    Nor with what turns the direction of the text around it, so that nothing can be made to look like something else.
    """
    if text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or (c not in TURNING and unicodedata.category(c) not in ("Cc", "Cs")))
