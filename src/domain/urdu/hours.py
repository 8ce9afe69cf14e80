"""From an hour as said to a moment: parts of the day, the night's end, the nearest hour to come."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.urdu.cursor import When

NOON, DAY_HOURS = 12, 24
# Before this hour "raat" lies behind midnight; before the next nobody means the morning without saying so; from
# the third on a bare hour of another day is in the morning; from the last on "dopahar" is still before noon.
LATE_NIGHT, WAKES, WAKING, FORENOON = 4, 6, 7, 10
# Hour of 24, minute, and how many days the night runs into the next one.
Hour = tuple[int, int, int]


def hour_of(when: When, day: date | None) -> Hour:
    """The hour that a phrase says; without a part of the day that of waking people, if it is of another `day`."""
    hour, minute = when.clock or (0, 0)
    if when.meridiem == "midnight" or hour == DAY_HOURS:
        return 0, minute, 1
    if when.meridiem == "24" or hour > NOON:
        return hour, minute, 0
    said = when.meridiem or when.part
    if said == "night":
        return _of_night(hour, minute)
    if not said and (day is not None or when.rule):
        said = "waking"
    return OF_PART[said](hour), minute, 0


OF_PART: dict[str, Callable[[int], int]] = {
    **dict.fromkeys(("am", "dawn", "morning"), lambda hour: hour % NOON),
    **dict.fromkeys(("pm", "afternoon", "evening"), lambda hour: hour % NOON + NOON),
    "": lambda hour: hour,
    "noon": lambda hour: hour if hour >= FORENOON else hour + NOON,
    "waking": lambda hour: hour if WAKING <= hour <= NOON else hour % NOON + NOON,
}

# From which hour to before which a part of the day is spoken of.
PART_HOURS = {"dawn": (3, 7), "morning": (4, 12), "noon": (11, 16), "afternoon": (14, 19), "evening": (16, 21)}


def is_in_part(hour: int, part: str) -> bool:
    """Whether an hour of 24 lies in this part of the day; what lies in no other is night."""
    first, after = PART_HOURS.get(part, (0, 0))
    return first <= hour < after if after else not LATE_NIGHT <= hour < PART_HOURS["evening"][1] - 2


def _of_night(hour: int, minute: int) -> Hour:
    """Raat 8 is 20:00; raat 12 ends the day, and raat 2 lies behind it."""
    if hour == NOON:
        return 0, minute, 1
    return (hour, minute, 1) if hour < LATE_NIGHT else (hour + NOON, minute, 0)


def is_ahead(when: When, now: datetime) -> bool:
    """Whether the hour said is still to come today."""
    hour, minute, extra = hour_of(when, now.date())
    return bool(extra) or (hour, minute) > (now.hour, now.minute)


def moment_of(when: When, day: date | None, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment of an hour on `day`; without a day the next time it comes. `now` is told in `zone`."""
    hour, minute, extra = hour_of(when, day)
    bare = not when.part and not when.meridiem and hour <= NOON
    if day is None and bare:
        return _nearest(hour % NOON, minute, now, zone)
    base = day or now.date()
    moment = _at(base + timedelta(days=extra), hour, minute, zone)
    if day is None and moment <= now:
        return _at(base + timedelta(days=extra + 1), hour, minute, zone)
    if bare and base == now.date() and moment <= now and hour < NOON:
        return _at(base, hour + NOON, minute, zone)
    return moment


def _at(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour, minute), zone)


def _nearest(hour: int, minute: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The next time the clock shows this while people are awake: "dhai baje" is never at night."""
    days = (now.date(), now.date() + timedelta(days=1))
    moments = (_at(day, hour + half, minute, zone) for day in days for half in (0, NOON))
    moments = (moment for moment in moments if not 0 < moment.hour < WAKES)
    return next(moment for moment in moments if moment > now)
