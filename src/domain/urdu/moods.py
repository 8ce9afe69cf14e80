"""In which mood a verb is said, by the forms of karna, dena, lena, hona and the small words behind it."""

from msgspec import Struct

from domain.urdu.words import Words, bits_of

# Future forms of the second and third person ask ("dila doge?"), those of the first only tell ("kar lunga").
ASKING_FUTURE = ("oge", "ogi", "enge", "ge", "گے")
# "Ho gayi hogi" only guesses.
GUESSES = ("hoga", "hogi", "honge", "ہوگا", "ہوگی")
BEARING = bits_of("light bring")
FORMS = BEARING | bits_of("dila negation emphatic")
UNSURE_NEGATION = ("nai", "na")


class View(Struct):
    """The words of one stretch of a message, asked by place."""

    words: Words
    start: int
    stop: int

    def has(self, at: int, kind: str, *more: str) -> bool:
        """Whether the word at this place, within the stretch, can mean one of these."""
        if not self.start <= at < self.stop:
            return False
        senses = self.words[at].senses
        return kind in senses or (bool(more) and not senses.keys().isdisjoint(more))

    def bits(self, at: int) -> int:
        """The kinds of the word at this place within the stretch."""
        return self.words[at].bits if self.start <= at < self.stop else 0

    def bears(self, at: int) -> bool:
        """Whether a form of karna stands here, to carry the mood of a verb before it; "do ghante" is two."""
        if not self.bits(at) & BEARING:
            return False
        return not (self.has(at, "number") and self.has(at + 1, "unit", "oclock"))


def past_forms(view: View, at: int, mood: str) -> tuple[int, str, bool]:
    """Past the forms of karna, dena, hona from this place: the place after them, the last mood, whether negated."""
    negated = False
    while view.bits(at) & FORMS and not (mood == "infinitive" and view.has(at, "need")):
        senses = view.words[at].senses
        bears = view.bears(at)
        if bears and view.words[at].text.lower() in GUESSES:
            mood = "guess"
        elif bears and "light" in senses:
            mood = senses["light"] if senses["light"] != "stem" or not mood else mood
        elif "dila" in senses:
            mood = senses["dila"]
        elif "bring" in senses and mood:
            mood = "imperative"
        elif "negation" in senses and view.has(at + 1, "light"):
            negated = True
        elif not ("emphatic" in senses and view.has(at + 1, "light")):
            break
        at += 1
    return at, mood, negated


def said(view: View, at: int, mood: str) -> tuple[str, int]:
    """What a grammatical mood amounts to with the words behind it, and the place after those that belong to it."""
    match mood:
        case "imperative" | "stem":
            return "command", at
        case "able" | "advice":
            return "request", past_aux(view, at)
        case "infinitive":
            return infinitive(view, at)
        case "future":
            asks = view.words[at - 1].key.endswith(ASKING_FUTURE)
            return ("request" if asks else "told"), at
        case "perfect":
            return ("told", at + 1) if view.has(at, "past") else ("done", past_aux(view, at))
    return ("bare" if mood == "bare" else "told"), at


def infinitive(view: View, at: int) -> tuple[str, int]:
    """What an infinitive before this place amounts to.

    "karna hai" needs, "karne ke liye" stands under another verb, and a bare one is a wish.
    """
    senses = view.words[at].senses if at < view.stop else {}
    if "need" in senses:
        return "need", past_aux(view, at + 1)
    if "aux" in senses or "past" in senses:
        return "need", at + 1
    if "post" in senses and view.has(at + 1, "need"):
        return "need", past_aux(view, at + 2)
    if "starts" in senses and view.has(at + 1, "light"):
        return "command", at + 2
    told = ("told" in senses or "and" in senses) and view.words[at - 1].key.endswith(("na", "نا"))
    under = view.has(at, "post", "wala", "and", "before", "after") and "polite" not in senses
    return ("under" if under and not told else "wish"), at


def past_aux(view: View, at: int) -> int:
    """Past "hai", "hain", "hoon"."""
    while view.has(at, "aux"):
        at += 1
    return at


def negated_before(view: View, first: int) -> bool:
    """Whether the word before a verb denies it ("mat delete karo"), and not the verb before: "delete nahi complete"."""
    said = view.has(first - 1, "negation") and view.words[first - 1].key not in UNSURE_NEGATION
    return said and not view.has(first - 2, "delete", "complete", "update")
