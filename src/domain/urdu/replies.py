"""The sentences the offline assistant says, with agreement and politeness, in the language of the message."""

import re
from enum import StrEnum, auto
from functools import lru_cache

from msgspec import Struct

from domain.tasks import Priority
from domain.urdu.language import Language
from domain.urdu.telling import texts

OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}")


class Reply(StrEnum):
    """What is said. The slots each needs are those of its sentence in replies.toml; bracketed ones may be left out."""

    CREATED = auto()
    PASSED = auto()
    LISTED = auto()
    LIST_EMPTY = auto()
    COUNT = auto()
    COMPLETED = auto()
    COMPLETED_REPEATING = auto()
    COMPLETED_MANY = auto()
    DELETED = auto()
    DELETED_MANY = auto()
    UPDATED = auto()
    UPDATED_MANY = auto()
    RENAMED = auto()
    UNDONE = auto()
    UNDONE_REMOVED = auto()
    UNDONE_RESTORED = auto()
    UNDONE_REVERTED = auto()
    UNDONE_REOPENED = auto()
    REOPENED = auto()
    IS_DONE = auto()
    NOTHING_TO_UNDO = auto()
    WHICH = auto()
    WHICH_OPERATION = auto()
    CONFIRM_DELETE = auto()
    CONFIRM_COMPLETE = auto()
    CONFIRM_UPDATE = auto()
    CANCELLED = auto()
    NOT_FOUND = auto()
    NO_SUCH_NUMBER = auto()
    WHICH_TASK = auto()
    NEEDS_TITLE = auto()
    ALREADY_DONE = auto()
    NEEDS_CHANGE = auto()
    NOT_UNDERSTOOD = auto()
    GREETING = auto()
    THANKS = auto()
    FAREWELL = auto()
    HELP = auto()
    OKAY = auto()
    TODAY = auto()
    MOST_IMPORTANT = auto()
    NOTHING_PENDING = auto()
    FAILED = auto()
    INTERRUPTED = auto()
    CONFIRM_ADD = auto()
    CONFIRM_UNDO = auto()
    NO_ANSWER = auto()
    NOT_DONE = auto()
    CUT_SHORT = auto()
    TOO_MUCH = auto()
    WITHHELD = auto()
    FALLBACK = auto()
    STOPPED = auto()
    USED_UP = auto()


# What generate_urdu_response says for an operation, with and without a title.
SPOKEN = {
    "add": (Reply.CREATED, Reply.NEEDS_TITLE),
    "list": (Reply.NOT_FOUND, Reply.LIST_EMPTY),
    "complete": (Reply.COMPLETED, Reply.WHICH_TASK),
    "delete": (Reply.DELETED, Reply.WHICH_TASK),
    "update": (Reply.UPDATED, Reply.WHICH_TASK),
    "undo": (Reply.UNDONE, Reply.UNDONE),
}


def say(reply: Reply, language: Language, **slots: str | int | None) -> str:
    """The sentence in this language. A slot that is None or absent takes its [bracketed part] with it.

    Raises KeyError for a slot that the sentence cannot do without.
    """
    for name, value in list(slots.items()):
        if value is None or value == "":
            del slots[name]
    if "priority" in slots:
        slots["priority"] = priority_word(Priority(str(slots["priority"])), language)
    places, end = _places(reply, language, tuple(slots))
    said = ""
    for place in places:
        said += place.before + place.filled(slots[place.name])
    return said + end


class _Slot(Struct, frozen=True):
    """A place to fill and the words before it; of a number perhaps only whether it is `one` or `many`."""

    before: str
    name: str
    one: str | None
    many: str | None

    def filled(self, value: str | int | None) -> str:
        if self.one is None or self.many is None:
            return str(value)
        return self.one if value == 1 else self.many


@lru_cache(maxsize=512)
def _places(reply: Reply, language: Language, given: tuple[str, ...]) -> tuple[list[_Slot], str]:
    """The places to fill in the sentence, with those optional parts whose slots are all given, and its end."""

    def kept(part: re.Match[str]) -> str:
        return part[1] if {slot[1] for slot in SLOT.finditer(part[1])}.issubset(given) else ""

    pieces = SLOT.split(OPTIONAL.sub(kept, texts()[reply][language]))
    return [_Slot(*pieces[at : at + 4]) for at in range(0, len(pieces) - 1, 4)], pieces[-1]


def priority_word(priority: Priority, language: Language) -> str:
    """A priority as people say it: "zaroori", "فوری", "high"."""
    return str(texts()[f"priority_{priority}"][language])


def task_line(
    number: int,
    title: str,
    due: str | None,
    priority: Priority,
    done: bool,
    language: Language = Language.ROMAN,
    repeat: str | None = None,
) -> str:
    """One line of a list: "3. doodh lana (kal subah 9 baje, rozana, zaroori)".

    `due` as due_phrase says it, `repeat` as repeat_phrase does.
    """
    notes = [due or "", repeat or ""]
    if priority is not Priority.NORMAL:
        notes.append(priority_word(priority, language))
    if done:
        notes.append(str(texts()["dates"][language]["done"]))
    said = ("، " if language is Language.URDU else ", ").join(filter(None, notes))
    return f"{number}. {title} ({said})" if said else f"{number}. {title}"


def generate_urdu_response(operation: str, title: str | None = None, language: Language = Language.ROMAN) -> str:
    """What the assistant says after `operation` ("add", "delete_task", ...) on the task called `title`.

    >>> generate_urdu_response("delete", "meeting")
    "Theek hai, 'meeting' task delete ho gaya."

    An unknown operation gets the sentence that asks again.
    """
    named, bare = SPOKEN.get(operation.removesuffix("_task").removesuffix("_tasks"), (None, None))
    if named is None or bare is None:
        return say(Reply.NOT_UNDERSTOOD, language)
    return say(named, language, title=title) if title else say(bare, language)
