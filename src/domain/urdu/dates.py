"""When: the dates, hours and repetitions that people say, read against a given now and zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Invalid
from domain.recurrence import checked_rule
from domain.tasks import Due
from domain.urdu.words import read_words


def read_due(text: str, now: datetime, zone: ZoneInfo) -> Due | None:
    """The due that a text names when the whole of it is a date phrase, else None. `now` is aware."""
    for word in read_words(text):
        if "day" in word.senses:
            return Due((now.astimezone(zone) + timedelta(days=word.senses["day"])).date())
    return None


def read_repeat(text: str) -> str | None:
    """The RFC 5545 rule that a text names ("har jumme", "rozana", "every weekday", or a rule itself), else None."""
    for word in read_words(text):
        if "often" in word.senses:
            return str(word.senses["often"])
    try:
        return checked_rule(text)
    except Invalid:
        return None
