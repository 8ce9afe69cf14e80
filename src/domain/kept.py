"""What is made of words, kept for when they come again."""

from collections.abc import Callable, Sized
from typing import TypeVar

# No word of ours is longer, and so much is more than anybody uses: some 10 MB of read words.
WORD_MAX, KEPT_MAX = 32, 32_768

Made = TypeVar("Made", bound=Sized)


class Kept(dict[str, Made]):
    """What `make` makes of a text; of a long one nothing is kept, and of too much all is forgotten.

    A dictionary, for half of what a least recently used cache costs where it hits.
    """

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make
        self._weight = 0

    def __missing__(self, text: str) -> Made:
        made = self._make(text)
        if len(text) <= WORD_MAX:
            # What has no blank may yet be many words: "a;1:a;2".
            self._weight += 1 + len(made)
            if self._weight > KEPT_MAX:
                self.clear()
                self._weight = 1 + len(made)
            self[text] = made
        return made
