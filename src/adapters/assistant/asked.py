"""What a person asks for in their own words: what they only quote or paste commands nothing, but can name a task."""

import re

from msgspec import Struct
from msgspec.structs import replace

from application.account import CHANGES
from domain.conversations import Role, Turn
from domain.urdu import ASK, Intent, Operation, parse_urdu_intents, read_answer

# Quotation marks of each script, code, lines quoted from a mail, and lines that a chat's log or a prompt begins so.
QUOTED = re.compile(
    r"```.*?(?:```|\Z)|\"[^\"]*\"|“[^”]*”|«[^»]*»|‘[^’]*’|`[^`]*`|(?<!\w)'[^'\n]*'(?!\w)"
    r"|^[ \t]*>[^\n]*|^\W*(?:system|assistant|developer|user|tool)(?:[ _]\w+)?\W*:[^\n]*",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
MARKS = "\"“”«»‘’`'> \t"
INTRODUCED = re.compile(r":\s.*", re.DOTALL)
# Stands for what is quoted while the domain reads the rest: a word that no lexicon knows.
NAME = "Zqx"


class Asked(Struct, frozen=True):
    """The commands of a message, or of the one before it when this one only answers a question.

    `plainly` are the operations that do not stand behind a colon: what follows one may be told, not asked. `chosen` and
    `words` are what the answer picks by number and by name, `refused` the numbers that it refuses. `said` is all that
    the person wrote, quotes included; `first` is how its first command reads, as it stands.
    """

    said: str
    first: Intent
    intents: tuple[Intent, ...]
    plainly: frozenset[Operation]
    chosen: tuple[int, ...] = ()
    words: str | None = None
    refused: tuple[int, ...] = ()


def asked_in(turn: Turn) -> Asked:
    """Read the turn's message, with the one before it where it only answers."""
    asked = _read(turn, turn.message)
    if _commands(asked):
        return asked
    before = _unanswered(turn)
    answer = read_answer(turn.message)
    if before is None or not (answer.yes or answer.choices or answer.numbers or answer.words or answer.everything):
        return asked
    earlier = _read(turn, before)
    if not _commands(earlier):
        return asked
    said, chosen = f"{before} {turn.message}", answer.choices + answer.numbers
    return replace(earlier, said=said, first=asked.first, chosen=chosen, words=answer.words, refused=answer.not_numbers)


def _commands(asked: Asked) -> bool:
    return any(intent.operation is not Operation.NONE for intent in asked.intents)


def _unanswered(turn: Turn) -> str | None:
    """What the person said before, as long as nothing was changed upon it: a command is carried out once."""
    for message in reversed(turn.history):
        if message.role is Role.USER:
            return message.text
        if any(call.result and call.name in CHANGES for call in message.tool_calls):
            return None
    return None


def _read(turn: Turn, text: str) -> Asked:
    names: dict[str, str] = {}

    def name(quote: re.Match[str]) -> str:
        names[NAME + chr(ord("a") + len(names) % 26)] = quote[0].strip(MARKS)
        return list(names)[-1]

    own = QUOTED.sub(name, text)
    # Read once where it holds neither quotes nor a colon: each reading takes some half a millisecond.
    read = _parsed(turn, own)
    first = read[0] if own == text else _parsed(turn, text)[0]
    introduced = INTRODUCED.sub(f": {NAME}", own)
    plain = read if introduced == own else _parsed(turn, introduced)
    intents = tuple(_named(intent, names) for intent in _sure(read))
    return Asked(text, first, intents, frozenset(intent.operation for intent in _sure(plain)))


def _named(intent: Intent, names: dict[str, str]) -> Intent:
    """The intent with what was quoted back in its titles."""
    if not names:
        return intent

    def restored(title: str | None) -> str | None:
        for name, quote in names.items():
            title = title.replace(name, quote) if title else title
        return title

    return replace(intent, title=restored(intent.title), new_title=restored(intent.new_title))


def _parsed(turn: Turn, text: str) -> tuple[Intent, ...]:
    return parse_urdu_intents(text, now=turn.now, timezone=turn.timezone)


def _sure(read: tuple[Intent, ...]) -> list[Intent]:
    return [intent for intent in read if intent.confidence >= ASK or intent.operation is Operation.NONE]
