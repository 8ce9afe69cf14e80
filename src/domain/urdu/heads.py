"""The verbs of a clause: which operation each asks for, and in which mood it is said."""

from collections.abc import Sequence

from msgspec import Struct

from domain.urdu.words import Word

KINDS = ("remind", "delete", "complete", "update", "undo", "end", "mark", "add", "list")
# Between a verb and the forms of karna behind it.
BETWEEN = ("negation", "polite")
BESIDE = 2


class Head(Struct):
    """One verb of ours: the words `first` to before `after`.

    `kind`: a key of KINDS, or "did" for a perfect without a verb of ours ("ho gaya").
    `mood`: command, request, need, wish (a bare infinitive), done, told (not ours to act on), under (inside another clause), question.
    """

    kind: str
    first: int
    after: int
    mood: str
    negated: bool = False
    english: bool = False


def find_heads(words: Sequence[Word], start: int, stop: int, dated: Sequence[bool]) -> list[Head]:
    """The heads among words[start:stop] in order; `dated` marks words inside date phrases."""
    heads: list[Head] = []
    at = start
    while at < stop:
        senses = words[at].senses
        head = None
        if senses and not dated[at]:
            head = _remind(words, at, start, stop) or _verb(words, at, start, stop) or _did(words, at, start, stop)
        if head:
            heads.append(head)
            at = max(head.after, at + 1)
        else:
            at += 1
    return heads


def _remind(words: Sequence[Word], at: int, start: int, stop: int) -> Head | None:
    senses = words[at].senses
    if "notifies" in words[at].senses and at + 1 < stop and "light" in words[at + 1].senses:
        told = any("me" in w.senses for w in words[start:stop])
        return _finish(words, "remind", at, at + 1, "stem", stop) if told else None
    if "remind" in senses:
        value = senses["remind"]
        if value == "bare" and words[at].key.endswith("me"):
            return _finish(words, "remind", at, at + 1, "imperative", stop, english=True)
        for inner in range(at + 1, min(at + 3, stop)):
            verb = words[inner].senses
            if "dila" in verb:
                return _finish(words, "remind", at, inner + 1, verb["dila"], stop)
            if "light" in verb:
                return _finish(words, "remind", at, inner, "stem", stop)
            if "link" not in words[inner].senses:
                break
        leads = at == start or _only_lead(words, start, at)
        return _finish(words, "remind", at, at + 1, "imperative" if leads else value, stop, english=leads)
    if "yaad" not in senses:
        return None
    for inner in range(at + 1, min(at + 4, stop)):
        verb = words[inner].senses
        if "dila" in verb:
            return _finish(words, "remind", at, inner + 1, verb["dila"], stop)
        if words[inner].key.startswith(("rakh", "رکھ")):
            mood = verb.get("add", "stem")
            if mood == "able" or (inner + 1 < stop and words[inner + 1].senses.get("light") == "able"):
                return None
            bound = inner + 1 < stop and not {"need", "aux", "past"}.isdisjoint(words[inner + 1].senses)
            if mood == "infinitive" and bound:
                return Head("remind", at, _past_aux(words, inner + 2, stop), "need")
            return _finish(words, "remind", at, inner + 1, "imperative" if mood == "infinitive" else mood, stop)
        if "link" not in words[inner].senses and "negation" not in verb:
            return None
    return None


def _verb(words: Sequence[Word], at: int, start: int, stop: int) -> Head | None:
    senses = words[at].senses
    for kind in KINDS[1:]:
        if kind not in senses:
            continue
        value = senses[kind]
        if (
            kind == "list"
            and at + 1 < stop
            and not {"post", "list"}.isdisjoint(words[at + 1].senses)
            and words[at].key in ("list", "لسٹ")
        ):
            return None
        if value != "bare":
            if value == "stem" and not _light_follows(words, at + 1, stop) and at + 1 < stop:
                return None
            if kind == "add" and at > start and "yaad" in words[at - 1].senses:
                return None
            return _finish(words, kind, at, at + 1, value, stop)
        inner = at + 1
        while (
            inner < stop
            and inner - at <= BESIDE
            and (not {"negation"}.isdisjoint(words[inner].senses) or "link" in words[inner].senses)
            and "light" not in words[inner].senses
        ):
            inner += 1
        bears = inner < stop and not {"light", "bring"}.isdisjoint(words[inner].senses)
        if bears and not _is_count(words, inner, stop):
            return _finish(words, kind, at, inner, "stem", stop)
        native = "native" in senses or not words[at].key.isascii()
        if not native and _only_lead(words, start, at):
            return _finish(words, kind, at, at + 1, "imperative", stop, english=True)
        if at + 1 >= stop or all(
            "polite" in w.senses or (kind == "complete" and "aux" in w.senses) or not w.key[0].isalnum()
            for w in words[at + 1 : stop]
        ):
            return _finish(words, kind, at, at + 1, "bare", stop)
        return None
    return None


def _did(words: Sequence[Word], at: int, start: int, stop: int) -> Head | None:
    """ "ho gaya", "kar liya", "jama kara diya": a perfect at the end of the clause."""
    if "light" not in words[at].senses and "dila" not in words[at].senses:
        return None
    if words[at].key in ("liye", "لیے"):
        return None
    giving = "giving" in words[at].senses
    if giving and not (at + 1 < stop and "light" in words[at + 1].senses):
        return Head("did", at, at + 1, _infinitive(words, at + 1, stop)[0])
    return _finish(words, "did", at, at, "", stop)


def _light_follows(words: Sequence[Word], at: int, stop: int) -> bool:
    return at < stop and "light" in words[at].senses


def _is_count(words: Sequence[Word], at: int, stop: int) -> bool:
    """Whether "do" is two here ("do ghante")."""
    return "number" in words[at].senses and at + 1 < stop and not {"unit", "oclock"}.isdisjoint(words[at + 1].senses)


LEADS = frozenset(("polite", "me", "i", "need", "and", "lead"))


def _only_lead(words: Sequence[Word], start: int, at: int) -> bool:
    """Whether only politeness stands before this word ("can you please", "hey munshi,")."""
    return all(not w.key[0].isalnum() or not LEADS.isdisjoint(w.senses) for w in words[start:at])


def _cluster(words: Sequence[Word], at: int, stop: int, mood: str) -> tuple[int, str, bool]:
    """Past the forms of karna, dena, hona: the place after them, the mood of the last, whether negated."""
    negated = False
    while at < stop:
        senses = words[at].senses
        if mood == "infinitive" and "need" in senses:
            break
        if "light" in senses and not _is_count(words, at, stop):
            mood = senses["light"] if senses["light"] != "stem" or not mood else mood
        elif "dila" in senses:
            mood = senses["dila"]
        elif "bring" in senses and mood:
            mood = "imperative"
        elif "negation" in senses and at + 1 < stop and ("light" in words[at + 1].senses):
            negated = True
        elif "emphatic" not in words[at].senses or at + 1 >= stop or "light" not in words[at + 1].senses:
            break
        at += 1
    return at, mood, negated


def _finish(words: Sequence[Word], kind: str, first: int, at: int, mood: str, stop: int, english: bool = False) -> Head:
    """The head with what follows its verb read into its mood."""
    negated = any("negation" in words[n].senses for n in range(first + 1, at))
    after, mood, inside = _cluster(words, at, stop, mood)
    negated = negated or inside
    if first and "negation" in words[first - 1].senses and words[first - 1].key not in ("nai", "na") and not english:
        negated = True
    said, after = _said(words, after, stop, mood)
    if after < stop and "negation" in words[after].senses and "mat" in words[after].senses:
        negated, after = True, after + 1
    return Head(kind, first, after, said, negated, english)


def _said(words: Sequence[Word], after: int, stop: int, mood: str) -> tuple[str, int]:
    senses = words[after].senses if after < stop else {}
    if mood in ("imperative", "stem"):
        if "able" in senses:
            return "request", after + 1
        return "command", after
    if mood == "bare":
        return "bare", after
    if mood == "able":
        return "request", _past_aux(words, after, stop)
    if mood == "infinitive":
        return _infinitive(words, after, stop)
    if mood == "future":
        key = words[after - 1].key
        return ("request" if key.endswith(("oge", "ogi", "enge", "ge", "گے")) else "told"), after
    if mood == "perfect":
        if "past" in senses:
            return "told", after + 1
        return "done", _past_aux(words, after, stop)
    return "told", after


def _infinitive(words: Sequence[Word], after: int, stop: int) -> tuple[str, int]:
    """ "delete karna hai" needs, "delete karne ke liye" stands under another verb, a bare one commands."""
    if after >= stop:
        return "wish", after
    senses = words[after].senses
    if "need" in senses:
        return "need", _past_aux(words, after + 1, stop)
    if "aux" in senses or "past" in senses:
        return "need", after + 1
    if "post" in senses and after + 1 < stop and "need" in words[after + 1].senses:
        return "need", _past_aux(words, after + 2, stop)
    if "polite" in senses or not words[after].key[0].isalnum():
        return "wish", after
    if "starts" in words[after].senses and after + 1 < stop and "light" in words[after + 1].senses:
        return "command", after + 2
    told = words[after - 1].key.endswith(("na", "نا")) and words[after].key in (
        "ke",
        "ki",
        "k",
        "kay",
        "کہ",
        "کے",
        "that",
    )
    if told or {"post", "wala", "and", "before", "after"}.isdisjoint(senses):
        return "wish", after
    return "under", after


def _past_aux(words: Sequence[Word], after: int, stop: int) -> int:
    while after < stop and "aux" in words[after].senses:
        after += 1
    return after
