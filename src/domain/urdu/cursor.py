"""The words of a message under a reader of dates, and what the phrase has said so far."""

from msgspec import Struct

from domain.urdu.words import Words


class When(Struct):
    """What a date phrase says; a field is None or empty where it is silent.

    `day`: days from today. `weekday`: 0 is Monday. `date`: year, month and day, each or None. `span`: which ("next",
    "this", "last", "next 3") of what unit. `which`: of the weekday. `shift`: so many units from now. `ahead`: so many
    units before something else. `moved`: so much later than an old due ("ek hafta late"). `lasting`: the shift is
    said as a length ("30 minute ke liye"). `clock`: hour and minute as said, `meridiem` am, pm, 24 or midnight, `part`
    of the day, `again` further hours ("2 baje aur 8 baje"). `rule` and its weekdays `days`: RFC 5545. `bound`: until,
    before, after or from. `vague`: a time that cannot be counted ("baad mein", "eid par"); `uncounted`: and yet says
    too much to be dropped from a title ("eid par", "har ghante").
    """

    day: int | None = None
    weekday: int | None = None
    date: tuple[int | None, int | None, int | None] | None = None
    span: tuple[str, str] | None = None
    which: str = ""
    shift: tuple[float, str] | None = None
    ahead: tuple[float, str] | None = None
    moved: tuple[float, str] | None = None
    lasting: bool = False
    clock: tuple[int, int] | None = None
    meridiem: str = ""
    again: tuple["When", ...] = ()
    part: str = ""
    rule: str = ""
    days: tuple[int, ...] = ()
    bound: str = ""
    vague: bool = False
    uncounted: bool = False

    def dated(self) -> bool:
        """Whether it names a day."""
        return (self.day, self.weekday, self.date, self.span, self.shift) != (None,) * 5


class Cursor:
    """The words of a message, asked by place, and the When that is being filled in."""

    def __init__(self, words: Words, when: When) -> None:
        self.words = words
        self.stop = len(words)
        self.when = when

    def has(self, at: int, kind: str) -> bool:
        """Whether the word at this place can mean `kind`."""
        return at < self.stop and kind in self.words[at].senses

    def key(self, at: int) -> str:
        """The word at this place in lower case; a blank outside the text."""
        return self.words[at].text.lower() if 0 <= at < self.stop else " "

    def number(self, at: int) -> int | None:
        """The number at this place."""
        number: int | None = self.words[at].senses.get("number") if at < self.stop else None
        return number

    def post(self, at: int) -> str:
        """The postposition at this place, empty for none."""
        post: str = self.words[at].senses.get("post", "") if at < self.stop else ""
        return post

    def unit(self, at: int) -> str:
        """The unit of time at this place, empty for none."""
        unit: str = self.words[at].senses.get("unit", "") if at < self.stop else ""
        return unit
