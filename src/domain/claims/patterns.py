"""The patterns of patterns.toml, compiled: a word becomes one letter for all its kinds, a sentence a short string.

A pattern over words is then a regular expression over letters, and reading a sentence costs as little as it has words.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec import Struct

from domain.urdu.spelling import fold

SIGNS = ("start", "end", "comma", "colon", "dash", "stop", "question", "open", "bar", "tick", "hash", "number", "title")
EDGES = frozenset({"start", "end", "comma", "colon", "dash", "stop", "question", "open", "tick", "and", "but"})
CLOSES = EDGES - {"colon", "dash", "open", "start"}
TELLERS = frozenset({"i", "told"})
FIRST_LETTER = 0xE000
ELEMENT = re.compile(r"(.+?)(\?|\*|\{\d+,\d+\})?")
UP_TO_FIVE = "{0,5}"
ANY_WORD, ANY_QUIET_WORD = "_", "~"

Tables = dict[str, Any]


class PatternError(ValueError):
    """patterns.toml breaks its rules; the message names the pattern."""


class Found(Struct, frozen=True):
    """One group of the great pattern: which operation, and where the thing changed is named."""

    operation: str
    follows: bool


class Patterns(Struct, frozen=True):
    """What patterns.toml says.

    `letters`: the key of a word to its letter; `kinds`: a kind to the letters that have it. `holds`, `held`: letters
    and keys of the words that hold a reply, `beginnings`: what such a key can begin with. `claim` has a group for
    each of `groups`; `before`, `bare`, `after`, `within`: what takes a claim back (see [never]).
    """

    letters: dict[str, str]
    kinds: dict[str, str]
    counts: dict[str, int]
    sounds: dict[str, str]
    holds: frozenset[str]
    held: frozenset[str]
    beginnings: frozenset[str]
    groups: tuple[Found, ...]
    claim: re.Pattern[str]
    before: re.Pattern[str]
    bare: re.Pattern[str]
    after: re.Pattern[str]
    within: re.Pattern[str]

    def letter(self, word: str) -> str:
        """The letter of a word as it stands in the text."""
        return self.letters.get(fold(word), self.letters[""])

    def has(self, letter: str, kind: str) -> bool:
        """Whether a word with this letter is of this kind."""
        return letter in self.kinds[kind]


def read_patterns(text: str) -> Patterns:
    """The patterns of a TOML text. Raises PatternError."""
    tables = tomllib.loads(text)
    vocabulary = _Vocabulary(tables)
    claims = [
        (Found(operation, side == "after"), pattern)
        for operation, sides in tables["claims"].items()
        for side, patterns in sides.items()
        for pattern in patterns
    ]
    holds = frozenset(tables["gate"]["holds"])
    for _, pattern in claims:
        if not vocabulary.needs(pattern, holds):
            raise PatternError(f"patterns.toml: no word of {pattern!r} holds the reply")
    held = frozenset(key for key, kinds in vocabulary.words.items() if kinds & holds)
    groups = tuple(dict.fromkeys(found for found, _ in claims))
    alternatives = (
        "(" + vocabulary.either([pattern for which, pattern in claims if which == found]) + ")" for found in groups
    )
    never = tables["never"]
    return Patterns(
        letters=vocabulary.letters,
        kinds=vocabulary.kinds,
        counts={fold(word): int(n) for n, words in tables["counts"].items() for word in words},
        sounds={letter: sound for sound, letters in tables["sounds"].items() for letter in letters},
        holds=frozenset(chain.from_iterable(vocabulary.kinds[kind] for kind in holds)),
        held=held,
        beginnings=frozenset(key[:n] for key in held for n in range(1, len(key) + 1)),
        groups=groups,
        claim=re.compile("|".join(alternatives)),
        before=re.compile(f"(?:{vocabulary.either(never['before'])}){vocabulary.bar}$"),
        bare=re.compile(f"(?:{vocabulary.either(never['bare'])}){vocabulary.bar}$"),
        after=re.compile(f"{vocabulary.bar}(?:{vocabulary.either(never['after'])})"),
        within=re.compile(vocabulary.either(never["within"])),
    )


class _Vocabulary:
    """Every word that a table or a pattern names, and the regular expressions for patterns over them."""

    def __init__(self, tables: Tables) -> None:
        self.phrases: dict[str, list[str]] = {f"<{name}>": patterns for name, patterns in tables["phrases"].items()}
        self.words: dict[str, set[str]] = {}
        for kind, spellings in chain(tables["words"].items(), tables["whole"].items()):
            self._put(kind, spellings)
        for spellings in tables["counts"].values():
            self._put("number", spellings)
        for name in self._names(tables):
            if not name.startswith("<"):
                self._put(f"={fold(name)}", [name])
        families = {frozenset(kinds) for kinds in self.words.values()} | {frozenset({sign}) for sign in SIGNS}
        alphabet = {family: chr(FIRST_LETTER + n) for n, family in enumerate(sorted(families, key=sorted), 1)}
        self.letters = {key: alphabet[frozenset(kinds)] for key, kinds in self.words.items()}
        self.letters |= {f"<{sign}>": alphabet[frozenset({sign})] for sign in SIGNS} | {"": chr(FIRST_LETTER)}
        self.kinds: dict[str, str] = dict.fromkeys(SIGNS, "")
        for family, letter in alphabet.items():
            for kind in family:
                self.kinds[kind] = self.kinds.get(kind, "") + letter
        edges = "".join(letter for family, letter in alphabet.items() if family & EDGES)
        closes = "".join(letter for family, letter in alphabet.items() if family & CLOSES)
        tellers = "".join(self.kinds[kind] for kind in TELLERS)
        self.bar = f"{self.kinds['bar']}?"
        self.special = {
            "^": f"(?<=[{edges}])",
            "$": f"(?=[{closes}])",
            ANY_WORD: f"[^{edges}]",
            ANY_QUIET_WORD: f"[^{edges}{tellers}]",
        }

    def either(self, patterns: Iterable[str]) -> str:
        """One regular expression for any of the patterns."""
        return "|".join(self.expression(pattern) for pattern in patterns)

    def expression(self, pattern: str) -> str:
        """The regular expression over letters that a pattern stands for; it goes on over the bars of a table."""
        between = "" if "<bar>" in pattern else self.bar
        return between.join(self._element(names, repeat) for names, repeat in _elements(pattern))

    def needs(self, pattern: str, holds: frozenset[str]) -> bool:
        """Whether nothing matches the pattern without a word of these kinds."""
        return any(
            not repeat and all(self._is_held(name, holds) for name in names) for names, repeat in _elements(pattern)
        )

    def _is_held(self, name: str, holds: frozenset[str]) -> bool:
        if name in self.phrases:
            return all(self.needs(pattern, holds) for pattern in self.phrases[name])
        return name.strip("<>") in holds or bool(self.words.get(fold(name), set()) & holds)

    def _put(self, kind: str, spellings: Iterable[str]) -> None:
        for spelling in spellings:
            self.words.setdefault(fold(spelling), set()).add(kind)

    def _names(self, tables: Tables) -> Iterator[str]:
        sides = chain(tables["claims"].values(), [tables["never"], tables["phrases"]])
        for pattern in chain.from_iterable(chain.from_iterable(side.values()) for side in sides):
            for names, _ in _elements(pattern):
                yield from (name for name in names if name not in ("^", "$", ANY_WORD, ANY_QUIET_WORD))

    def _element(self, names: list[str], repeat: str) -> str:
        single = "".join(self._letters_of(name) for name in names if not self._is_complex(name))
        choices = [f"[{single}]"] if single else []
        choices += [self._complex(name) for name in names if self._is_complex(name)]
        return f"(?:{'|'.join(choices)}){repeat}" if len(choices) > 1 else choices[0] + repeat

    def _is_complex(self, name: str) -> bool:
        return name in self.special or name in self.phrases

    def _complex(self, name: str) -> str:
        return self.special.get(name) or f"(?:{self.either(self.phrases[name])})"

    def _letters_of(self, name: str) -> str:
        kind = name[1:-1] if name.startswith("<") else f"={fold(name)}"
        if kind not in self.kinds:
            raise PatternError(f"patterns.toml: there is no kind {name}")
        return self.kinds[kind]


def _elements(pattern: str) -> Iterator[tuple[list[str], str]]:
    for element in pattern.split():
        parts = ELEMENT.fullmatch(element)
        if parts is None:
            raise PatternError(f"patterns.toml: {element!r} in {pattern!r} is no element")
        yield parts[1].split("|"), (parts[2] or "").replace("*", UP_TO_FIVE)


@cache
def patterns() -> Patterns:
    """Those of patterns.toml: 5 MB and a tenth of a second to make, so only when a model's words are first heard."""
    return read_patterns(Path(__file__).with_name("patterns.toml").read_text("utf-8"))
