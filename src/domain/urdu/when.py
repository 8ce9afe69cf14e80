"""Where a message speaks of time: its date phrases, and what each says, not yet counted from a now."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from domain.urdu.words import Word

BEGIN = frozenset(
    [
        "day",
        "weekday",
        "part",
        "tonight",
        "moment",
        "month",
        "unit",
        "often",
        "number",
        "fraction",
        "next",
        "this",
        "last",
        "every",
        "soon",
        "hijri",
        "end",
        "digits",
    ]
)
# English puts these before a date, where Urdu puts its own behind.
FREQUENCY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOURS, MINUTES, MONTH_DAYS, MONTHS, YEARS = 24, 60, 31, 12, (1900, 2200)
WAKING_END, SATURDAY = 12, 5


class When(Struct):
    """What a date phrase says. Every field is None or empty where it is silent."""

    day: int | None = None
    weekday: int | None = None
    date: tuple[int | None, int | None, int | None] | None = None
    span: tuple[str, str] | None = None
    which: str = ""
    shift: tuple[float, str] | None = None
    ahead: tuple[float, str] | None = None
    lasting: bool = False
    clock: tuple[int, int] | None = None
    meridiem: str = ""
    part: str = ""
    rule: str = ""
    days: tuple[int, ...] = ()
    bound: str = ""
    vague: bool = False
    end: bool = False

    def dated(self) -> bool:
        """Whether it names a day."""
        return (
            self.day is not None
            or self.weekday is not None
            or self.date is not None
            or self.span is not None
            or self.shift is not None
        )


class Phrase(Struct):
    """One date phrase: the words `first` to before `after`, and what they say."""

    first: int
    after: int
    when: When


def find_phrases(words: Sequence[Word], start: int = 0, stop: int | None = None) -> list[Phrase]:
    """The date phrases among the words from `start` to before `stop`, in order."""
    stop = len(words) if stop is None else stop
    phrases, at = [], start
    while at < stop:
        senses = words[at].senses
        if senses and ("prefix" in senses or not BEGIN.isdisjoint(senses)):
            phrase = _phrase(words, at, stop)
            if phrase:
                phrases.append(phrase)
                at = phrase.after
                continue
        at += 1
    return phrases


def _phrase(words: Sequence[Word], first: int, stop: int) -> Phrase | None:
    when = When()
    reader = Reader(words, stop, when)
    at = reader.unit(first)
    if at == first:
        return None
    while True:
        glued = reader.glue(at)
        following = reader.unit(glued, inside=True) if glued < stop else glued
        if following == glued:
            return Phrase(first, reader.tail(at), when)
        at = following


class Reader:
    """Reads date units off the words; each method returns the place after what it read, or the place it was given."""

    def __init__(self, words: Sequence[Word], stop: int, when: When) -> None:
        self.words = words
        self.stop = stop
        self.when = when

    def has(self, at: int, kind: str) -> bool:
        """Whether the word at this place can mean `kind`."""
        return at < self.stop and kind in self.words[at].senses

    def key(self, at: int) -> str:
        """The word at this place in lower case, empty past the end."""
        return self.words[at].text.lower() if at < self.stop else ""

    def number(self, at: int) -> int | None:
        """The number at this place."""
        value = self.words[at].senses.get("number") if at < self.stop else None
        return value if isinstance(value, int) else None

    def post(self, at: int) -> str:
        """The postposition at this place."""
        return str(self.words[at].senses.get("post", "")) if at < self.stop else ""

    def glue(self, at: int) -> int:
        """Past the small words that join two units of one phrase."""
        begun = at
        while at < self.stop and at - begun < 3:
            if self.post(at) in ("ko", "of", "on", "in", "from", "until", "liye") or self.key(at) in ",،-":
                if self.post(at) in ("from", "until"):
                    self.when.bound = self.when.bound or self.post(at)
                at += 1
            elif self.has(at, "and") and at == begun:
                at += 1
            else:
                break
        return at

    def tail(self, at: int) -> int:
        """Past the postpositions that close a phrase ("ko", "tak", "se pehle")."""
        if self.key(at) in ("hi", "hee", "ہی", "o'clock", "sharp", "est", "pst", "pkt", "gmt", "utc"):
            at += 1
        if self.post(at) == "from" and self.key(at + 1) == "shuru" and self.has(at + 3, "wala"):
            return at + 4
        if self.post(at) in ("from", "of") and self.has(at + 1, "before") and not self.has(at + 1, "ordinal"):
            at += 1
        if self.has(at, "before") and self.when.ahead is None and not self.has(at, "ordinal"):
            self.when.bound = "before"
            return at + 1
        if self.has(at, "after") and "soon" not in self.words[at].senses:
            self.when.bound = "after"
            return at + 1
        if self.post(at) in ("ko", "on", "until", "from"):
            self.when.bound = self.when.bound or (self.post(at) if self.post(at) in ("until", "from") else "")
            return at + 1
        return at

    def unit(self, at: int, inside: bool = False) -> int:
        """One unit: a day, an hour, a span, a repetition."""
        if at >= self.stop:
            return at
        if self.has(at, "prefix") and "unit" not in self.words[at].senses:
            after = self._prefixed(at)
            if after != at:
                return after
        senses = self.words[at].senses
        for kind, read in READERS:
            if kind in senses:
                after = read(self, at)
                if after != at:
                    return after
        if inside and "digits" in senses:
            return self._bare_hour(at)
        return at

    def _prefixed(self, at: int) -> int:
        """ "at 5", "in two hours", "by Friday": the unit with its preposition before it."""
        key, inner = self.key(at), at + 1
        while self.key(inner) in ("the", "around", "about") and inner < self.stop:
            inner += 1
        if key in ("in", "within") and (after := self._measure(inner)):
            self.when.shift = after[:2]
            return after[2]
        if (
            key in ("at", "by", "around", "until", "till", "before", "after", "from", "to")
            and self.number(inner) is not None
        ):
            clock = self._clock(inner)
            if clock != inner:
                self._bound(key)
                return clock
            if key in ("at", "by", "around", "until", "till") or ("digits" in self.words[inner].senses and key != "to"):
                hour = self._bare_hour(inner)
                if hour != inner:
                    self._bound(key)
                    return hour
        if "unit" in self.words[inner].senses if inner < self.stop else False:
            return self._end_of(inner, at)
        after_unit = (
            self.unit(inner)
            if not self.has(inner, "prefix") or key in ("by", "until", "before", "till", "from", "for")
            else inner
        )
        if after_unit == inner:
            return at
        self._bound(key)
        return after_unit

    def _end_of(self, inner: int, at: int) -> int:
        return self.unit(inner) if self.has(inner, "often") else at

    def _bound(self, key: str) -> None:
        bounds = {
            "by": "until",
            "until": "until",
            "till": "until",
            "before": "before",
            "after": "after",
            "from": "from",
        }
        self.when.bound = bounds.get(key, self.when.bound)

    def day(self, at: int) -> int:
        """Aaj, kal, parson."""
        if self.when.day is not None:
            return at
        self.when.day = self.words[at].senses["day"]
        return at + 1

    def tonight(self, at: int) -> int:
        """The night of today."""
        self.when.day, self.when.part = 0, "night"
        return at + 1

    def weekday(self, at: int) -> int:
        """A weekday; "sat" and "sun" are also seven and "listen", so they need company or a capital."""
        word = self.words[at]
        if word.key in ("sat", "sun", "pir", "mon", "wed", "thu", "fri", "tue") and not self._surely_weekday(at):
            return at
        if self.when.weekday is not None and not self.when.days:
            self.when.days = (self.when.weekday,)
        if self.when.days:
            self.when.days = (*self.when.days, word.senses["weekday"])
        self.when.weekday = word.senses["weekday"]
        after = at + 1
        if self.post(after) in ("until", "from") and self.has(after + 1, "weekday"):
            return self._weekdays(at, after + 1)
        if word.text.lower().endswith("days") and not self.when.rule:
            self.when.rule, self.when.days = "FREQ=WEEKLY", (self.when.weekday,)
        if self.post(after) == "of" and self.has(after + 1, "unit") and self.words[after + 1].senses["unit"] == "day":
            after += 2
        return after

    def _weekdays(self, first: int, last: int) -> int:
        """ "peer se jumme tak" is every day of them, "from Monday to Friday" a move."""
        begin, end = self.words[first].senses["weekday"], self.words[last].senses["weekday"]
        if begin < end and self.key(first - 1 if first else self.stop) != "from":
            self.when.rule, self.when.days = "FREQ=WEEKLY", tuple(range(begin, end + 1))
        self.when.weekday = end
        return last + 1

    def _surely_weekday(self, at: int) -> bool:
        if self.words[at].key in ("tue", "thu", "fri"):
            return True
        if self.has(at + 1, "oclock") or self.has(at + 1, "unit"):
            return False
        before = self.words[at - 1] if at else None
        led = before is not None and (not {"prefix", "every", "next", "this", "day"}.isdisjoint(before.senses))
        return led or self.words[at].text[0].isupper() or self.post(at + 1) in ("ko", "ko")

    def part(self, at: int) -> int:
        """Subah, dopahar, shaam, raat; an hour may follow without its own word ("raat 8")."""
        if self._named_after(at):
            return at
        self.when.part = self.words[at].senses["part"]
        after = at + 1
        while self.post(after) in ("ko", "in", "of") and (
            self.number(after + 1) is not None or self.has(after + 1, "fraction")
        ):
            inner = self._hour(after + 1)
            if inner == after + 1:
                break
            return inner
        inner = self._hour(after)
        return inner if inner != after else after

    def _named_after(self, at: int) -> bool:
        """ "game night", "movie night": what is called so, not when."""
        if self.key(at) not in ("night", "nights", "evening", "morning") or not at:
            return False
        before = self.words[at - 1]
        return not before.senses and before.text.isascii() and before.text.isalpha()

    def _hour(self, at: int) -> int:
        clock = self._clock(at)
        if clock != at:
            return clock
        return self._bare_hour(at) if self.has(at, "digits") else at

    def moment(self, at: int) -> int:
        """Noon and midnight."""
        hour = self.words[at].senses["moment"]
        self.when.clock, self.when.meridiem = (hour % HOURS, 0), "midnight" if hour == HOURS else "24"
        return at + 1

    def count(self, at: int) -> int:
        """What begins with a number: an hour, a date, a length of time."""
        for read in (self._clock, self._date, self._length):
            after = read(at)
            if after != at:
                return after
        return at

    def _clock(self, at: int) -> int:
        if self.has(at, "fraction"):
            return self._fraction(at)
        hour = self.number(at)
        if hour is None:
            return at
        minute, after, colon = 0, at + 1, False
        if self.key(after) in (":", ".") and self.has(after + 1, "digits"):
            minute, after, colon = self.number(after + 1) or 0, after + 2, self.key(after) == ":"
        elif self.has(after, "digits") and (self.has(after + 1, "oclock") or self._meridiem(after + 1)):
            minute, after = self.number(after) or 0, after + 1
        if hour >= 100 and "digits" in self.words[at].senses and not minute:
            hour, minute = divmod(hour, 100)
            if not (self._meridiem(after) or self.has(after, "oclock")):
                return at
        if hour > HOURS or minute >= MINUTES:
            return at
        meridiem = self._meridiem(after)
        if meridiem:
            after = self._past_meridiem(after)
        elif self.has(after, "oclock"):
            after += 1
        elif self.key(after) in ("-", "–") and self.has(after + 1, "digits"):
            return self._range(at, hour, minute, after)
        elif not colon or not self._plausible(after):
            return at
        if self.has(after, "oclock"):
            after += 1
        self._set_clock(hour, minute, meridiem)
        if self.number(after) is not None and self.key(after + 1) in ("minute", "minat", "منٹ"):
            self.when.clock = (hour, self.number(after) or 0)
            after += 2
            after += 1 if self.post(after) == "on" else 0
        return after

    def _is_oclock(self, at: int) -> bool:
        return self.has(at + 1, "oclock") or bool(self._meridiem(at + 1))

    def _plausible(self, after: int) -> bool:
        return not self.has(after, "unit")

    def _meridiem(self, at: int) -> str:
        if self.has(at, "am"):
            return "" if self.key(at) == "am" and self.key(at + 1) in ("i", "going") else "am"
        if self.has(at, "pm"):
            return "pm"
        attached = 0 < at < self.stop and self.words[at - 1].end == self.words[at].start
        return {"a": "am", "p": "pm"}.get(self.key(at), "") if attached else ""

    def _past_meridiem(self, at: int) -> int:
        return at + 2 if self.key(at + 1) == "." and self.has(at + 2, "digits") else at + 1

    def _range(self, at: int, hour: int, minute: int, dash: int) -> int:
        """ "8 - 10 AM": the first hour counts, with the meridiem of the second."""
        after = self._clock(dash + 1)
        if after == dash + 1:
            return at
        self.when.clock = (hour, minute)
        return after

    def _set_clock(self, hour: int, minute: int, meridiem: str) -> None:
        if self.when.clock is None:
            self.when.clock, self.when.meridiem = (hour, minute), meridiem

    def _fraction(self, at: int) -> int:
        """Sawa 5, saarhe 5, paune 5, derh, dhai baje."""
        kind = self.words[at].senses["fraction"]
        if kind in ("derh", "dhai"):
            clock = (1, 30) if kind == "derh" else (2, 30)
            if self.has(at + 1, "oclock") or (self.when.part and not self.has(at + 1, "unit")):
                self._set_clock(*clock, "")
                return at + 2 if self.has(at + 1, "oclock") else at + 1
            return at
        hour = self.number(at + 1)
        if kind == "half" or hour is None or not 0 < hour <= WAKING_END:
            return at
        after = at + 2
        if not (
            self.has(after, "oclock")
            or self._meridiem(after)
            or self.when.part
            or "past" in self.key(at)
            or "to" in self.key(at)
        ):
            return at
        minutes = hour * MINUTES + {"sawa": 15, "saarhe": 30, "paune": -15}[kind]
        meridiem = self._meridiem(after)
        self._set_clock(minutes // MINUTES, minutes % MINUTES, meridiem)
        return after + 1 if meridiem or self.has(after, "oclock") else after

    def _bare_hour(self, at: int) -> int:
        hour = self.number(at)
        if hour is None or self.when.clock is not None or self.has(at + 1, "unit") or self.has(at + 1, "date"):
            return at
        if hour >= 100:
            hour, minute = divmod(hour, 100)
        else:
            minute = 0
        if not 0 < hour <= HOURS or minute >= MINUTES or self.key(at + 1) in ("/", "%", "rs", "kg"):
            return at
        self.when.clock = (hour, minute)
        return at + 1

    def _date(self, at: int) -> int:
        number = self.number(at)
        if number is None or (
            "digits" not in self.words[at].senses and not self.has(at + 1, "date") and not self.has(at + 1, "month")
        ):
            return at
        if self.key(at + 1) in ("/", "-", ".") and self.has(at + 2, "digits"):
            return self._numeric_date(at)
        after, suffixed = at + 1, False
        while self.has(after, "date"):
            after, suffixed = after + 1, True
        month_at = after + 1 if self.post(after) == "of" else after
        if not 0 < number <= MONTH_DAYS:
            return at
        if self.has(month_at, "month") and self._surely_month(month_at):
            self.when.date = (None, self.words[month_at].senses["month"], number)
            return self._tareekh(self._year(month_at + 1))
        if not suffixed:
            return at
        self.when.date = (None, self.when.date[1] if self.when.date else None, number)
        return after

    def _surely_month(self, at: int) -> bool:
        return self.words[at].key not in ("mai", "main") or self.words[at].text.lower() == "mai"

    def _tareekh(self, at: int) -> int:
        inner = at + 1 if self.post(at) == "of" else at
        return inner + 1 if self.has(inner, "date") else at

    def _year(self, at: int) -> int:
        inner = at + 1 if self.key(at) == "," else at
        year = self.number(inner)
        if year is not None and YEARS[0] < year < YEARS[1] and self.when.date:
            self.when.date = (year, *self.when.date[1:])
            return inner + 1
        return at

    def _numeric_date(self, at: int) -> int:
        """2026-02-07, 7/2/2026, 27/2; day before month, unless that cannot be."""
        sign, first, second = self.key(at + 1), self.number(at) or 0, self.number(at + 2) or 0
        third = self.number(at + 4) if self.key(at + 3) == sign and self.has(at + 4, "digits") else None
        if sign != "/" and third is None:
            return at
        if first > MONTH_DAYS:
            year, month, day = first, second, third
        else:
            day, month = (second, first) if second > MONTHS else (first, second)
            year = third if third is None or third >= 100 else 2000 + third
        if not day or not 0 < day <= MONTH_DAYS or not 0 < month <= MONTHS:
            return at
        self.when.date = (year, month, day)
        return at + 3 if third is None else at + 5

    def month(self, at: int) -> int:
        """March 15, "march ke mahine", August 5th 2018; a short name only beside a number."""
        word = self.words[at]
        after, day = at + 1, self.number(at + 1)
        if (
            day is not None
            and 0 < day <= MONTH_DAYS
            and "digits" in self.words[after].senses
            and not self._is_oclock(after)
            and self.key(after + 1) != ":"
        ):
            self.when.date = (None, word.senses["month"], day)
            after += 1
            while self.has(after, "date"):
                after += 1
            return self._year(after)
        sure = (len(word.key) > 3 and word.key not in ("march", "mai")) or not word.key.isascii()
        if self.post(after) == "of" and self.has(after + 1, "unit"):
            sure, after = True, after + 2
        if not sure and not (word.text[0].isupper() and self.post(after) in ("in", "ko", "on", "of", "until")):
            return at
        if self.when.date is None:
            self.when.date = (None, word.senses["month"], None)
        return self._year(after)

    def _measure(self, at: int) -> tuple[float, str, int] | None:
        """ "do ghante", "derh ghanta", "half an hour", "ek": how many of which unit, and the place after."""
        amount: float | None = self.number(at)
        if self.has(at, "fraction"):
            kind = self.words[at].senses["fraction"]
            amount = {"derh": 1.5, "dhai": 2.5, "half": 0.5}.get(kind)
            if amount is None and (whole := self.number(at + 1)) is not None:
                amount, at = whole + {"sawa": 0.25, "saarhe": 0.5, "paune": -0.25}[kind], at + 1
        elif amount is None and self.key(at) in ("a", "an", "few", "chand"):
            amount = 1 if self.key(at) in ("a", "an") else 3
        if amount is None or not self.has(at + 1, "unit"):
            return None
        unit = str(self.words[at + 1].senses["unit"])
        after = at + 2
        if self.has(after, "and") and (more := self._measure(after + 1)) and unit == "hour" and more[1] == "minute":
            amount, after = amount + more[0] / MINUTES, more[2]
        return amount, unit, after

    def _length(self, at: int) -> int:
        measure = self._measure(at)
        if measure is None:
            return at
        amount, unit, after = measure
        inner = after + 1 if self.post(after) in ("of", "from", "ko") else after
        if self.has(inner, "update"):
            self.when.vague = True
            return after
        if self.has(inner, "before"):
            self.when.ahead = (amount, unit)
            return inner + 1
        if self.has(inner, "after"):
            self.when.shift = (amount, unit)
            return inner + 1
        if self.post(after) == "in":
            self.when.shift = (amount, unit)
            return after + (2 if self.has(after + 1, "soon") else 1)
        if self.post(after) == "liye" and unit != "day":
            self.when.shift, self.when.lasting = (amount, unit), True
            return after
        return at

    def span(self, at: int) -> int:
        """Agle hafte, is jumme, next month, pichle hafte, agle do din."""
        which = next(kind for kind in ("next", "this", "last") if kind in self.words[at].senses)
        after = at + 1
        if self.has(after, "weekday"):
            inner = self.weekday(after)
            if inner != after:
                self.when.which = which
                return inner
        if self.has(after, "unit"):
            unit = str(self.words[after].senses["unit"])
            if unit not in ("second", "minute", "hour"):
                self.when.span = (which, unit)
                return after + 1
        if self.has(after, "part") and which == "this":
            self.when.day = 0
            return self.part(after)
        if self.has(after, "month"):
            self.when.which = which
            return self.month(after)
        if which != "this" and (measure := self._measure(after)):
            self.when.span = (f"{which} {int(measure[0])}", measure[1])
            return measure[2]
        if self.has(after, "hijri"):
            self.when.vague = True
            return after + 1
        return at

    def every(self, at: int) -> int:
        """Har jumme, har do hafte, har subah, every Monday and Friday, har doosre din."""
        after, interval = at + 1, 1
        if (self.words[after].senses.get("ordinal") == 2 if after < self.stop else False) or self.key(after) in (
            "other",
            "dusre",
            "doosre",
        ):
            after, interval = after + 1, 2
        elif self.number(after) is not None and self.has(after + 1, "unit"):
            interval, after = self.number(after) or 1, after + 1
        every = f";INTERVAL={interval}" if interval > 1 else ""
        if self.has(after, "weekday"):
            inner = self.weekday(after)
            if inner == after:
                return at
            self.when.rule = f"FREQ=WEEKLY{every}"
            self.when.days = self.when.days or (self.when.weekday or 0,)
            return inner
        if self.has(after, "part"):
            self.when.rule = f"FREQ=DAILY{every}"
            return self.part(after)
        unit = str(self.words[after].senses.get("unit", "")) if after < self.stop else ""
        if unit in FREQUENCY:
            self.when.rule = f"FREQ={FREQUENCY[unit]}{every}"
            if unit == "month" and self.post(after + 1) == "of" and self.key(after + 3) in ("din", "tareekh", "دن"):
                if (number := self.words[after + 2].senses.get("ordinal")) is not None:
                    self.when.rule = f"FREQ=MONTHLY;BYMONTHDAY={number}"
                    return after + 4
        elif unit == "weekend":
            self.when.rule = "FREQ=WEEKLY;BYDAY=SA,SU"
        elif unit in ("minute", "hour", "second"):
            self.when.vague = True
        elif self.number(after) is not None and (self.has(after + 1, "date")):
            self.when.rule = f"FREQ=MONTHLY;BYMONTHDAY={self.number(after)}"
            return after + 2
        else:
            return at
        return after + 1

    def often(self, at: int) -> int:
        """Rozana, weekly, every weekday."""
        self.when.rule = self.when.rule or str(self.words[at].senses["often"])
        return at + 1

    def bare_unit(self, at: int) -> int:
        """A unit without its number: "hafte ko" is Saturday, "weekend par" the weekend."""
        unit = self.words[at].senses["unit"]
        if unit == "weekend":
            self.when.span = ("this", "weekend")
            if self.key(at) == "weekends":
                self.when.rule = "FREQ=WEEKLY;BYDAY=SA,SU"
            return at + 1
        if unit == "week" and self.post(at + 1) == "ko":
            self.when.weekday = SATURDAY
            return at + 1
        return at

    def soon(self, at: int) -> int:
        """Baad mein, thori der mein: a time, but none that can be counted."""
        self.when.vague = True
        return at + 1

    def hijri(self, at: int) -> int:
        """Islamic months and feasts: known as dates, not counted."""
        if self.post(at + 1) not in ("ko", "on", "in", "from", "until") and not self.has(at + 1, "after"):
            return at
        self.when.vague = True
        return at + 1


READERS: tuple[tuple[str, Callable[[Reader, int], int]], ...] = (
    ("every", Reader.every),
    ("often", Reader.often),
    ("next", Reader.span),
    ("this", Reader.span),
    ("day", Reader.day),
    ("last", Reader.span),
    ("tonight", Reader.tonight),
    ("part", Reader.part),
    ("moment", Reader.moment),
    ("number", Reader.count),
    ("fraction", Reader.count),
    ("weekday", Reader.weekday),
    ("month", Reader.month),
    ("unit", Reader.bare_unit),
    ("soon", Reader.soon),
    ("hijri", Reader.hijri),
)
