"""Date phrases counted from a now: dues, filtering days and repetition rules."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from domain.errors import Invalid
from domain.recurrence import DAYS, checked_rule, first_day
from domain.tasks import Due
from domain.urdu.cursor import When
from domain.urdu.hours import DAY_HOURS, NOON, WAKES, is_ahead, is_in_part, moment_of
from domain.urdu.reckoning import FARTHEST, Days, calendar_day, day_of, later, months_later, span_days
from domain.urdu.when import dated_words, find_phrases
from domain.urdu.words import read_words

MINUTES = {"second": 1 / 60, "minute": 1, "hour": 60}
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
FILLERS = ("please", "plz", "pls", "then")


def read_due(text: str, now: datetime, zone: ZoneInfo) -> Due | None:
    """The due that a text names when the whole of it is a date phrase, else None.

    `now` is aware. Understands the three languages ("kal subah 9 baje", "کل شام", "next Friday at 5 pm") and
    ISO 8601 (`2026-02-07`, `2026-02-07T09:00:00+05:00`; a time without offset is of `zone`).
    """
    written = _iso(text.strip(), zone)
    if written:
        return written
    words = read_words(text)
    phrases, dated = dated_words(words)
    loose = [w for at, w in enumerate(words) if not dated[at] and w.key[0].isalnum()]
    if not phrases or any(not w.means("post", "wala") and w.key not in FILLERS for w in loose):
        return None
    return due_of(merged([p.when for p in phrases]), now, zone)


def due_beside(text: str, old: Due | None, now: datetime, zone: ZoneInfo) -> tuple[Due | None, str]:
    """The due that a text sets of a task that is due `old`, and the part of the day that it says without an hour.

    An hour is one of the old day and a day keeps the old hour: "10 baje kar do" leaves the day, "peer ko" the hour.
    """
    written = _iso(text.strip(), zone)
    words = [] if written else read_words(text)
    phrases = find_phrases(words)
    when = merged([p.when for p in phrases])
    if old and says_no_day(when) and old.day >= now.astimezone(zone).date():
        when = replace(when, date=(old.day.year, old.day.month, old.day.day))
    if moves_by(when):
        return _moved(when, old, now, zone), ""
    due = written or due_of(when, now, zone)
    if due and old and old.at:
        if due.at is None:
            due = _at_old_hour(due, old.at.astimezone(zone), when.part, now, zone)
        elif not (written or when.part or when.meridiem) and says_no_day(merged([p.when for p in phrases])):
            due = _nearer(due, old.at.astimezone(zone), zone)
    part = next((word.text for word in reversed(words) if word.means("part", "tonight")), "")
    return due, part if due and due.at is None else ""


def _moved(when: When, old: Due | None, now: datetime, zone: ZoneInfo) -> Due | None:
    """The old due, or now, so much later or earlier; None for hours of a day without one."""
    ahead, ahead_unit = when.ahead or (0, "day")
    amount, unit = when.moved or (-ahead, ahead_unit)
    moment = old.at if old else now
    if unit in MINUTES:
        return Due.at_moment(moment + timedelta(minutes=amount * MINUTES[unit]), zone) if moment else None
    day = later(old.day if old else now.astimezone(zone).date(), amount, unit)
    at = old.at.astimezone(zone).time() if old and old.at else None
    return Due.at_moment(datetime.combine(day, at, zone), zone) if at else Due(day)


def _at_old_hour(due: Due, old: datetime, part: str, now: datetime, zone: ZoneInfo) -> Due:
    moment = datetime.combine(due.day, old.time(), zone)
    fits = moment > now and (not part or is_in_part(old.hour, part))
    return Due.at_moment(moment, zone) if fits else due


def _nearer(due: Due, old: datetime, zone: ZoneInfo) -> Due:
    """Of an hour that may be one of either half of the day that nearer to the old hour, while people are awake."""
    moment = due.start(zone).astimezone(zone)
    halves = (moment, moment.replace(hour=(moment.hour + NOON) % DAY_HOURS))
    awake = [half for half in halves if not 0 < half.hour < WAKES or 0 < old.hour < WAKES]
    return Due.at_moment(min(awake, key=lambda half: abs(half - old)), zone)


def _iso(text: str, zone: ZoneInfo) -> Due | None:
    return _written(text, zone) if ISO_DATE.match(text) else None


# A due is read for each sentence that tells it.
@lru_cache(maxsize=256)
def _written(text: str, zone: ZoneInfo) -> Due | None:
    try:
        if len(text) == len("2026-02-07"):
            return Due(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
        return Due.at_moment(moment if moment.tzinfo else moment.replace(tzinfo=zone), zone)
    except (ValueError, OverflowError):
        return None


def read_repeat(text: str) -> str | None:
    """The RFC 5545 rule that a text names ("har jumme", "rozana", or a rule itself), else None."""
    if "FREQ=" in text.upper():
        try:
            return checked_rule(text)
        except Invalid:
            return None
    phrases = find_phrases(read_words(text))
    return rule_of(merged([p.when for p in phrases])) if phrases else None


def merged(said: list[When]) -> When:
    """What several phrases of one command say together; the first that speaks of something wins."""
    if len(said) == 1:
        return said[0]
    together = When()
    for when in said:
        for name in When.__struct_fields__:
            if _silent(getattr(together, name)):
                setattr(together, name, getattr(when, name))
    return together


def _silent(value: object) -> bool:
    """Whether a field says nothing; today, which is day 0, says something."""
    return value is None or value is False or value in ("", ())


def rule_of(when: When) -> str | None:
    """The repetition, checked; None for none."""
    if not when.rule:
        return None
    rule = when.rule
    days = when.days or ((when.weekday,) if when.weekday is not None else ())
    _, month, day = when.date or (None, None, None)
    if days and rule.startswith("FREQ=WEEKLY") and "BYDAY" not in rule:
        rule += ";BYDAY=" + ",".join(DAYS[number] for number in sorted(set(days)))
    elif day and rule == "FREQ=MONTHLY":
        rule += f";BYMONTHDAY={day}"
    elif day and month and rule == "FREQ=YEARLY":
        rule += f";BYMONTH={month};BYMONTHDAY={day}"
    try:
        return checked_rule(rule)
    except Invalid:
        return None


def on_each_day(when: When) -> When:
    """What names several weekdays without one of them as the old ("somwar aur jumme ko"): each week on them all."""
    if when.rule or len(set(when.days)) <= 1 or when.bound == "from" or when.which or when.span:
        return when
    return replace(when, rule="FREQ=WEEKLY")


def is_gone(when: When) -> bool:
    """Whether it speaks of the past, when nothing is due: "pichle hafte ka hisab"."""
    return when.which == "last" or (when.day or 0) < 0 or bool(when.span and when.span[0].startswith("last"))


def says_no_day(when: When) -> bool:
    """Whether a phrase names an hour or a part of the day, and says nothing of which day."""
    return bool(when.clock or when.part) and not (when.rule or when.dated())


def moves_by(when: When) -> bool:
    """Whether it says by how much a due is moved: "ek hafta late", "by two days"."""
    return bool(when.moved or when.ahead) and not (when.dated() or when.clock)


def due_of(when: When, now: datetime, zone: ZoneInfo) -> Due | None:
    """The due that a phrase sets; None where it names no countable time. `now` is aware."""
    local = now.astimezone(zone)
    try:
        return _due(when, local, zone)
    except (ValueError, OverflowError):
        return None


def _due(when: When, now: datetime, zone: ZoneInfo) -> Due | None:
    if when.shift and when.shift[1] in MINUTES:
        return Due.at_moment(now + timedelta(minutes=when.shift[0] * MINUTES[when.shift[1]]), zone)
    day = later(now.date(), *when.shift) if when.shift else day_of(when, now)
    if when.clock is None:
        return Due(day) if day else None
    if day is None and (rule := rule_of(when)):
        day = _first_of_rule(rule, when, now)
    moment = moment_of(when, day, now, zone)
    if when.ahead and when.ahead[1] in MINUTES:
        moment -= timedelta(minutes=when.ahead[0] * MINUTES[when.ahead[1]])
    return Due.at_moment(moment, zone)


def _first_of_rule(rule: str, when: When, now: datetime) -> date:
    day = first_day(rule, now.date())
    passed = day == now.date() and not is_ahead(when, now)
    return first_day(rule, day + timedelta(days=1)) if passed else day


def hours_in(when: When, now: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """The hours of 24 that a filtering phrase names: one of the clock, those of a part of the day, or none."""
    due = due_of(when, now, zone) if when.clock and not when.shift else None
    if due and due.at:
        return (due.at.astimezone(zone).hour,)
    return tuple([hour for hour in range(DAY_HOURS) if is_in_part(hour, when.part)]) if when.part else ()


def before(when: When) -> When:
    """The same of what is past: "kal" is yesterday."""
    return replace(when, day=-abs(when.day)) if when.day else when


def days_of(said: list[When], now: datetime, zone: ZoneInfo) -> Days | None:
    """The half-open days which filtering phrases name together: "kal aur parson", "kal se jumme tak"."""
    if len(said) == 1 and said[0].bound == "from" and said[0].day is not None and said[0].weekday is not None:
        said = [replace(said[0], weekday=None), replace(said[0], day=None, bound="until")]
    each = [replace(when, weekday=day, days=()) for when in said for day in when.days if not when.rule] or said
    days = [during for when in each if when.dated() and (during := during_of(when, now, zone))]
    joined = len(days) > 1 and all(left[0] < right[0] <= left[1] for left, right in pairwise(days))
    ranges = len(days) == 2 and said[0].bound == "from" and days[0][0] < days[1][1]  # noqa: PLR2004
    if joined or ranges:
        return days[0][0], days[-1][1]
    return during_of(merged(said), now, zone) if said else None


def during_of(when: When, now: datetime, zone: ZoneInfo) -> Days | None:
    """The half-open days which a filtering phrase names; None where it names none that can be counted."""
    try:
        return _during(when, now.astimezone(zone).date(), now, zone)
    except (ValueError, OverflowError):
        return None


def _during(when: When, today: date, now: datetime, zone: ZoneInfo) -> Days | None:
    if when.span and when.weekday is None and when.date is None:
        return span_days(when.span, today)
    if when.date and when.date[1] and when.date[2] is None:
        first = calendar_day(when, today).replace(day=1)
        return first, months_later(first, 1)
    due = due_of(when, now, zone)
    day = today + timedelta(days=when.day) if when.day is not None else (due.day if due else None)
    if day is None:
        return None
    if when.bound in ("until", "before"):
        return today, day + timedelta(days=int(when.bound == "until"))
    if when.bound == "after":
        return day + timedelta(days=1), day + timedelta(days=FARTHEST)
    return day, day + timedelta(days=1)
