"""Dates and repetitions as people say them, in the three languages."""

import tomllib
from bisect import bisect
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.recurrence import DAYS, first_day
from domain.tasks import Due
from domain.urdu.language import Language

WEEK, NOON = 7, 12
SETS_OF_DAYS = {"MO,TU,WE,TH,FR": "weekdays_only", "SA,SU": "weekends_only"}
SUFFIXES = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
# The first hour of subah, dopahar, shaam and raat; what comes before the first is still raat.
PARTS_BEGIN = (4, 12, 16, 20)
NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow", 2: "day_after"}
FREQUENCIES = {
    "DAILY": ("daily", "every_days"),
    "WEEKLY": ("weekly", "every_weeks"),
    "MONTHLY": ("monthly", "every_months"),
    "YEARLY": ("yearly", "every_years"),
}


@cache
def texts() -> dict[str, Any]:
    """The sentences and the words of dates, read when something is first said."""
    return tomllib.loads(Path(__file__).with_name("replies.toml").read_text("utf-8"))


def due_phrase(due: Due, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """A due as people say it: "kal subah 9 baje", "jumme ko", "15 March"; `now` is aware, told in `zone`."""
    words = texts()["dates"][language]
    day = _day(due, now.astimezone(zone), words)
    if due.at is None:
        return day
    return str(words["moment"].format(day=day, clock=_clock(due.at.astimezone(zone), words)))


def whole_day(day: date, language: Language) -> str:
    """A day by its weekday and its date: "hafte ka din, 21 November 2026"."""
    words = texts()["dates"][language]
    weekday, month = words["plain_weekdays"][day.weekday()], words["months"][day.month - 1]
    return str(words["whole_day"].format(weekday=weekday, day=day.day, month=month, year=day.year))


def _day(due: Due, now: datetime, words: dict[str, Any]) -> str:
    away = (due.day - now.date()).days
    if away in NEAR:
        return str(words[NEAR[away]])
    if 0 < away < WEEK:
        return str(words["weekdays"][due.day.weekday()])
    shape = words["day"] if due.day.year == now.year else words["dated"]
    return str(shape.format(day=due.day.day, month=words["months"][due.day.month - 1], year=due.day.year))


def _clock(moment: datetime, words: dict[str, Any]) -> str:
    hour = moment.hour % NOON or NOON
    clock = f"{hour}:{moment.minute:02}" if moment.minute else f"{hour}"
    part = words["parts"][bisect(PARTS_BEGIN, moment.hour)]
    return str(words["clock"].format(part=part, clock=clock))


def repeat_phrase(rule: str, language: Language, due: date | None = None) -> str:
    """A rule as people say it: "har jumme", "rozana", "har 2 hafte"; an unusual rule is shown as it is.

    Beside a `due` that is none of its days it is told as what follows: "phir har jumme".
    """
    words = texts()["dates"][language]
    if due and first_day(rule, due) != due:
        return str(words["then"].format(rule=repeat_phrase(rule, language)))
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    interval = parts.pop("INTERVAL", "1")
    one, many = FREQUENCIES.get(parts.pop("FREQ", ""), ("other", "other"))
    days, number, month = parts.pop("BYDAY", ""), parts.pop("BYMONTHDAY", ""), ""
    every = interval == "1"
    if number.isdigit() and one == "yearly" and every and parts.get("BYMONTH", "").isdigit():
        one, month = "yearly_on", words["months"][int(parts.pop("BYMONTH")) - 1]
    if parts or (days and number) or not set(filter(None, days.split(","))) <= set(DAYS):
        one = many = "other"
    elif days and one == "weekly":
        one, many = SETS_OF_DAYS.get(days, "on_weekday"), "every_weeks_on"
    elif number and one == "monthly":
        one, many = ("monthly_last", "other") if number == "-1" else ("monthly_on", "every_months_on")
    elif days or (number and not month):
        one = many = "other"
    named = words["and"].join(words["plain_weekdays"][DAYS.index(day)] for day in days.split(",") if day in DAYS)
    ordinal = f"{number}{SUFFIXES.get(int(number), 'th')}" if number.isdigit() else number
    shape = words[one if every else many]
    return str(shape.format(interval=interval, days=named, number=number, month=month, ordinal=ordinal, rule=rule))
