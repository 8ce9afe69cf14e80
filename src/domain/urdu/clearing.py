"""What is taken off a task and not away: its date, its repetition, or that it is done."""

from domain.urdu.heads import Head
from domain.urdu.scene import Clause

FACETS = ("due", "repeat")
ASKING = ("command", "request", "need", "bare", "wish")
TIED = ("of", "from")


def find_clears(clause: Clause, head: Head) -> tuple[str, ...]:
    """As in "report ki date hata do", "gym se roz hata do"; empty where a task goes."""
    if head.mood in ASKING and not head.negated and _reopens(clause, head):
        return ("done",)
    stops = head.kind == "did" and head.first > clause.first and "stops" in clause.senses(head.first - 1)
    if not (stops or head.kind in ("delete", "end")) or head.mood not in ASKING or head.negated:
        return ()
    found = _behind(clause, head) if head.english else _before(clause, head)
    return (found,) if found else ()


def _reopens(clause: Clause, head: Head) -> bool:
    """As in "task 5 ko pending kar do", "mark it as not done"."""
    if head.kind == "reopen":
        return head.english or clause.has("done_of")
    if head.kind not in ("did", "mark"):
        return False
    last = head.first - 1 if head.kind == "did" else clause.after - 1
    return last > clause.first and clause.senses(last).get("status") == "pending" and clause.names(head)


def _before(clause: Clause, head: Head) -> str:
    at = head.first - 1
    while at >= clause.first and ("stops" in clause.senses(at) or clause.post(at) == "ko"):
        at -= 1
    if at < clause.first:
        return ""
    tied = next((p.first for p in clause.phrases if p.when.rule and p.first <= at < p.after), at)
    led = tied > clause.first and clause.post(tied - 1) in TIED
    return _facet(clause, at) or ("repeat" if led and _repeats(clause, at) else "")


def _behind(clause: Clause, head: Head) -> str:
    at = head.after
    while at < clause.after and clause.words[at].means("article", "my", "of"):
        at += 1
    if at >= clause.after:
        return ""
    after = next((p.after for p in clause.phrases if p.when.rule and p.first <= at < p.after), at + 1)
    # "Daily from" is one phrase with its "from".
    near = range(max(at + 1, after - 1), min(after + 1, clause.after))
    if any(clause.post(n) in (*TIED, "on", "liye") for n in near):
        return _facet(clause, at) or ("repeat" if _repeats(clause, at) else "")
    last = clause.after - 1
    while last > at and "polite" in clause.senses(last):
        last -= 1
    return _facet(clause, last)


def _facet(clause: Clause, at: int) -> str:
    senses = clause.senses(at)
    return next((facet for facet in FACETS if f"{facet}_of" in senses), "")


def _repeats(clause: Clause, at: int) -> bool:
    return any(p.when.rule and p.first <= at < p.after for p in clause.phrases)
