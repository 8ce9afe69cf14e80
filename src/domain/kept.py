"""What is made of words, kept for when they come again."""

from collections.abc import Callable
from typing import TypeVar

# No word of ours is longer, and so many are more than anybody uses.
WORD_MAX, WORDS_MAX = 32, 16_384

Made = TypeVar("Made")


class Kept(dict[str, Made]):
    """What `make` makes of a text; of a long one nothing is kept, and of too many all is forgotten.

    A dictionary, for half of what a least recently used cache costs where it hits.
    """

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make

    def __missing__(self, text: str) -> Made:
        made = self._make(text)
        if len(text) <= WORD_MAX:
            if len(self) >= WORDS_MAX:
                self.clear()
            self[text] = made
        return made
