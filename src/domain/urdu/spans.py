"""Spans and repetitions: "do ghante baad", "agle hafte", "har jumme", "rozana"."""

from domain.urdu.clock import part
from domain.urdu.cursor import Cursor
from domain.urdu.days import calendar_date, month, weekday

FREQUENCY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
WEEKENDS = "FREQ=WEEKLY;BYDAY=SA,SU"
SATURDAY, HOUR, SECOND, FEW = 5, 60, 2, 3
AMOUNTS = {"derh": 1.5, "dhai": 2.5, "half": 0.5}
MORE = {"sawa": 0.25, "saarhe": 0.5, "paune": -0.25}
ONWARD = ("aag", "ag", "آگ")
CLOCK_UNITS = ("second", "minute", "hour")

Measure = tuple[float, str, int]


def measure(cursor: Cursor, at: int) -> Measure | None:
    """How many of which unit, and the place after: "derh ghanta", "half an hour"."""
    amount, after = _amount(cursor, at)
    unit = cursor.unit(after)
    if amount is None or not unit:
        return None
    after += 1
    if unit == "hour" and cursor.has(after, "and") and (more := measure(cursor, after + 1)) and more[1] == "minute":
        return amount + more[0] / HOUR, unit, more[2]
    return amount, unit, after


def _amount(cursor: Cursor, at: int) -> tuple[float | None, int]:
    if cursor.has(at, "fraction"):
        kind = cursor.words[at].senses["fraction"]
        whole = cursor.number(at + 1)
        if kind in AMOUNTS or whole is None:
            return AMOUNTS.get(kind), at + 1
        return whole + MORE[kind], at + 2
    number = cursor.number(at)
    if number is None:
        return {"a": 1.0, "an": 1.0, "few": FEW, "chand": FEW, "kuch": FEW}.get(cursor.key(at)), at + 1
    return number, at + 1


def length(cursor: Cursor, at: int) -> int:
    """A measure with the word that says which way it counts: "2 din baad", "30 minute pehle", "10 min ke liye"."""
    measured = measure(cursor, at)
    if measured is None:
        return at
    amount, unit, after = measured
    size = (amount, unit)
    inner = after + (cursor.post(after) in ("of", "from", "ko"))
    if cursor.key(inner) == "earlier" or cursor.has(inner, "late") or cursor.has(inner, "update"):
        return _moved(cursor, size, after, inner)
    if cursor.has(inner, "before"):
        cursor.when.ahead = size
        return inner + 1
    inside = cursor.post(after) == "in"
    if inside or cursor.has(inner, "after"):
        cursor.when.shift = size
        return after + 1 + cursor.has(after + 1, "soon") if inside else inner + 1
    if cursor.post(after) == "liye" and unit != "day":
        cursor.when.shift, cursor.when.lasting = size, True
        return after
    return at


def _moved(cursor: Cursor, size: tuple[float, str], after: int, at: int) -> int:
    """As in "ek hafta late", "2 din aage", "a day earlier"; of "2 din badal do" nothing is known."""
    cursor.when.vague = True
    if cursor.has(at, "update") and not cursor.key(at).startswith(ONWARD):
        return after
    cursor.when.moved = (-size[0], size[1]) if cursor.key(at) == "earlier" else size
    return at + 1


def span(cursor: Cursor, at: int) -> int:
    """Agle hafte, is jumme, next month, pichle hafte, agle do din."""
    which = next(kind for kind in ("next", "this", "last") if kind in cursor.words[at].senses)
    after, inner = at + 1, at + 1
    unit = cursor.unit(after)
    if cursor.has(after, "weekday") and (inner := weekday(cursor, after)) != after:
        cursor.when.which = which
    elif unit and unit not in CLOCK_UNITS:
        cursor.when.span, inner = (which, unit), after + 1 + (which == "this" and cursor.has(after + 1, "ends"))
    elif cursor.has(after, "part") and which == "this":
        cursor.when.day, inner = 0, part(cursor, after)
    elif cursor.has(after, "month"):
        cursor.when.which, inner = which, month(cursor, after)
    elif which != "this" and (measured := measure(cursor, after)):
        cursor.when.span, inner = (f"{which} {int(measured[0])}", measured[1]), measured[2]
    elif cursor.has(after, "hijri"):
        cursor.when.vague = cursor.when.uncounted = True
        inner = after + 1
    return inner if inner != after else at


def every(cursor: Cursor, at: int) -> int:
    """Har jumme, har do hafte, har subah, every Monday and Friday, har doosre din."""
    interval, after = _interval(cursor, at + 1)
    every = f";INTERVAL={interval}" if interval > 1 else ""
    if cursor.has(after, "weekday") and (inner := weekday(cursor, after)) != after:
        cursor.when.rule = f"FREQ=WEEKLY{every}"
        cursor.when.days = cursor.when.days or (cursor.when.weekday or 0,)
        return inner
    if cursor.has(after, "part"):
        cursor.when.rule = f"FREQ=DAILY{every}"
        return part(cursor, after)
    if cursor.number(after) is not None and cursor.has(after + 1, "date"):
        cursor.when.rule = f"FREQ=MONTHLY;BYMONTHDAY={cursor.number(after)}"
        month = after + 3 + (cursor.key(after + 3) == "the")
        return month + 1 if cursor.post(after + 2) == "of" and cursor.unit(month) == "month" else after + 2
    return _every_unit(cursor, at, after, every)


def _interval(cursor: Cursor, at: int) -> tuple[int, int]:
    """Every how many, and the place after: "doosre din", "other day", "3 hafte"."""
    second = at < cursor.stop and cursor.words[at].senses.get("ordinal") == SECOND
    if second or cursor.key(at) == "other":
        return SECOND, at + 1
    number = cursor.number(at)
    return (number, at + 1) if number and cursor.has(at + 1, "unit") else (1, at)


def _every_unit(cursor: Cursor, at: int, after: int, every: str) -> int:
    unit = cursor.unit(after)
    if unit in CLOCK_UNITS:
        cursor.when.vague = cursor.when.uncounted = True
    elif unit == "weekend":
        cursor.when.rule = WEEKENDS
    elif unit in FREQUENCY:
        cursor.when.rule = f"FREQ={FREQUENCY[unit]}{every}"
    return after + 1 + cursor.has(after + 1, "after") if unit else at


def often(cursor: Cursor, at: int) -> int:
    """Rozana, weekly, every weekday; "har mahine ke pehle din", "har hafte ke din"."""
    cursor.when.rule = cursor.when.rule or cursor.words[at].senses["often"]
    joined = at + 2 if cursor.post(at + 1) == "of" else at + 1
    if cursor.when.rule == "FREQ=MONTHLY" and (cursor.unit(joined + 1) == "day" or cursor.has(joined + 1, "date")):
        senses = cursor.words[joined].senses
        number = senses.get("ordinal", 1 if "before" in senses else None)
        if number is not None:
            cursor.when.rule = f"FREQ=MONTHLY;BYMONTHDAY={number}"
            return joined + 2
    if cursor.when.rule == "FREQ=WEEKLY" and joined == at + 2 and cursor.unit(joined) == "day":
        cursor.when.weekday, cursor.when.days = SATURDAY, (SATURDAY,)
        return joined + 1
    return at + 1


def bare_unit(cursor: Cursor, at: int) -> int:
    """A unit without its number: "hafte ko" is Saturday, "weekend par" the weekend."""
    unit = cursor.unit(at)
    if unit == "month" and cursor.post(at + 1) == "of" and (after := calendar_date(cursor, at + 2)) != at + 2:
        return after
    if cursor.has(at + 1, "ends") and unit not in CLOCK_UNITS:
        cursor.when.span = ("this", unit)
        return at + 2
    if unit == "weekend":
        cursor.when.span = ("this", "weekend")
        cursor.when.rule = WEEKENDS if cursor.key(at) == "weekends" else cursor.when.rule
        return at + 1
    if unit == "week" and cursor.post(at + 1) == "ko":
        cursor.when.weekday = SATURDAY
        return at + 1
    return at


def end(cursor: Cursor, at: int) -> int:
    """As in "by the end of the month": its last day."""
    inner = at + 1 + (cursor.key(at + 1) in ("the", "this"))
    unit = cursor.unit(inner)
    if not unit or unit in CLOCK_UNITS:
        return at
    cursor.when.span, cursor.when.bound = ("this", unit), "until"
    return inner + 1


def soon(cursor: Cursor, at: int) -> int:
    """Baad mein, thori der mein: a time, but none that can be counted."""
    cursor.when.vague = True
    return at + 1
