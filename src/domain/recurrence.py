"""Repetition as RFC 5545 rules ("FREQ=WEEKLY;BYDAY=FR"), told in local wall time.

A rule is read once and looked for in a bounded number of days: whatever a person or a model writes, no rule can make
the search endless.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import Invalid

RULE_MAX = 200
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK = 7
YEAR = 12
# Twelve years of days are looked through: 29 February may be eight years away. A rule without a day in them has ended.
DAYS_MAX = YEAR * 366
PROBE = date(2024, 1, 1)
NUMBER = re.compile(r"[1-9]\d{0,2}", re.ASCII)
DAY = re.compile(rf"([+-]?[1-9]\d?)?({'|'.join(WEEKDAYS)})", re.ASCII)
SIGNED = re.compile(r"[+-]?0?[1-9]\d{0,2}", re.ASCII)
UNTIL = re.compile(r"(\d{8})(T\d{6}Z?)?", re.ASCII)


class _Rule(Struct, frozen=True):
    """A rule as it is computed. A weekday is (0, day) for every one, (2, day) for the second, (-1, day) for last."""

    freq: str
    interval: int = 1
    until: date = date.max
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    week_start: int = 0


def checked_rule(rule: str | None) -> str | None:
    """The rule in one spelling, or None for an empty one.

    Raises Invalid for a rule that is not RFC 5545 §3.3.10, repeats within a day, or never happens.
    """
    if not rule or not rule.strip():
        return None
    spelled = rule.strip().upper().removeprefix("RRULE:")
    found = _read(spelled)
    # Whether a rule of every second turn meets its days depends on its start: that is not asked here.
    if found.until == date.max and not next(_days(replace(found, interval=1), PROBE, PROBE), None):
        raise Invalid("repeat", "never happens")
    return _joined(_parts(spelled))


def first_day(rule: str, today: date) -> date:
    """The first day of the rule on or after `today`; `today` itself when the rule has ended."""
    return next(_days(_read(rule), today, today), today)


def next_occurrence(rule: str, start: datetime, after: datetime) -> datetime | None:
    """The first occurrence later than `after` of the rule counted from `start`; naive local times, None at its end."""
    if _parts(rule).get("COUNT") == "1":
        return None
    moments = (datetime.combine(day, start.time()) for day in _days(_read(rule), start.date(), after.date()))
    return next((moment for moment in moments if moment > after), None)


def spent(rule: str) -> str:
    """The rule with one repetition fewer where it counts them."""
    parts = _parts(rule)
    if "COUNT" in parts:
        parts["COUNT"] = str(int(parts["COUNT"]) - 1)
    return _joined(parts)


def _days(rule: _Rule, start: date, since: date) -> Iterator[date]:
    """The days of the rule counted from `start`, from `since` on, as far as they are looked for."""
    anchored, looked = _anchored(rule, start), 0
    # The calendar ends with the year 9999.
    with suppress(OverflowError, ValueError):
        for turn in count(max(0, _turn_of(rule, start, since))):
            period = _period(rule, start, turn)
            looked += len(period)
            if looked > DAYS_MAX or period[0] > rule.until:
                return
            fitting = [day for day in period if _fits(anchored, day)]
            yield from (day for day in _placed(rule, fitting) if max(start, since) <= day <= rule.until)


def _anchored(rule: _Rule, start: date) -> _Rule:
    """A rule that names no day takes that of its start (RFC 5545 §3.3.10: "information missing in the rule")."""
    if rule.weekdays or rule.month_days or rule.freq == "DAILY":
        return rule
    if rule.freq == "WEEKLY":
        return replace(rule, weekdays=((0, start.weekday()),))
    months = rule.months or ((start.month,) if rule.freq == "YEARLY" else ())
    return replace(rule, month_days=(start.day,), months=months)


def _turn_of(rule: _Rule, start: date, since: date) -> int:
    """Which turn of the rule, counted from 0, is under way at `since`."""
    match rule.freq:
        case "DAILY":
            gone = (since - start).days
        case "WEEKLY":
            gone = (since - _week_of(rule, start)).days // WEEK
        case "MONTHLY":
            gone = (since.year - start.year) * YEAR + since.month - start.month
        case _:
            gone = since.year - start.year
    return gone // rule.interval


def _period(rule: _Rule, start: date, turn: int) -> list[date]:
    """Every day of the day, week, month or year that is the rule's turn."""
    step = turn * rule.interval
    match rule.freq:
        case "DAILY":
            first, length = start + timedelta(days=step), 1
        case "WEEKLY":
            first, length = _week_of(rule, start) + timedelta(weeks=step), WEEK
        case "MONTHLY":
            years, months = divmod(start.month - 1 + step, YEAR)
            first = date(start.year + years, months + 1, 1)
            length = monthrange(first.year, first.month)[1]
        case _:
            first = date(start.year + step, 1, 1)
            length = 366 if isleap(first.year) else 365
    return [first + timedelta(days=offset) for offset in range(length)]


def _week_of(rule: _Rule, day: date) -> date:
    return day - timedelta(days=(day.weekday() - rule.week_start) % WEEK)


def _fits(rule: _Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.month_days and day.day not in rule.month_days and day.day - 1 - length not in rule.month_days:
        return False
    return not rule.weekdays or any(_is_weekday(rule, day, nth, weekday) for nth, weekday in rule.weekdays)


def _is_weekday(rule: _Rule, day: date, nth: int, weekday: int) -> bool:
    if day.weekday() != weekday or nth == 0:
        return day.weekday() == weekday
    if rule.freq == "YEARLY" and not rule.months:
        place, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    else:
        place, length = day.day, monthrange(day.year, day.month)[1]
    return nth in ((place - 1) // WEEK + 1, -((length - place) // WEEK + 1))


def _placed(rule: _Rule, days: list[date]) -> list[date]:
    if not rule.places:
        return days
    return [day for place, day in enumerate(days, 1) if place in rule.places or place - 1 - len(days) in rule.places]


@lru_cache(maxsize=1024)
def _read(rule: str) -> _Rule:
    parts = _parts(rule)
    if len(rule) > RULE_MAX or len(parts) != len([part for part in rule.split(";") if part]):
        raise Invalid("repeat", f"is longer than {RULE_MAX} characters or names a part twice")
    if unknown := parts.keys() - {"FREQ", *READERS}:
        raise Invalid("repeat", f"has a part that is not supported: {', '.join(sorted(unknown))}")
    freq = parts.pop("FREQ", "")
    if freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise Invalid("repeat", "FREQ must be one of DAILY, WEEKLY, MONTHLY, YEARLY")
    try:
        fields = {READERS[name][0]: READERS[name][1](value) for name, value in parts.items()}
    except (ValueError, LookupError) as fault:
        raise Invalid("repeat", "is not an RFC 5545 recurrence rule") from fault
    fields.pop("", None)
    found = replace(_Rule(freq), **fields)
    if freq in ("DAILY", "WEEKLY") and any(nth for nth, _ in found.weekdays):
        raise Invalid("repeat", "a numbered BYDAY such as 1MO needs FREQ=MONTHLY or YEARLY")
    return found


def _number(value: str) -> int:
    if not NUMBER.fullmatch(value):
        raise ValueError(value)
    return int(value)


def _until(value: str) -> date:
    """The last day; an hour and a zone written with it are not minded, as the rule is told in local days."""
    found = UNTIL.fullmatch(value)
    if not found:
        raise ValueError(value)
    return date.fromisoformat(found[1])


def _weekdays(value: str) -> tuple[tuple[int, int], ...]:
    found = [DAY.fullmatch(day) for day in value.split(",")]
    if None in found:
        raise ValueError(value)
    return tuple((int(day[1] or 0), WEEKDAYS.index(day[2])) for day in found if day)


def _numbers(value: str, most: int, signed: bool = True) -> tuple[int, ...]:
    texts = value.split(",")
    if not all(SIGNED.fullmatch(text) for text in texts):
        raise ValueError(value)
    numbers = tuple(int(text) for text in texts)
    if not all((-most if signed else 1) <= number <= most for number in numbers):
        raise ValueError(value)
    return numbers


# Of each part: the field of _Rule that it fills, and how it is read. COUNT is spent by us, one a completion.
READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "INTERVAL": ("interval", _number),
    "COUNT": ("", _number),
    "UNTIL": ("until", _until),
    "BYDAY": ("weekdays", _weekdays),
    "BYMONTHDAY": ("month_days", lambda value: _numbers(value, 31)),
    "BYMONTH": ("months", lambda value: _numbers(value, YEAR, signed=False)),
    "BYSETPOS": ("places", lambda value: _numbers(value, 366)),
    "WKST": ("week_start", WEEKDAYS.index),
}


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.split(";") if part]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _joined(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())
