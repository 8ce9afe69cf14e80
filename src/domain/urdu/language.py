"""Which language a message is in, so that the reply can mirror it."""

import re
from enum import StrEnum
from functools import lru_cache

from domain.kept import WORD_MAX, Kept
from domain.urdu.lexicon import key_of, talk_lexicon
from domain.urdu.spelling import read_letters

ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
LATIN = re.compile("[A-Za-z]")


class Language(StrEnum):
    """The language a message is written in, to be mirrored by the reply."""

    ROMAN = "roman"
    URDU = "urdu"
    ENGLISH = "english"


@lru_cache(maxsize=16)
def language_of(text: str) -> Language:
    """The language of a message: Urdu by its script, Roman Urdu or English by their small words, else Roman Urdu."""
    if not text.isascii() and len(ARABIC.findall(text)) * 2 > len(LATIN.findall(text)):
        return Language.URDU
    tongues = _tongues(text)
    roman, english = tongues.count("r"), tongues.count("e") or "s" in tongues
    return Language.ENGLISH if english > roman else Language.ROMAN


def tells_language(text: str) -> bool:
    """Whether it says which language it is in: "undo" and "#5 done" are said in every one."""
    tongues = _tongues(text)
    told = "r" in tongues or "e" in tongues or tongues.count("s") > 1
    return told or (not text.isascii() and ARABIC.search(text) is not None)


@lru_cache(maxsize=16)
def _tongues(text: str) -> str:
    """A letter for each word that tells a language: roman, english or shared."""
    return "".join(map(_told.__getitem__, text.split()))


def _tongue(word: str) -> str:
    if len(word) > WORD_MAX or word.isdecimal():
        return ""
    return str(talk_lexicon().words.get(key_of(word), {}).get("tongue", ""))[:1]


_told = Kept(lambda piece: "".join(map(_tongue, read_letters(piece))))
