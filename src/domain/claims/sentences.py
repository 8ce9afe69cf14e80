"""A reply cut into sentences, and a sentence into words, signs and quoted titles: what the claims are looked for in."""

import re

from msgspec import Struct

from domain.claims.patterns import patterns
from domain.urdu.spelling import fold

SENTENCE_MAX = 2000
TITLE_MAX = 255
END = re.compile(r"""\n|[.!?؟۔…]++["'”’»)\]*_`]*+(?=(.))""", re.DOTALL)
ENDS = re.compile(r"[\n.!?؟۔…]")
ALWAYS_ENDS = frozenset("!?؟۔…\n")
# A few blanks only: at each of a thousand empty lines it would look through all the others.
NUMBERED = re.compile(r"\s{0,20}\d{1,3}[.)]")
BULLET = re.compile(r"\s*(?:[-*+•–▪◦‣·]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
QUOTED = (
    r"""(?<!\w)'(?=[^\s'])(?:[^'\n]|'(?=\w)){1,255}'(?!\w)|"[^"\n]{1,255}"|[“”„][^“”„"\n]{1,255}[“”"]"""
    r"""|(?<!\w)[‘’](?=\S)(?:[^‘’'\n]|[’'](?=\w)){1,255}[‘’'](?!\w)|«[^»\n]{1,255}»|‹[^›\n]{1,255}›|`[^`\n]{1,255}`"""
)
STRESSED = r"\*{1,3}[^*\s][^*\n]{0,254}\*{1,3}|(?<!\w)__?[^_\s][^_\n]{0,254}__?(?!\w)"
MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad"
WORD = rf"[^\W\d_](?:[^\W\d_]|[{MARKS}]|['’](?=[^\W\d_]))*"
TICKS = "✅✓✔☑🗹"
TOKEN = re.compile(
    rf"(?P<quoted>{QUOTED})|(?P<stressed>{STRESSED})|(?P<word>{WORD})|(?P<number>\d+)"
    r"|(?P<comma>[,،])|(?P<stop>[;؛.!۔…])|(?P<colon>:)|(?P<dash>\s[-–—]+\s|—|→|->)|(?P<question>[?؟])"
    rf"|(?P<open>[(\[])|(?P<bar>\|)|(?P<tick>[{TICKS}])|(?P<hash>\#)"
)
HELD = re.compile(rf"{WORD}|[{TICKS}]")
# Latin letters whose sound the next letter can change (spelling.py): ai = e, ee = i, oo = u, ph = f.
GROWING = re.compile(r"([a-z]*?)([aeiouy]*)(p*)")
BECOMES = {"a": ("a", "e"), "e": ("e", "i"), "i": ("i",), "y": ("i",), "o": ("o", "u"), "u": ("u",)}
OUTER = "'\"“”„‘’«»‹›`*_ \t:؛،,."
START, FINISH = "<start>", "<end>"


class Token(Struct):
    """A word, a sign or a title. `letter` is what it is to the patterns; `text` a title without its quotes."""

    letter: str
    text: str
    start: int
    end: int
    title: bool = False


class Line(Struct):
    """A sentence as its tokens, framed by a start and an end, and as their letters."""

    text: str
    tokens: list[Token]
    letters: str


def sentence_end(text: str, since: int = 0) -> int | None:
    """Where the first sentence of a text ends; None while what follows may still belong to it.

    `since`: up to where it is known that no sentence ends. A sentence that does not end is cut at 2,000 characters.
    """
    # Most pieces of a reply end nothing, and one set is looked for much faster than all that END is.
    if ENDS.search(text, since, SENTENCE_MAX + 1):
        numbered = NUMBERED.match(text)
        for found in END.finditer(text, max(since, numbered.end() if numbered else 0), SENTENCE_MAX + 1):
            if (found[1] or "").isspace() or not ALWAYS_ENDS.isdisjoint(found[0]):
                return found.end()
    if len(text) <= SENTENCE_MAX:
        return None
    blank = text.rfind(" ", 1, SENTENCE_MAX)
    return blank if blank > 0 else SENTENCE_MAX


def first_held(text: str, since: int) -> int:
    """Up to where a text, shown up to `since`, may be shown: before the first word that can be part of a claim.

    The last word counts as whatever it may still become.
    """
    known = patterns()
    for found in HELD.finditer(text, since):
        word = found[0]
        if fold(word) in known.held or word in TICKS:
            return found.start()
        if found.end() == len(text) and any(start in known.beginnings for start in _beginnings(word)):
            return found.start()
    return len(text)


def _beginnings(word: str) -> list[str]:
    """The keys that a word may have so far: its last vowels, and a last p, can still become another sound."""
    parts = GROWING.fullmatch(word.lower())
    if parts is None:
        return [fold(word)]
    root, vowels, last = fold(parts[1]), parts[2], parts[3]
    if last:
        return [fold(parts[1] + vowels) + sound for sound in "pf"]
    return [root + sound for sound in BECOMES.get(vowels[:1], ("",))]


def read_line(text: str) -> Line:
    """The tokens of one sentence, a leading bullet left out."""
    bullet = BULLET.match(text)
    start = bullet.end() if bullet else 0
    end = len(text.rstrip())
    tokens = [Token(patterns().letters[START], "", start, start)]
    while found := TOKEN.search(text, start, end):
        start = _take(found, tokens, (bullet.end() if bullet else 0, end))
    tokens.append(Token(patterns().letters[FINISH], "", end, end))
    return Line(text, tokens, "".join(token.letter for token in tokens))


def _take(found: re.Match[str], tokens: list[Token], whole: tuple[int, int]) -> int:
    """Put one token down and say where to go on; marks around what is no title are passed over."""
    kind = found.lastgroup or ""
    text = found[0]
    if kind in ("quoted", "stressed"):
        title = text.strip(OUTER)
        if not title or not _is_title(found, title, kind, whole):
            return found.start() + 1
        tokens.append(Token(patterns().letters["<title>"], title, *found.span(), title=True))
        return found.end()
    letter = patterns().letter(text) if kind == "word" else patterns().letters[f"<{kind}>"]
    tokens.append(Token(letter, text, *found.span()))
    return found.end()


def _is_title(found: re.Match[str], title: str, kind: str, whole: tuple[int, int]) -> bool:
    """Quotes hold a title unless they hold the whole sentence.

    Bold letters do unless all in them is our vocabulary, or the sentence has no other words and they are a claim.
    """
    if len(title) > TITLE_MAX or (found.start() <= whole[0] and found.end() >= whole[1] and kind == "quoted"):
        return False
    words = re.findall(WORD, title)
    letters = [patterns().letter(word) for word in words]
    if kind == "stressed":
        known = patterns().letters[""] not in letters
        closed = found[0].strip("*_ ").endswith((":", "!", ".", "۔"))
        return not (known or closed or _claims(found, letters, whole))
    return True


def _claims(stressed: re.Match[str], letters: list[str], whole: tuple[int, int]) -> bool:
    """Whether what is stressed is a claim that stands alone in its sentence: "**Meeting delete kar di** ✅"."""
    framed = "".join([patterns().letters[START], *letters, patterns().letters[FINISH]])
    if not patterns().claim.search(framed):
        return False
    around = stressed.string[whole[0] : stressed.start()] + stressed.string[stressed.end() : whole[1]]
    return not re.search(r"\w", around)
