"""What a user's turns took of a model, by day, in SQL."""

from datetime import date

from sqlalchemy import bindparam, insert, select, update

from adapters.storage.sql.statements import Database, Statement
from adapters.storage.sql.tables import usage

THEN = (usage.c.user_id == bindparam("me"), usage.c.day == bindparam("on"))
SPENT = Statement(select(usage.c.tokens).where(*THEN), "me", "on")
SPEND = Statement(update(usage).where(*THEN).values(tokens=usage.c.tokens + bindparam("more")), "more", "me", "on")
SPEND_FIRST = Statement(insert(usage), "user_id", "day", "tokens")


def tokens_spent(database: Database, user_id: str, day: date) -> int:
    """Of one day."""
    row = database.first(SPENT, user_id, day)
    return row[0] if row else 0


def spend_tokens(database: Database, user_id: str, day: date, tokens: int) -> None:
    """Add to one day; units of a user come one after the other, so nobody else adds the first at the same time."""
    if not database.change(SPEND, tokens, user_id, day):
        database.change(SPEND_FIRST, user_id, day, tokens)
