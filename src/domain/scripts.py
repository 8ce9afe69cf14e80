"""Whether a word in Urdu script and one in Latin letters may be the same: "دودھ" is "doodh", "بل" is "bill"."""

import re
from functools import lru_cache

# What letters may be in folded Roman Urdu (see urdu/spelling.py), or in an English word said in Urdu. Each run of
# vowels is one step and each consonant takes a letter, so that no word is tried in more ways than it has letters.
SOUNDS = {
    "اسک": "(?:is)?s?(?:k|ch?)", "سک": "s(?:k|ch?)", "کس": "(?:k[aeiou]?s|x)", "پہ": "(?:ph?|f)",
    "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ث": "[sc]", "ج": "[jg]", "چ": "ch?", "ح": "h", "خ": "kh?", "د": "d",
    "ڈ": "d", "ذ": "[zj]", "ر": "r", "ڑ": "rh?", "ز": "[zjs]", "ژ": "[zj]", "س": "[sc]", "ش": "(?:sh?|ti)", "ص": "s",
    "ض": "[zd]", "ط": "t", "ظ": "z", "غ": "gh?", "ف": "f", "ق": "[kc]", "ک": "(?:ck?|k)", "گ": "g", "ل": "l",
    "م": "m", "ن": "n", "ا": "[aeiou]+", "و": "(?:w[aeiou]?|[aou]+)", "ی": "[iyea]+", "ے": "[iyea]+",
    "ہ": "[aeiouh]*", "ع": "[aeiou]*", "ء": "",
}  # fmt: skip
OPEN = "اویےعہء"
RUN = "[aeiouywh]+"
LETTERS = re.compile(rf"اسک|سک|کس|پہ|وا[{OPEN}]*|[{OPEN}]+|.", re.DOTALL)
# Short vowels are not written, nor is the mute "e" of an English word.
SHORT, MUTE = "[aeiou]?", "e?"
LONGEST = 20


def is_across(one: str, other: str) -> bool:
    """Whether just one of two folded words is written in Latin letters."""
    return one.isascii() != other.isascii()


def sound_alike(one: str, other: str) -> bool:
    """Whether two folded words may be one in different scripts; False where a letter is unknown."""
    if not is_across(one, other):
        return False
    latin, urdu = (one, other) if one.isascii() else (other, one)
    if max(len(latin), len(urdu)) > LONGEST:
        return False
    pattern = _pattern(urdu)
    return pattern is not None and pattern.fullmatch(latin) is not None


@lru_cache(maxsize=4_096)
def _pattern(urdu: str) -> re.Pattern[str] | None:
    steps = LETTERS.findall(urdu)
    if any(step not in SOUNDS and step[0] not in OPEN for step in steps):
        return None
    vowels = [step[0] in OPEN and step != "اسک" for step in steps]
    spelt = ""
    for at, step in enumerate(steps):
        said = SHORT + "w" + RUN if step.startswith("وا") else RUN
        closed = not vowels[at] and at + 1 < len(steps) and not vowels[at + 1]
        spelt += SOUNDS.get(step, said) + (SHORT if closed else "")
    return re.compile(spelt + MUTE)
