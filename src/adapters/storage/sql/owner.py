"""The user's own row: numbers that were given, and the zone; PostgreSQL locks it, so that units of a user queue."""

from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.storage.sql.statements import Database, Row, Statement
from adapters.storage.sql.tables import users

ME = users.c.user_id == bindparam("me")
MINE = Statement(
    select(users.c.timezone, users.c.last_task, users.c.last_conversation).where(ME).with_for_update(), "me"
)
ENTER = Statement(insert(users).on_conflict_do_nothing(), "user_id", "last_task", "last_conversation")
SET_ZONE = Statement(update(users).where(ME), "timezone", "me")
SET_LAST_TASK = Statement(update(users).where(ME), "last_task", "me")
SET_LAST_CONVERSATION = Statement(update(users).where(ME), "last_conversation", "me")
TIMEZONE, LAST_TASK, LAST_CONVERSATION = range(3)


class Owner(Struct):
    """Whose unit of work this is. SQLite has one writer anyway, so there the row is read when it is needed."""

    _database: Database
    user_id: str
    _known: list[Any] | None = None

    def __post_init__(self) -> None:
        if self._database.belong_to(self.user_id):
            self._row()

    @property
    def timezone(self) -> str | None:
        """The last known IANA zone."""
        zone: str | None = self._row()[TIMEZONE]
        return zone

    def remember_timezone(self, timezone: str) -> None:
        """Keep the zone for the next unit."""
        self._row()[TIMEZONE] = timezone
        self._database.change(SET_ZONE, timezone, self.user_id)

    def next_task(self) -> int:
        """The next number of a task, never given again."""
        return self._count(LAST_TASK, SET_LAST_TASK)

    def next_conversation(self) -> int:
        """The next number of a conversation, never given again."""
        return self._count(LAST_CONVERSATION, SET_LAST_CONVERSATION)

    def _count(self, place: int, statement: Statement) -> int:
        row = self._row()
        number: int = row[place] + 1
        row[place] = number
        self._database.change(statement, number, self.user_id)
        return number

    def _row(self) -> list[Any]:
        """Nobody else writes it while this unit runs."""
        if self._known is None:
            self._known = list(self._database.first(MINE, self.user_id) or self._enter())
        return self._known

    def _enter(self) -> Row:
        """Somebody new, unless another process was quicker."""
        self._database.change(ENTER, self.user_id, 0, 0)
        row = self._database.first(MINE, self.user_id)
        assert row is not None  # noqa: S101  it was there, or is now
        return row
