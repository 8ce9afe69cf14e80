"""The message after a question of the assistant: yes, no, which one, both, or a correction."""

from msgspec import Struct

from domain.urdu.words import Word, read_words

LAST = -1
LONGEST = 12


class Answer(Struct, frozen=True):
    """What a message says as an answer.

    `yes`: agreed, refused or neither. `choices`: positions from 1 in the list that was shown, -1 the last.
    `words`: what names the chosen one ("meeting wala"). `negated`: something was refused before the choice
    ("nahi, doosra wala"), which makes it a correction.
    """

    yes: bool | None = None
    choices: tuple[int, ...] = ()
    everything: bool = False
    words: str | None = None
    negated: bool = False


def read_answer(text: str) -> Answer:
    """Read a message as the answer to a question; an empty Answer when it is none."""
    words = [word for word in read_words(text, talk=True) if _said(word)]
    if not words or len(words) > LONGEST:
        return Answer()
    kinds = [word.senses.get("answer") for word in words]
    if len(words) > 1 and _picks_all(words):
        kinds = ["all" if kind == "no" else kind for kind in kinds]
    choices = tuple(dict.fromkeys(choice for word in words if (choice := _choice(word, words)) is not None))
    everything = "all" in kinds
    negated = kinds[0] == "no" or "no" in kinds
    named = _name(words, text) if not choices and not everything else None
    agreed: bool | None = None
    if "no" in kinds:
        agreed = None if choices or named or everything else False
    elif "yes" in kinds:
        agreed = True
    if agreed is not None and not choices and not everything and named:
        agreed = True if kinds[0] == "yes" and not named else None
    return Answer(agreed, choices, everything, named, negated and bool(choices or named or everything))


def _said(word: Word) -> bool:
    return word.key[0].isalnum()


def _picks_all(words: list[Word]) -> bool:
    return any(word.senses.get("answer") == "all" for word in words) and not any(
        word.senses.get("answer") == "no" for word in words
    )


def _choice(word: Word, words: list[Word]) -> int | None:
    if "ordinal" in word.senses:
        return int(word.senses["ordinal"])
    if "number" not in word.senses:
        return None
    sure = "digits" in word.senses or "light" not in word.senses or len(words) == 1
    return int(word.senses["number"]) if sure and word.senses["number"] else None


GLUE = ("answer", "wala", "task", "light", "post", "polite", "aux", "negation", "me", "my", "delete", "complete", "and")


def _name(words: list[Word], text: str) -> str | None:
    """The words that name a task: what remains between the first and the last that is not glue."""
    named = [word for word in words if not any(kind in word.senses for kind in GLUE)]
    return text[named[0].start : named[-1].end] if named else None
