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

    `yes`: agreed, refused or neither. `choices`: positions from 1 in the list that was shown, -1 the last. `numbers`:
    what was said as a number ("2", "1 aur 3"): the task's own, as it was shown.
    `everything`: "dono", "sab". `words`: what names the chosen one ("meeting wala"). `negated`: something was refused
    before the choice ("nahi, doosra wala"), which makes it a correction.
    """

    yes: bool | None = None
    choices: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    everything: bool = False
    words: str | None = None
    negated: bool = False

    @property
    def picks(self) -> bool:
        """Whether it says which ones, by place or by number."""
        return bool(self.choices or self.numbers)


def read_answer(text: str) -> Answer:
    """Read a message as the answer to a question; an empty Answer when it is none."""
    words = [word for word in read_words(text, talk=True) if word.key[0].isalnum()]
    if not words or len(words) > LONGEST:
        return Answer()
    kinds = [word.senses.get("answer") for word in words]
    # A sentence that says more than which one is no choice: "kal 2 baje meeting add karo" picks nothing.
    only_picks = all(_is_glue(word) or _choice(word, words) is not None for word in words)
    places = [int(word.senses["ordinal"]) for word in words if "ordinal" in word.senses] if only_picks else []
    counted = [number for word in words if (number := _choice(word, words)) is not None] if only_picks else []
    choices = tuple(dict.fromkeys(places))
    numbers = tuple(dict.fromkeys(number for number in counted if number not in choices))
    everything = only_picks and "all" in kinds
    named = None if choices or numbers or everything else _name(words, text)
    chosen = bool(choices or numbers or everything or named)
    refused = "no" in kinds
    agreed = "yes" in kinds and not refused and not named
    yes = True if agreed else False if refused and not chosen else None
    return Answer(yes, choices, numbers, everything, named, refused and chosen)


def _is_glue(word: Word) -> bool:
    return not GLUE.isdisjoint(word.senses)


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
    named = [word for word in words if not _is_glue(word)]
    return text[named[0].start : named[-1].end] if named else None
