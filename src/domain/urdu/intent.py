"""What a message asks for: the Intent, and the parser that reads it."""

from datetime import UTC, date, datetime
from enum import StrEnum

from msgspec import Struct

from domain.tasks import Due, Priority, TaskStatus
from domain.urdu.language import Language, language_of
from domain.urdu.words import read_words

ACT = 0.6
"""An intent at least this sure is acted on."""
ASK = 0.35
"""Below ACT and at least this sure: ask before acting. Below it the message was not understood."""


class Operation(StrEnum):
    """What is to be done with tasks."""

    ADD = "add"
    LIST = "list"
    COMPLETE = "complete"
    DELETE = "delete"
    UPDATE = "update"
    UNDO = "undo"
    NONE = "none"


class Social(StrEnum):
    """What a message without an operation is."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    HELP = "help"


class Intent(Struct, frozen=True, kw_only=True):
    """One command of a message, read.

    `title`: a span of the message: for add what to store, else the words that name the task.
    `priority`: for add and update the one to set, for list a filter.
    `due`: the new due of add and update; None for a date that only filters.
    `due_text`: the date phrase as written, also of a filter.
    `repeat`: an RFC 5545 rule ("FREQ=WEEKLY;BYDAY=FR").
    `confidence`: 0 to 1, to be compared with ACT and ASK.
    `language`: what the message is written in, to mirror.
    `task_id`: "task 3", "#3", "3 number wala". `ordinal`: "pehla" 1, "aakhri" -1, of the last list shown.
    `pronoun`: "isko", "it". `everything`: "saare", "all". `status`: a filter ("mukammal wale").
    `during`: a date that filters, as half-open local days [first, after-last).
    `new_title`: of an update that renames. `tags`: "#ghar" without the sign.
    `count_only`: "kitne tasks hain". `most_important`: "sab se zaroori kya hai".
    `options`: the operations an ambiguous verb may mean ("khatam karo"), to ask about.
    `social`: what a message without operation is.
    """

    operation: Operation
    title: str | None = None
    priority: Priority | None = None
    due: Due | None = None
    due_text: str | None = None
    repeat: str | None = None
    confidence: float = 0.0
    language: Language = Language.ROMAN
    task_id: int | None = None
    ordinal: int | None = None
    pronoun: bool = False
    everything: bool = False
    status: TaskStatus | None = None
    during: tuple[date, date] | None = None
    new_title: str | None = None
    tags: tuple[str, ...] = ()
    count_only: bool = False
    most_important: bool = False
    options: tuple[Operation, ...] = ()
    social: Social | None = None


def parse_urdu_intents(
    text: str, *, now: datetime | None = None, timezone: str = "Asia/Karachi"
) -> tuple[Intent, ...]:
    """Every command of a message in order; a single Intent of Operation.NONE when there is none."""
    return (parse_urdu_intent(text, now=now, timezone=timezone),)


VERBS = (
    ("remind", Operation.ADD),
    ("add", Operation.ADD),
    ("delete", Operation.DELETE),
    ("complete", Operation.COMPLETE),
    ("update", Operation.UPDATE),
    ("undo", Operation.UNDO),
    ("list", Operation.LIST),
)


def parse_urdu_intent(text: str, *, now: datetime | None = None, timezone: str = "Asia/Karachi") -> Intent:
    """The first command of a message. `now` defaults to the present moment; `timezone` is an IANA name."""
    now = now or datetime.now(UTC)
    words = read_words(text)
    social = next((Social(w.senses["social"]) for w in words if "social" in w.senses), None)
    for verb, operation in VERBS:
        heads = [w for w in words if verb in w.senses]
        if heads:
            rest = [
                w
                for w in words
                if not w.senses or not w.senses.keys() & {verb, "light", "task", "my", "wala", "me", "polite", "aux", "post", "article", "all", "wh"}
            ]
            title = text[rest[0].start : rest[-1].end] if rest else None
            return Intent(operation=operation, title=title, confidence=0.9, language=language_of(text))
    return Intent(operation=Operation.NONE, language=language_of(text), social=social)
