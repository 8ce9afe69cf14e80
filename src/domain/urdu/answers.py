"""The message after a question of the assistant: yes, no, which one, which one not, both, or a correction."""

from itertools import pairwise, takewhile

from msgspec import Struct

from domain.urdu.language import language_of
from domain.urdu.naming import either_named
from domain.urdu.scene import is_infinitive
from domain.urdu.words import SIGN, Word, Words, bits_of, may_hold, read_words

# A longer message is no answer, but something new.
LONGEST = 12
# Words that name no task.
GLUE = bits_of(
    "answer social wala task light post polite aux negation me my and article fresh number numero delete "
    "complete update i that pronoun refusal turn only nod"
)
VERBS = bits_of("light aux delete complete update")
TELLING = ("habitual", "future")
I_AM = ("hun", "hoon", "hu", "i'm", "ہون")
DENYING = bits_of("negation light status post pronoun polite aux slip complete")
UNDONE = ("yet", "done", "not done")
TURNING = bits_of("turn polite")
OPENING = TURNING | bits_of("answer") | SIGN
STOPS = frozenset(",،.;۔؛!?؟")

Part = list[Word]


class Answer(Struct, frozen=True):
    """What a message says as an answer.

    `yes`: agreed, refused or neither. `choices`: positions from 1 in the list that was shown, -1 the last. `numbers`:
    what was said as a number ("2", "1 aur 3"): the task's own, as it was shown.
    `everything`: "dono", "sab". `words`: what names the chosen one ("meeting wala"). `negated`: something was refused
    before the choice ("nahi, doosra wala"), which makes it a correction.
    `not_choices`, `not_numbers`, `not_words`: the same of what is refused ("pehla nahi", "keep the report").
    """

    yes: bool | None = None
    choices: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    everything: bool = False
    words: str | None = None
    negated: bool = False
    not_choices: tuple[int, ...] = ()
    not_numbers: tuple[int, ...] = ()
    not_words: tuple[str, ...] = ()

    @property
    def picks(self) -> bool:
        """Whether it says which ones, by place or by number."""
        return bool(self.choices or self.numbers)

    @property
    def refuses(self) -> bool:
        """Whether it says which ones are not meant."""
        return bool(self.not_choices or self.not_numbers or self.not_words)


class _Named(Struct):
    """What some parts of a message name: places, numbers, all, or the words of each part."""

    choices: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    everything: bool = False
    words: tuple[str, ...] = ()

    def anything(self) -> bool:
        return bool(self.choices or self.numbers or self.everything or self.words)


def read_answer(text: str) -> Answer:
    """Read a message as the answer to a question; an empty Answer when it is none."""
    words = _heard(read_words(text, talk=True))
    spoken = [word for word in words if word.key[0].isalnum()]
    if not spoken or len(spoken) > LONGEST:
        return Answer()
    kinds = [word.senses.get("answer") for word in spoken]
    refused = "no" in kinds or any("refusal" in word.senses for word in spoken) or any(map(_excepts, words, words[1:]))
    parts = _told_apart(words) if refused else _Parts([spoken])
    chosen, denied = _named(parts.wanted, text), _named(parts.unwanted, text)
    if len(chosen.choices + chosen.numbers) > 1 < len(either_named(text, language_of(text))):
        # "2 ya 3" leaves open which.
        return Answer()
    # "Haan, lekin pehla nahi" agrees to the rest; a "kar do" behind a refusal agrees to nothing.
    agreed = kinds[0] == "yes" and bool(parts.unwanted) and not parts.said_no if refused else "yes" in kinds
    agreed = agreed and not _chats(spoken, text)
    if refused and not agreed and not chosen.anything() and not (denied.choices or denied.numbers or denied.words):
        return Answer(yes=False)
    return Answer(
        True if agreed and not chosen.words else None,
        chosen.choices,
        chosen.numbers,
        chosen.everything and not _chats(spoken, text),
        chosen.words[0] if chosen.words and not _tells(spoken) else None,
        refused and chosen.anything(),
        tuple(place for place in denied.choices if place not in chosen.choices),
        tuple(number for number in denied.numbers if number not in chosen.numbers),
        denied.words,
    )


def without_turn(text: str) -> str:
    """The text without what only turns to it: "no, 6pm", "balke jumme ko"."""
    if text[:1].isalnum() and not may_hold(" ".join(text.split(" ", 2)[:2]), OPENING):
        return text
    words = read_words(text, talk=True)
    turns = takewhile(lambda w: w.bits & (TURNING | SIGN) or w.senses.get("answer") == "no", words)
    at = len(list(turns))
    return text[words[at].start :] if at < len(words) else text


def denies(text: str) -> bool:
    """Whether a text says only that something is not done: "nahi hua", "oops, not yet"."""
    words = [word for word in read_words(text) if word.key[0].isalnum()]
    done = any(word.senses.get("light") == "perfect" or word.key in UNDONE or "slip" in word.senses for word in words)
    told = all(word.bits & DENYING or word.key in UNDONE for word in words)
    return done and told and any("negation" in word.senses or word.key.startswith("not ") for word in words)


class _Parts:
    """A message with a refusal in it, cut into what is wanted and what is not.

    "Nahi" stands behind what it refuses and "not" before it; "rehne do" before it only where nothing stands behind.
    """

    def __init__(self, wanted: list[Part] | None = None) -> None:
        self.wanted = wanted or []
        self.unwanted: list[Part] = []
        self.said_no = False
        self.refusing = False
        self._part: Part = []

    def put(self, word: Word) -> None:
        """One more word of the part that is being read: behind a verb a name begins another part."""
        named = [at for at, other in enumerate(self._part) if _names(other)]
        if named and _names(word) and any(w.bits & VERBS for w in self._part[named[-1] + 1 :]):
            self.end()
        self._part.append(word)

    def end(self) -> None:
        """The part ends here; where nothing is named it only says no."""
        if any(map(_names, self._part)):
            (self.unwanted if self.refusing else self.wanted).append(self._part)
        else:
            self.said_no = self.said_no or self.refusing
        self._part, self.refusing = [], False

    def refuse(self, way: str) -> None:
        """A refusal stands here: of what was said, or of what is going to be."""
        behind = any(map(_names, self._part))
        if way == "after" or (way == "either" and behind):
            self.refusing = True
            self.end()
        else:
            self.end()
            self.refusing = True

    def close(self) -> None:
        """The message ends: "the first one not" refuses what stands before it."""
        if self.refusing and self.wanted and not any(map(_names, self._part)):
            self.unwanted.append(self.wanted.pop())
        self.end()


def _told_apart(words: list[Word]) -> _Parts:
    parts = _Parts()
    # "Na pehla na doosra" refuses both; one "na" alone stands behind what it refuses.
    neither = sum(word.senses.get("refusal") == "twice" for word in words) > 1
    for at, word in enumerate(words):
        way = word.senses.get("refusal")
        if "turn" in word.senses or word.key in STOPS:
            parts.end()
            if at and _excepts(words[at - 1], word):
                parts.refuse("before")
        elif way:
            parts.refuse(way if way != "twice" else "before" if neither else "after")
        elif word.key[0].isalnum():
            parts.put(word)
    parts.close()
    return parts


def _excepts(word: Word, behind: Word) -> bool:
    """Whether these begin an exception: "all but the first"."""
    return word.senses.get("answer") == "all" and "turn" in behind.senses


def _named(parts: list[Part], text: str) -> _Named:
    words = [word for part in parts for word in part]
    # A sentence that says more is no choice: "kal 2 baje meeting add karo" picks nothing.
    if all(word.bits & GLUE or _choice(word, words) is not None for word in words):
        choices = tuple(dict.fromkeys(int(word.senses["ordinal"]) for word in words if "ordinal" in word.senses))
        counted = [number for word in words if (number := _choice(word, words)) is not None]
        numbers = tuple(dict.fromkeys(number for number in counted if number not in choices))
        everything = any(word.senses.get("answer") == "all" for word in words)
        if choices or numbers or everything:
            return _Named(choices, numbers, everything)
    return _Named(words=tuple(name for part in parts if (name := _name(part, text))))


def _chats(words: list[Word], text: str) -> bool:
    """Whether it asks, greets or speaks of oneself, which is no agreement: "haan kya haal hai"."""
    asks = text.rstrip().endswith(("?", "؟")) or any("wh" in word.senses for word in words)
    return asks or any(word.senses.get("social") in ("greeting", "help") or word.key in I_AM for word in words)


def _tells(words: list[Word]) -> bool:
    """Whether it asks, or says what is or is going to be, and names nothing: "office ja raha hun"."""
    if any("wh" in word.senses for word in words):
        return True
    if any("wala" in word.senses for word in words):
        return False
    finite = any(word.senses.get("light") in TELLING or word.key in I_AM for word in words)
    return finite or any(is_infinitive(one) and "aux" in two.senses for one, two in pairwise(words))


def _heard(words: Words) -> list[Word]:
    """The words without the "na" of "kar do na", and with "lana" of "lana wala" as the name that it is there."""
    heard: list[Word] = []
    for at, word in enumerate(words):
        behind = words[at + 1].senses if at + 1 < len(words) else {}
        if heard and word.senses.get("refusal") == "twice" and _asks(heard[-1]):
            continue
        named = "light" in word.senses and "number" not in word.senses and "wala" in behind
        heard.append(word.unsaid() if named else word)
    return heard


def _asks(word: Word) -> bool:
    return word.senses.get("answer") == "yes" or "imperative" in word.senses.values()


def _names(word: Word) -> bool:
    return not word.bits & GLUE or word.means("ordinal", "digits") or word.senses.get("answer") == "all"


def _choice(word: Word, words: list[Word]) -> int | None:
    if "ordinal" in word.senses:
        return int(word.senses["ordinal"])
    number = word.senses.get("number")
    # "do" is also give, "no" also nine: such words count only by themselves.
    sure = "digits" in word.senses or len(words) == 1 or not word.means("light", "answer")
    if not number or not sure or "answer" in word.senses or (word.key == "one" and word is not words[0]):
        return None
    return int(number)


def _name(words: Part, text: str) -> str | None:
    """The words that name a task: what remains between the first and the last that is not glue."""
    named = [word for word in words if not word.bits & GLUE]
    return text[named[0].start : named[-1].end] if named else None
