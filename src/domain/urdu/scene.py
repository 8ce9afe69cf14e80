"""One clause, laid out: its words, date phrases and verbs, and what kinds of word occur in it."""

from collections.abc import Sequence

from msgspec import Struct

from domain.urdu.heads import Head, find_heads
from domain.urdu.when import Phrase
from domain.urdu.words import Word

STRONG = ("task", "list")


class Clause(Struct):
    """The words `first` to before `after` of a message."""

    words: Sequence[Word]
    first: int
    after: int
    phrases: list[Phrase]
    heads: list[Head]
    kinds: frozenset[str]
    dated: Sequence[bool]

    def has(self, *kinds: str) -> bool:
        """Whether any word of the clause can mean one of these."""
        return not self.kinds.isdisjoint(kinds)

    def span(self) -> Sequence[Word]:
        """Its words."""
        return self.words[self.first : self.after]

    def task_word(self) -> str:
        """The strongest word for a task in it: task, list, alert, work, or empty."""
        found = {str(w.senses["task"]) for w in self.span() if "task" in w.senses}
        return next((kind for kind in ("task", "list", "alert", "work") if kind in found), "")

    def place(self, kind: str) -> int | None:
        """Where the first word of this kind stands."""
        return next((n for n in range(self.first, self.after) if kind in self.words[n].senses), None)


def lay_out(words: Sequence[Word], first: int, after: int, phrases: list[Phrase], dated: Sequence[bool]) -> Clause:
    """The clause between two places of a message."""
    inside = [p for p in phrases if first <= p.first < after]
    kinds = frozenset(kind for w in words[first:after] for kind in w.senses)
    return Clause(words, first, after, inside, find_heads(words, first, after, dated), kinds, dated)
