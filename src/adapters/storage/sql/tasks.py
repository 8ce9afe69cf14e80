"""One user's tasks and change log in SQL."""

from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import asdict
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.storage.sql.owner import Owner
from adapters.storage.sql.statements import Database, Row, Statement
from adapters.storage.sql.tables import NUMBERS, Moment, changes, tasks
from application.ports import NO_DAY, NO_MOMENT, TaskQuery, TaskRepository, TaskSort
from domain.tasks import TAG_MAX, Change, Due, Priority, Task, TaskStatus

PRIORITIES = list(Priority)
# A letter becomes up to three when its case is folded.
LONGEST_KEY = 3 * TAG_MAX

MINE = tasks.c.user_id == bindparam("me")
ONE = (MINE, tasks.c.id == bindparam("number"))
LOGGED = changes.c.user_id == bindparam("me")
FIELDS = [column.name for column in tasks.columns if not column.primary_key]

# Without what only the database looks at.
SHOWN = [column for column in tasks.columns if column.name not in ("user_id", "title_key", "tag_keys")]
GET = Statement(select(*SHOWN).where(*ONE))
NEW = upsert(tasks)
PUT = Statement(
    NEW.on_conflict_do_update(index_elements=["user_id", "id"], set_={name: NEW.excluded[name] for name in FIELDS})
)
REMOVE = Statement(delete(tasks).where(*ONE))
LOG = Statement(
    insert(changes).values(seq=select(func.coalesce(func.max(changes.c.seq), 0) + 1).where(LOGGED).scalar_subquery()),
    writes=("user_id", "batch", "tool", "at", "before", "after"),
)
LAST_BATCH = Statement(select(changes.c.batch).where(LOGGED).order_by(changes.c.seq.desc()).limit(1))
KEPT = [column for column in changes.columns if not column.primary_key]
BEFORE_BATCH = select(func.coalesce(func.max(changes.c.seq), 0)).where(LOGGED, changes.c.batch != bindparam("of"))
OF_BATCH = Statement(
    select(*KEPT).where(LOGGED, changes.c.seq > BEFORE_BATCH.scalar_subquery()).order_by(changes.c.seq)
)
NEWEST_LOGGED = (
    select(changes.c.seq).where(LOGGED).order_by(changes.c.seq.desc()).limit(bindparam("count", type_=Integer))
)
FORGET = Statement(delete(changes).where(LOGGED, changes.c.seq.in_(NEWEST_LOGGED)))


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
        row = self._database.first(GET, me=self._user_id, number=task_id)
        return _task(row) if row else None

    def put(self, task: Task) -> None:
        """See the port."""
        self._database.change(PUT, user_id=self._user_id, id=task.id, **_row(task))

    def remove(self, task_id: int) -> None:
        """See the port."""
        if task_id in NUMBERS:
            self._database.change(REMOVE, me=self._user_id, number=task_id)

    def select(self, query: TaskQuery) -> list[Task]:
        """See the port."""
        statement = _listing(_shape(query), query.sort, query.beyond is not None, query.limit is not None)
        return [_task(row) for row in self._database.all(statement, **self._asked(query))]

    def count(self, query: TaskQuery) -> int:
        """See the port."""
        row = self._database.first(_counting(_shape(query)), **self._asked(query))
        return row["found"] if row else 0

    def log(self, change: Change) -> None:
        """See the port."""
        self._database.change(
            LOG,
            me=self._user_id,
            user_id=self._user_id,
            batch=change.batch,
            tool=change.tool,
            at=change.at,
            before=_json(change.before),
            after=_json(change.after),
        )

    def last_changes(self) -> list[Change]:
        """See the port."""
        newest = self._database.first(LAST_BATCH, me=self._user_id)
        if newest is None:
            return []
        return [_change(row) for row in self._database.all(OF_BATCH, me=self._user_id, of=newest["batch"])]

    def forget_last(self, count: int) -> None:
        """See the port."""
        self._database.change(FORGET, me=self._user_id, count=count)

    def _asked(self, query: TaskQuery) -> dict[str, Any]:
        """The values of a query's statement."""
        values: dict[str, Any] = {"me": self._user_id}
        if query.status is not None:
            values["status"] = query.status.value
        if query.priority is not None:
            values["priority"] = query.priority.rank
        for name, edge in (("before", query.due_before), ("after", query.due_after)):
            if edge is not None:
                values |= {f"{name}_day": edge.day, f"{name}_moment": edge.moment}
        if query.tag is not None and _can_be(query.tag):
            values["tag"] = f"%\n{_escaped(query.tag.casefold())}\n%"
        if query.beyond is not None:
            values |= {f"beyond_{name}": value for name, value in asdict(query.beyond).items()}
        if query.limit is not None:
            values["limit"] = query.limit
        return values


class _Shape(NamedTuple):
    """Which parts a query has; those of one shape share a statement."""

    status: bool
    priority: bool
    due_before: bool
    due_after: bool
    tag: bool
    is_impossible: bool


def _shape(query: TaskQuery) -> _Shape:
    return _Shape(
        query.status is not None,
        query.priority is not None,
        query.due_before is not None,
        query.due_after is not None,
        query.tag is not None,
        query.tag is not None and not _can_be(query.tag),
    )


def _can_be(tag: str) -> bool:
    """Whether a task can have it: a line break would fit two tags, the rest a database may refuse."""
    return "\n" not in tag and "\0" not in tag and len(tag) <= LONGEST_KEY


def _escaped(words: str) -> str:
    """Taken literally by LIKE."""
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


@cache
def _listing(shape: _Shape, sort: TaskSort, is_continued: bool, is_limited: bool) -> Statement:
    order = [ORDER[name] for name in SORTED_BY[sort]]
    statement = select(*SHOWN).where(*_fitting(shape)).order_by(*order)
    if is_continued:
        reached = [bindparam(f"beyond_{name}", type_=ORDER[name].type) for name in SORTED_BY[sort]]
        statement = statement.where(tuple_(*order) > tuple_(*reached))
    return Statement(statement.limit(bindparam("limit", type_=Integer)) if is_limited else statement)


@cache
def _counting(shape: _Shape) -> Statement:
    return Statement(select(func.count().label("found")).select_from(tasks).where(*_fitting(shape)))


def _fitting(shape: _Shape) -> list[ColumnElement[bool]]:
    parts = {
        "status": tasks.c.status == bindparam("status"),
        "priority": tasks.c.priority == bindparam("priority"),
        "due_before": or_(
            and_(tasks.c.due_at.is_(None), tasks.c.due_day < bindparam("before_day")),
            tasks.c.due_at < bindparam("before_moment"),
        ),
        "due_after": or_(
            and_(tasks.c.due_at.is_(None), tasks.c.due_day >= bindparam("after_day")),
            tasks.c.due_at >= bindparam("after_moment"),
        ),
        "tag": tasks.c.tag_keys.like(bindparam("tag"), escape="/"),
    }
    if shape.is_impossible:
        return [false()]
    return [MINE, *(part for name, part in parts.items() if getattr(shape, name))]


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


def _row(task: Task) -> dict[str, object]:
    return {
        "title": task.title,
        "title_key": task.title.casefold(),
        "description": task.description,
        "priority": task.priority.rank,
        "due_day": task.due.day if task.due else None,
        "due_at": task.due.at if task.due else None,
        "repeat": task.repeat,
        "tags": msgspec.json.encode(task.tags).decode(),
        "tag_keys": "\n" + "".join(f"{tag.casefold()}\n" for tag in task.tags),
        "status": task.status.value,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
        "completed_at": task.completed_at,
    }


def _task(row: Row) -> Task:
    return Task(
        id=row["id"],
        title=row["title"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        description=row["description"],
        priority=PRIORITIES[row["priority"]],
        due=Due(row["due_day"], row["due_at"]) if row["due_day"] else None,
        repeat=row["repeat"],
        tags=msgspec.json.decode(row["tags"], type=tuple[str, ...]),
        status=TaskStatus(row["status"]),
        completed_at=row["completed_at"],
    )


def _json(task: Task | None) -> str | None:
    return None if task is None else msgspec.json.encode(task).decode()


def _change(row: Row) -> Change:
    before, after = row["before"], row["after"]
    return Change(
        batch=row["batch"],
        tool=row["tool"],
        at=row["at"],
        before=msgspec.json.decode(before, type=Task) if before else None,
        after=msgspec.json.decode(after, type=Task) if after else None,
    )
