"""Which task do these words mean: exact, then all words, then near spelling; never a guess among several."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from domain.tasks import Task
from domain.urdu.spelling import fold_text

WORD = re.compile(r"\w+")
# "bijli ke bill" is bijli ka bill, and "ahmed wali meeting" the meeting with Ahmed: case and "wali" name nothing.
CASES = dict.fromkeys(("ki", "ke", "k"), "ka") | dict.fromkeys(("کی", "کے"), "کا")
WALA = frozenset(("wala", "wali", "wale", "والا", "والی", "والے"))
# One slip in a word of 4 to 7 letters, two in a longer one; shorter words must be right.
PREFIX_MIN = 3
SLIPS = ((8, 2), (4, 1))


def find(tasks: Sequence[Task], words: str) -> list[Task]:
    """The tasks that `words` name, in the order given: the closest kind of match that has any.

    Titles are compared by folded spelling and script: "meting", "Meeting" and "میٹنگ" written twice are one each.
    """
    wanted = _words(words)
    if not wanted:
        return []
    titled = [(task, _words(task.title)) for task in tasks]
    found = [task for task, title in titled if wanted == title]
    if found:
        return found
    wanted = _plain(wanted)
    plain = [(task, _plain(title)) for task, title in titled]
    for fits in (_all_words, _near):
        found = [task for task, title in plain if fits(wanted, title)]
        if found:
            return found
    return []


def _words(text: str) -> list[str]:
    return WORD.findall(fold_text(text))


def _plain(words: list[str]) -> list[str]:
    """The words without what only ties them together, unless nothing would be left."""
    return [CASES.get(word, word) for word in words if word not in WALA] or words


def _all_words(wanted: list[str], title: list[str]) -> bool:
    return set(wanted) <= set(title)


def _near(wanted: list[str], title: list[str]) -> bool:
    return all(any(_alike(word, other) for other in title) for word in wanted)


def _alike(word: str, other: str) -> bool:
    # Another number is another thing: "report 2025" is not "report 2026".
    if word.isdigit() or other.isdigit():
        return word == other
    if len(word) >= PREFIX_MIN and other.startswith(word):
        return True
    slips = next((allowed for length, allowed in SLIPS if min(len(word), len(other)) >= length), 0)
    return OSA.distance(word, other, score_cutoff=slips) <= slips
