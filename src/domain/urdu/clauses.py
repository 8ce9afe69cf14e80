"""Cutting a message where one command ends and the next begins."""

from collections.abc import Sequence

from domain.urdu.heads import find_heads
from domain.urdu.words import Word

STOPS = frozenset(".?!;\n؟۔؛")
JOINS = frozenset(",،")
ACTING = ("command", "request", "need", "wish", "done", "bare")


def find_clauses(words: Sequence[Word], text: str, dated: Sequence[bool]) -> list[tuple[int, int]]:
    """The clauses of a message as half-open ranges of words."""
    clauses: list[tuple[int, int]] = []
    for first, after in _sentences(words, text, dated):
        clauses += _commands(words, first, after, dated)
    return clauses


def _sentences(words: Sequence[Word], text: str, dated: Sequence[bool]) -> list[tuple[int, int]]:
    found, first = [], 0
    for at, word in enumerate(words):
        ends = word.key in STOPS and not dated[at] and (word.key != "." or _ends(words, at, text))
        broken = at > first and "\n" in text[words[at - 1].end : word.start]
        if broken:
            found.append((first, at))
            first = at
        if ends:
            if at > first:
                found.append((first, at))
            first = at + 1
    if first < len(words):
        found.append((first, len(words)))
    return found


def _ends(words: Sequence[Word], at: int, text: str) -> bool:
    """Whether a full stop ends a sentence: not within "9.30", "p.m" or "D . I . Y"."""
    if at + 1 >= len(words):
        return True
    lone = at > 0 and len(words[at - 1].text) == 1
    return not lone and text[words[at].end : words[at].end + 1].isspace()


def _commands(words: Sequence[Word], first: int, after: int, dated: Sequence[bool]) -> list[tuple[int, int]]:
    """Cut at "aur", "phir", "," and "and" where a whole command stands on both sides."""
    joints = [at for at in range(first + 1, after - 1) if _joins(words[at]) and not dated[at]]
    if not joints:
        return [(first, after)]
    heads = [h for h in find_heads(words, first, after, dated) if h.kind != "did" or h.mood == "done"]
    cuts, begun = [], first
    for at in joints:
        left = [h for h in heads if begun <= h.first < at and h.mood in ACTING]
        right = [h for h in heads if h.first > at and h.mood in ACTING]
        if not left or not right or at <= begun:
            continue
        closed = left[-1].after >= at - 1 and not left[-1].english
        led = right[0].first <= at + 2 and right[0].english
        if closed or (led and any(h.english for h in left)):
            cuts.append((begun, at))
            begun = at + 1
    return [*cuts, (begun, after)]


def _joins(word: Word) -> bool:
    return word.key in JOINS or "and" in word.senses
