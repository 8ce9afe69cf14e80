"""Which operation a clause asks for, if any: its main verb, and whether it speaks of tasks at all."""

from msgspec.structs import replace

from domain.urdu.clearing import find_clears
from domain.urdu.heads import Head
from domain.urdu.questions import advises, outcome, overdue, what_did, what_only
from domain.urdu.scene import Clause, is_infinitive
from domain.urdu.verbless import without_verb
from domain.urdu.verbs import by_verb
from domain.urdu.verdict import DOUBTFUL, LIKELY, LISTS, NOTHING, Verdict

# How firmly each mood asks; of several verbs the firmest is meant.
FIRMNESS = ("command", "request", "need", "bare", "wish", "done")
# Of these worlds nothing is a task, of the others ("message", "photo") something to do may be one.
NEVER_TASKS = ("music", "weather", "travel")
CHANGES = ("delete", "complete", "update")
BESIDE = 2
NOWHERE = range(0)
THEN = ("to", "toh", "tou", "then", "تو", ",", "،")


def decide(clause: Clause) -> Verdict:
    """The operation of a clause; NOTHING when it asks for none."""
    if clause.has("about", "queries") and clause.task != "list":
        return NOTHING
    head = main_head(clause)
    asked = None
    if clause.has("late", "wh", "did"):
        asked = overdue(clause, head) or outcome(clause) or (LISTS if what_only(clause) or what_did(clause) else None)
    if asked or head is None:
        return asked or without_verb(clause)
    verdict = _commanded(clause, head)
    if verdict.operation in CHANGES and head.mood == "wish" and _is_told_of(clause, head):
        return NOTHING
    if verdict.operation == "complete" and clause.has("plans") and head.mood != "done":
        # "I will finish the report" says that it is not.
        return NOTHING
    if verdict.operation in ("delete", "complete") and {"or", "delete", "complete"} <= clause.kinds:
        # "Delete karun ya complete?".
        return Verdict("delete", head, DOUBTFUL, ("delete", "complete"))
    # Whoever asks for advice is asked back.
    return replace(verdict, confidence=DOUBTFUL) if verdict.operation in CHANGES and advises(clause, head) else verdict


def _is_told_of(clause: Clause, head: Head) -> bool:
    """Whether something is said of doing it: "kamra saaf karna mushkil hai", "delete karna bhool gaya"."""
    behind = clause.words[head.after : clause.after]
    return any("aux" in word.senses or word.senses.get("light") == "perfect" for word in behind)


def _commanded(clause: Clause, head: Head) -> Verdict:
    if head.english and "ticks" in clause.senses(head.first) and any(w.key.startswith("off") for w in clause.span()):
        return Verdict("complete", head, LIKELY)
    marked = head.english and "complete" in clause.kinds
    if marked and any("complete" in w.senses and w.key.startswith("as ") for w in clause.span()):
        return Verdict("complete", head, LIKELY)
    if not head.negated and (_foreign(clause, head) or _says(clause, head)):
        return NOTHING
    clears = find_clears(clause, head)
    return Verdict("update", head, LIKELY, clears=clears) if clears else by_verb(clause, head)


def main_head(clause: Clause) -> Head | None:
    """The verb the clause hangs on: a reminder first, else the firmest, in English the first, in Urdu the last."""
    only = clause.heads[0] if len(clause.heads) == 1 else None
    if not clause.heads or (only and only.mood in FIRMNESS and "if" not in clause.kinds):
        return only
    under = [h for h in clause.heads if h.kind == "remind" and h.mood == "under"]
    # "Yaad dilana band karo".
    stopped = [h for h in under if any(w.means("stops") for w in clause.span()[h.after - clause.first :][:BESIDE])]
    supposed = _supposed(clause)
    heads = [h for h in clause.heads if h.mood in FIRMNESS and h.first not in supposed]
    # "Delete nahi karna, complete karna hai" completes.
    heads = [h for h in heads if not h.negated] or heads
    if len(heads) == 1 and not stopped:
        return heads[0]
    asking = [h for h in heads if h.mood != "done"]
    first = stopped or [h for h in asking if h.kind == "remind"] or [h for h in asking if h.kind == "undo"]
    if first:
        return first[-1]
    ours = [h for h in heads if h.kind != "did"]
    english = [h for h in ours if h.english]
    # "Complete tasks dikhao" asks for those that are.
    if english and not (english[0].kind == "complete" and ours[-1].kind in ("list", "delete") and not ours[-1].english):
        return english[0]
    if ours:
        return min(reversed(ours), key=lambda h: FIRMNESS.index(h.mood))
    return heads[-1] if heads else None


def _supposed(clause: Clause) -> range:
    """The places of a condition: in "agar meeting cancel ho jaye to batana" nothing is cancelled."""
    begin = clause.place("if")
    if begin is None:
        return NOWHERE
    return range(begin, next((n for n in range(begin, clause.after) if clause.words[n].key in THEN), begin))


def _foreign(clause: Clause, head: Head) -> bool:
    """Whether it speaks of songs, messages, weather or traffic, and of no task."""
    if head.kind == "remind" or clause.task == "task" or "foreign" not in clause.kinds:
        return False
    worlds = {w.senses.get("foreign") for w in clause.span()} - {None}
    # "Photos delete karni hain" is to do, "photo delete karo" nothing that we can.
    if head.kind != "add":
        return not (worlds == {"file"} and head.mood == "need") and (head.kind != "did" or head.mood != "done")
    behind = head.after + (clause.words[head.after].key == ":") if head.after < clause.after - 1 else head.after
    if head.english and worlds == {"file"} and behind < clause.after and _does(clause, behind):
        return False
    verb = range(head.first, head.after)
    places = (n for n in clause.places() if n not in verb and "foreign" not in clause.senses(n))
    return not worlds.isdisjoint(NEVER_TASKS) or not any(is_infinitive(clause.words[n]) for n in places)


def _does(clause: Clause, at: int) -> bool:
    """Whether an English verb stands here: "add delete old photos"."""
    return clause.words[at].means("delete", "errand", "update")


def _says(clause: Clause, head: Head) -> bool:
    """Whether somebody is to be told something: "Ali ko bolo ke meeting cancel karo"."""
    if head.kind == "remind" or clause.task or "say" not in clause.kinds:
        return False
    return any(w.senses.get("say") == "imperative" for w in clause.words[clause.first : head.first])
