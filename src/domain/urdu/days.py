"""Days: "kal", "jumme ko", "15 March", "27/2"; each function returns the place after what it read."""

from domain.urdu.clock import is_oclock
from domain.urdu.cursor import Cursor
from domain.urdu.words import bits_of

MONTH_DAYS, MONTHS, CENTURY, MILLENNIUM = 31, 12, 100, 2000
YEARS = range(1901, 2200)
SURE_LENGTH = 3
# Who names nothing in so many words speaks of days; to look through all of a long text at each number would not end.
NAMED_WITHIN = 40
# Words of other meanings too: "sat" is seven, "pir" a saint, "mai" I, "march" a walk.
UNSURE_DAYS = ("sat", "sun", "pir", "mon", "wed")
# What is said of a task and not of a day: "3 ko urgent kar do".
OF_TASKS = bits_of("delete complete update undo end mark list priority day weekday")
UNSURE_MONTHS = ("march", "mai", "main")


def day(cursor: Cursor, at: int) -> int:
    """Aaj, kal, parson."""
    if cursor.when.day is not None:
        return at
    cursor.when.day = cursor.words[at].senses["day"]
    return at + 1


def tonight(cursor: Cursor, at: int) -> int:
    """The night of today."""
    cursor.when.day, cursor.when.part = 0, "night"
    return at + 1


def weekday(cursor: Cursor, at: int) -> int:
    """A weekday, alone or one of several ("peer aur jumerat", "peer se jumme tak")."""
    word, when = cursor.words[at], cursor.when
    if cursor.has(at + 1, "market"):
        return at
    if word.key in UNSURE_DAYS and not _surely_weekday(cursor, at):
        return at
    if when.weekday is not None:
        when.days = (*(when.days or (when.weekday,)), word.senses["weekday"])
    when.weekday = word.senses["weekday"]
    after = at + 1
    if cursor.post(after) in ("until", "from") and cursor.has(after + 1, "weekday"):
        return _weekdays(cursor, at, after + 1)
    if word.text.lower().endswith("days") and not when.rule:
        when.rule, when.days = "FREQ=WEEKLY", (word.senses["weekday"],)
    return after + 2 if cursor.post(after) == "of" and cursor.unit(after + 1) == "day" else after


def _weekdays(cursor: Cursor, first: int, last: int) -> int:
    """As in "peer se jumme tak" is every day of them, "from Monday to Friday" a move."""
    begin, end = cursor.words[first].senses["weekday"], cursor.words[last].senses["weekday"]
    moved = cursor.has(last + 1, "light") or cursor.post(last + 1) in ("ko", "on")
    if begin < end and cursor.key(first - 1) != "from" and not moved:
        cursor.when.rule, cursor.when.days = "FREQ=WEEKLY", tuple(range(begin, end + 1))
    cursor.when.weekday = end
    return last + 1


def _surely_weekday(cursor: Cursor, at: int) -> bool:
    if cursor.has(at + 1, "oclock") or cursor.has(at + 1, "unit"):
        return False
    before = cursor.words[at - 1].senses if at else {}
    if cursor.has(at + 1, "weekday") or (at and cursor.has(at - 1, "weekday")):
        return True
    led = not {"prefix", "every", "next", "this", "day"}.isdisjoint(before)
    return led or cursor.words[at].text[0].isupper() or cursor.post(at + 1) == "ko"


def calendar_date(cursor: Cursor, at: int) -> int:
    """15 March, 15 tareekh, 24th of May, 27/2, 2026-02-07."""
    number = cursor.number(at)
    if number is None:
        return at
    if cursor.key(at + 1) in ("/", "-", ".") and cursor.has(at, "digits") and cursor.has(at + 2, "digits"):
        return _numeric_date(cursor, at)
    after = at + 1
    while cursor.has(after, "date"):
        after += 1
    month_at = after + (cursor.post(after) == "of")
    if not 0 < number <= MONTH_DAYS:
        return at
    if cursor.has(month_at, "month") and cursor.key(month_at) != "main":
        cursor.when.date = (None, cursor.words[month_at].senses["month"], number)
        return _tareekh(cursor, _year(cursor, month_at + 1))
    if after == at + 1:
        return at
    cursor.when.date = (None, cursor.when.date[1] if cursor.when.date else None, number)
    return after


def day_of_month(cursor: Cursor, at: int) -> int:
    """As in "25 ko fees deni hai", "agle mahine ki 3 ko"; with nothing named "2 ko" is a task: "2 ko kal kar do"."""
    number = cursor.number(at) or 0
    if not 0 < number <= MONTH_DAYS or not cursor.has(at, "digits") or cursor.post(at + 1) != "ko":
        return at
    spanned = cursor.when.span is not None and cursor.when.span[1] == "month"
    verb = (at + 2 < cursor.stop and cursor.words[at + 2].bits & OF_TASKS) or _is_joined(cursor, at)
    led = at > 0 and (cursor.has(at - 1, "task") or cursor.has(at - 1, "numero"))
    bare = all(word.senses.keys() - {"event"} or not word.key[0].isalnum() for word in cursor.words[:NAMED_WITHIN])
    if not spanned and (verb or led or bare):
        return at
    cursor.when.date = (None, None, number)
    return at + 1


def _is_joined(cursor: Cursor, at: int) -> bool:
    """Whether another number stands before this one: "2 aur 3 ko kal kar do"."""
    return cursor.has(at - 2, "digits") and (cursor.has(at - 1, "and") or cursor.key(at - 1) == ",")


def _tareekh(cursor: Cursor, at: int) -> int:
    inner = at + (cursor.post(at) == "of")
    return inner + 1 if cursor.has(inner, "date") else at


def _year(cursor: Cursor, at: int) -> int:
    inner = at + (cursor.key(at) == ",")
    year = cursor.number(inner)
    if year in YEARS and cursor.when.date:
        cursor.when.date = (year, *cursor.when.date[1:])
        return inner + 1
    return at


def _numeric_date(cursor: Cursor, at: int) -> int:
    """2026-02-07, 7/2/2026, 27/2; day before month, unless that cannot be."""
    sign, first, second = cursor.key(at + 1), cursor.number(at) or 0, cursor.number(at + 2) or 0
    third = cursor.number(at + 4) if cursor.key(at + 3) == sign and cursor.has(at + 4, "digits") else None
    if sign != "/" and third is None:
        return at
    year: int | None
    if first > MONTH_DAYS:
        year, month, day = first, second, third or 0
    else:
        day, month = (second, first) if second > MONTHS else (first, second)
        year = third if third is None or third >= CENTURY else MILLENNIUM + third
    if not 0 < day <= MONTH_DAYS or not 0 < month <= MONTHS:
        return at
    cursor.when.date = (year, month, day)
    return at + 3 if third is None else at + 5


def month(cursor: Cursor, at: int) -> int:
    """March 15, "march ke mahine", August 5th 2018; a short name only beside a number."""
    named, after = cursor.words[at].senses["month"], at + 1
    if _day_follows(cursor, after):
        cursor.when.date = (None, named, cursor.number(after))
        after += 1
        while cursor.has(after, "date"):
            after += 1
        return _year(cursor, after)
    counted = cursor.post(after) == "of" and cursor.has(after + 1, "unit")
    if not (counted or _surely_month(cursor, at)):
        return at
    cursor.when.date = cursor.when.date or (None, named, None)
    return _year(cursor, after + 2 if counted else after)


def _day_follows(cursor: Cursor, at: int) -> bool:
    number = cursor.number(at)
    if number is None or not 0 < number <= MONTH_DAYS or not cursor.has(at, "digits"):
        return False
    return not is_oclock(cursor, at) and cursor.key(at + 1) != ":"


def _surely_month(cursor: Cursor, at: int) -> bool:
    word = cursor.words[at]
    if not word.key.isascii() or (len(word.key) > SURE_LENGTH and word.key not in UNSURE_MONTHS):
        return True
    tied = cursor.post(at + 1) in ("in", "ko", "on", "of", "until")
    return tied and (word.text[0].isupper() or word.key == "march")


def hijri(cursor: Cursor, at: int) -> int:
    """Islamic months and feasts: known as dates, not counted."""
    if cursor.post(at + 1) not in ("ko", "on", "in", "from", "until") and not cursor.has(at + 1, "after"):
        return at
    cursor.when.vague = cursor.when.uncounted = True
    return at + 1
