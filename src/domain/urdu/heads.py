"""The verbs of a clause: which operation each asks for, and in which mood it is said."""

from collections.abc import Sequence

from msgspec import Struct

from domain.urdu.moods import View, infinitive, negated_before, past_aux, past_forms, said
from domain.urdu.spelling import fold
from domain.urdu.words import SIGN, Words, bits_of

# Where one word can be several verbs the first of these is meant.
KINDS = ("delete", "complete", "update", "reopen", "undo", "end", "mark", "add", "list")
HEADING = bits_of(*KINDS, "notifies remind yaad light dila")
LEADS = bits_of("polite me i need and lead") | SIGN
LINKS = bits_of("negation link")
# No verb is "mere" or "karne", and no date is one.
NO_STEM = SIGN | bits_of("post my me pronoun person day weekday month part number next every")
OBLIQUE = ("e", "y", "ے")
BESIDE, NEAR, LEAD_MAX = 2, 3, 30
REMEMBER = ("rakh", fold("رکھ"))
LISTS = ("list", "لسٹ")


class Head(Struct):
    """One verb of ours: the words `first` to before `after`.

    `kind`: "remind", one of KINDS, or "did" for forms of karna without a verb of ours ("ho gaya", "kar do").
    `mood`: command, request, need, bare (no form of karna behind it), wish (a bare infinitive), done, told (not ours
    to act on) or under (inside another clause). `english`: it leads its clause, as in English.
    """

    kind: str
    first: int
    after: int
    mood: str
    negated: bool = False
    english: bool = False


def find_heads(words: Words, start: int, stop: int, dated: Sequence[bool]) -> list[Head]:
    """The heads among words[start:stop] in order; `dated` marks words inside date phrases."""
    view = View(words, start, stop)
    heads: list[Head] = []
    read = start
    for at, word in enumerate(words[start:stop], start):
        if word.bits & HEADING and at >= read and not dated[at] and (head := _head(view, at)):
            heads.append(head)
            read = head.after
    return heads


def _head(view: View, at: int) -> Head | None:
    senses = view.words[at].senses
    if "notifies" in senses and view.has(at + 1, "light"):
        told = any("me" in w.senses for w in view.words[view.start : view.stop])
        return _finished(view, "remind", at, at + 1, "stem") if told else None
    if "remind" in senses:
        return _remind(view, at, senses["remind"])
    if "yaad" in senses and (head := _yaad(view, at)):
        return head
    for kind in KINDS:
        if kind in senses:
            return _verb(view, at, kind)
    return _did(view, at) if "light" in senses or "dila" in senses else None


def _remind(view: View, at: int, mood: str) -> Head:
    """As in "Remind me", "remind kar do", "yaad dehani kara do"."""
    if mood == "bare" and view.words[at].key.endswith("me"):
        return _finished(view, "remind", at, at + 1, "imperative", english=True)
    for inner in range(at + 1, at + NEAR):
        if view.has(inner, "dila"):
            return _finished(view, "remind", at, inner + 1, view.words[inner].senses["dila"])
        if view.has(inner, "light"):
            return _finished(view, "remind", at, inner, "stem")
        if not view.has(inner, "link"):
            break
    leads = _leads(view, at)
    return _finished(view, "remind", at, at + 1, "imperative" if leads else mood, english=leads)


def _yaad(view: View, at: int) -> Head | None:
    """Yaad only with dila-, kara- or rakh-: "yaad aaya" is memory, and nothing to do."""
    for inner in range(at + 1, at + NEAR + 1):
        if view.has(inner, "dila"):
            return _finished(view, "remind", at, inner + 1, view.words[inner].senses["dila"])
        if view.has(inner, "add") and view.words[inner].key.startswith(REMEMBER):
            return _remember(view, at, inner)
        if not view.has(inner, "link", "negation"):
            break
    return None


def _remember(view: View, at: int, inner: int) -> Head | None:
    """As in "Yaad rakhna ke ...", "yaad rakhna hai"; not "yaad rakh sakte ho?"."""
    mood: str = view.words[inner].senses["add"]
    if mood == "infinitive" and view.has(inner + 1, "need", "aux", "past"):
        return Head("remind", at, past_aux(view, inner + 2), "need")
    if mood == "able" or (view.has(inner + 1, "light") and view.words[inner + 1].senses["light"] == "able"):
        return Head("remind", at, inner + 2, "told")
    return _finished(view, "remind", at, inner + 1, "imperative" if mood == "infinitive" else mood)


def _verb(view: View, at: int, kind: str) -> Head | None:
    word = view.words[at]
    mood: str = word.senses[kind]
    if kind == "list" and word.key in LISTS and view.has(at + 1, "post", "list"):
        return None
    if mood == "bare":
        return _bare(view, at, kind)
    if mood == "stem" and not view.has(at + 1, "light") and at + 1 < view.stop:
        return None
    return _finished(view, kind, at, at + 1, mood)


def _bare(view: View, at: int, kind: str) -> Head | None:
    """A word such as "delete" or "mukammal": with a form of karna, leading an English clause, or at the very end."""
    inner = at + 1
    while inner <= at + BESIDE and view.bits(inner) & LINKS and not view.has(inner, "light"):
        inner += 1
    if view.bears(inner):
        return _finished(view, kind, at, inner, "stem")
    if inner > at + 1 and view.has(inner, *KINDS) and view.has(inner - 1, "negation"):
        # "Delete nahi complete karo".
        return Head(kind, at, inner, "command", negated=True)
    native = "native" in view.words[at].senses or not view.words[at].key.isascii()
    if not native and _leads(view, at):
        if at > view.start and any([view.has(n, "firmly") for n in range(view.start, at)]):
            return Head(kind, at, at + 1, "need", english=True)
        return _finished(view, kind, at, at + 1, "imperative", english=True)
    closing = ("polite", "aux") if kind == "complete" else ("polite",)
    ends = all(view.has(n, *closing) or view.bits(n) & SIGN for n in range(at + 1, view.stop))
    return _finished(view, kind, at, at + 1, "bare") if ends else None


def _did(view: View, at: int) -> Head | None:
    """Forms of karna by themselves: "ho gaya", "kar liya", "kar do", "dena hai"."""
    if view.has(at, "post") and not _took(view, at):
        return None
    if view.has(at, "giving") and not view.has(at + 1, "light"):
        return Head("did", at, at + 1, infinitive(view, at + 1)[0])
    return _finished(view, "did", at, at, "")


def _took(view: View, at: int) -> bool:
    """Whether "liye" says that something was done ("kapre dho liye"), and not for whom ("mere liye", "karne liye")."""
    ends = at + 1 >= view.stop or view.has(at + 1, "aux") or bool(view.bits(at + 1) & SIGN)
    stem = at - 1 > view.start and not view.bits(at - 1) & NO_STEM and not view.words[at - 1].key.endswith(OBLIQUE)
    return ends and stem and view.has(at, "light")


def _leads(view: View, at: int) -> bool:
    """Whether only politeness stands before this word ("can you please", "hey munshi,")."""
    return at - view.start <= LEAD_MAX and all(word.bits & LEADS for word in view.words[view.start : at])


def _finished(view: View, kind: str, first: int, at: int, mood: str, english: bool = False) -> Head:
    """The head with what follows its verb read into its mood."""
    negated = at > first + 1 and any([view.has(n, "negation") for n in range(first + 1, at)])
    after, mood, inside = past_forms(view, at, mood)
    negated = negated or inside or (not english and negated_before(view, first))
    mood, after = said(view, after, mood)
    if view.has(after, "mat"):
        negated, after = True, after + 1
    return Head(kind, first, after, mood, negated, english)
