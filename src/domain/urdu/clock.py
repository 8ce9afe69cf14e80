"""Hours: "saarhe 5 baje", "raat 8", "5:30 pm", "at noon"; each function returns the place after what it read."""

from domain.urdu.cursor import Cursor

HOURS, MINUTES, NOON = 24, 60, 12
# "530 pm" is written together; below it a number is an hour.
TOGETHER = 100
QUARTERS = {"sawa": 15, "saarhe": 30, "paune": -15}
WHOLE = {"derh": (1, 30), "dhai": (2, 30)}


def part(cursor: Cursor, at: int) -> int:
    """Subah, dopahar, shaam, raat; an hour may follow without its own word ("raat 8")."""
    if _names_an_event(cursor, at) or _names_a_meal(cursor, at):
        return at
    cursor.when.part = cursor.words[at].senses["part"]
    after = at + 1
    if cursor.post(after) == "of" and cursor.has(after + 1, "moments"):
        return after + 2
    joined = cursor.post(after) in ("ko", "in", "of")
    if joined and (inner := _hour(cursor, after + 1)) != after + 1:
        return inner
    return _hour(cursor, after)


def _names_an_event(cursor: Cursor, at: int) -> bool:
    """Whether it is a "game night" or "movie night": what is called so, not when."""
    if cursor.key(at) not in ("night", "nights", "evening", "morning") or not at:
        return False
    before = cursor.words[at - 1]
    return not before.senses and before.text.isascii() and before.text.isalpha()


def _names_a_meal(cursor: Cursor, at: int) -> bool:
    """Whether what is at the hour said is named: "subah 5 baje sehri"."""
    return cursor.has(at, "meal") and at > 0 and (cursor.has(at - 1, "oclock") or cursor.has(at - 1, "part"))


def _hour(cursor: Cursor, at: int) -> int:
    after = clock(cursor, at)
    if after != at:
        return after
    return bare_hour(cursor, at) if cursor.has(at, "digits") else at


def moment(cursor: Cursor, at: int) -> int:
    """Noon and midnight."""
    hour = cursor.words[at].senses["moment"]
    cursor.when.clock, cursor.when.meridiem = (hour % HOURS, 0), "midnight" if hour == HOURS else "24"
    return at + 1


def clock(cursor: Cursor, at: int) -> int:
    """An hour that says it is one: by "baje", am or pm, a colon, or a fraction before it."""
    if cursor.has(at, "fraction"):
        return _fraction(cursor, at)
    hour = cursor.number(at)
    if hour is None:
        return at
    hour, minute, after, colon = _digits(cursor, at, hour)
    if hour > HOURS or minute >= MINUTES:
        return at
    meridiem = meridiem_at(cursor, after)
    if cursor.key(after) in ("-", "–") and not meridiem and cursor.has(after + 1, "digits"):
        return _range(cursor, at, hour, minute, after)
    said = meridiem or cursor.has(after, "oclock")
    if not said and (not colon or cursor.has(after, "unit")):
        return at
    after += bool(meridiem)
    after += cursor.has(after, "oclock")
    _set_clock(cursor, hour, minute, meridiem)
    return _minutes(cursor, after, hour)


def _digits(cursor: Cursor, at: int, hour: int) -> tuple[int, int, int, bool]:
    """Hour, minute, the place after them, and whether a colon stood between: "5", "5:30", "530 pm"."""
    after = at + 1
    if cursor.key(after) in (":", ".") and cursor.has(after + 1, "digits"):
        return hour, cursor.number(after + 1) or 0, after + 2, cursor.key(after) == ":"
    # "Kar do 4 baje" is no four minutes past two.
    if cursor.has(at, "digits") and cursor.has(after, "digits") and is_oclock(cursor, after):
        return hour, cursor.number(after) or 0, after + 1, False
    if hour >= TOGETHER and is_oclock(cursor, at):
        return *divmod(hour, TOGETHER), after, False
    return hour, 0, after, False


def _minutes(cursor: Cursor, at: int, hour: int) -> int:
    """Past "20 minute par", which adds minutes to "10 bajkar"."""
    minute = cursor.number(at)
    if minute is None or minute >= MINUTES or cursor.key(at + 1) not in ("minute", "minat", "منٹ"):
        return at
    if cursor.key(at - 1) not in ("bajkar", "baj", "بجکر", "kar"):
        return at
    cursor.when.clock = (hour, minute)
    return at + 2 + (cursor.post(at + 2) == "on")


def is_oclock(cursor: Cursor, at: int) -> bool:
    """Whether the number at this place is said to be an hour by the word behind it."""
    return cursor.has(at + 1, "oclock") or bool(meridiem_at(cursor, at + 1))


def meridiem_at(cursor: Cursor, at: int) -> str:
    """Whether "am" or "pm" stands at this place, also as "7a"; else empty."""
    if cursor.has(at, "am"):
        return "am"
    if cursor.has(at, "pm"):
        return "pm"
    attached = 0 < at < cursor.stop and cursor.words[at - 1].end == cursor.words[at].start
    return {"a": "am", "p": "pm"}.get(cursor.key(at), "") if attached else ""


def _range(cursor: Cursor, at: int, hour: int, minute: int, dash: int) -> int:
    """Of "8 - 10 AM" the first hour counts, with the meridiem of the second."""
    after = clock(cursor, dash + 1)
    if after == dash + 1:
        return at
    cursor.when.clock = (hour, minute)
    return after


def _set_clock(cursor: Cursor, hour: int, minute: int, meridiem: str) -> None:
    if cursor.when.clock is None:
        cursor.when.clock, cursor.when.meridiem = (hour, minute), meridiem


def _fraction(cursor: Cursor, at: int) -> int:
    """Sawa 5, saarhe 5, paune 5, derh, dhai baje."""
    kind = cursor.words[at].senses["fraction"]
    if kind in WHOLE:
        return _derh(cursor, at, kind)
    hour, after = cursor.number(at + 1), at + 2
    if kind not in QUARTERS or hour is None or not 0 < hour <= NOON:
        return at
    english = " " in cursor.words[at].key
    if not (english or cursor.when.part or is_oclock(cursor, at + 1)):
        return at
    minutes = hour * MINUTES + QUARTERS[kind]
    meridiem = meridiem_at(cursor, after)
    _set_clock(cursor, minutes // MINUTES, minutes % MINUTES, meridiem)
    return after + is_oclock(cursor, at + 1)


def _derh(cursor: Cursor, at: int, kind: str) -> int:
    said = cursor.has(at + 1, "oclock")
    if not said and (not cursor.when.part or cursor.has(at + 1, "unit")):
        return at
    _set_clock(cursor, *WHOLE[kind], "")
    return at + 1 + said


def bare_hour(cursor: Cursor, at: int) -> int:
    """An hour without any sign of one, where the place before it asks for an hour ("at 5", "raat 8")."""
    hour = cursor.number(at)
    if hour is None or cursor.when.clock is not None:
        return at
    if cursor.has(at + 1, "unit") or cursor.has(at + 1, "date") or cursor.key(at + 1) in ("/", "%", "rs", "kg"):
        return at
    # "By 5 December" is a day; "5 main Street" is none.
    if cursor.has(at + 1, "month") and cursor.key(at + 1) != "main":
        return at
    hour, minute = divmod(hour, TOGETHER) if hour >= TOGETHER else (hour, 0)
    if not 0 < hour <= HOURS or minute >= MINUTES:
        return at
    cursor.when.clock = (hour, minute)
    return at + 1
