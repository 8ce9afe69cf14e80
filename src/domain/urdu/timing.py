"""Which dates of a clause set a due, and which only say which task is meant."""

from domain.urdu.scene import Clause
from domain.urdu.when import Phrase

Phrases = list[Phrase]


def told_apart(clause: Clause, operation: str) -> tuple[Phrases, Phrases]:
    """The phrases that set, and those that filter: "kal ki meeting" names, "parson pe kar do" sets."""
    phrases = clause.phrases
    if operation == "add":
        return phrases, []
    if operation != "update" or not phrases:
        return [], phrases
    if clause.has("instead"):
        return _instead(clause)
    old = [p for p in phrases[:-1] if _names(clause, p)]
    new = [p for p in phrases if p not in old]
    if _names(clause, phrases[-1]) and len(phrases) == 1:
        return [], phrases
    if new and not any(p.when.dated() or p.when.rule for p in new) and any(p.when.clock for p in new):
        return [*new, *old], old
    return new, old


def _names(clause: Clause, phrase: Phrase) -> bool:
    """Whether the phrase is tied to the noun behind it: "kal ki meeting", "jumme wala task"."""
    at = phrase.after
    if at >= clause.after or phrase.first > clause.first + 3:
        return False
    senses = clause.words[at].senses
    return senses.get("post") == "of" or "wala" in senses


def _instead(clause: Clause) -> tuple[Phrases, Phrases]:
    """The Urdu "A ke bajaye B" names the old date first, the English "B instead of A" last."""
    at = clause.place("instead") or 0
    before = [p for p in clause.phrases if p.after <= at]
    behind = [p for p in clause.phrases if p.first > at]
    if not behind:
        return before, []
    if clause.words[at].key.startswith(("instead", "rather")):
        return before or behind, behind if before else []
    return behind, before
