"""What each verb of ours asks for in its clause: one rule a verb, each a table of cases."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from domain.urdu.heads import Head
from domain.urdu.questions import advises, whether
from domain.urdu.scene import Clause, is_infinitive
from domain.urdu.verbless import forgets, question, wants, without_verb
from domain.urdu.verdict import COULD_ADD, DOUBTFUL, FAIR, LIKELY, LISTS, NOTHING, SURE, Verdict, table
from domain.urdu.words import SIGN, bits_of

NAME_MAX, BARE_MAX, PLAN_MAX = 5, 4, 2
FIRM_LENGTH = 5
# "krli" is "kar li" written as one word.
JOINED = ("krl", "krd", "karl", "kard")
BARE_LENGTH = 2
# "ho gaya" says that it is done; "aa gaya" only that it came.
WENT = ("ga", "gy", "gi", "گ")
# "The report is finished" tells of it; with these verbs a name before them may be whoever did it.
PASSIVE = ("been", "got")
BY_ITSELF = ("called", "finished", "emailed")
# What is made or washed by somebody: "khana ban gaya".
BECOMING = ("ban", "dhul", "pak", "sil", "بن", "دھل", "دہل", "پک", "سل")
LEFT = ("chor", "chhor", "chod", "chhod", "چھوڑ", "چہوڑ")
BROUGHT = {"le aya", "le aaya", "le ayi", "le aayi", "le aye", "leaya", "لے آیا", "لے آئی"}
LEAVES = ("nik", "نکال")
# "Ghar saaf karna hai" is a chore; "list saaf kar do" is for us.
CLEANS = ("saaf", "صاف")
UNNAMING, DOING = SIGN | bits_of("polite me wh aux all"), bits_of("doing")
DEFINITE = ("the", "my", "this", "that")
SHOWING = ("dik", "dekha", "dkh", "show", "دک")


@table
def _remind(clause: Clause, head: Head) -> Iterator[Verdict]:
    asks = clause.senses(head.after) if head.after < clause.after else {}
    if head.mood == "done" or "wh" in asks:
        yield NOTHING
    if head.mood == "under":
        yield Verdict("delete", head, FAIR)
    if clause.has("instead"):
        yield Verdict("update", head, LIKELY)
    if clause.moves():
        yield Verdict("update", head, DOUBTFUL)
    yield Verdict("add", head)


@table
def _add(clause: Clause, head: Head) -> Iterator[Verdict]:
    named = clause.says(head)
    bare = head.english or clause.senses(head.first).get("add") == "bare"
    if head.mood == "done":
        yield _made(clause, head)
    if (head.mood == "need" and clause.asks()) or _notes(clause, head):
        yield NOTHING
    # "What should I add?" asks; "can you add milk?" is a request.
    if head.mood == "bare" and not head.english and clause.asks():
        yield NOTHING
    if clause.task == "task" and "count" in clause.kinds and head.mood in ("bare", "command"):
        yield LISTS
    if _changes(clause, head) or clause.moves() or (clause.task in ("task", "work") and _moves(clause, head)):
        yield Verdict("update", head, LIKELY)
    if clause.task == "task" and _into_a_task(clause, head):
        yield Verdict("update", head, FAIR)
    if clause.task in ("task", "list"):
        yield Verdict("add", head, SURE if named else LIKELY)
    if clause.task == "alert":
        yield Verdict("add", head, FAIR)
    if not named:
        alone = clause.kinds <= {"add", "leads", "light", "native"} and head.mood == "command"
        yield Verdict("add", head, DOUBTFUL) if alone else NOTHING
    if bare:
        yield Verdict("add", head, LIKELY)
    if head.after < clause.after and clause.words[head.after].key == ":":
        yield Verdict("add", head, LIKELY)
    if clause.phrases or any(map(is_infinitive, clause.span())):
        yield Verdict("add", head, FAIR)


def _notes(clause: Clause, head: Head) -> bool:
    """As in "Ali wale mein note likho": what a task says further, which we do not write down."""
    return any("wala" in clause.senses(n) and clause.post(n + 1) == "in" for n in range(clause.first, head.first))


def _made(clause: Clause, head: Head) -> Verdict:
    """As in "report likh di"; "task add kar diya" only tells."""
    if clause.has("wh"):
        return _planned(clause)
    told = clause.task or clause.asks() or clause.senses(head.first).get("add") != "stem"
    return NOTHING if told else _done(clause, head)


def _planned(clause: Clause) -> Verdict:
    """As in "Maine kitne reminders set kiye hain?"."""
    known = clause.task == "task" or (clause.has("paas", "my") and clause.phrases)
    return LISTS if known and not clause.has("foreign") else NOTHING


def _changes(clause: Clause, head: Head) -> bool:
    """A verb of adding that changes: "doosra wala parson pe dal do", "make it urgent"."""
    if head.mood == "command" and ("instead" in clause.kinds or ("naam" in clause.kinds and _renames(clause, head))):
        return True
    if head.english:
        if clause.words[head.first].key == "make" and _often(clause):
            return True
        if not (clause.has("priority") and "makes" in clause.senses(head.first)):
            return False
        ends = clause.words[clause.after - 1].means("priority", "rank")
        known = clause.words[head.after].key in DEFINITE  # "make the rent task urgent"
        return ends and (known or clause.task != "task" or clause.has("all", "plural") or _numbered(clause))
    tagged = clause.tags
    if clause.senses(head.first).get("add") == "bare" or not (clause.phrases or clause.has("priority") or tagged):
        return False
    pointed = clause.has("pronoun") or (clause.has("ordinal") and not clause.says(head))
    tagged = tagged and any(w.senses.get("post") in ("on", "ko") for w in clause.span())
    return tagged or pointed or _numbered(clause) or _named_by_wala(clause, head) or _puts_on(clause)


def _often(clause: Clause) -> bool:
    """As in "make walk weekly"; "make dinner every day" is a thing to do."""
    last = clause.words[clause.after - 1]
    return "often" in last.senses and " " not in last.key and clause.after - clause.first > BARE_LENGTH


def _renames(clause: Clause, head: Head) -> bool:
    """Whether a name is put: "ka naam gym rakh do", "set the name"; with "add karo" a name is only spoken of."""
    senses = clause.senses(head.first)
    return senses.get("add") != "bare" or "makes" in senses


def _numbered(clause: Clause) -> bool:
    """As in "task 3"."""
    places = range(clause.first, clause.after - 1) if clause.has("digits") else ()
    return any("task" in clause.senses(n) and "digits" in clause.senses(n + 1) for n in places)


def _puts_on(clause: Clause) -> bool:
    """As in "Meeting ko kal pe rakh do"."""
    if not clause.phrases:
        return False
    first = clause.phrases[0].first
    into = first > clause.first and clause.post(first - 1) == "ko"
    return into and any(clause.post(p.after - 1) == "on" for p in clause.phrases)


def _named_by_wala(clause: Clause, head: Head) -> bool:
    """As in "Meeting wala task ...": a task that exists."""
    for n in range(clause.first, head.first):
        if "wala" in clause.senses(n) and n + 1 < clause.after:
            behind = clause.senses(n + 1)
            if "task" in behind or "post" in behind or n + 1 == head.first:
                return True
    return clause.named() is not None


def _task_before(clause: Clause, head: Head) -> int | None:
    for n in range(clause.first, head.first - 1):
        if clause.senses(n).get("task") in ("task", "work"):
            return n
    return None


def _moves(clause: Clause, head: Head) -> bool:
    """As in "aaj ke saare kaam kal pe daal do": existing tasks, then where they go."""
    at = _task_before(clause, head) if clause.phrases and clause.has("all") else None
    if at is None:
        return False
    at += clause.post(at + 1) == "ko"
    return any(p.first == at + 1 for p in clause.phrases)


def _into_a_task(clause: Clause, head: Head) -> bool:
    """As in "X ko reminder mein add karo": something goes into a task that exists."""
    at = _task_before(clause, head)
    return at is not None and clause.post(at + 1) == "in" and "plural" not in clause.senses(at)


@table
def _delete(clause: Clause, head: Head) -> Iterator[Verdict]:
    leaves, cleans = (clause.words[head.first].key.startswith(verbs) for verbs in (LEAVES, CLEANS))
    # "Office wali meeting cancel ho gayi" is asked about.
    gone = head.mood == "done" and clause.has("wala") and clause.content(head) and not clause.asks()
    told = clause.has("past", "i", "ergative", "negation", "if", "chatter", "say", "foreign")
    if gone and not told:
        yield Verdict("delete", head, DOUBTFUL)
    made = cleans or clause.senses(head.first).get("delete") == "stem"
    if head.mood == "done" and made and not (clause.task or clause.asks()):
        yield _done(clause, head)
    if head.mood == "done":
        yield NOTHING
    if clause.task == "task":
        yield Verdict("delete", head)
    if cleans and not (clause.task or clause.has("wala", "all", "pronoun")):
        # Whoever says "ghar saaf karo" may say it to themselves.
        yield without_verb(clause) if head.mood == "need" else Verdict("delete", head, DOUBTFUL)
    if leaves and head.mood == "need":
        yield NOTHING if clause.has("need") else without_verb(clause)
    if leaves and not clause.has("wala", "all", "task"):
        yield NOTHING
    if head.mood == "bare" and len(clause.content(head)) > BARE_MAX:
        yield NOTHING
    if clause.names(head) or clause.phrases:
        yield Verdict("delete", head, LIKELY)
    yield Verdict("delete", head, FAIR)


@table
def _complete(clause: Clause, head: Head) -> Iterator[Verdict]:
    named = len(clause.content(head))
    over = head.mood == "done" and (clause.has("past", "last") or named > NAME_MAX)
    news = _news(clause, head)
    if news:
        yield news
    if head.mood == "need" and clause.has("wala") and named:
        yield Verdict("complete", head, DOUBTFUL)
    if head.mood == "need" and not clause.task:
        yield COULD_ADD if named else NOTHING
    if head.mood in ("done", "bare") and (asked := whether(clause, head)):
        yield asked
    if _which_done(clause, head) and not named and not clause.has("pronoun"):
        yield Verdict("list", head, LIKELY)
    if over or (clause.asks() and head.mood in ("done", "bare")):
        yield NOTHING
    if clause.task == "task":
        yield Verdict("complete", head)
    if named and head.english and any(phrase.when.bound in ("until", "before") for phrase in clause.phrases):
        # "Finish the slides by Friday" is to be done until then, unless there is such a task.
        yield Verdict("complete", head, DOUBTFUL, errand=True)
    if clause.names(head):
        yield Verdict("complete", head, LIKELY)
    yield Verdict("complete", head, FAIR)


def _news(clause: Clause, head: Head) -> Verdict | None:
    """What somebody else did, in English: "Sara bought a gift"; "Ammi called" may be news or the task, and is asked."""
    verb, before = clause.words[head.first], clause.words[clause.first : head.first]
    if verb.senses.get("complete") != "perfect" or head.after > head.first + 1 or clause.has("i", "wala"):
        return None
    if before and "person" in before[-1].senses:
        return Verdict("complete", head, DOUBTFUL)
    named = any(clause.carries(n) and "left" not in w.senses for n, w in enumerate(before, clause.first))
    if not named or any(w.key in PASSIVE or "aux" in w.senses for w in before):
        return None
    behind = range(head.after, clause.after)
    if any(not clause.dated[n] and not clause.words[n].means("aux", "left", "polite") for n in behind):
        return NOTHING
    return Verdict("complete", head, DOUBTFUL) if verb.text.lower() in BY_ITSELF else None


def _which_done(clause: Clause, head: Head) -> bool:
    """As in "kitne mukammal hue"."""
    return clause.has("count") or bool(clause.task and clause.has("wh") and head.mood == "done")


def _did(clause: Clause, head: Head) -> Verdict:
    """Forms of karna without a verb of ours: "report urgent kar do"."""
    if head.mood in ("command", "request"):
        if advises(clause, head) and not (clause.asks() or clause.has("wala", "task")):
            return NOTHING
        found = wants(clause) or _set(clause, head)
        return found if found is not NOTHING else without_verb(clause)
    if head.mood in ("need", "wish"):
        return without_verb(clause)
    if clause.has("wh"):
        return question(clause) or NOTHING
    return _done(clause, head) if head.mood == "done" and not clause.asks() else NOTHING


@table
def _done(clause: Clause, head: Head) -> Iterator[Verdict]:
    """Done, when a thing is named and nothing says that it is only talk."""
    behind = range(head.after, clause.after)
    named, told = len(clause.content(head)), clause.has("chatter", "past", "negation", "foreign", "forget", "ergative")
    if told or not all(_closes(clause, n) for n in behind) or not _is_done(clause, head) or _is_given_up(clause, head):
        yield NOTHING
    if clause.phrases[1:] and clause.phrases[0].when.bound == "from":
        # "Meeting kal se parson ho gayi" was moved.
        yield NOTHING
    keys = {w.key for w in clause.words[head.first : head.after]}
    firm = len(keys) > 1 or named > 1 or any(len(key) > FIRM_LENGTH or key.startswith(JOINED) for key in keys)
    if named > NAME_MAX + 1 or not clause.names(head):
        yield NOTHING
    if clause.task == "work" and not named and not clause.points():
        yield NOTHING
    if head.kind in ("add", "delete") and not named and clause.has("all"):
        # "Sab saaf kar diya", "sab likh liya" tell of no task.
        yield NOTHING
    # "Bhai doodh le aaya" tells bhai, or of him.
    if "person" in clause.senses(clause.first) and keys <= BROUGHT:
        yield Verdict("complete", head, DOUBTFUL)
    if clause.task in ("task", "work"):
        yield Verdict("complete", head, LIKELY)
    if firm:
        yield Verdict("complete", head, FAIR)


def _is_done(clause: Clause, head: Head) -> bool:
    """As in "ho gaya"; "gayi" and "gayi hui hai" tell where something is."""
    verb = [w for w in clause.words[head.first : head.after] if "light" in w.senses]
    while len(verb) > 1 and "ho" in verb[-1].senses and verb[-1].senses["light"] == "perfect":
        verb.pop()
    went = bool(verb) and verb[-1].key.startswith(WENT)
    return not went or any("ho" in w.senses for w in verb) or clause.words[head.first - 1].key in BECOMING


def _is_given_up(clause: Clause, head: Head) -> bool:
    """As in "gym jana chor diya", "office jana band kar diya"; "geyser band kar diya" does it."""
    at = head.first - 1
    left = at > clause.first and (clause.words[at].key.startswith(LEFT) or "stops" in clause.senses(at))
    return left and is_infinitive(clause.words[at - 1])


def _closes(clause: Clause, at: int) -> bool:
    """What may stand behind "ho gaya": who did it, when, and politeness."""
    word = clause.words[at]
    return clause.dated[at] or not word.key[0].isalnum() or word.means("i", "polite", "post", "aux")


@table
def _set(clause: Clause, head: Head) -> Iterator[Verdict]:
    """A new date, priority or name for what exists: "report ko urgent kar do"."""
    verb = clause.senses(head.first)
    before = clause.senses(head.first - 1) if head.first > clause.first else {}
    gives = head.after - head.first == 1 and "number" in verb and not {"task", "post"}.isdisjoint(before)
    tied = clause.has("post") or clause.task
    if not clause.names(head) or clause.has("foreign", "say", "wh", "i"):
        yield NOTHING
    if clause.has("chatter") and not clause.moves():
        yield NOTHING
    if gives and clause.task in ("task", "list"):
        yield Verdict("list", head, LIKELY)
    if clause.has("stops") and clause.task in ("task", "alert"):
        yield Verdict("delete", head, LIKELY)
    if clause.has("naam", "instead"):
        yield Verdict("update", head, LIKELY)
    if clause.has("status") and clause.task:
        yield Verdict("update", head, FAIR)
    if clause.task == "task" and clause.has("starts"):
        yield Verdict("add", head, FAIR)
    if clause.phrases or clause.has("priority"):
        yield Verdict("update", head, LIKELY if tied else FAIR)


@table
def _end(clause: Clause, head: Head) -> Iterator[Verdict]:
    """Khatam: done of a task that is named as one, else delete or complete, to be asked."""
    told = clause.asks() or clause.has("past") or not (clause.task or clause.has("wala", "pronoun"))
    if not clause.names(head) or clause.has("chatter"):
        yield NOTHING
    if head.mood == "done":
        yield NOTHING if told else Verdict("complete", head, FAIR)
    if head.mood == "need" and not clause.task:
        yield COULD_ADD if clause.says(head) else NOTHING
    yield Verdict("delete", head, DOUBTFUL, ("delete", "complete"))


@table
def _update(clause: Clause, head: Head) -> Iterator[Verdict]:
    renames = clause.words[head.first].key == "rename"
    what = renames or clause.phrases or clause.has("priority", "rank", "naam", "pronoun", "ordinal")
    if head.mood == "done":
        yield NOTHING
    if clause.task in ("task", "list", "alert"):
        yield Verdict("update", head)
    if what and (clause.names(head) or clause.phrases):
        yield Verdict("update", head, LIKELY)
    if head.mood in ("command", "need") and clause.says(head):
        yield Verdict("update", head, DOUBTFUL)


def _undo(clause: Clause, head: Head) -> Verdict:
    named = "native" in clause.senses(head.first) and clause.says(head)
    verb = clause.words[head.first : head.after]
    brings = head.mood == "command" and any("bring" in w.senses and not is_infinitive(w) for w in verb)
    if named and not brings and not clause.has("delete", "task", "pronoun", "slip"):
        # What is to be brought back or given back is no change of ours: "qarz wapas lena hai".
        return without_verb(clause)
    # "Can I undo?" asks about it; "can you undo that?" asks for it.
    wonders = clause.has("wh", "why") or advises(clause, head) or (clause.asks() and not clause.has("pronoun", "slip"))
    return NOTHING if head.mood in ("done", "need") else Verdict("undo", head, DOUBTFUL if wonders else LIKELY)


@table
def _mark(clause: Clause, head: Head) -> Iterator[Verdict]:
    if clause.has("complete"):
        yield Verdict("complete", head, LIKELY)
    if clause.has("priority"):
        yield Verdict("update", head, LIKELY)


@table
def _list(clause: Clause, head: Head) -> Iterator[Verdict]:
    if head.mood == "done":
        yield _done(clause, head)
    if clause.has("past", "if") or (clause.has("chatter") and not _only_shows(clause, head)):
        yield NOTHING
    if clause.has("instead") and clause.phrases:
        yield Verdict("update", head, LIKELY)
    if clause.task in ("task", "list"):
        yield Verdict("list", head)
    told = head.first > clause.first and clause.post(head.first - 1) == "ko"
    told = told or (head.after < clause.after and "told" in clause.senses(head.after) and not clause.has("wh"))
    if told and not clause.task:
        yield NOTHING
    if clause.task == "work" and not clause.has("forget"):
        yield Verdict("list", head, LIKELY)
    named = len(clause.content(head))
    ours = clause.has("all", "status", "most", "priority", "tagged") or clause.tags
    ours = ours or (clause.has("wala") and not clause.has("wh"))
    planned = (clause.phrases and named <= 1) or (clause.has("agenda", "having") and named <= PLAN_MAX)
    if ours or planned or "task" in clause.senses(head.first) or _only_shows(clause, head):
        yield Verdict("list", head, FAIR)


def _only_shows(clause: Clause, head: Head) -> bool:
    """As in "zara dikhao kya kya hai"; what is only told must be to do: "batao ab kya karna hai"."""
    rest = [w for n, w in enumerate(clause.span(), clause.first) if not head.first <= n < head.after]
    if clause.words[head.first].key.startswith(SHOWING):
        return all(w.bits & UNNAMING for w in rest)
    return clause.has("wh") and clause.has("doing") and all(w.bits & (UNNAMING | DOING) for w in rest)


RULES: dict[str, Callable[[Clause, Head], Verdict]] = {
    "remind": _remind,
    "add": _add,
    "delete": _delete,
    "complete": _complete,
    "did": _did,
    "end": _end,
    "update": _update,
    "reopen": lambda clause, _: without_verb(clause),
    "undo": _undo,
    "mark": _mark,
    "list": _list,
}


def by_verb(clause: Clause, head: Head) -> Verdict:
    """The verdict on a clause that hangs on this verb."""
    if head.negated:
        wanted = wants(clause) if clause.has("need") else None
        return forgets(clause) or wanted or NOTHING
    if _is_errand(clause, head):
        return without_verb(clause)
    verdict = RULES[head.kind](clause, head)
    if not _may_be_errand(clause, head, verdict):
        return verdict
    # What is only needed changes nothing unasked: "order cancel karna hai".
    return replace(verdict, errand=True, confidence=min(DOUBTFUL, verdict.confidence))


def _may_be_errand(clause: Clause, head: Head, verdict: Verdict) -> bool:
    """As in "order cancel karna hai": a task there is, or else the thing to do itself."""
    if head.mood != "need" or verdict.operation not in ("delete", "update"):
        return False
    if clause.task or clause.has("wala", "pronoun", "all", "instead", "naam"):
        return False
    moved = any(clause.words[p.first].key == "to" or clause.words[p.first - 1].key == "to" for p in clause.phrases)
    # "Meeting ko jumme ko shift karni hai" speaks of one that is known.
    ko = [n for n in range(clause.first, head.first) if clause.post(n) == "ko"]
    known = moved or not all(clause.dated[n] for n in ko)
    return not known and clause.says(head) and not clause.asks()


def _is_errand(clause: Clause, head: Head) -> bool:
    """As in "report likhni hai": our verb, but the thing to do itself."""
    if head.english and head.kind == "list" and _needs_behind(clause, head):
        return True
    if head.mood not in ("need", "wish") or head.kind not in ("add", "list", "update"):
        return False
    stem = clause.senses(head.first).get(head.kind) not in (None, "bare")
    stem = stem or (head.kind == "list" and clause.says(head) and not clause.has("agenda"))
    return stem and not (clause.task or clause.has("wala", "pronoun", "ordinal"))


def _needs_behind(clause: Clause, head: Head) -> bool:
    """As in "show room jana hai": an English verb that an Urdu need follows is a noun."""
    places = range(head.after, clause.after - 1)
    return any(is_infinitive(clause.words[n]) and "aux" in clause.senses(n + 1) for n in places)
