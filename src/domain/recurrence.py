"""Repetition as RFC 5545 rules ("FREQ=WEEKLY;BYDAY=FR"), told in local wall time; python-dateutil computes them."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING

from domain.errors import Invalid

if TYPE_CHECKING:
    from dateutil.rrule import rrule

RULE_MAX = 200
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
NUMBER = r"[1-9]\d{0,2}"
SIGNED = r"[+-]?0?[1-9]\d{0,2}"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAY = rf"([+-]?[1-5]?\d)?({'|'.join(DAYS)})"
PARTS = {
    "FREQ": "|".join(FREQUENCIES),
    "INTERVAL": NUMBER,
    "COUNT": NUMBER,
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "BYDAY": rf"{WEEKDAY}(,{WEEKDAY})*",
    "BYMONTHDAY": rf"{SIGNED}(,{SIGNED})*",
    "BYMONTH": rf"{SIGNED}(,{SIGNED})*",
    "BYSETPOS": rf"{SIGNED}(,{SIGNED})*",
    "WKST": "|".join(DAYS),
}
FILTERS = {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
# dateutil looks for the next day up to the year 9999: from here a rule that never happens is found out at once.
PROBE = datetime(9960, 1, 1)


def checked_rule(rule: str | None) -> str | None:
    """The rule in one spelling, or None for an empty one.

    Raises Invalid for a rule that is not RFC 5545 §3.3.10, repeats within a day, or never happens.
    """
    if not rule or not rule.strip():
        return None
    return _checked(rule.strip().upper().removeprefix("RRULE:"))


@lru_cache(maxsize=1024)
def _checked(rule: str) -> str:
    parts = _parts(rule)
    if len(rule) > RULE_MAX or len(parts) != len([part for part in rule.split(";") if part]):
        raise Invalid("repeat", f"is longer than {RULE_MAX} characters or names a part twice")
    if unknown := parts.keys() - PARTS:
        raise Invalid("repeat", f"has a part that is not supported: {', '.join(sorted(unknown))}")
    if parts.get("FREQ") not in FREQUENCIES:
        raise Invalid("repeat", f"FREQ must be one of {', '.join(FREQUENCIES)}")
    for name, value in parts.items():
        if not re.fullmatch(PARTS[name], value, re.ASCII):
            raise Invalid("repeat", f"is not an RFC 5545 recurrence rule: {name}={value}")
    _check_together(parts)
    try:
        _last_day(parts)
        happens = _occurrences(rule, PROBE).after(PROBE, inc=True)
    except (ValueError, TypeError, OverflowError) as fault:
        raise Invalid("repeat", "is not an RFC 5545 recurrence rule") from fault
    if happens is None:
        raise Invalid("repeat", "never happens")
    return _joined(parts)


def _check_together(parts: dict[str, str]) -> None:
    """Refuse what RFC 5545 refuses, and a filter on every n-th day, which from most starts never happens."""
    filters = FILTERS & parts.keys()
    if parts["FREQ"] == "DAILY" and filters and parts.get("INTERVAL", "1") != "1":
        raise Invalid("repeat", "FREQ=DAILY with an INTERVAL takes no BY part")
    if parts["FREQ"] == "WEEKLY" and filters & {"BYMONTHDAY", "BYSETPOS"}:
        raise Invalid("repeat", "FREQ=WEEKLY takes neither BYMONTHDAY nor BYSETPOS")
    if parts["FREQ"] in ("DAILY", "WEEKLY") and re.search(r"\d", parts.get("BYDAY", "")):
        raise Invalid("repeat", "a numbered BYDAY such as 1MO needs FREQ=MONTHLY or YEARLY")


def first_day(rule: str, today: date) -> date:
    """The first day of the rule on or after `today`; `today` itself when the rule has ended."""
    start = datetime.combine(today, time.min)
    found = _within(rule, _occurrences(rule, start).after(start, inc=True))
    return found.date() if found else today


def next_occurrence(rule: str, start: datetime, after: datetime) -> datetime | None:
    """The first occurrence later than `after` of the rule counted from `start`; naive local times, None at its end."""
    if _parts(rule).get("COUNT") == "1":
        return None
    return _within(rule, _occurrences(rule, start).after(after))


def spent(rule: str) -> str:
    """The rule with one repetition fewer where it counts them."""
    parts = _parts(rule)
    if "COUNT" in parts:
        parts["COUNT"] = str(int(parts["COUNT"]) - 1)
    return _joined(parts)


def _occurrences(rule: str, start: datetime) -> "rrule":
    """The rule without its end: COUNT is spent by us, one a completion, and UNTIL is told in days."""
    # Imported when a task first repeats: reading a message should not wait for it.
    from dateutil.rrule import rrule, rrulestr  # noqa: PLC0415

    parts = _parts(rule)
    endless = {name: value for name, value in parts.items() if name not in ("COUNT", "UNTIL")}
    found = rrulestr(_joined(endless), dtstart=start)
    if not isinstance(found, rrule):
        raise TypeError(rule)
    return found


def _within(rule: str, found: datetime | None) -> datetime | None:
    last = _last_day(_parts(rule))
    return found if found and (last is None or found.date() <= last) else None


def _last_day(parts: dict[str, str]) -> date | None:
    """The day of UNTIL; an hour and a zone written with it are not minded, as the rule is told in local days."""
    return date.fromisoformat(parts["UNTIL"][:8]) if "UNTIL" in parts else None


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.split(";") if part]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _joined(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())
