"""One clause, laid out: its words, date phrases and verbs, and what kinds of word occur in it."""

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from msgspec import Struct

from domain.urdu.heads import Head, find_heads
from domain.urdu.language import Language
from domain.urdu.lexicon import Senses
from domain.urdu.when import Phrase
from domain.urdu.words import SIGN, Word, Words, bits_of

TASK_WORDS = ("task", "list", "alert", "work")
# Before "kaam" or "list" these make it ours: "mera kaam", "kitne kaam", "saari list".
COMPANY = bits_of("my wh all status ordinal wala fresh article polite task number priority late goods")
# Words that carry no meaning of their own beside the verb.
SMALL = SIGN | bits_of(
    "me my i polite article all negation wh aux past need and that post light wala task dila pronoun yaad every "
    "next this last before after number ordinal status priority most count or"
)
NOT = ("not", "don't", "dont", "do not")
SENSES = attrgetter("senses")
NO_KINDS: frozenset[str] = frozenset()
POINTING = frozenset(("pronoun", "all", "ordinal", "wala", "number"))
ASKING = frozenset(("wh", "why"))
INFINITIVE = ("na", "ne", "ni", "نا", "نے", "نی")
# What may stand between "X wala" and what is said of it.
NAMED = bits_of("task polite only")
STEM = 2
# Of several: "urgent wale".
ALL_WALE = ("wale", "walay", "waley", "waale", "vale", "wle", "walon", "walo", "ones", "والے", "والوں")


class Said(Struct):
    """What a text says by itself, whenever and wherever: its words and their kinds, its dates not yet counted."""

    text: str
    words: Words
    kinds: int
    language: Language
    phrases: list[Phrase]
    dated: Sequence[bool]


class Clause(Struct):
    """The words `first` to before `after` of a message. `kinds`: every kind its words can mean."""

    words: Words
    first: int
    after: int
    phrases: list[Phrase]
    heads: list[Head]
    kinds: frozenset[str]
    dated: Sequence[bool]
    task: str = ""
    """The strongest word for a task in it: task, list, alert, work, or empty."""
    tags: bool = False
    """Whether the sign of a tag or of a number stands in it."""

    def has(self, *kinds: str) -> bool:
        """Whether any word of the clause can mean one of these."""
        return not self.kinds.isdisjoint(kinds)

    def span(self) -> Words:
        """Its words."""
        return self.words[self.first : self.after]

    def places(self) -> range:
        """The places of its words."""
        return range(self.first, self.after)

    def senses(self, at: int) -> Senses:
        """What the word at this place can mean."""
        return self.words[at].senses

    def post(self, at: int) -> object:
        """The postposition at this place, None for none."""
        return self.words[at].senses.get("post")

    def undated(self) -> list[Word]:
        """Its words without punctuation and dates."""
        return [word for n in self.places() if not self.dated[n] and not (word := self.words[n]).bits & SIGN]

    def spoken(self) -> list[Word]:
        """Its words without punctuation."""
        return [w for w in self.span() if not w.bits & SIGN]

    def place(self, kind: str) -> int | None:
        """Where the first word of this kind stands."""
        if kind not in self.kinds:
            return None
        return next((n for n in range(self.first, self.after) if kind in self.words[n].senses), None)

    def behind(self, at: int) -> Word | None:
        """The word after this place, within the clause."""
        return self.words[at + 1] if at + 1 < self.after else None

    def asks(self) -> bool:
        """Whether it is a question, by its words or its mark."""
        marked = self.after < len(self.words) and self.words[self.after].key in ("?", "؟")
        return marked or not self.kinds.isdisjoint(ASKING)

    def points(self) -> bool:
        """Whether it points at tasks without naming one: "isko", "sab", "task 3"."""
        return self.tags or not self.kinds.isdisjoint(POINTING)

    def moves(self) -> bool:
        """Whether it says by how much a due is moved: "ek hafta late", "a day earlier"."""
        return bool(self.phrases) and any([phrase.when.moved for phrase in self.phrases])

    def named(self, nouns: int = 0) -> int | None:
        """The place behind "X wala [task]" where nothing but a date or its end follows: it names a task there is.

        `nouns`: so many may follow it, as in "office wali meeting 4 baje".
        """
        for n in range(self.first + 1, self.after if "wala" in self.kinds else 0):
            if "wala" not in self.words[n].senses or self.dated[n] or not self.carries(n - 1):
                continue
            behind = n + 1
            while behind < min(self.after, n + 1 + nouns) and self.carries(behind):
                behind += 1
            while behind < self.after and not self.dated[behind]:
                if not self.words[behind].bits & NAMED and self.post(behind) != "ko":
                    break
                behind += 1
            if behind == self.after or self.dated[behind] or "priority" in self.words[behind].senses:
                return behind
        return None

    def carries(self, at: int) -> bool:
        """Whether the word at this place carries meaning beside dates and small words."""
        return not (self.dated[at] or self.words[at].bits & SMALL)

    def content(self, head: Head | None = None) -> list[str]:
        """The keys of the words that carry meaning beside the verb `head`, dates and small words."""
        dated, words = self.dated, enumerate(self.words[self.first : self.after], self.first)
        verb = range(head.first, head.after) if head else ()
        return [word.key for n, word in words if not (dated[n] or word.bits & SMALL or n in verb)]

    def says(self, head: Head | None = None) -> bool:
        """Whether there is any such word."""
        at, words, dated = self.first, self.words, self.dated
        while at < self.after and (words[at].bits & SMALL or dated[at] or (head and head.first <= at < head.after)):
            at += 1
        return at < self.after

    def names(self, head: Head | None = None) -> bool:
        """Whether it names or points at any task at all."""
        return bool(self.task) or self.points() or self.says(head)


def lay_out(said: Said, first: int, after: int) -> Clause:
    """The clause between two places of a message."""
    words, phrases, dated = said.words, said.phrases, said.dated
    span = words[first:after]
    if phrases:
        phrases = phrases[bisect_left(phrases, first, key=_begin) : bisect_left(phrases, after, key=_begin)]
    kinds = NO_KINDS.union(*map(SENSES, span))
    clause = Clause(words, first, after, phrases, find_heads(words, first, after, dated), kinds, dated)
    if "task" in kinds:
        clause.task = _task_word(clause)
    clause.tags = "#" in said.text and "#" in [word.key for word in span]
    return clause


def _begin(phrase: Phrase) -> int:
    return phrase.first


def _task_word(clause: Clause) -> str:
    said, at = [], clause.first
    for word in clause.span():
        if "task" in word.senses and _is_ours(clause, at):
            said.append(word.senses["task"])
        at += 1
    return min(said, key=TASK_WORDS.index) if said[1:] else "".join(said)


def _is_ours(clause: Clause, at: int) -> bool:
    """Whether a word for a task means ours: "kaam" and "list" only in company ("mera kaam", "meri list")."""
    word = clause.words[at]
    if word.senses["task"] not in ("work", "list") or at == clause.first or " " in word.key:
        return True
    before = clause.words[at - 1]
    led = before.bits & COMPANY or clause.dated[at - 1] or before.key[0] in ",:،"
    joined = before.senses.get("post") == "of" and at - 2 >= clause.first
    more = "and" in before.senses and at - 2 >= clause.first and "article" in clause.senses(at - 2)  # "koi aur kaam"
    return bool(led) or more or (joined and (clause.dated[at - 2] or "task" in clause.senses(at - 2)))


def is_infinitive(word: Word) -> bool:
    """Whether a word looks like an infinitive ("karna", "lene", "deni")."""
    return word.key.endswith(INFINITIVE) and (len(word.key) > STEM + 1 or word.senses.get("light") == "infinitive")
