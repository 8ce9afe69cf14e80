"""Which operation a clause asks for, if any, and how sure that is."""

from collections.abc import Callable

from msgspec import Struct

from domain.urdu.heads import Head
from domain.urdu.scene import Clause

SURE, LIKELY, FAIR, DOUBTFUL, NO = 0.95, 0.8, 0.65, 0.5, 0.0
FIRMNESS = ("command", "request", "need", "bare", "wish", "done")
ASKED = ("command", "request", "need", "bare", "wish")
SMALL = frozenset(
    [
        "me",
        "my",
        "i",
        "polite",
        "article",
        "all",
        "negation",
        "wh",
        "aux",
        "past",
        "need",
        "and",
        "that",
        "post",
        "light",
        "wala",
        "task",
        "dila",
        "pronoun",
        "yaad",
        "every",
        "next",
        "this",
        "last",
        "before",
        "after",
        "number",
        "ordinal",
        "status",
        "priority",
        "most",
        "count",
        "dated",
    ]
)
LONG, SHORT = 14, 4
NAME_MAX = 5
BESIDE = 2


class Verdict(Struct, frozen=True):
    """The operation by name, the verb that asks for it, how sure (0 to 1), and what else the verb may mean."""

    operation: str
    head: Head | None = None
    confidence: float = SURE
    options: tuple[str, ...] = ()


NOTHING = Verdict("none", None, NO)


def decide(clause: Clause) -> Verdict:
    """The operation of a clause; NOTHING when it asks for none."""
    if clause.has("about", "queries") and clause.task_word() != "list":
        return NOTHING
    head = main_head(clause)
    if head is None:
        return _without_verb(clause)
    if head.english and any(w.key.startswith("as ") and "complete" in w.senses for w in clause.span()):
        return Verdict("complete", head, LIKELY)
    if head.negated:
        wanted = _wants(clause) if clause.has("need") else None
        return _forgets(clause) or wanted or NOTHING
    if _foreign(clause, head):
        return NOTHING
    if head.kind == "add" and head.mood == "done" and clause.has("wh"):
        known = clause.task_word() == "task" or clause.has("paas", "my") and bool(clause.phrases)
        return Verdict("list", None, LIKELY) if known and not clause.has("foreign") else NOTHING
    return RULES[head.kind](clause, head)


def main_head(clause: Clause) -> Head | None:
    """The verb the clause hangs on: a reminder first, else the last one that asks, in English the first."""
    stopped = [h for h in clause.heads if h.kind == "remind" and h.mood == "under" and _stops(clause, h)]
    if stopped:
        return stopped[-1]
    heads = [h for h in clause.heads if h.mood in (*ASKED, "done")]
    for kind in ("remind", "undo"):
        firm = [h for h in heads if h.kind == kind and h.mood != "done"]
        if firm:
            return firm[-1]
    asking = [h for h in heads if h.kind != "did"]
    if asking:
        english = [h for h in asking if h.english]
        return english[0] if english else max(reversed(asking), key=lambda h: -FIRMNESS.index(h.mood))
    return heads[-1] if heads else None


def content(clause: Clause, head: Head | None) -> list[str]:
    """The keys of the words that carry meaning beside the verb."""
    span = range(head.first, head.after) if head else range(0)
    return [
        clause.words[n].key
        for n in range(clause.first, clause.after)
        if n not in span
        and not clause.dated[n]
        and clause.words[n].key[0].isalnum()
        and SMALL.isdisjoint(clause.words[n].senses)
    ]


def _points(clause: Clause) -> bool:
    """Whether the clause points at tasks without naming one: "isko", "sab", "task 3", "doosra wala"."""
    return clause.has("pronoun", "all", "ordinal", "wala") or any(
        w.key == "#" or "number" in w.senses for w in clause.span()
    )


def _foreign(clause: Clause, head: Head) -> bool:
    """Whether it speaks of songs, messages, weather or traffic, and of no task."""
    if head.kind == "remind" or clause.task_word() == "task" or not clause.has("foreign"):
        return clause.has("say") and head.kind != "remind" and not clause.task_word() and _says(clause, head)
    if head.kind == "add":
        return any(w.senses.get("foreign") in ("music", "weather", "travel") for w in clause.span()) or not any(
            _is_infinitive(w.key) and "foreign" not in w.senses and not head.first <= n + clause.first < head.after
            for n, w in enumerate(clause.span())
        )
    return head.kind != "did" or head.mood != "done"


def _says(clause: Clause, head: Head) -> bool:
    """Whether somebody is to be told something: "Ali ko bolo ke meeting cancel karo"."""
    return any(
        w.senses.get("say") == "imperative" and n + clause.first < head.first for n, w in enumerate(clause.span())
    )


def _is_infinitive(key: str) -> bool:
    return key.endswith(("na", "ne", "ni", "نا", "نے", "نی")) and len(key) > 3


def _stops(clause: Clause, head: Head) -> bool:
    """ "yaad dilana band karo"."""
    return any("stops" in w.senses for w in clause.words[head.after : min(head.after + 2, clause.after)])


def _remind(clause: Clause, head: Head) -> Verdict:
    if head.mood == "done" or (head.after < clause.after and "wh" in clause.words[head.after].senses):
        return NOTHING
    if head.mood == "under":
        return Verdict("delete", head, FAIR)
    if clause.has("instead"):
        return Verdict("update", head, LIKELY)
    return Verdict("add", head)


def _add(clause: Clause, head: Head) -> Verdict:
    if head.mood == "done":
        return NOTHING
    word = clause.task_word()
    named = bool(content(clause, head))
    if word == "task" and head.mood in ("bare", "command") and clause.has("count"):
        return Verdict("list", None, LIKELY)
    if head.mood == "need" and _asks(clause):
        return NOTHING
    if _changes(clause, head):
        return Verdict("update", head, LIKELY)
    if word == "task" and clause.has("all") and _moves(clause, head):
        return Verdict("update", head, LIKELY)
    if word == "task" and _into_a_task(clause, head):
        return Verdict("update", head, FAIR)
    if word in ("task", "list"):
        return Verdict("add", head, SURE if named else LIKELY)
    if word == "alert":
        return Verdict("add", head, FAIR)
    if not named:
        return (
            Verdict("add", head, DOUBTFUL)
            if head.mood == "command" and clause.has("add") and not clause.kinds - {"add", "light"}
            else NOTHING
        )
    if clause.words[head.first].senses.get("add") == "bare" or head.english:
        return Verdict("add", head, LIKELY)
    return (
        Verdict("add", head, FAIR) if clause.phrases or any(_is_infinitive(w.key) for w in clause.span()) else NOTHING
    )


def _changes(clause: Clause, head: Head) -> bool:
    """ "doosra wala parson pe dal do", "uska naam gym rakh do", "make it urgent": a verb of adding that changes."""
    if clause.has("naam") and head.mood == "command":
        return True
    if head.english:
        last = clause.words[clause.after - 1].senses
        makes = "makes" in clause.words[head.first].senses
        return (
            makes and clause.has("priority") and ("priority" in last or "rank" in last) and clause.task_word() != "task"
        )
    if clause.words[head.first].senses.get("add") == "bare" or not (clause.phrases or clause.has("priority")):
        return False
    pointed = clause.has("pronoun") or _wala_task(clause, head) or (clause.has("ordinal") and not content(clause, head))
    if not clause.phrases:
        return pointed
    first = clause.phrases[0].first
    into = first > clause.first and clause.words[first - 1].senses.get("post") == "ko"
    return pointed or (into and any("on" == clause.words[p.after - 1].senses.get("post") for p in clause.phrases))


def _wala_task(clause: Clause, head: Head) -> bool:
    """ "meeting wala task ...": a task that exists, named by "wala"."""
    for n in range(clause.first, head.first):
        if "wala" in clause.words[n].senses and n + 1 < clause.after:
            behind = clause.words[n + 1].senses
            if "task" in behind or "post" in behind or n + 1 == head.first:
                return True
    return False


def _moves(clause: Clause, head: Head) -> bool:
    """ "Monday ke sab reminders ko Tuesday ke liye laga do": existing tasks, then where they go."""
    at = next((n for n in range(clause.first, head.first) if clause.words[n].senses.get("task") == "task"), head.first)
    if at + 1 >= head.first or clause.words[at + 1].senses.get("post") != "ko":
        return False
    return any(p.first > at for p in clause.phrases)


def _into_a_task(clause: Clause, head: Head) -> bool:
    """ "X ko reminder mein add karo": something goes into a task that exists."""
    for n in range(clause.first, head.first):
        if clause.words[n].senses.get("task") == "task" and n + 1 < head.first:
            if clause.words[n + 1].senses.get("post") == "in" and clause.words[n].key not in (
                "tasks",
                "todo",
                "to do",
                "ٹاسکس",
            ):
                return True
    return False


def _delete(clause: Clause, head: Head) -> Verdict:
    if head.mood == "done":
        return NOTHING
    if clause.task_word() == "task":
        return Verdict("delete", head)
    leaves = clause.words[head.first].key.startswith(("nik", "نکال"))
    if leaves and (head.mood == "need" or not clause.has("wala", "all", "task")):
        return NOTHING
    if head.mood == "bare" and len(content(clause, head)) > 4:
        return NOTHING
    if content(clause, head) or _points(clause) or clause.task_word() or clause.phrases:
        return Verdict("delete", head, LIKELY)
    return Verdict("delete", head, FAIR)


def _complete(clause: Clause, head: Head) -> Verdict:
    if head.mood == "need" and not clause.task_word():
        return Verdict("add", None, DOUBTFUL) if content(clause, head) else NOTHING
    if _asks(clause) and head.mood in ("done", "bare"):
        return NOTHING
    if head.mood == "done" and (clause.has("past", "last") or len(content(clause, head)) > NAME_MAX):
        return NOTHING
    if content(clause, head) or _points(clause) or clause.task_word():
        return Verdict("complete", head, SURE if clause.task_word() == "task" else LIKELY)
    return Verdict("complete", head, FAIR)


def _did(clause: Clause, head: Head) -> Verdict:
    """ "bijli ka bill de diya": done, when a thing is named and nothing says that it is only talk."""
    if head.mood in ("command", "request"):
        found = _wants(clause) or _set(clause, head)
        return found if found.operation != "none" else _without_verb(clause)
    if head.mood in ("need", "wish"):
        return _without_verb(clause)
    if clause.has("wh"):
        return _question(clause) or NOTHING
    if head.mood != "done" or _asks(clause) or clause.has("chatter", "past", "negation", "foreign", "forget"):
        return NOTHING
    behind = range(head.after, clause.after)
    if clause.has("ergative") or any(not _light_tail(clause, n) for n in behind):
        return NOTHING
    named = content(clause, head)
    if not (named or _points(clause) or clause.task_word()) or len(named) > 6:
        return NOTHING
    verb = clause.words[head.first : head.after]
    went = [w.key for w in verb if "light" in w.senses][-1:]
    if went and went[0].startswith(("ga", "gy", "gi", "گ")) and not any("ho" in w.senses for w in verb):
        return NOTHING
    keys = {w.key for w in verb}
    firm = len(keys) > 1 or any(len(key) > 5 for key in keys) or len(named) > 1
    if clause.task_word() in ("task", "work") and (named or _points(clause) or clause.task_word() == "task"):
        return Verdict("complete", head, LIKELY)
    if not named and clause.task_word() == "work":
        return NOTHING
    return Verdict("complete", head, FAIR) if firm else NOTHING


def _light_tail(clause: Clause, at: int) -> bool:
    """What may stand behind "ho gaya": who did it, when, and politeness."""
    word = clause.words[at]
    return clause.dated[at] or not word.key[0].isalnum() or not {"i", "polite", "post", "aux"}.isdisjoint(word.senses)


def _set(clause: Clause, head: Head) -> Verdict:
    """ "meeting ko kal pe kar do", "report ko urgent kar do": a new date or priority for what exists."""
    verb = clause.words[head.first].senses
    named = content(clause, head) or _points(clause) or clause.task_word()
    if not named or clause.has("foreign", "say", "wh", "chatter", "i"):
        return NOTHING
    if (
        clause.task_word() in ("task", "list")
        and head.after - head.first == 1
        and "giving" not in verb
        and "number" in verb
    ):
        return Verdict("list", head, LIKELY)
    if clause.has("naam"):
        return Verdict("update", head, LIKELY)
    if clause.has("status") and clause.task_word():
        return Verdict("update", head, FAIR)
    if clause.task_word() == "task" and any("starts" in w.senses for w in clause.span()):
        return Verdict("add", head, FAIR)
    if clause.phrases or clause.has("priority"):
        return Verdict("update", head, LIKELY if clause.has("post") or clause.task_word() else FAIR)
    return NOTHING


def _end(clause: Clause, head: Head) -> Verdict:
    named = bool(content(clause, head)) or bool(clause.task_word()) or _points(clause)
    if head.mood == "done":
        told = (
            clause.has("chatter", "past") or _asks(clause) or not (clause.task_word() or clause.has("wala", "pronoun"))
        )
        return NOTHING if told else Verdict("complete", head, FAIR)
    if head.mood == "need" and not clause.task_word():
        return Verdict("add", None, DOUBTFUL) if content(clause, head) else NOTHING
    if not named or clause.has("chatter"):
        return NOTHING
    return Verdict("delete", head, DOUBTFUL, ("delete", "complete"))


def _update(clause: Clause, head: Head) -> Verdict:
    if head.mood == "done":
        return NOTHING
    if clause.task_word() in ("task", "list", "alert"):
        return Verdict("update", head)
    if clause.phrases or clause.has("priority", "rank", "naam", "pronoun", "ordinal"):
        return (
            Verdict("update", head, LIKELY) if content(clause, head) or _points(clause) or clause.phrases else NOTHING
        )
    return Verdict("update", head, DOUBTFUL) if content(clause, head) and head.mood == "command" else NOTHING


def _undo(clause: Clause, head: Head) -> Verdict:
    if head.mood in ("done", "need"):
        return NOTHING
    if content(clause, head) and not clause.has("delete", "task", "undo", "pronoun"):
        return NOTHING
    return Verdict("undo", head, LIKELY)


def _mark(clause: Clause, head: Head) -> Verdict:
    if clause.has("complete"):
        return Verdict("complete", head, LIKELY)
    if clause.has("priority"):
        return Verdict("update", head, LIKELY)
    return NOTHING


def _list(clause: Clause, head: Head) -> Verdict:
    if head.mood == "done" or clause.has("past", "chatter", "if"):
        return NOTHING
    if clause.has("instead") and clause.phrases:
        return Verdict("update", head, LIKELY)
    to_whom = clause.words[head.first - 1].senses.get("post") == "ko" if head.first > clause.first else False
    if to_whom and not clause.task_word():
        return NOTHING
    if clause.task_word() in ("task", "list"):
        return Verdict("list", head)
    if clause.task_word() == "work" and not clause.has("forget"):
        return Verdict("list", head, LIKELY)
    named = content(clause, head)
    if clause.has("all", "status", "most", "priority") or (clause.has("wala") and not clause.has("wh")):
        return Verdict("list", head, FAIR)
    if (clause.phrases and not named) or (_plans(clause) and len(named) <= 2):
        return Verdict("list", head, FAIR)
    if clause.words[head.first].key in ("list", "لسٹ"):
        return Verdict("list", head, FAIR)
    return NOTHING


def _plans(clause: Clause) -> bool:
    """Whether it speaks of a plan or schedule."""
    return clause.has("agenda")


def _asks(clause: Clause) -> bool:
    return clause.has("wh", "why") or (
        clause.after < len(clause.words) and clause.words[clause.after].key in ("?", "؟")
    )


def _without_verb(clause: Clause) -> Verdict:
    """A clause in which no verb of ours asks: a question about tasks, a need, a bare list of words."""
    if any(h.mood == "told" and h.kind not in ("did", "list") for h in clause.heads) and not clause.has("wh"):
        return NOTHING
    if clause.has("most") and not clause.has("past"):
        return Verdict("list", None, LIKELY)
    for rule in (_forgets, _corrects, _wants, _question, _need, _noun, _errand):
        verdict = rule(clause)
        if verdict is not None:
            return verdict
    return NOTHING


def _forgets(clause: Clause) -> Verdict | None:
    at = clause.place("forget")
    if at is None or not clause.has("negation") or clause.has("past"):
        return None
    places = [
        n for n in range(clause.first, clause.after) if "negation" in clause.words[n].senses and abs(n - at) <= BESIDE
    ]
    if not places:
        return None
    first, after = min(at, *places), max(at, *places) + 1
    while after < clause.after and not {"light", "aux"}.isdisjoint(clause.words[after].senses):
        after += 1
    return Verdict(
        "add", Head("forget", first, after, "command", english=at > places[0] and first == clause.first), LIKELY
    )


def _corrects(clause: Clause) -> Verdict | None:
    """ "5 nahi 6 baje", "nahi, parson": a date put right, of what was spoken of last."""
    at = clause.place("negation")
    if at is None or not clause.phrases or content(clause, None) or clause.phrases[-1].first < at:
        return None
    said = [w for n, w in enumerate(clause.span(), clause.first) if not clause.dated[n] and w.key[0].isalnum()]
    bare = all(not {"negation", "number", "polite", "day", "aux"}.isdisjoint(w.senses) for w in said)
    return Verdict("update", Head("correct", at, at + 1, "command"), DOUBTFUL) if bare else None


def _wants(clause: Clause) -> Verdict | None:
    """ "mujhe bill ka reminder chahiye", "reminder bhejo", "ab us reminder ki zarurat nahi"."""
    words = clause.span()
    if clause.task_word() not in ("task", "alert") or clause.has("count"):
        return None
    sends = any(w.senses.get("say") == "imperative" or "sends" in w.senses for w in words)
    needs = clause.has("need") and not any(w.key in ("hoga", "hogi") for w in words)
    if not (sends or needs):
        return None
    if clause.has("all"):
        return Verdict("list", None, LIKELY) if clause.task_word() == "task" else None
    if clause.has("negation"):
        return Verdict("delete", None, LIKELY)
    return Verdict("add", None, LIKELY)


def _question(clause: Clause) -> Verdict | None:
    if (
        clause.has("why")
        or not (clause.has("wh") or _asks(clause))
        or any(w.senses.get("say") == "imperative" for w in clause.span())
    ):
        return None
    if clause.has("most") or (clause.has("rank") and clause.has("task", "my")):
        return Verdict("list", None, LIKELY)
    if clause.task_word() in ("task", "list"):
        return Verdict("list", None, LIKELY)
    if clause.has("twice") and not clause.has("foreign", "past"):
        return Verdict("list", None, LIKELY)
    if clause.has("foreign"):
        return NOTHING
    if clause.task_word() == "alert" and clause.has("asks_when"):
        return Verdict("list", None, FAIR)
    if clause.task_word() == "work" and not clause.has("past", "if", "need"):
        return Verdict("list", None, LIKELY)
    if _plans(clause) and (clause.has("my") or clause.phrases):
        return Verdict("list", None, LIKELY)
    named = content(clause, None)
    if clause.phrases and clause.has("my") and clause.has("paas") and len(named) <= 3:
        return Verdict("list", None, FAIR)
    if clause.phrases and clause.has("doing") and len(named) <= 1 and not clause.has("past", "priority"):
        return Verdict("list", None, LIKELY)
    if clause.phrases and len(named) <= 2 and clause.has("having"):
        return Verdict("list", None, LIKELY)
    if (
        0 < len(named) <= 3
        and not clause.has("if", "i", "need")
        and clause.has("my")
        and clause.has("asks_when")
        and not clause.has("past")
    ):
        return Verdict("list", None, DOUBTFUL)
    return NOTHING


def _need(clause: Clause) -> Verdict | None:
    """ "kal bijli ka bill dena hai": something to do, named with an infinitive."""
    places = [n for n in range(clause.first, clause.after) if clause.words[n].key[0].isalnum()]
    words = [clause.words[n] for n in places]
    if len(words) < 2 or clause.has("negation", "past", "foreign", "want") or _asks(clause) or len(words) > LONG:
        return None
    if clause.has("wanting"):
        return None
    acts = [n for n, w in enumerate(words) if _is_infinitive(w.key) and not clause.dated[places[n]]]
    if not acts:
        return None
    tail = [w for n, w in zip(places, words, strict=True) if n > places[acts[-1]] and not clause.dated[n]]
    closed = bool(tail) and all(not {"aux", "need", "polite", "priority"}.isdisjoint(w.senses) for w in tail)
    if not closed or any("chatter" in w.senses and not w.senses.keys() & {"part"} for w in words):
        return None
    named = content(clause, None)
    return Verdict("add", None, FAIR if clause.phrases and len(named) > 1 else DOUBTFUL) if len(named) > 1 else None


def _noun(clause: Clause) -> Verdict | None:
    """ "aaj ke tasks", "naya task: doodh lana", "Elena ka reminder at noon"."""
    word = clause.task_word()
    words = [w for w in clause.span() if w.key[0].isalnum()]
    if word == "work" and clause.phrases and len(words) <= SHORT and not clause.has("negation", "past", "aux"):
        return Verdict("list", None, LIKELY)
    if word == "list" and clause.has("aux") and not _asks(clause):
        return None
    if (
        word not in ("task", "list")
        or not words
        or clause.has("negation", "past")
        or (word == "list" and clause.has("foreign"))
    ):
        return _plan_noun(clause)
    if clause.has("most"):
        return Verdict("list", None, LIKELY)
    first = words[0]
    named = content(clause, None)
    if "task" in first.senses and len(words) > 1 and named and any(w.key == ":" for w in clause.span()):
        return Verdict("add", None, LIKELY)
    if "begins" in first.senses and clause.has("task"):
        return Verdict("add", None, LIKELY if named else FAIR)
    plural = clause.has("plural") or word == "list"
    if plural and len(named) <= 2 and len(words) <= 8:
        return Verdict("list", None, LIKELY)
    if clause.has("all", "status") and len(named) <= 2:
        return Verdict("list", None, FAIR)
    last = words[-1]
    if named and ("task" in last.senses or clause.phrases) and len(words) <= 10:
        return Verdict("add", None, DOUBTFUL)
    return None


def _plan_noun(clause: Clause) -> Verdict | None:
    words = [w for w in clause.span() if w.key[0].isalnum()]
    if len(words) <= 4 and (_plans(clause) and (clause.has("my") or clause.phrases)):
        return Verdict("list", None, FAIR)
    if clause.has("status") and clause.task_word() == "work" and len(words) <= 5:
        return Verdict("list", None, FAIR)
    return None


def _errand(clause: Clause) -> Verdict | None:
    """ "buy milk tomorrow", "I need to call mom"."""
    words = [w for w in clause.span() if w.key[0].isalnum()]
    if not words or clause.has("past", "negation", "wh", "foreign") or clause.has("light") or len(words) > LONG:
        return None
    at = 0
    need = False
    while at < len(words) - 1 and (
        not {"polite", "i", "need"}.isdisjoint(words[at].senses) or "must" in words[at].senses
    ):
        need = need or "firmly" in words[at].senses
        at += 1
    if (
        "errand" in words[at].senses
        and any("me" not in w.senses for w in words[at + 1 :])
        and not clause.has("chatter")
    ):
        return Verdict("add", None, FAIR if clause.phrases or need else DOUBTFUL)
    return None


RULES: dict[str, Callable[[Clause, Head], Verdict]] = {
    "remind": _remind,
    "add": _add,
    "delete": _delete,
    "complete": _complete,
    "did": _did,
    "end": _end,
    "update": _update,
    "undo": _undo,
    "mark": _mark,
    "list": _list,
}
