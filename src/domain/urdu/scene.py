"""One clause, laid out: its words, date phrases and verbs, and what kinds of word occur in it."""

from collections.abc import Sequence

from msgspec import Struct

from domain.urdu.heads import Head, find_heads
from domain.urdu.when import Phrase
from domain.urdu.words import Word

COMPANY = frozenset(
    ["my", "wh", "all", "status", "ordinal", "wala", "fresh", "article", "polite", "task", "number", "priority"]
)


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
        found = {str(w.senses["task"]) for n, w in enumerate(self.span(), self.first) if self._is_task(n, w)}
        return next((kind for kind in ("task", "list", "alert", "work") if kind in found), "")

    def _is_task(self, at: int, word: Word) -> bool:
        """Whether a word for a task means ours: "kaam" and "list" only in company ("mera kaam", "meri list")."""
        kind = word.senses.get("task")
        if kind not in ("work", "list") or at == self.first or " " in word.key:
            return kind is not None
        before = self.words[at - 1]
        led = not COMPANY.isdisjoint(before.senses) or self.dated[at - 1] or before.key[0] in ",:،"
        joined = before.senses.get("post") == "of" and at - 2 >= self.first
        return led or (joined and (self.dated[at - 2] or "task" in self.words[at - 2].senses))

    def place(self, kind: str) -> int | None:
        """Where the first word of this kind stands."""
        return next((n for n in range(self.first, self.after) if kind in self.words[n].senses), None)


def lay_out(words: Sequence[Word], first: int, after: int, phrases: list[Phrase], dated: Sequence[bool]) -> Clause:
    """The clause between two places of a message."""
    inside = [p for p in phrases if first <= p.first < after]
    kinds = frozenset(kind for w in words[first:after] for kind in w.senses)
    return Clause(words, first, after, inside, find_heads(words, first, after, dated), kinds, dated)
