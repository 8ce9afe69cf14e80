"""Which task do these words mean: exact, then all words, then near spelling; never a guess among several."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from domain.scripts import is_across, sound_alike
from domain.tasks import Task
from domain.urdu.spelling import fold_text

WORD = re.compile(r"\w+")
# "bijli ke bill" is bijli ka bill, and "ahmed wali meeting" the meeting with Ahmed: case and "wali" name nothing.
CASES = dict.fromkeys(("ki", "ke", "k"), "ka") | dict.fromkeys(("کی", "کے"), "کا")
TIES = frozenset(("ka", *CASES, "ko", "liye", "کا", "کو", "لیے"))
WALA = frozenset(("wala", "wali", "wale", "والا", "والی", "والے"))
# One slip in a word of 6 or 7 letters, two in a longer one; the first letter is right. Words of 5 letters may lack one,
# and the shortest have only their usual spellings: "cart" is no card, but "dodh" is doodh. Beside a word that is
# right one of 4 letters may slip too: "doodh lena" is doodh lana.
SLIPS = ((8, 2), (6, 1))
GAP_MIN, USUAL_MIN, STEM_MIN = 5, 4, 3
# The beginning of a word names it: "meet", and of three letters only where much follows, "doc".
PREFIX_MIN, SHORT_PREFIX, FOLLOWING = 4, 3, 3
VOWELS = str.maketrans("eo", "iu")
ENDINGS = "aeiou"
FLAP = re.compile(r"(?<=\w)d(?=h?[aiu])")

# What ends a verb, and verbs that say one thing of a bill or of the shopping; the first say only that it is done.
INFINITIVE, PERFECT = re.compile(r"(?<=\w\w)(?:n[aei]|نا|نی|نے)$"), re.compile(r"(?<=\w\w\w)[ld]i(?:a|ya)?$")
DONE = ("kar", "kr", "ker", "ho", "hu", "کر", "ہو")
# "Aya hua hai" tells how somebody is, "meeting hui hai" that it is done.
STATE, PARTICIPLE = re.compile("hu|ہو[ای]"), re.compile("[aeiاےی]$")
PAY, GET = "de bhar jama ada pay paid دے بھر جمع ادا", "le la khareed buy get mangwa لے لا خرید"
MADE = ("ban bana بن بنا", "dhul dho دھل دھو", "pak paka پک پکا", "sil si سل سی")
ACTS = {fold_text(verb): verbs for verbs in (PAY, GET, *MADE) for verb in verbs.split()}


def find(tasks: Sequence[Task], words: str) -> list[Task]:
    """The tasks that `words` name, in the order given: the closest kind of match that has any.

    Titles are compared by folded spelling, and across scripts by their sound: "دودھ" finds "doodh lana".
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
    for fits in (_all_words, _usual, _near):
        found = [task for task, title in plain if fits(wanted, title)]
        if found:
            return found
    return []


def is_called(task_title: str, words: str) -> bool:
    """Whether the words name a task of this title in any usual spelling, and not only by being near."""
    return _usual(_plain(_words(words)), _plain(_words(task_title)))


def is_done_by(task_title: str, words: str, verb: str) -> bool:
    """Whether who names a task by these words and says this verb of it ("bhar", "parh") did what the task asks for."""
    title, named, said = _words(task_title), _words(words), _act(PERFECT.sub("", fold_text(verb)))
    if named != title and len(named) == 1 and INFINITIVE.search(named[0]):
        # "Khana ho gaya" names no more than the verb of "dawai khana".
        return False
    if named != title and len(named) == 1 and STATE.match(said) and PARTICIPLE.search(named[0]):
        return False
    if said.startswith(DONE) and not _is_about(named, title):
        return True
    # "Bachon liye" says nothing of bachon: a word that names the task is not what was done.
    if said in [_act(word) for word in title if word not in named]:
        return True
    noun = not any(INFINITIVE.search(word) or word in ACTS for word in title)
    return noun and said in (PAY, GET) and set(title[-1:]) <= set(named)


def _is_about(named: list[str], title: list[str]) -> bool:
    """Whether only what a task is for was named: "meeting ho gayi" of "meeting ki tayari karni"."""
    last = max((at for at, word in enumerate(title) if word in TIES), default=-1)
    done = [word for word in title[last + 1 :] if not INFINITIVE.search(word)]
    acts = len(done) < len(title) - last - 1
    return last > 0 and acts and bool(done) and set(done).isdisjoint(named)


def _act(word: str) -> str:
    stem = INFINITIVE.sub("", word)
    return ACTS.get(stem, stem)


def _words(text: str) -> list[str]:
    return WORD.findall(fold_text(text))


def _plain(words: list[str]) -> list[str]:
    """The words without what only ties them together, unless nothing would be left."""
    return [CASES.get(word, word) for word in words if word not in WALA] or words


def _all_words(wanted: list[str], title: list[str]) -> bool:
    return set(wanted) <= set(title)


def _usual(wanted: list[str], title: list[str]) -> bool:
    return _all_words([_spelt(word) for word in wanted], [_spelt(word) for word in title])


@lru_cache(maxsize=16_384)
def _spelt(word: str) -> str:
    """One spelling for those of a word of the usual length: e is i, o is u, and "gadi" gari."""
    return FLAP.sub("r", word.translate(VOWELS)) if len(word) >= USUAL_MIN else word


def _near(wanted: list[str], title: list[str]) -> bool:
    led = any(len(word) >= USUAL_MIN and _usual([word], title) for word in wanted)
    return all(any(_alike(word, other, led) for other in title) for word in wanted)


def _alike(word: str, other: str, led: bool) -> bool:
    # Another number is another thing: "report 2025" is not "report 2026".
    if word.isdigit() or other.isdigit() or is_across(word, other):
        return word == other or sound_alike(word, other)
    begins = len(word) >= PREFIX_MIN or (len(word) == SHORT_PREFIX and len(other) >= len(word) + FOLLOWING)
    if _spelt(word) == _spelt(other) or (begins and other.startswith(word)):
        return True
    shorter, distance = min(len(word), len(other)), OSA.distance(word, other, score_cutoff=2)
    if led and shorter >= USUAL_MIN and distance == 1:
        return True
    if word[0] != other[0]:
        return False
    # "Dawa" and "dawai", "kapra" and "kapre".
    stem = word.rstrip(ENDINGS)
    if STEM_MIN <= len(stem) < min(len(word), len(other)) and stem == other.rstrip(ENDINGS):
        return True
    lacks = shorter >= GAP_MIN and len(word) != len(other) and distance == 1
    return lacks or distance <= next((allowed for length, allowed in SLIPS if shorter >= length), 0)
