"""Date phrases counted from a now: dues, filtering days and repetition rules."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Invalid
from domain.recurrence import checked_rule, first_day
from domain.tasks import Due
from domain.urdu.cursor import DAYS, When
from domain.urdu.when import Phrase, find_phrases
from domain.urdu.words import read_words

NOON, DAY_HOURS, WEEK, MONTHS, SATURDAY = 12, 24, 7, 12, 5
LATE_NIGHT, WAKING = 4, 7
FARTHEST = 3650
PART_ENDS = {"dawn": 6, "morning": 12, "noon": 16, "afternoon": 18, "evening": 20, "night": 24}
MINUTES = {"second": 1 / 60, "minute": 1, "hour": 60}
FILLERS = frozenset(["please", "plz", "pls", "then"])


def read_due(text: str, now: datetime, zone: ZoneInfo) -> Due | None:
    """The due that a text names when the whole of it is a date phrase, else None.

    `now` is aware. Understands the three languages ("kal subah 9 baje", "کل شام", "next Friday at 5 pm") and
    ISO 8601 (`2026-02-07`, `2026-02-07T09:00:00+05:00`; a time without offset is of `zone`).
    """
    written = _iso(text.strip(), zone)
    if written:
        return written
    words = read_words(text)
    phrases = find_phrases(words)
    covered = {at for phrase in phrases for at in range(phrase.first, phrase.after)}
    loose = [w for at, w in enumerate(words) if at not in covered and w.key[0].isalnum()]
    if not phrases or any("post" not in w.senses and w.key not in FILLERS for w in loose):
        return None
    return due_of(merged(phrases), now, zone)


def _iso(text: str, zone: ZoneInfo) -> Due | None:
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        if len(text) == len("2026-02-07"):
            return Due(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
        return Due.at_moment(moment if moment.tzinfo else moment.replace(tzinfo=zone), zone)
    except (ValueError, OverflowError):
        return None


def read_repeat(text: str) -> str | None:
    """The RFC 5545 rule that a text names ("har jumme", "rozana", "every weekday", or a rule itself), else None."""
    phrases = find_phrases(read_words(text))
    found = rule_of(merged(phrases)) if phrases else None
    if found:
        return found
    try:
        return checked_rule(text) if "FREQ" in text.upper() else None
    except Invalid:
        return None


def merged(phrases: list[Phrase]) -> When:
    """What several phrases of one command say together; the first that speaks of something wins."""
    if len(phrases) == 1:
        return phrases[0].when
    together = When()
    for phrase in phrases:
        for name in When.__struct_fields__:
            value = getattr(phrase.when, name)
            if value not in (None, "", (), False) and getattr(together, name) in (None, "", (), False):
                setattr(together, name, value)
    return together


def rule_of(when: When) -> str | None:
    """The repetition, checked; None for none."""
    if not when.rule:
        return None
    rule = when.rule
    if "BYDAY" not in rule:
        days = when.days or ((when.weekday,) if when.weekday is not None else ())
        if days and "FREQ=DAILY" not in rule and "MONTHLY" not in rule and "YEARLY" not in rule:
            rule += ";BYDAY=" + ",".join(DAYS[day] for day in sorted(set(days)))
    if rule == "FREQ=MONTHLY" and when.date and when.date[2]:
        rule += f";BYMONTHDAY={when.date[2]}"
    if rule == "FREQ=YEARLY" and when.date and when.date[1] and when.date[2]:
        rule += f";BYMONTH={when.date[1]};BYMONTHDAY={when.date[2]}"
    try:
        return checked_rule(rule)
    except Invalid:
        return None


def due_of(when: When, now: datetime, zone: ZoneInfo) -> Due | None:
    """The due that a phrase sets; None where it names no countable time. `now` is aware."""
    local = now.astimezone(zone)
    try:
        return _due(when, local, zone)
    except (ValueError, OverflowError):
        return None


def _due(when: When, now: datetime, zone: ZoneInfo) -> Due | None:
    if when.shift:
        amount, unit = when.shift
        if unit in MINUTES:
            return Due.at_moment(now + timedelta(minutes=amount * MINUTES[unit]), zone)
        day: date | None = _later(now.date(), amount, unit)
    else:
        day = _day(when, now)
    if when.clock is None:
        return Due(day) if day else None
    if day is None and (rule := rule_of(when)):
        day = _first_of_rule(rule, when, now)
    moment = _moment(when, day, now, zone)
    if when.ahead and when.ahead[1] in MINUTES:
        moment -= timedelta(minutes=when.ahead[0] * MINUTES[when.ahead[1]])
    return Due.at_moment(moment, zone)


def _first_of_rule(rule: str, when: When, now: datetime) -> date:
    day = first_day(rule, now.date())
    hour, minute, extra = _hour(when, None)
    passed = day == now.date() and not extra and (hour, minute) <= (now.hour, now.minute)
    return first_day(rule, day + timedelta(days=1)) if passed else day


def _later(day: date, amount: float, unit: str) -> date:
    if unit in ("month", "year"):
        return _months_later(day, int(amount * (MONTHS if unit == "year" else 1)))
    days = amount * (WEEK if unit in ("week", "weekend") else 1)
    return day + timedelta(days=min(round(days), FARTHEST))


def _months_later(day: date, months: int) -> date:
    count = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(count, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(when: When, now: datetime) -> date | None:
    today = now.date()
    if when.date:
        return _calendar_day(when, today)
    if when.day is not None:
        return today + timedelta(days=when.day)
    if when.weekday is not None and not when.rule:
        return _weekday(when, now)
    if when.span:
        first, after = _span_days(when.span, today)
        return after - timedelta(days=1) if when.span[0] == "this" and when.span[1] != "weekend" else first
    if when.part and when.clock is None and not when.rule:
        return today + timedelta(days=int(now.hour >= PART_ENDS[when.part]))
    return None


def _calendar_day(when: When, today: date) -> date | None:
    year, month, day = when.date or (None, None, None)
    if month is None:
        base = today
        if when.span and when.span[1] == "month":
            base = _span_days(when.span, today)[0]
        found = base.replace(day=min(day or 1, monthrange(base.year, base.month)[1]))
        return _months_later(found, 1).replace(day=day or 1) if found < today and base is today else found
    found = date(year or today.year, month, day or 1)
    if year is None and (found < today if day else (found.year, found.month) < (today.year, today.month)):
        return found.replace(year=today.year + 1)
    return max(found, today) if day is None and year is None else found


def _weekday(when: When, now: datetime) -> date:
    today, weekday = now.date(), when.weekday or 0
    away = (weekday - today.weekday()) % WEEK
    if when.which == "next":
        return today + timedelta(days=away + (WEEK if weekday > today.weekday() else 0) or WEEK)
    if when.which == "last":
        return today - timedelta(days=(today.weekday() - weekday) % WEEK or WEEK)
    if when.span == ("next", "week"):
        return _span_days(when.span, today)[0] + timedelta(days=weekday)
    if away == 0 and when.which != "this":
        hour, minute, extra = _hour(when, today) if when.clock else (0, 0, 0)
        ahead = when.clock is not None and (extra or (hour, minute) > (now.hour, now.minute))
        return today if ahead else today + timedelta(days=WEEK)
    return today + timedelta(days=away)


def _span_days(span: tuple[str, str], today: date) -> tuple[date, date]:
    """The half-open days of "next week", "this month", "next 3 day"."""
    which, _, count = span[0].partition(" ")
    unit = span[1]
    if count:
        amount = int(count)
        after = _later(today, amount, unit)
        return (
            (_later(today, -amount, unit), today)
            if which == "last"
            else (today + timedelta(days=1), after + timedelta(days=1))
        )
    step = {"next": 1, "this": 0, "last": -1}[which]
    if unit == "day":
        return today + timedelta(days=step), today + timedelta(days=step + 1)
    monday = today - timedelta(days=today.weekday())
    if unit == "week":
        first = monday + timedelta(days=WEEK * step)
        return first, first + timedelta(days=WEEK)
    if unit == "weekend":
        first = monday + timedelta(days=SATURDAY + WEEK * step)
        return first, first + timedelta(days=2)
    first = today.replace(day=1)
    if unit == "month":
        first = _months_later(first, step)
        return first, _months_later(first, 1)
    first = first.replace(month=1, year=today.year + step)
    return first, first.replace(year=first.year + 1)


def _moment(when: When, day: date | None, now: datetime, zone: ZoneInfo) -> datetime:
    hour, minute, extra = _hour(when, day)
    if day is None and not when.part and not when.meridiem and hour <= NOON:
        return _nearest(hour % NOON, minute, now, zone)
    base = day or now.date()
    moment = _at(base + timedelta(days=extra), hour, minute, zone)
    if day is None and moment <= now:
        return _at(base + timedelta(days=extra + 1), hour, minute, zone)
    if base == now.date() and moment <= now and not when.part and not when.meridiem and hour < NOON:
        return _at(base, hour + NOON, minute, zone)
    return moment


def _at(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour, minute), zone)


def _nearest(hour: int, minute: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The next time the clock shows this, at night or by day."""
    for days in (0, 1):
        for half in (0, NOON):
            moment = _at(now.date() + timedelta(days=days), hour + half, minute, zone)
            if moment > now:
                return moment
    raise ValueError(hour)


def _hour(when: When, day: date | None) -> tuple[int, int, int]:
    """Hour of 24, minute, and how many days the night runs into the next one."""
    hour, minute = when.clock or (0, 0)
    if when.meridiem == "midnight":
        return 0, 0, 1
    if hour == DAY_HOURS:
        return 0, minute, 1
    if when.meridiem == "24" or hour > NOON:
        return hour, minute, 0
    if when.meridiem:
        return hour % NOON + (NOON if when.meridiem == "pm" else 0), minute, 0
    if when.part in ("morning", "dawn"):
        return hour % NOON, minute, 0
    if when.part == "noon":
        return (hour if hour >= 10 else hour + NOON), minute, 0
    if when.part in ("afternoon", "evening"):
        return hour % NOON + NOON, minute, 0
    if when.part == "night":
        return _night_hour(hour, minute)
    if day is not None or when.rule:
        return (hour if WAKING <= hour <= NOON else hour % NOON + NOON), minute, 0
    return hour, minute, 0


def _night_hour(hour: int, minute: int) -> tuple[int, int, int]:
    """Raat 8 is 20:00; raat 12 ends the day, and raat 2 lies behind it."""
    if hour == NOON:
        return 0, minute, 1
    return (hour, minute, 1) if hour < LATE_NIGHT else (hour + NOON, minute, 0)


def during_of(when: When, now: datetime, zone: ZoneInfo, past: bool = False) -> tuple[date, date] | None:
    """The half-open days which a filtering phrase names; in the past for "kal kya kiya tha"."""
    today = now.astimezone(zone).date()
    try:
        if when.day is not None:
            first = today + timedelta(days=-abs(when.day) if past else when.day)
        elif when.span:
            return _span_days(when.span, today)
        elif when.date and when.date[2] is None and when.date[1]:
            first = _calendar_day(when, today) or today
            return first.replace(day=1), _months_later(first.replace(day=1), 1)
        else:
            due = due_of(when, now, zone)
            if due is None:
                return None
            first = due.day
        if when.bound in ("until", "before"):
            return today, first + timedelta(days=0 if when.bound == "before" else 1)
        return first, first + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
