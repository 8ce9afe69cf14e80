"""Repetition as RFC 5545 rules ("FREQ=WEEKLY;BYDAY=FR"), told in local wall time; python-dateutil computes them."""

from datetime import date, datetime, time
from functools import lru_cache

from dateutil.rrule import rrule, rrulestr

from domain.errors import Invalid

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "WKST")
RULE_MAX = 200
# A rule such as "30 February" never happens, and dateutil would look for it day by day up to the year 9999.
HORIZON_YEARS = 12
PROBE = datetime(2024, 1, 1)


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
    unknown = [name for name in parts if name not in PARTS]
    if unknown or len(rule) > RULE_MAX:
        raise Invalid("repeat", f"has a part that is not supported: {', '.join(unknown) or 'too long'}")
    if parts.get("FREQ") not in FREQUENCIES:
        raise Invalid("repeat", f"FREQ must be one of {', '.join(FREQUENCIES)}")
    try:
        happens = _occurrences(rule, PROBE).after(PROBE, inc=True)
    except (ValueError, TypeError, OverflowError) as fault:
        raise Invalid("repeat", "is not an RFC 5545 recurrence rule") from fault
    if happens is None and "UNTIL" not in parts:
        raise Invalid("repeat", f"does not happen within {HORIZON_YEARS} years")
    if not parts.get("COUNT", "1").isdigit() or parts.get("COUNT") == "0":
        raise Invalid("repeat", "COUNT must be a number from 1")
    return _joined(parts)


def first_day(rule: str, today: date) -> date:
    """The first day of the rule on or after `today`; `today` itself when the rule has ended."""
    start = datetime.combine(today, time.min)
    found = _occurrences(rule, start).after(start, inc=True)
    return found.date() if found else today


def next_occurrence(rule: str, start: datetime, after: datetime) -> datetime | None:
    """The first occurrence later than `after` of the rule counted from `start`; naive local times, None at its end."""
    return None if _parts(rule).get("COUNT") == "1" else _occurrences(rule, start).after(after)


def spent(rule: str) -> str:
    """The rule with one repetition fewer where it counts them."""
    parts = _parts(rule)
    if "COUNT" in parts:
        parts["COUNT"] = str(int(parts["COUNT"]) - 1)
    return _joined(parts)


def _occurrences(rule: str, start: datetime) -> rrule:
    parts = _parts(rule)
    # COUNT is spent by us, one a completion; an UNTIL with a zone is refused beside a naive start: its day is meant.
    parts.pop("COUNT", None)
    until = parts.pop("UNTIL", "").partition("T")[0]
    horizon = f"{start.year + HORIZON_YEARS}1231"
    parts["UNTIL"] = (min(until, horizon) if until else horizon) + "T235959"
    found = rrulestr(_joined(parts), dtstart=start)
    if not isinstance(found, rrule):
        raise TypeError(rule)
    return found


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.split(";") if part]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _joined(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())
