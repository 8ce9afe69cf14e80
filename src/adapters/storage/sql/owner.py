"""The user's own row: numbers that were given, and the zone; PostgreSQL locks it, so that units of a user queue."""

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.storage.sql.statements import Database, Row, Statement
from adapters.storage.sql.tables import users

ME = users.c.user_id == bindparam("me")
MINE = Statement(select(users.c.timezone).where(ME).with_for_update())
ENTER = Statement(insert(users).on_conflict_do_nothing(), writes=("user_id", "last_task", "last_conversation"))
COUNT_TASKS = Statement(
    update(users).where(ME).values(last_task=users.c.last_task + 1).returning(users.c.last_task.label("number"))
)
COUNT_CONVERSATIONS = Statement(
    update(users)
    .where(ME)
    .values(last_conversation=users.c.last_conversation + 1)
    .returning(users.c.last_conversation.label("number"))
)
SET_ZONE = Statement(update(users).where(ME), writes=("timezone",))


class Owner:
    """Whose unit of work this is. SQLite has one writer anyway, so there the row is read when it is needed."""

    def __init__(self, database: Database, user_id: str) -> None:
        self._database = database
        self.user_id = user_id
        self._known: Row | None = None
        if database.belong_to(user_id):
            self._row()

    @property
    def timezone(self) -> str | None:
        """The last known IANA zone."""
        zone: str | None = self._row()["timezone"]
        return zone

    def remember_timezone(self, timezone: str) -> None:
        """Keep the zone for the next unit."""
        self._row()["timezone"] = timezone
        self._database.change(SET_ZONE, me=self.user_id, timezone=timezone)

    def next_task(self) -> int:
        """The next number of a task, never given again."""
        return self._count(COUNT_TASKS)

    def next_conversation(self) -> int:
        """The next number of a conversation, never given again."""
        return self._count(COUNT_CONVERSATIONS)

    def _count(self, statement: Statement) -> int:
        counted = self._database.first(statement, me=self.user_id)
        if counted is None:
            self._known = self._enter()
            return self._count(statement)
        number: int = counted["number"]
        return number

    def _row(self) -> Row:
        if self._known is None:
            self._known = self._database.first(MINE, me=self.user_id) or self._enter()
        return self._known

    def _enter(self) -> Row:
        """Somebody new, unless another process was quicker."""
        self._database.change(ENTER, user_id=self.user_id, last_task=0, last_conversation=0)
        row = self._database.first(MINE, me=self.user_id)
        assert row is not None  # noqa: S101  it was there, or is now
        return row
