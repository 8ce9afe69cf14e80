"""What a message asks for: the Intent, and the parser that reads it."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum, auto
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from domain.conversations import MESSAGE_MAX
from domain.tasks import Due, Priority, TaskStatus
from domain.urdu.clauses import find_clauses
from domain.urdu.cursor import When
from domain.urdu.dates import (
    before,
    days_of,
    due_of,
    hours_in,
    is_gone,
    merged,
    moves_by,
    on_each_day,
    rule_of,
    says_no_day,
)
from domain.urdu.deciding import decide
from domain.urdu.excepting import affirmed, find_denied, find_excepted, without
from domain.urdu.heads import Head
from domain.urdu.language import Language, language_of
from domain.urdu.naming import find_company, find_title, find_undone
from domain.urdu.questions import is_past
from domain.urdu.reference import NOWHERE, Reference, find_reference
from domain.urdu.renaming import find_names
from domain.urdu.scene import Clause, Said, is_infinitive, lay_out
from domain.urdu.spelling import fold
from domain.urdu.timing import find_refused, told_apart
from domain.urdu.verdict import COULD_ADD, DOUBTFUL, FAIR, Verdict
from domain.urdu.when import Phrase, dated_words
from domain.urdu.words import Span, Word, Words, bits_of, may_hold, read_words

ACT = 0.6
"""An intent at least this sure is acted on."""
ASK = 0.35
"""Below ACT and at least this sure: ask before acting. Below it the message was not understood."""


# Before every day that a task is due.
LONG_AGO = date(1900, 1, 1)
# A greeting is short; longer messages say more.
SOCIAL_MAX = 60
BARE = bits_of("priority rank polite aux")
AND, OR, NEGATION, PRIORITY, SOCIAL = map(bits_of, ("and", "or", "negation", "priority", "social"))
PARTS = bits_of("part tonight")
I_AM = ("hun", "hoon", "hu", "hn", fold("ہوں"))
REFERRED = (
    "priority", "of_priority", "or_priority", "ordinal", "also", "pronoun", "rest", "status", "tags", "count_only",
    "most_important",
)  # fmt: skip
PLAN_MAX = 2
ACTED = ("did", "list", "add", "delete")
TIMED = ("due", "set_text", "hour_only", "moved", "part")
OPTIONS = ["or", "delete", "complete", "end"]
OWNING = re.compile(r"['’]s$")
ITEMS = re.compile(r"\s*(?:[,،]|\band\b|\baur\b|\bاور\b)\s*")


class Operation(StrEnum):
    """What is to be done with tasks."""

    ADD = auto()
    LIST = auto()
    COMPLETE = auto()
    DELETE = auto()
    UPDATE = auto()
    UNDO = auto()
    NONE = auto()


OPERATIONS = {operation.value: operation for operation in Operation}


class Social(StrEnum):
    """What a message without an operation is."""

    GREETING = auto()
    THANKS = auto()
    FAREWELL = auto()
    HELP = auto()
    TODAY = auto()


class Intent(Struct, frozen=True, kw_only=True):
    """One command of a message, read.

    `title`: a span of the message: for add what to store, without a date in its middle, else what names the task.
    `priority`: for add and update the one to set, for list a filter. `of_priority`: that of the tasks that others mean.
    `or_priority`: further ones that are meant as well ("urgent aur low wale").
    `due`: the new due of add and update; None for a date that only filters.
    `due_text`: the date phrase as written, also of a filter; `set_text`: what of it sets the due.
    `repeat`: an RFC 5545 rule ("FREQ=WEEKLY;BYDAY=FR"). `of_repeat`: that of the tasks that are meant ("roz wale").
    `confidence`: 0 to 1, to be compared with ACT and ASK.
    `language`: what the message is written in, to mirror.
    `task_id`: "task 3", "#3", "3 number wala". `ordinal`: "pehla" 1, "aakhri" -1, of the last list shown.
    `also`: further places ("pehla aur teesra", "pehle teen"). `pronoun`: "isko", "it". `everything`: "saare", "all".
    `excepted`: what names those that are left out of all ("bill ke ilawa sab", "jo urgent nahi wo sab").
    `rest`: those that were not shown ("baqi sab"). `status`: a filter ("mukammal wale").
    `during`: a date that filters, as half-open local days [first, after-last); of what is completed, when it was.
    `hours`: of that date, of 24 ("kal shaam ko").
    `new_title`: of an update that renames. `tags`: "#ghar" without the sign.
    `count_only`: "kitne tasks hain". `most_important`: "sab se zaroori kya hai".
    `hour_only`: the due names an hour, or a part of the day, and no day: a task that has a day is moved within it.
    `moved`: `set_text` says by how much its task is moved ("ek hafta late").
    `part`: the part of the day, as written, of a due or repetition without an hour ("kal subah").
    `options`: the operations an ambiguous verb may mean ("khatam karo"), to ask about.
    `clears`: what an update takes off its task: "due", "repeat" ("report ki date hata do"), or that it is "done".
    `errand`: the same as a thing to do, to be added where no task is called so ("order cancel karna hai").
    `social`: what a message without operation is.
    `act`: of a complete that is told with another verb, that verb ("parh li"), or "kar" where it says only: done.
    """

    operation: Operation
    title: str | None = None
    priority: Priority | None = None
    of_priority: Priority | None = None
    or_priority: tuple[Priority, ...] = ()
    due: Due | None = None
    due_text: str | None = None
    set_text: str | None = None
    repeat: str | None = None
    of_repeat: str | None = None
    confidence: float = 0.0
    language: Language = Language.ROMAN
    task_id: int | None = None
    ordinal: int | None = None
    also: tuple[int, ...] = ()
    pronoun: bool = False
    everything: bool = False
    excepted: str | None = None
    rest: bool = False
    status: TaskStatus | None = None
    during: tuple[date, date] | None = None
    hours: tuple[int, ...] = ()
    new_title: str | None = None
    tags: tuple[str, ...] = ()
    count_only: bool = False
    most_important: bool = False
    hour_only: bool = False
    moved: bool = False
    part: str | None = None
    options: tuple[Operation, ...] = ()
    clears: tuple[str, ...] = ()
    errand: "Intent | None" = None
    social: Social | None = None
    act: str | None = None


def parse_urdu_intent(text: str, *, now: datetime | None = None, timezone: str = "Asia/Karachi") -> Intent:
    """The first command of a message; see parse_urdu_intents."""
    return parse_urdu_intents(text, now=now, timezone=timezone)[0]


def parse_urdu_intents(text: str, *, now: datetime | None = None, timezone: str = "Asia/Karachi") -> tuple[Intent, ...]:
    """Every command of a message in order; a single Intent of Operation.NONE when there is none.

    `now` (aware) defaults to the present moment; dates are counted in `timezone`, an IANA name. What stands
    behind the length of the longest message (4,000 characters) is not read.
    """
    return _intents(text[:MESSAGE_MAX], now or datetime.now(UTC), timezone)


# In one turn it is read as an answer and as a command.
@lru_cache(maxsize=4)
def _intents(text: str, now: datetime, timezone: str) -> tuple[Intent, ...]:
    said = _heard(text)
    if said.language is Language.ENGLISH and said.kinds & AND and "or" in [word.key for word in said.words]:
        # There "or" is no "aur".
        words = [replace(w, senses={"or": True}, bits=OR) if w.key == "or" else w for w in read_words(said.text)]
        said = _dated(said.text, words, said.language)
    intents = _reading(said, now, timezone).intents()
    return intents or (Intent(operation=Operation.NONE, language=said.language, social=_social(said.text)),)


def _social(text: str) -> Social | None:
    if len(text) > SOCIAL_MAX or not may_hold(text, SOCIAL):
        return None
    words = [word for word in read_words(text, talk=True) if word.key[0].isalnum()]
    found = []
    for at, word in enumerate(words):
        said = word.senses.get("social")
        # "Hi" greets where a message begins; within one it is emphatic ("aaj hi karna hai").
        if said and (said != Social.GREETING or " " in word.key or all(w.means("polite") for w in words[:at])):
            found.append(Social(said))
    # "Hi, what can you do?" asks.
    return next((said for said in found if said is Social.HELP), found[0] if found else None)


def only_nods(text: str) -> bool:
    """Whether a message says no more than that it was heard: "theek hai", "acha", "never mind"."""
    words = read_words(text, talk=True) if len(text) <= SOCIAL_MAX else ()
    said = [word for word in words if "polite" not in word.senses and word.key not in ".,!،۔"]
    return any("nod" in word.senses for word in words) and all("nod" in word.senses for word in said)


def takes_leave(text: str) -> bool:
    """Whether a message is a farewell and nothing more than polite beside it: "shukriya, bye"."""
    if len(text) > SOCIAL_MAX:
        return False
    words = [word for word in read_words(text, talk=True) if word.key[0].isalnum() and "polite" not in word.senses]
    said = {word.senses.get("social") for word in words}
    return Social.FAREWELL in said and said <= {Social.FAREWELL, Social.THANKS}


def parse_bare_change(text: str, *, now: datetime, timezone: str) -> Intent | None:
    """The change that a message says and nothing else, not even of what: "4 baje", "urgent"; else None."""
    said = _heard(text[:MESSAGE_MAX])
    if not (said.phrases or said.kinds & PRIORITY):
        return None
    if not all(said.dated[at] or _is_bare(word) for at, word in enumerate(said.words)):
        return None
    clause = lay_out(said, 0, len(said.words))
    if not (clause.phrases or clause.has("priority")):
        return None
    verdict = Verdict("update", Head("correct", 0, 0, "command"), FAIR)
    return _reading(said, now, timezone).intent(clause, verdict, None)


def _is_bare(word: Word) -> bool:
    """Whether a word beside a date names nothing."""
    return bool(word.bits & BARE) or word.senses.get("post") in ("ko", "on", "until") or word.key in ".!,،۔"


def may_name(text: str) -> bool:
    """Whether a text could be what a task is called: "doodh lana" is, "kyun?" and "ek minute" are not."""
    words = read_words(text[:MESSAGE_MAX].rstrip())
    clause = lay_out(Said(text, words, 0, Language.ROMAN, *dated_words(words)), 0, len(words))
    if clause.asks() or clause.has("queries") or not words or words[-1].key in "?؟":
        return False
    told = clause.has("chatter", "negation", "past", "soon") or words[-1].key in I_AM
    named = any("unit" not in words[n].senses and clause.carries(n) for n in range(len(words)))
    return named and (any(map(is_infinitive, words)) or not told)


def _continues(first: Intent, second: Intent) -> bool:
    """Whether the second only says more of the task which the first adds or changes: "..., isay urgent kar do"."""
    if second.operation is not Operation.UPDATE or not second.pronoun or second.title or second.everything:
        return False
    changes = first.operation is Operation.UPDATE and first.title and not (first.clears or second.clears)
    return first.operation is Operation.ADD or bool(changes and not (first.due_text and second.due_text))


def _completed(first: Intent, second: Intent) -> Intent:
    texts = [text for text in (first.due_text, second.due_text) if text]
    timed = second if second.due_text and not first.due else first
    sets: dict[str, Any] = {name: getattr(timed, name) for name in TIMED}
    sets |= {name: getattr(second, name) or getattr(first, name) for name in ("repeat", "priority", "new_title")}
    if first.operation is Operation.ADD:
        sets["title"] = sets.pop("new_title") or first.title
    return replace(first, due_text=" ".join(texts) or None, **sets)


def _listed(clause: Clause, intent: Intent) -> list[Intent]:
    """Each item of "add 3 tasks: milk, eggs, bread" by itself."""
    if intent.operation is not Operation.ADD:
        return [intent]
    listed = clause.has("apart") or any(w.key == ":" for w in clause.span())
    titles = [title for title in ITEMS.split(intent.title or "") if title] if listed else []
    return [replace(intent, title=title) for title in titles] or [intent]


def _shared(read: list[tuple[Clause, Verdict]]) -> list[tuple[Clause, Verdict]]:
    """One verb of adding for several things, each with its day: "kal doodh lana aur parson gosht lana yaad dilana"."""
    if len(read) == 1:
        return read
    pairs = list(pairwise(range(len(read))))
    for one, other in (*reversed(pairs), *((right, left) for left, right in pairs)):
        (clause, verdict), (_, adding) = read[one], read[other]
        bare = verdict.operation == "none" or (verdict.head is None and verdict.confidence <= FAIR)
        if bare and adding.operation == "add" and adding.confidence > FAIR and _side_by_side(read, one, other):
            read[one] = clause, Verdict("add", None, adding.confidence)
    return read


def _gone_on(left: tuple[Clause, Verdict], right: tuple[Clause, Verdict]) -> tuple[Clause, Verdict]:
    """What goes on from a thing to do: of "kal 8 baje gym jana hai aur 6 baje tuition" both are, and both tomorrow."""
    (said, adding), (clause, verdict) = left, right
    joint = said.words[said.after]
    if adding.operation != "add" or not ("and" in joint.senses or joint.key in ",،"):
        return right
    if verdict.operation == "none" and _is_bare_plan(clause):
        verdict = COULD_ADD
    days = [phrase.when for phrase in said.phrases if phrase.when.dated() and not phrase.when.shift]
    if verdict.operation != "add" or not days or not all(says_no_day(phrase.when) for phrase in clause.phrases):
        return clause, verdict
    day = {name: getattr(days[-1], name) for name in ("day", "weekday", "date", "span", "which")}
    phrases = [replace(phrase, when=replace(phrase.when, **day)) for phrase in clause.phrases]
    return replace(clause, phrases=phrases), verdict


def _is_bare_plan(clause: Clause) -> bool:
    """Whether it is a time and a name, and nothing else: "shaam ko tuition"."""
    told = clause.heads or clause.asks() or clause.has("past", "negation", "foreign", "chatter", "if", "say", "i")
    return clause.dated[clause.first] and not told and 0 < len(clause.content()) <= PLAN_MAX


def _side_by_side(read: list[tuple[Clause, Verdict]], one: int, other: int) -> bool:
    left, right = read[min(one, other)][0], read[max(one, other)][0]
    joint = left.words[left.after]
    joined = right.first == left.after + 1 and (joint.key in ",،" or "and" in joint.senses)
    return joined and (right.dated[right.first] or left.dated[left.after - 1]) and bool(left.phrases)


def _referred(refers: Reference) -> dict[str, Any]:
    """What an intent takes over from how its clause refers to tasks."""
    return {name: said for name in REFERRED if (said := getattr(refers, name))} if refers is not NOWHERE else {}


def _spoken_for(clause: Clause, verdict: Verdict) -> tuple[Span, ...]:
    """The places of the words that say that a task is done, or what is taken off it, besides the verb itself."""
    if verdict.options:
        return (*_meaning(clause, OPTIONS), *((h.first, h.after) for h in clause.heads))
    if verdict.clears:
        return _meaning(clause, [f"{facet}_of" for facet in verdict.clears])
    if verdict.operation == "list":
        return _meaning(clause, ["asks_when", "complete"] if is_past(clause) else ["asks_when"])
    heads = clause.heads
    denied: tuple[Span, ...] = ()
    if heads != [verdict.head]:
        denied = tuple([(h.first, h.after) for h in heads if h.negated and h.kind != "did" and h != verdict.head])
    if verdict.operation != "complete":
        return denied
    said = tuple([(h.first, h.after) for h in heads if h.kind in ("did", "complete", "mark")])
    if verdict.head is None or verdict.head.kind != "mark":
        return said + denied
    return said + tuple([(n, n + 1) for n in clause.places() if clause.senses(n).get("complete") == "bare"])


def _meaning(clause: Clause, kinds: list[str]) -> tuple[Span, ...]:
    """The places of the words that can mean one of these."""
    if not clause.has(*kinds):
        return ()
    words = enumerate(clause.span(), clause.first)
    return tuple([(n, n + 1) for n, word in words if word.means(*kinds)])


@lru_cache(maxsize=4)
def _heard(text: str) -> Said:
    return _dated(text, read_words(text), language_of(text))


def _dated(text: str, words: Words, language: Language) -> Said:
    """The text without the dates that are refused before others: of "kal nahi parson" only parson is said."""
    kinds = 0
    for word in words:
        kinds |= word.bits
    phrases, dated = dated_words(words)
    refused = find_refused(words, phrases) if phrases and kinds & NEGATION else None
    if not refused:
        return Said(text, words, kinds, language, phrases, dated)
    heard = list(words)
    for first, after in refused:
        phrases = [phrase for phrase in phrases if not first <= phrase.first < after]
        heard[first:after] = [word.unsaid() for word in words[first:after]]
        dated[first:after] = [True] * (after - first)
    return Said(text, heard, kinds, language, phrases, dated)


def _reading(said: Said, now: datetime, timezone: str) -> "Reading":
    zone = ZoneInfo(timezone)
    # Counting begins in the zone, where there is something to count.
    now = now.astimezone(zone) if said.phrases else now
    return Reading(said.text, said.words, said.kinds, said.language, said.phrases, said.dated, now, zone)


class Reading(Said):
    """One message on its way to intents."""

    now: datetime
    zone: ZoneInfo
    more: tuple[int, ...] = ()
    again: tuple[Due, ...] = ()

    def intents(self) -> tuple[Intent, ...]:
        """One intent a commanding clause; what is only needed gives way to what is asked for."""
        read: list[tuple[Clause, Verdict]] = []
        for first, after in find_clauses(self):
            clause = lay_out(self, first, after)
            read.append((clause, decide(clause)))
            if read[1:] and clause.phrases:
                read[-1] = _gone_on(*read[-2:])
        read = _shared(read)
        asked = len(read) > 1 and any([verdict.head for _, verdict in read])
        found: list[Intent] = []
        told = None
        for clause, verdict in read:
            if verdict.operation == "none" or (asked and verdict.head is None and verdict.confidence <= FAIR):
                told = clause
                continue
            intent = self.intent(clause, verdict, told)
            if verdict.errand:
                intent = replace(intent, errand=self.intent(clause, COULD_ADD, None))
            if found and _continues(found[-1], intent):
                found[-1] = _completed(found[-1], intent)
            else:
                found.append(intent)
                if self.again or self.more:
                    found += [replace(intent, due=due) for due in self.again]
                    found += [replace(intent, task_id=number, ordinal=None, also=()) for number in self.more]
                if clause.has("plural", "apart"):
                    found[-1:] = _listed(clause, found[-1])
        return tuple(found)

    def intent(self, clause: Clause, verdict: Verdict, told: Clause | None) -> Intent:
        """The intent of one clause; `told` is what was said before it, which the clause may be about."""
        operation, head = verdict.operation, verdict.head
        excepts = operation != "add" and "except" in clause.kinds
        excepted = None if operation == "add" else (find_excepted if excepts else find_denied)(clause, head)
        if excepted:
            clause = without(clause, excepted)
        refers = find_reference(clause, head, operation)
        title, about_told = self.title(clause, verdict, refers, told)
        names = find_names(clause, head) if operation == "update" else None
        sets, filters = told_apart(clause, operation) if clause.phrases else ([], [])
        if names:
            title = None if refers.one() else names[0]
            if head and self.words[head.first].key == "rename":
                # "Rename report to urgent weekly report" sets nothing else.
                sets, refers = [], replace(refers, priority=None)
        phrases = told.phrases if told and about_told and operation == "add" and not clause.phrases else clause.phrases
        if operation == "add" and phrases:
            sets = phrases = [p for p in phrases if not is_gone(p.when)]
        if head is not None and head.kind == "correct":
            refers, title, sets = Reference(pronoun=True, priority=refers.priority), None, phrases[-1:]
        if verdict.clears:
            names, sets = None, []
            filters = [p for p in phrases if not p.when.rule]
            if "done" in verdict.clears:
                refers = replace(refers, status=None if title else TaskStatus.COMPLETED)
        if excepts:
            # What is left out by its place ("all but the first") is asked about: it points at nothing.
            left = replace(refers, task_id=None, ordinal=None, pronoun=False, everything=True, more=(), also=())
            title, refers, filters = None, *((left, filters) if excepted else (Reference(), []))
        elif excepted:
            refers = replace(refers, everything=refers.everything or title is None, pronoun=False)
        if refers.of_priority and title and operation == "update" and not (refers.priority or sets or names):
            # "Mark milk as urgent task": nothing else is said to change.
            refers = replace(refers, priority=refers.of_priority, of_priority=None)
        self.more = refers.more
        if operation == "list" and is_past(clause) and not (refers.overdue or refers.status):
            # What was done: a task that is named in either state, of others those that are.
            refers = replace(refers, everything=title is not None, status=None if title else TaskStatus.COMPLETED)
            filters = [replace(p, when=before(p.when)) for p in filters]
        when = on_each_day(merged([p.when for p in sets])) if sets else None
        filtered = days_of([p.when for p in filters], self.now, self.zone) if filters else None
        # What is late was due on any day before today.
        during = (LONG_AGO, self.today()) if refers.overdue else filtered
        repeats = filters and not (during or title) and operation != "update"
        of_repeat = rule_of(merged([p.when for p in filters])) if repeats else None
        # "Baad mein wale sab" says which ones in a way that no day tells: never all of them.
        everything = refers.everything and (
            operation == "list" or (bool(during or of_repeat or not filters) and (title is None or clause.has("all")))
        )
        self.again = self.hours(when) if when and operation == "add" else ()
        named = self.of_add(clause, head, title, sets) if title and operation == "add" else self.cut(title)
        # Which ones are old is a matter of opinion, and "delete 3 tomorrow" asks for nothing now.
        later = refers.task_id is not None and during is not None and during[0] > self.today()
        doubtful = operation in ("delete", "complete") and (later or (refers.overdue and operation == "delete"))
        intent = Intent(
            operation=OPERATIONS[operation],
            title=OWNING.sub("", named or "") or None if verdict.clears else named,
            confidence=min(verdict.confidence, DOUBTFUL) if doubtful else verdict.confidence,
            language=self.language,
            task_id=refers.task_id,
            during=during,
            of_repeat=of_repeat,
            everything=everything,
            excepted=affirmed(self.cut(excepted) or "") or None if excepted else None,
            new_title=self.cut(names[1]) if names else None,
            options=tuple(map(Operation, verdict.options)) if verdict.options else (),
            clears=verdict.clears,
            # "Bijli wala ho gaya" says it of the task.
            act=self.act(head) if operation == "complete" and head and not clause.has("wala") else None,
        )
        said = _referred(refers)
        if phrases or sets:
            said |= {name: value for name, value in self.times(operation, phrases, sets, filters, when) if value}
        return replace(intent, **said) if said else intent

    def times(
        self, operation: str, phrases: list[Phrase], sets: list[Phrase], filters: list[Phrase], when: When | None
    ) -> Iterator[tuple[str, object]]:
        """What an intent says of time: the words, the hours that filter, and what is set."""
        told = self.told(phrases)
        yield "due_text", told
        if filters:
            yield "hours", hours_in(merged([p.when for p in filters]), self.now, self.zone)
        if when:
            yield "due", due_of(when, self.now, self.zone)
            yield "set_text", told if sets is phrases else self.told(sets)
            yield "repeat", rule_of(when)
            yield "hour_only", says_no_day(when)
            yield "moved", operation == "update" and moves_by(when)
            yield "part", self.part(sets) if when.part and when.clock is None else None

    def hours(self, when: When) -> tuple[Due, ...]:
        """The dues of the further hours of the same day."""
        each = [replace(when, clock=hour.clock, meridiem=hour.meridiem, part=hour.part) for hour in when.again]
        return tuple([due for hour in each if (due := due_of(hour, self.now, self.zone))])

    def act(self, head: Head) -> str | None:
        """The verb that says what was done, where it does not say that a task is: "likh di", "saaf ho gaya"."""
        if head.kind not in ACTED or head.mood != "done":
            return None
        # The verb of "dho liye" is "dho".
        word = self.words[head.first - ("post" in self.words[head.first].senses)]
        lone = word.senses.get("light") == "perfect" and " " not in word.text
        if lone and head.kind == "did":
            return word.text if "ho" in word.senses else "kar"
        return word.text.split()[0]

    def today(self) -> date:
        """The day it is where the person is."""
        return self.now.astimezone(self.zone).date()

    def title(
        self, clause: Clause, verdict: Verdict, refers: Reference, told: Clause | None
    ) -> tuple[Span | None, bool]:
        """The words of the title, and whether they stand in what was told before."""
        operation = verdict.operation
        if operation == "undo":
            return find_undone(clause) or (find_undone(told) if told else None), False
        if operation == "add" and clause.phrases:
            clause = self.with_uncounted(clause)
        title = find_title(clause, verdict.head, operation, refers.drop + _spoken_for(clause, verdict))
        if title is not None or told is None or refers.pointed():
            return title, False
        verbs = () if operation == "add" else tuple((h.first, h.after) for h in told.heads)
        return find_title(told, None, operation, verbs), True

    def with_uncounted(self, clause: Clause) -> Clause:
        """The clause with dates that no due can hold ("31 feb ko", "eid par") as words of the title."""
        lost = [p for p in clause.phrases if p.when.uncounted or p.when.date]
        lost = [p for p in lost if not rule_of(p.when) and due_of(p.when, self.now, self.zone) is None]
        lost += [p for p in clause.phrases if is_gone(p.when)]
        if not lost:
            return clause
        dated = list(clause.dated)
        for phrase in lost:
            dated[phrase.first : phrase.after] = [False] * (phrase.after - phrase.first)
        return replace(clause, dated=dated)

    def told(self, phrases: list[Phrase]) -> str:
        """The phrases as written."""
        return " ".join([self.text[self.words[p.first].start : self.words[p.after - 1].end] for p in phrases])

    def part(self, phrases: list[Phrase]) -> str | None:
        """The word for the part of the day, as written."""
        words = [word for phrase in phrases for word in self.words[phrase.first : phrase.after] if word.bits & PARTS]
        return words[-1].text if words else None

    def of_add(self, clause: Clause, head: Head | None, title: Span, sets: list[Phrase]) -> str | None:
        """The title to store: of what is only needed without its date, and with whom where that is told at the end."""
        if head is None:
            return self.without(title, sets)
        company = find_company(clause, head)
        return f"{self.cut(title)} {self.cut(company)}" if company else self.cut(title)

    def without(self, span: Span, phrases: list[Phrase]) -> str:
        """The text of a range of words without the date said in the middle of it: "report kal tak bhejni"."""
        days, hours = ([p for p in phrases if p.when.dated()], [p for p in phrases if p.when.clock])
        first, kept = span[0], []
        # Of "kal ya parson" one is no due, and is not to be lost.
        for phrase in phrases if max(len(days), len(hours)) <= 1 else []:
            if first < phrase.first and phrase.after < span[1] and self.stands_free(phrase):
                kept.append(self.cut((first, phrase.first)))
                first = phrase.after
        return " ".join(filter(None, [*kept, self.cut((first, span[1]))]))

    def stands_free(self, phrase: Phrase) -> bool:
        """Whether a date is one to count, between words, and not tied to the next: "kal ki tayari", "5 baje wali"."""
        before, behind = self.words[phrase.first - 1], self.words[phrase.after]
        tied = behind.senses.get("post") == "of" or "wala" in behind.senses
        free = not tied and before.key[0].isalnum() and behind.key[0].isalnum()
        return free and bool(due_of(phrase.when, self.now, self.zone) or rule_of(phrase.when))

    def cut(self, span: Span | None) -> str | None:
        """The text of a range of words."""
        return self.text[self.words[span[0]].start : self.words[span[1] - 1].end] if span else None
