"""From a day as said to a date: weekdays, months, spans, counted from today."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from domain.urdu.cursor import When
from domain.urdu.hours import is_ahead

WEEK, MONTHS, SATURDAY = 7, 12, 5
# No task is due later than ten years from now.
FARTHEST = 3650
# Two months on at most, every day of a month has come.
SPARE_MONTHS = 4
PART_ENDS = {"dawn": 6, "morning": 12, "noon": 16, "afternoon": 18, "evening": 20, "night": 24}
STEPS = {"next": 1, "this": 0, "last": -1}

Days = tuple[date, date]


def day_of(when: When, now: datetime) -> date | None:
    """The day that a phrase names, None for none; `now` is local."""
    today = now.date()
    if when.date:
        return calendar_day(when, today)
    if when.day is not None:
        return today + timedelta(days=when.day)
    if when.weekday is not None and not when.rule:
        return _weekday(when, now)
    if when.span:
        first, after = span_days(when.span, today)
        return after - timedelta(days=1) if when.span[0] == "this" and when.span[1] != "weekend" else first
    if when.part and when.clock is None and not when.rule:
        return today + timedelta(days=int(now.hour >= PART_ENDS[when.part]))
    return None


def later(day: date, amount: float, unit: str) -> date:
    """The day so many units after this one."""
    if unit in ("month", "year"):
        return months_later(day, int(amount * (MONTHS if unit == "year" else 1)))
    days = amount * (WEEK if unit in ("week", "weekend") else 1)
    return day + timedelta(days=min(round(days), FARTHEST))


def months_later(day: date, months: int) -> date:
    """The same day of another month, or its last."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def calendar_day(when: When, today: date) -> date:
    """The day of "15 March", "15 tareekh", "agle mahine ki 5 tareekh", "August": this year's or the next to come."""
    year, month, day = when.date or (None, None, None)
    if month is None:
        return _day_of_month(when, day or 1, today)
    found = date(year or today.year, month, day or 1)
    if year is not None:
        return found
    if day is None and found.month == today.month:
        return today
    return found if found >= today else found.replace(year=today.year + 1)


def _day_of_month(when: When, day: int, today: date) -> date:
    """The day of the month that is spoken of, or its last; else of the next that has such a day: never 30 for 31."""
    if when.span is not None and when.span[1] == "month":
        base = span_days(when.span, today)[0]
        return base.replace(day=min(day, monthrange(base.year, base.month)[1]))
    months = (months_later(today.replace(day=1), later) for later in range(SPARE_MONTHS))
    days = (first.replace(day=day) for first in months if day <= monthrange(first.year, first.month)[1])
    return next(found for found in days if found >= today)


def _weekday(when: When, now: datetime) -> date:
    """The weekday to come; "agle" means the one of the next week, beginning on Monday."""
    today, weekday = now.date(), when.weekday or 0
    away = (weekday - today.weekday()) % WEEK
    if when.which == "next" or when.span == ("next", "week"):
        return span_days(("next", "week"), today)[0] + timedelta(days=weekday)
    if when.which == "last":
        return today - timedelta(days=(today.weekday() - weekday) % WEEK or WEEK)
    if away == 0 and when.which != "this" and not (when.clock and is_ahead(when, now)):
        away = WEEK
    return today + timedelta(days=away)


def span_days(span: tuple[str, str], today: date) -> Days:
    """The half-open days of "next week", "this month", "next 3 day"."""
    which, _, count = span[0].partition(" ")
    unit = span[1]
    if count:
        return _counted_days(which, int(count), unit, today)
    step = STEPS[which]
    if unit in ("day", "week", "weekend"):
        first = today - timedelta(days=0 if unit == "day" else today.weekday())
        first += timedelta(days=step if unit == "day" else WEEK * step + (SATURDAY if unit == "weekend" else 0))
        return first, first + timedelta(days={"day": 1, "week": WEEK, "weekend": 2}[unit])
    months = MONTHS if unit == "year" else 1
    first = months_later(today.replace(day=1, month=1 if unit == "year" else today.month), step * months)
    return first, months_later(first, months)


def _counted_days(which: str, amount: int, unit: str, today: date) -> Days:
    if which == "last":
        return later(today, -amount, unit), today
    return today + timedelta(days=1), later(today, amount, unit) + timedelta(days=1)
