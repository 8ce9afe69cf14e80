"""One user's tasks and change log in SQL."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, false, func, insert, or_, select, update

from adapters.storage.sql.tables import NUMBERS, changes, tasks, users
from application.ports import Edge, TaskQuery, TaskRepository, TaskSort
from domain.tasks import TAG_MAX, Change, Due, Priority, Task, TaskStatus

PRIORITIES = list(Priority)
# A letter becomes up to three when its case is folded.
LONGEST_KEY = 3 * TAG_MAX


class SqlTasks(TaskRepository):
    """See the port; every statement names the user."""

    def __init__(self, connection: Connection, user_id: str, last_id: int) -> None:
        self._connection = connection
        self._user_id = user_id
        self._last_id = last_id

    def next_id(self) -> int:
        """See the port; the number is never given again, even when the task is deleted."""
        self._last_id += 1
        self._connection.execute(update(users).where(users.c.user_id == self._user_id).values(last_task=self._last_id))
        return self._last_id

    def get(self, task_id: int) -> Task | None:
        """See the port."""
        if task_id not in NUMBERS:
            return None
        row = self._connection.execute(select(tasks).where(*self._one(task_id))).mappings().first()
        return _task(row) if row else None

    def put(self, task: Task) -> None:
        """See the port."""
        row = _row(task)
        kept = self._connection.execute(update(tasks).where(*self._one(task.id)).values(**row))
        if kept.rowcount == 0:
            self._connection.execute(insert(tasks).values(user_id=self._user_id, id=task.id, **row))

    def remove(self, task_id: int) -> None:
        """See the port."""
        if task_id in NUMBERS:
            self._connection.execute(delete(tasks).where(*self._one(task_id)))

    def select(self, query: TaskQuery) -> list[Task]:
        """See the port."""
        statement = select(tasks).where(*self._fitting(query)).order_by(*ORDERS[query.sort], tasks.c.id)
        if query.limit is not None:
            statement = statement.limit(query.limit)
        return [_task(row) for row in self._connection.execute(statement).mappings()]

    def count(self, query: TaskQuery) -> int:
        """See the port."""
        statement = select(func.count()).select_from(tasks).where(*self._fitting(query))
        return self._connection.execute(statement).scalar_one()

    def log(self, change: Change) -> None:
        """See the port."""
        newest = select(func.coalesce(func.max(changes.c.seq), 0) + 1).where(changes.c.user_id == self._user_id)
        self._connection.execute(
            insert(changes).values(
                user_id=self._user_id,
                seq=newest.scalar_subquery(),
                batch=change.batch,
                tool=change.tool,
                at=change.at,
                before=_json(change.before),
                after=_json(change.after),
            )
        )

    def last_changes(self) -> list[Change]:
        """See the port."""
        mine = changes.c.user_id == self._user_id
        batch = self._connection.execute(
            select(changes.c.batch).where(mine).order_by(changes.c.seq.desc()).limit(1)
        ).scalar()
        if batch is None:
            return []
        other = select(func.coalesce(func.max(changes.c.seq), 0)).where(mine, changes.c.batch != batch)
        rows = self._connection.execute(
            select(changes).where(mine, changes.c.seq > other.scalar_subquery()).order_by(changes.c.seq)
        )
        return [_change(row) for row in rows.mappings()]

    def forget_last(self, count: int) -> None:
        """See the port."""
        mine = changes.c.user_id == self._user_id
        newest = select(changes.c.seq).where(mine).order_by(changes.c.seq.desc()).limit(count)
        self._connection.execute(delete(changes).where(mine, changes.c.seq.in_(newest)))

    def _one(self, task_id: int) -> tuple[ColumnElement[bool], ...]:
        return (tasks.c.user_id == self._user_id, tasks.c.id == task_id)

    def _fitting(self, query: TaskQuery) -> list[ColumnElement[bool]]:
        where: list[ColumnElement[bool]] = [tasks.c.user_id == self._user_id]
        if query.status is not None:
            where.append(tasks.c.status == query.status.value)
        if query.priority is not None:
            where.append(tasks.c.priority == query.priority.rank)
        if query.due_before is not None:
            where.append(_is_before(query.due_before))
        if query.due_after is not None:
            where.append(_is_from(query.due_after))
        if query.tag is not None:
            where.append(_has_tag(query.tag))
        return where


def _has_tag(tag: str) -> ColumnElement[bool]:
    # What no tag can be is not asked for: a line break would fit two tags, the rest a database may refuse.
    if "\n" in tag or "\0" in tag or len(tag) > LONGEST_KEY:
        return false()
    return tasks.c.tag_keys.contains(f"\n{tag.casefold()}\n", autoescape=True)


def _is_before(edge: Edge) -> ColumnElement[bool]:
    return or_(
        and_(tasks.c.due_at.is_(None), tasks.c.due_day < edge.day),
        tasks.c.due_at < edge.moment,
    )


def _is_from(edge: Edge) -> ColumnElement[bool]:
    return or_(
        and_(tasks.c.due_at.is_(None), tasks.c.due_day >= edge.day),
        tasks.c.due_at >= edge.moment,
    )


BY_DUE = (tasks.c.due_day.is_(None), tasks.c.due_day, tasks.c.due_at.is_(None), tasks.c.due_at)
ORDERS: dict[TaskSort, tuple[ColumnElement[Any], ...]] = {
    TaskSort.CREATED: (),
    TaskSort.DUE: BY_DUE,
    TaskSort.PRIORITY: (tasks.c.priority.desc(), *BY_DUE),
    TaskSort.TITLE: (tasks.c.title_key,),
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


def _task(row: RowMapping) -> Task:
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


def _change(row: RowMapping) -> Change:
    before, after = row["before"], row["after"]
    return Change(
        batch=row["batch"],
        tool=row["tool"],
        at=row["at"],
        before=msgspec.json.decode(before, type=Task) if before else None,
        after=msgspec.json.decode(after, type=Task) if after else None,
    )
