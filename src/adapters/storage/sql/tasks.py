"""One user's tasks and change log in SQL."""

from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.storage.sql.owner import Owner
from adapters.storage.sql.statements import Database, Row, Statement, constant
from adapters.storage.sql.tables import NUMBERS, Moment, changes, tasks
from application.ports import NO_DAY, NO_MOMENT, TaskQuery, TaskRepository, TaskSort
from domain.tasks import TAG_MAX, Change, Due, Priority, Task, TaskStatus

PRIORITIES = list(Priority)
STATUSES = {status.value: status for status in TaskStatus}
JSON = msgspec.json.Encoder()
TASK = msgspec.json.Decoder(Task)
TAGS = msgspec.json.Decoder(tuple[str, ...])
# A letter becomes up to three when its case is folded.
LONGEST_KEY = 3 * TAG_MAX

MINE = tasks.c.user_id == bindparam("me")
ONE = (MINE, tasks.c.id == bindparam("number"))
LOGGED = changes.c.user_id == bindparam("me")
ROW = (
    "user_id",
    "id",
    "title",
    "title_key",
    "description",
    "priority",
    "due_day",
    "due_at",
    "repeat",
    "tags",
    "tag_keys",
    "status",
    "created_at",
    "updated_at",
    "completed_at",
)

# Without what only the database looks at.
SHOWN = [column for column in tasks.columns if column.name not in ("user_id", "title_key", "tag_keys")]
GET = Statement(select(*SHOWN).where(*ONE), "me", "number")
NEW = upsert(tasks)
PUT = Statement(
    NEW.on_conflict_do_update(index_elements=ROW[:2], set_={name: NEW.excluded[name] for name in ROW[2:]}), *ROW
)
REMOVE = Statement(delete(tasks).where(*ONE), "me", "number")
NEXT = select(func.coalesce(func.max(changes.c.seq), constant(0)) + constant(1)).where(LOGGED).scalar_subquery()
# Inline: else its number would be brought back, which nobody asks for.
LOG = Statement(insert(changes).values(seq=NEXT).inline(), "user_id", "me", "batch", "tool", "at", "before", "after")
LAST_BATCH = Statement(select(changes.c.batch).where(LOGGED).order_by(changes.c.seq.desc()).limit(1), "me")
KEPT = [column for column in changes.columns if not column.primary_key]
BEFORE_BATCH = select(func.coalesce(func.max(changes.c.seq), 0)).where(LOGGED, changes.c.batch != bindparam("of"))
OF_BATCH = Statement(
    select(*KEPT).where(LOGGED, changes.c.seq > BEFORE_BATCH.scalar_subquery()).order_by(changes.c.seq),
    "me",
    "of",
)
NEWEST_LOGGED = (
    select(changes.c.seq).where(LOGGED).order_by(changes.c.seq.desc()).limit(bindparam("count", type_=Integer))
)
FORGET = Statement(delete(changes).where(LOGGED, changes.c.seq.in_(NEWEST_LOGGED)), "me", "count")


class SqlTasks(TaskRepository):
    """See the port; every statement names the user."""

    def __init__(self, database: Database, owner: Owner) -> None:
        self._database = database
        self._user_id = owner.user_id
        self._owner = owner

    def next_id(self) -> int:
        """See the port; the number is never given again, even when the task is deleted."""
        return self._owner.next_task()

    def get(self, task_id: int) -> Task | None:
        """See the port."""
        if task_id not in NUMBERS:
            return None
        row = self._database.first(GET, self._user_id, task_id)
        return _task(row) if row else None

    def put(self, task: Task) -> None:
        """See the port."""
        self._database.change(PUT, self._user_id, *_row(task))

    def remove(self, task_id: int) -> None:
        """See the port."""
        if task_id in NUMBERS:
            self._database.change(REMOVE, self._user_id, task_id)

    def select(self, query: TaskQuery) -> list[Task]:
        """See the port."""
        if not _can_be(query.tag):
            return []
        values = self._asked(query)
        if query.beyond is not None:
            values |= {f"beyond_{name}": getattr(query.beyond, name) for name in SORTED_BY[query.sort]}
        if query.limit is not None:
            values["limit"] = query.limit
        found = self._database.all(_listing(tuple(values), query.sort), *values.values())
        return [_task(row) for row in found]

    def count(self, query: TaskQuery) -> int:
        """See the port."""
        if not _can_be(query.tag):
            return 0
        values = self._asked(query)
        row = self._database.first(_counting(tuple(values)), *values.values())
        return row[0] if row else 0

    def log(self, change: Change) -> None:
        """See the port."""
        me, before, after = self._user_id, _json(change.before), _json(change.after)
        self._database.change(LOG, me, me, change.batch, change.tool, change.at, before, after)

    def last_changes(self) -> list[Change]:
        """See the port."""
        newest = self._database.first(LAST_BATCH, self._user_id)
        if newest is None:
            return []
        return [_change(row) for row in self._database.all(OF_BATCH, self._user_id, newest[0])]

    def forget_last(self, count: int) -> None:
        """See the port."""
        self._database.change(FORGET, self._user_id, count)

    def _asked(self, query: TaskQuery) -> dict[str, Any]:
        """What narrows a query, by the names of the values; queries with the same names share a statement."""
        values: dict[str, Any] = {"me": self._user_id}
        if query.status is not None:
            values["status"] = query.status.value
        if query.priority is not None:
            values["priority"] = query.priority.rank
        for name, edge in (("before", query.due_before), ("after", query.due_after)):
            if edge is not None:
                values |= {f"{name}_day": edge.day, f"{name}_moment": edge.moment}
        if query.tag is not None:
            values["tag"] = f"%\n{_escaped(query.tag.casefold())}\n%"
        return values


def _can_be(tag: str | None) -> bool:
    """Whether a task can have it: a line break would fit two tags, the rest a database may refuse."""
    return tag is None or ("\n" not in tag and "\0" not in tag and len(tag) <= LONGEST_KEY)


def _escaped(words: str) -> str:
    """Taken literally by LIKE."""
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


@cache
def _listing(names: tuple[str, ...], sort: TaskSort) -> Statement:
    order = [ORDER[name] for name in SORTED_BY[sort]]
    statement = select(*SHOWN).where(*_fitting(names)).order_by(*order)
    if "beyond_id" in names:
        reached = [bindparam(f"beyond_{name}", type_=ORDER[name].type) for name in SORTED_BY[sort]]
        statement = statement.where(tuple_(*order) > tuple_(*reached))
    return Statement(statement.limit(bindparam("limit", type_=Integer)) if "limit" in names else statement, *names)


@cache
def _counting(names: tuple[str, ...]) -> Statement:
    return Statement(select(func.count()).select_from(tasks).where(*_fitting(names)), *names)


def _fitting(names: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [MINE, *(FILTERS[name] for name in names if name in FILTERS)]


# By the first name of what each compares with.
FILTERS: dict[str, ColumnElement[bool]] = {
    "status": tasks.c.status == bindparam("status"),
    "priority": tasks.c.priority == bindparam("priority"),
    "before_day": or_(
        and_(tasks.c.due_at.is_(None), tasks.c.due_day < bindparam("before_day")),
        tasks.c.due_at < bindparam("before_moment"),
    ),
    "after_day": or_(
        and_(tasks.c.due_at.is_(None), tasks.c.due_day >= bindparam("after_day")),
        tasks.c.due_at >= bindparam("after_moment"),
    ),
    "tag": tasks.c.tag_keys.like(bindparam("tag"), escape="/"),
}

# By the names of a TaskPosition; none is ever null, so that they compare as a row does.
ORDER: dict[str, ColumnElement[Any]] = {
    "urgency": -tasks.c.priority,
    "day": func.coalesce(tasks.c.due_day, literal(NO_DAY, Date())),
    "at": func.coalesce(tasks.c.due_at, literal(NO_MOMENT, Moment())),
    "title": tasks.c.title_key,
    "id": tasks.c.id,
}
SORTED_BY: dict[TaskSort, tuple[str, ...]] = {
    TaskSort.CREATED: ("id",),
    TaskSort.DUE: ("day", "at", "id"),
    TaskSort.PRIORITY: ("urgency", "day", "at", "id"),
    TaskSort.TITLE: ("title", "id"),
}


def _row(task: Task) -> tuple[object, ...]:
    """What follows the user in a ROW."""
    return (
        task.id,
        task.title,
        task.title.casefold(),
        task.description,
        PRIORITIES.index(task.priority),
        task.due.day if task.due else None,
        task.due.at if task.due else None,
        task.repeat,
        _text(task.tags),
        "\n".join(["", *map(str.casefold, task.tags), ""]),
        str(task.status),
        task.created_at,
        task.updated_at,
        task.completed_at,
    )


def _task(row: Row) -> Task:
    """A row of what is SHOWN."""
    number, title, description, priority, due_day, due_at, repeat, tags, status, made, updated, completed = row
    return Task(
        number,
        title,
        made,
        updated,
        description,
        PRIORITIES[priority],
        Due(due_day, due_at) if due_day else None,
        repeat,
        TAGS.decode(tags),
        STATUSES[status],
        completed,
    )


def _json(task: Task | None) -> str | None:
    return None if task is None else _text(task)


def _text(value: object) -> str:
    return JSON.encode(value).decode()


def _change(row: Row) -> Change:
    batch, tool, at, before, after = row
    return Change(batch, tool, at, TASK.decode(before) if before else None, TASK.decode(after) if after else None)
