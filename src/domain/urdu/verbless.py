"""Clauses in which no verb of ours asks: questions about tasks, needs, bare nouns, errands, corrections."""

from collections.abc import Iterator

from domain.urdu.dates import is_gone
from domain.urdu.heads import Head
from domain.urdu.questions import WHAT, kind_of_ours, tells, what_is, when_is
from domain.urdu.scene import ALL_WALE, Clause, is_infinitive
from domain.urdu.verdict import (
    ADDS,
    COULD_ADD,
    DOUBTFUL,
    FAIR,
    LIKELY,
    LISTS,
    MAY_ADD,
    MAY_LIST,
    NOTHING,
    Verdict,
    table,
)
from domain.urdu.when import Phrase
from domain.urdu.words import Word, bits_of

# Longer ones are told, not asked.
LONG, MEDIUM, SHORT = 14, 9, 5
NAME_MAX = 3
BESIDE = 2
# "Kal milte hain" tells; it names nothing to do.
HABITS = ("te", "ti", "ta", "تے", "تی", "تا")
# Nor does "aaj subah aaya".
VERBAL = (*HABITS, "ya", "yi", "ye", "yin", "tha", "thi", "ga", "gi", "یا", "ئی", "گا", "گی")
SOON = (0, 1, 2)
OWN = (["i", "hawe"], ["i", "have"])
CHANGING = bits_of("aux need polite priority rank post only task")
BE, HOME = ("ho", "ہو"), (["ghar"], ["گھر"])
CLOSING = ("aux", "need", "polite", "priority", "hurry")


def without_verb(clause: Clause) -> Verdict:
    """The verdict on a clause without a verb of ours, or whose verb asks for nothing by itself."""
    told = [h for h in clause.heads if h.mood == "told" and h.kind not in ("did", "list")]
    if told and (not clause.has("wh") or told[0].kind == "remind"):
        return NOTHING
    if "most" in clause.kinds and "past" not in clause.kinds:
        return LISTS
    for rule in (forgets, _corrects, wants, question, _changed, _need, _noun, _errand, _appointment):
        verdict = rule(clause)
        if verdict is not None:
            return verdict
    return NOTHING


def forgets(clause: Clause) -> Verdict | None:
    """What must not be forgotten is to be added: "doodh lana nahi bhoolna"."""
    at = clause.place("forget")
    if at is None or not clause.has("negation") or clause.has("past"):
        return None
    beside = range(max(clause.first, at - BESIDE), min(clause.after, at + BESIDE + 1))
    places = [n for n in beside if "negation" in clause.senses(n)]
    if not places:
        return None
    first, after = min(at, *places), max(at, *places) + 1
    while after < clause.after and clause.words[after].means("light", "aux"):
        after += 1
    leads = at > places[0] and first == clause.first
    return Verdict("add", Head("forget", first, after, "command", english=leads), LIKELY)


def _corrects(clause: Clause) -> Verdict | None:
    """A date put right, of what was spoken of last: "5 nahi 6 baje", "nahi, parson", "sham ki jagah subah 10"."""
    instead = clause.place("instead")
    at = clause.place("negation") if instead is None else instead
    named = instead is None and clause.says()
    if at is None or not clause.phrases or named or clause.phrases[-1].first < at:
        return None
    said = clause.undated()
    bare = all(w.means("negation", "instead", "number", "polite", "day", "part", "aux") for w in said)
    return Verdict("update", Head("correct", at, at + 1, "command"), FAIR) if bare else None


def _changed(clause: Clause) -> Verdict | None:
    """Only what is new of a task that is named: "fees wala 5 baje", "gari wala high"."""
    places = range(clause.first + 1, clause.after - 2) if clause.phrases and not clause.asks() else ()
    for should in [n for n in places if clause.words[n + 1].key == "be" and _should_be(clause, n)]:
        return Verdict("update", Head("did", should, should + 2, "command"), FAIR)
    wholly = clause.named()
    at = wholly if wholly is not None else clause.named(1)
    if at is None or clause.asks() or clause.has("past", "foreign", "if") or clause.task == "list":
        return None
    rest = [n for n in range(at, clause.after) if not clause.dated[n] and clause.words[n].key[0].isalnum()]
    said = [n for n in rest if not clause.words[n].bits & CHANGING]
    new = any(p.first >= at for p in clause.phrases) or any("priority" in clause.senses(n) for n in rest)
    if not new or clause.content()[NAME_MAX:]:
        return None
    if not said:
        return Verdict("update", None, FAIR)
    act = said[0]
    if said != [act] or not is_infinitive(clause.words[act]) or wholly is None:
        return None
    # "Doodh wala aaj hi karna hai" only tells, unless another day is refused.
    refused = sum(clause.dated[at : clause.after]) > sum(p.after - p.first for p in clause.phrases if p.first >= at)
    return Verdict("update", Head("did", act, clause.after, "command"), FAIR) if refused else NOTHING


def _should_be(clause: Clause, at: int) -> bool:
    """As in "client meeting should be on Thursday": nothing but a date follows."""
    words = clause.words
    if words[at].text.lower() != "should":
        return False
    behind = range(at + 2, clause.after)
    said = all(clause.dated[n] or words[n].means("prefix", "polite") for n in behind)
    return said and clause.says()


def wants(clause: Clause) -> Verdict | None:
    """A reminder that is wanted or not: "bill ka reminder chahiye"."""
    if clause.task not in ("task", "alert") or clause.has("count"):
        return None
    sends = any(w.senses.get("say") == "imperative" or "sends" in w.senses for w in clause.span())
    needs = clause.has("need") and not any(w.senses.get("light") == "future" for w in clause.span())
    if not (sends or needs):
        return None
    if clause.has("all"):
        return LISTS if clause.task == "task" else None
    return Verdict("delete", None, LIKELY) if clause.has("negation") else ADDS


def question(clause: Clause) -> Verdict | None:
    """A question about tasks; NOTHING for another one, None where nothing is asked."""
    if not clause.asks() or "why" in clause.kinds:
        return None
    if "say" in clause.kinds and any(w.senses.get("say") == "imperative" for w in clause.span()):
        return None
    if clause.task in ("task", "list"):
        return LISTS
    if clause.has("foreign"):
        return NOTHING
    return _of_tasks(clause)


@table
def _of_tasks(clause: Clause) -> Iterator[Verdict]:
    """A question that names no task as one."""
    past, dated, named = clause.has("past"), bool(clause.phrases), len(clause.content())
    mine = clause.has("my") and not clause.has("if", "i", "need")
    if clause.has("most") or (clause.has("rank") and clause.has("my")) or (clause.has("twice") and not past):
        yield LISTS
    if clause.task == "alert" and clause.has("asks_when", "status"):
        yield MAY_LIST
    if clause.has("status") and named == 0 and not past:
        yield LISTS
    if clause.task == "work" and not past and not clause.has("if", "need"):
        yield LISTS
    if clause.has("agenda") and (clause.has("my") or dated):
        yield LISTS
    if dated:
        yield from _of_a_day(clause, named, mine)
    if clause.has("priority") and _bare_what(clause, "aux", "wala"):
        yield LISTS
    if clause.has("me") and clause.has("doing") and _bare_what(clause, "me", "doing", "aux"):
        yield MAY_LIST
    if clause.has("count") and 0 < named <= NAME_MAX and _several(clause) and not (past or dated):
        yield MAY_LIST
    if what_is(clause):
        yield LISTS
    if when_is(clause):
        yield Verdict("list", None, DOUBTFUL)
    if mine and clause.has("asks_when") and 0 < named <= NAME_MAX and not past:
        yield Verdict("list", None, DOUBTFUL)


def _of_a_day(clause: Clause, named: int, mine: bool) -> Iterator[Verdict]:
    past = clause.has("past")
    if clause.has("my") and clause.has("paas") and named <= 1:
        yield MAY_LIST
    if clause.has("doing") and named <= 1 and not past and not clause.has("priority"):
        yield LISTS
    if clause.has("having") and named < NAME_MAX:
        yield LISTS
    if mine and clause.has("wh") and named == 1 and not past and not clause.has("aux"):
        yield MAY_LIST
    if named == 1 and _any_such(clause):
        yield MAY_LIST


def _any_such(clause: Clause) -> bool:
    """As in "Kal koi meeting hai?", "kal meeting hai kya?"."""
    ends = clause.spoken()[-1].key in WHAT and "aux" in clause.spoken()[-2].senses and not clause.has("light", "wala")
    such = clause.has("article") and not clause.has("wh")
    return (such or ends) and clause.has("aux") and not clause.has("past", "chatter", "need")


def _several(clause: Clause) -> bool:
    """As in "bill wale kitne hain", and not "kitne hone wale hain"."""
    at = next((n for n in range(clause.first + 1, clause.after) if clause.words[n].key in ALL_WALE), None)
    return at is not None and not is_infinitive(clause.words[at - 1])


def _bare_what(clause: Clause, *kinds: str) -> bool:
    """As in "mujhe kya karna hai": nothing but what and words of these kinds."""
    said = clause.undated()
    known = {*kinds, "wh", "priority", "polite", "anything"}
    ranks = any(w.key in ("high", "low") for w in said)
    return (
        not ranks
        and clause.has("wh")
        and not clause.has("pronoun", "past")
        and all(known & w.senses.keys() for w in said)
    )


def _need(clause: Clause) -> Verdict | None:
    """Something to do, named with an infinitive: "kal bijli ka bill dena hai"."""
    if clause.has("negation", "past", "want", "wanting") or clause.asks() or _foreign(clause):
        return None
    if not 1 < len(clause.spoken()) <= LONG or _chats(clause):
        return None
    acts = [n for n, w in enumerate(clause.span(), clause.first) if not clause.dated[n] and is_infinitive(w)]
    if not acts:
        return None
    # Behind a colon stands more about it: "subzi lani hai: aloo, pyaz".
    colon = next((n for n in range(acts[-1], clause.after) if clause.words[n].key == ":"), clause.after)
    behind = range(acts[-1] + 1, _owned(clause, acts[-1]) or colon)
    said = [n for n in behind if not clause.dated[n] and clause.words[n].key[0].isalnum()]
    tail = [clause.words[n] for n in said if clause.words[n - 1].key != "#"]
    if not (tail or clause.phrases) or not all(w.means(*CLOSING) for w in tail):
        return None
    makes_list = clause.task == "list" and clause.has("add")
    light = _is_content(clause, clause.words[acts[-1]], tail)
    named = len(clause.content())
    if named + light + makes_list <= 1 or not named:
        return None
    return MAY_ADD if clause.phrases and tail else COULD_ADD


def _is_content(clause: Clause, act: Word, tail: list[Word]) -> bool:
    """Whether a small verb makes one noun a thing to do: "kal masjid jana", "gym jana hai"; "ghar jana hai" tells."""
    only_tells = clause.has("anything") or clause.task or act.key.startswith(BE) or clause.content() in HOME
    is_needed = bool(tail) and "aux" in tail[-1].senses and not only_tells
    is_small = "giving" in act.senses or ((clause.phrases or is_needed) and act.means("light", "bring"))
    return bool(is_small) and not clause.has("wala")


def _foreign(clause: Clause) -> bool:
    """Whether it is of another world; a file, a photo or a message may be what is to be given on a day."""
    if "foreign" not in clause.kinds:
        return False
    worlds = {w.senses["foreign"] for w in clause.span() if "foreign" in w.senses}
    file = worlds == {"file"} or (worlds <= {"message", "file"} and clause.phrases)
    return not (file and clause.has("aux"))


def _owned(clause: Clause, act: int) -> int:
    """Where in "list banani hai shaadi ki" begins whose it is; 0 where nothing is told behind "hai"."""
    aux = next((n for n in range(act, clause.after) if "aux" in clause.senses(n)), clause.after)
    last = clause.post(clause.after - 1)
    return aux + 1 if last in ("of", "from", "ko", "with", "liye") and 1 < clause.after - aux - 1 <= NAME_MAX else 0


def _chats(clause: Clause) -> bool:
    """Whether it only talks: "garmi hai" does, "doodh garam karna hai" does not."""
    if "chatter" not in clause.kinds:
        return False
    begin = clause.first
    while begin < clause.after and "polite" in clause.senses(begin):
        begin += 1
    places = range(begin, clause.after)
    chatter = [n for n in places if "chatter" in clause.senses(n)]
    return any("warm" not in clause.senses(n) or not _does(clause, n + 1) for n in chatter)


def _does(clause: Clause, at: int) -> bool:
    return at < clause.after and "doing" in clause.senses(at) and is_infinitive(clause.words[at])


def _noun(clause: Clause) -> Verdict | None:
    """Nouns alone: "aaj ke tasks", "naya task: doodh lana", "Elena ka reminder at noon"."""
    if clause.has("negation", "past") or not (words := clause.spoken()):
        return None
    if clause.has("all") and any(w.senses.get("delete") == "bare" for w in words):
        return NOTHING
    if clause.task not in ("task", "list"):
        if (
            "begins" in words[0].senses
            and clause.task == "work"
            and clause.says()
            and any(w.key == ":" for w in clause.span())
        ):
            return ADDS
        return None if len(words) > SHORT or (tells(clause) and not clause.asks()) else _plan(clause)
    named = len(clause.content())
    if (clause.task == "list" and clause.has("foreign")) or (tells(clause) and not clause.asks()):
        updates = clause.task == "task" and clause.has("priority", "status") and clause.has("number") and not named
        return Verdict("update", None, LIKELY) if updates else None
    verdict = _of_noun(clause, words, named)
    return verdict if verdict is not NOTHING else None


@table
def _of_noun(clause: Clause, words: list[Word], named: int) -> Iterator[Verdict]:
    """A word for tasks or a list with what stands beside it."""
    first, last = words[0].senses, words[-1].senses
    if "stops" in first and named:
        yield Verdict("delete", Head("end", clause.first, clause.first + 1, "command", english=True), LIKELY)
    if "task" in first and named and any(w.key == ":" for w in clause.span()):
        yield ADDS
    if "begins" in first:
        yield ADDS if named else MAY_ADD
    if named < NAME_MAX and len(words) < MEDIUM and (clause.has("plural") or clause.task == "list"):
        yield LISTS
    if named < NAME_MAX and clause.has("all", "status"):
        yield MAY_LIST
    if named and ("task" in last or clause.phrases) and len(words) <= MEDIUM + 1:
        yield COULD_ADD


def _plan(clause: Clause) -> Verdict | None:
    """As in "Kal ke kaam", "mera schedule", "baqi kaam"."""
    work = clause.task == "work" and (clause.has("status") or (clause.phrases and not tells(clause)))
    if kind_of_ours(clause):
        return MAY_LIST
    planned = clause.has("agenda") and (clause.has("my") or clause.phrases)
    return MAY_LIST if work or planned else None


def _appointment(clause: Clause) -> Verdict | None:
    """A thing with its hour or its day: "is itwar ko shadi hai"."""
    if not clause.phrases or clause.heads or clause.asks():
        return None
    if clause.has("past", "negation", "foreign", "chatter", "if", "say"):
        return None
    hour = any(p.when.clock for p in clause.phrases) or _in_a_part(clause)
    event = _is_event(clause)
    if not (hour or event or _on_a_day(clause) or _is_due_by(clause)) or not 0 < len(clause.content()) <= NAME_MAX:
        return None
    light = any("light" in w.senses and not clause.dated[n] for n, w in enumerate(clause.span(), clause.first))
    habit = _is_habit(clause) or (not hour and clause.content()[0].endswith(HABITS))
    told = light or clause.named(1) is not None or habit
    # "I have a meeting at 3".
    mine = event and [w.key for w in clause.spoken()[:2]] in OWN
    return None if told or (clause.has("i") and not mine) else COULD_ADD


def _is_habit(clause: Clause) -> bool:
    """As in "dukan 9 baje khulti hai"; a party is none."""
    spoken = clause.spoken()
    if len(spoken) <= 1 or "aux" not in spoken[-1].senses:
        return False
    verb = spoken[-2]
    return not verb.senses and verb.key.endswith(HABITS) and not verb.text.endswith("y")


def _is_due_by(clause: Clause) -> bool:
    """A thing and at the end until when: "fees by 10 January"."""
    last, named = clause.phrases[-1] if clause.phrases else None, clause.content()
    if last is None or not named or clause.has("aux") or named[-1].endswith(VERBAL):
        return False
    return last.after == clause.after and last.when.bound in ("until", "before") and _is_to_come(last)


def _in_a_part(clause: Clause) -> bool:
    """As in "aaj sham ko gym": a day with its part, and one word that is no verb."""
    soon = any(p.when.part and p.when.day in SOON for p in clause.phrases)
    named = clause.content()
    return soon and len(named) == 1 and not named[0].endswith(VERBAL) and not clause.has("aux")


def _is_event(clause: Clause) -> bool:
    """What is known to be kept: "abbu ki salgirah hai 3 december ko", "itwar ko cricket"."""
    if clause.has("hijri") or not any(_is_to_come(p) for p in clause.phrases):
        return False
    if clause.has("event"):
        return not (clause.content() and clause.content()[-1].endswith(VERBAL))
    last = clause.after - 1
    led = [p for p in clause.phrases if p.first == clause.first and p.after <= last]
    if led and "of" in (clause.post(n) for n in (led[0].after - 1, led[0].after)):
        return False
    firm = bool(led) and (led[0].when.rule or clause.post(led[0].after - 1) == "ko")
    behind = clause.phrases[-1]
    if behind.when.rule and behind.after == clause.after and "prefix" in clause.senses(behind.first):
        # "Gym on Mondays"; "we play on Mondays" only tells.
        return bool(clause.content()) and not clause.has("lead", "i") and not clause.content()[-1].endswith(VERBAL)
    return bool(firm) and last >= led[0].after and clause.carries(last) and not clause.content()[-1].endswith(VERBAL)


def _is_to_come(phrase: Phrase) -> bool:
    when = phrase.when
    return bool(when.rule) or (when.dated() and (when.day is None or when.day > 0) and not is_gone(when))


def _on_a_day(clause: Clause) -> bool:
    """As in "itwar ko shadi hai": one thing, at its end "hai", on a day to come."""
    days = any(_is_to_come(p) for p in clause.phrases)
    if clause.has("hijri") or not days or not clause.dated[clause.first] or "aux" not in clause.spoken()[-1].senses:
        return False
    # "Ali ki shadi hai".
    placed = clause.post(clause.after - 3) in ("in", "on", "of")
    return len(clause.content()) == 1 or (placed and clause.carries(clause.after - 2))


def _errand(clause: Clause) -> Verdict | None:
    """An English errand: "buy milk tomorrow", "I need to call mom"."""
    if clause.has("past", "negation", "wh", "foreign", "light", "chatter") or len(words := clause.spoken()) > LONG:
        return None
    firm = False
    for at, word in enumerate(words):
        if "errand" in word.senses and any("me" not in w.senses for w in words[at + 1 :]):
            return MAY_ADD if clause.phrases or firm else COULD_ADD
        if not word.means("polite", "i", "need", "must"):
            return None
        firm = firm or "firmly" in word.senses
    return None
