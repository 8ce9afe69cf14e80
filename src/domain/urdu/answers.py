"""The message after a question of the assistant: yes, no, which one, both, or a correction."""

from msgspec import Struct

from domain.urdu.words import Word, read_words

LAST = -1
# A longer message is no answer, but something new.
LONGEST = 12
# Words that name no task.
# fmt: off
GLUE = frozenset((
    "answer", "social", "wala", "task", "light", "post", "polite", "aux", "negation", "me", "my", "and", "article",
    "fresh", "number", "numero", "delete", "complete", "update", "i", "that",
))
# fmt: on


class Answer(Struct, frozen=True):
    """What a message says as an answer.

    `yes`: agreed, refused or neither. `choices`: positions from 1 in the list that was shown, -1 the last.
    `everything`: "dono", "sab". `words`: what names the chosen one ("meeting wala"). `negated`: something was refused
    before the choice ("nahi, doosra wala"), which makes it a correction.
    """

    yes: bool | None = None
    choices: tuple[int, ...] = ()
    everything: bool = False
    words: str | None = None
    negated: bool = False


def read_answer(text: str) -> Answer:
    """Read a message as the answer to a question; an empty Answer when it is none."""
    words = [word for word in read_words(text, talk=True) if word.key[0].isalnum()]
    if not words or len(words) > LONGEST:
        return Answer()
    kinds = [word.senses.get("answer") for word in words]
    choices = tuple(dict.fromkeys(number for word in words if (number := _choice(word, words)) is not None))
    everything = "all" in kinds
    named = None if choices or everything else _name(words, text)
    chosen = bool(choices or everything or named)
    refused = "no" in kinds
    agreed = "yes" in kinds and not refused and not named
    yes = True if agreed else False if refused and not chosen else None
    return Answer(yes, choices, everything, named, refused and chosen)


def _choice(word: Word, words: list[Word]) -> int | None:
    if "ordinal" in word.senses:
        return int(word.senses["ordinal"])
    number = word.senses.get("number")
    # "do" is also give, "no" also nine, and "the report one" counts nothing: such words count only by themselves.
    sure = "digits" in word.senses or len(words) == 1 or word.senses.keys().isdisjoint(("light", "answer"))
    if not number or not sure or "answer" in word.senses or (word.key == "one" and word is not words[0]):
        return None
    return int(number)


def _name(words: list[Word], text: str) -> str | None:
    """The words that name a task: what remains between the first and the last that is not glue."""
    named = [word for word in words if GLUE.isdisjoint(word.senses)]
    return text[named[0].start : named[-1].end] if named else None
