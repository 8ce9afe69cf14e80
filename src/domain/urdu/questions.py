"""Questions about one task or about what is late: "report ka kya bana", "meeting kab hai?", "late tasks dikhao"."""

from itertools import pairwise

from domain.urdu.heads import Head
from domain.urdu.scene import ALL_WALE, Clause
from domain.urdu.verdict import DOUBTFUL, LIKELY, Verdict
from domain.urdu.words import Word

NAME_MAX, SHORT = 3, 4
LEADS = ("kya", "kia", "کیا", "is", "are", "has", "have")
WHAT = ("kya", "kia", "کیا", "what", "what's", "whats")
YOU, I_AM = ("you", "u"), ("hun", "hoon", "hu", "ہون")
TALK = ("past", "i", "if", "ergative", "foreign", "chatter", "say", "negation", "need", "forget")
DONE = (("did", "done"), ("complete", "done"))
OURS = [["my"], ["task"]]
OUTCOMES = ("hua", "hui", "bana", "bani", "haal", "status", "scene", "ہوا", "بنا", "حال")


def overdue(clause: Clause, head: Head | None) -> Verdict | None:
    """What is late: "late tasks dikhao", "kaunse kaam late ho gaye hain", "overdue tasks"."""
    if "late" not in clause.kinds:
        return None
    spoken = clause.spoken()
    ours = clause.task or (len(spoken) <= SHORT and (clause.has("anything") or any(w.key in WHAT for w in spoken)))
    if not ours or clause.has("i", "if", "negation"):
        return None
    if head is not None and head.kind == "list" and head.mood != "done":
        return Verdict("list", head, LIKELY)
    if head is not None and head.kind != "did":
        return None
    named = head is None and len(spoken) <= SHORT
    return Verdict("list", None, LIKELY) if named or clause.asks() else None


def outcome(clause: Clause) -> Verdict | None:
    """What became of a task: "report ka kya hua"; asked about, never done by it."""
    asked = enumerate(clause.span(), clause.first) if clause.has("wh") else ()
    for at in [at for at, word in asked if word.key in WHAT]:
        # "Report ka kya hua", "report ka status kya hai".
        for first, told in ((at, at + 1), (at - 1, at - 1)):
            tells = clause.first + 1 < told < clause.after and clause.words[told].text.lower() in OUTCOMES
            if tells and clause.post(first - 1) == "of" and _names_one(clause):
                return Verdict("list", Head("list", first, first + 2, "command"), DOUBTFUL)
    return None


def is_past(clause: Clause) -> bool:
    """Whether it asks what was done: "maine kal kya kya kiya", "kitne mukammal hue"."""
    if "did" in clause.kinds:
        return True
    bare = ("complete", "bare") if "count" in clause.kinds else ()
    done = [h for h in clause.heads if not h.negated and (h.kind, h.mood) in (*DONE, bare)]
    return bool(done) and clause.asks() and not what_only(clause)


def advises(clause: Clause, head: Head) -> bool:
    """Whether it asks if it is to be done: "delete kar doon?"; "can you ...?" asks to do it."""
    lights = [word.senses.get("light") for word in clause.span()] if "light" in clause.kinds else []
    if "advice" in clause.kinds or "advice" in lights:
        return True
    # "Delete ho sakta hai?" asks whether, "delete kar sakte ho?" asks to.
    pairs = pairwise(clause.span()) if "able" in lights else ()
    if any((_able(two) and "ho" in one.senses) or (_able(one) and two.key in I_AM) for one, two in pairs):
        return True
    return clause.asks() and head.mood != "request" and not any(w.key in YOU for w in clause.span())


def what_did(clause: Clause) -> bool:
    """As in "what did I finish yesterday?", and not "did I finish?"."""
    if "did" not in clause.kinds:
        return False
    words = [w for n, w in enumerate(clause.span(), clause.first) if not clause.dated[n]]
    which = any("wh" in w.senses and "did" not in w.senses for w in words)
    return which and all({"wh", "complete", "task", "light"} & w.senses.keys() for w in words)


def _able(word: Word) -> bool:
    return word.senses.get("light") == "able"


def whether(clause: Clause, head: Head) -> Verdict | None:
    """Whether a task is done: "is the report done?", "kya report ho gayi?"."""
    first = clause.words[clause.first].key
    return Verdict("list", head, DOUBTFUL) if first in LEADS and clause.asks() and _names_one(clause, head) else None


def when_is(clause: Clause) -> bool:
    """As in "meeting kab hai?"; more than a word is as likely the world's matter: "garmi ka mausam kab hai"."""
    return (
        len(clause.content()) <= (2 if clause.has("asks_hour", "article") else 1)
        and clause.has("asks_when")
        and clause.has("aux")
        and not (clause.phrases or clause.has("wala"))
        and _names_one(clause)
    )


def what_only(clause: Clause) -> bool:
    """As in "aj kia h": nothing but a date, "kya", which may be read as done, and "hai"."""
    if not (clause.phrases and clause.has("wh")):
        return False
    rest = clause.undated()
    return [w.key in WHAT for w in rest] == [True, False] and "aux" in rest[1].senses


def kind_of_ours(clause: Clause) -> bool:
    """As in "urgent wale", "home tag wale", "mere kaam": which ones, and nothing besides."""
    if clause.heads:
        return False
    work, words = clause.task == "work", clause.spoken()
    if work and [sorted({"my", "task"} & w.senses.keys()) for w in words] == OURS:
        return True
    if not (clause.has("priority", "status", "tagged") or clause.tags):
        return False
    return (work or words[-1].key.split()[-1] in ALL_WALE) and len(clause.content()) <= 2 * clause.has("tagged")


def what_is(clause: Clause) -> bool:
    """As in "kal kya hai?": nothing but a date and what."""
    named = clause.content() or clause.heads or clause.has(*TALK, "priority", "light")
    return bool(clause.phrases) and not named and any(w.key in WHAT for w in clause.span()) and tells(clause)


def tells(clause: Clause) -> bool:
    """Whether it has a finite "hai", apart from "is" in a date ("is mahine")."""
    finite = [n for n in clause.places() if "aux" in clause.words[n].senses] if "aux" in clause.kinds else []
    return not all([clause.dated[n] for n in finite]) or any([w.key.startswith("what") for w in clause.span()])


def _names_one(clause: Clause, head: Head | None = None) -> bool:
    return 0 < len(clause.content(head)) <= NAME_MAX and not clause.has(*TALK)
