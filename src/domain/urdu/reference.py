"""How a clause points at tasks without naming them: numbers, positions, pronouns, "all", filters and tags."""

from collections.abc import Iterable

from msgspec import Struct

from domain.tasks import Priority, TaskStatus
from domain.urdu.heads import Head
from domain.urdu.scene import ALL_WALE, NOT, Clause
from domain.urdu.spelling import fold
from domain.urdu.words import SIGN, Span, bits_of

# An ordinal points at a task only before these; else it belongs to a title ("first aid kit").
POINTED = frozenset(("wala", "task", "post", "delete", "complete", "update", "negation"))
REFERRING = SIGN | bits_of("ordinal before number tagged late priority most complete status pronoun all")
UNREAD = bits_of("fresh repeat_of number ordinal")
# "Foran delete karo" says when, not which.
AT_ONCE = ("foran", "fauran", "foren", "asap", "urgently", "immediately", "jald az jald", "فوراً", "فورا")
FIRST = ("pehl", "pahl", "phl", "phel", "پہل")
# Nobody counts further in words.
PLACES_MAX = 50
# All of those that were shown: "dono", "all of them", "in sab ko".
THEM = ("dono", "donon", "tino", "tinon", "charon", "both", "both of them", "all of them", "دونون", "تینون")
THESE = ("ye", "yeh", "in", "un", "these", "یہ", "ان")
# All but those that were shown: "baqi sab".
REST = ("baki", fold("remaining"), "the rest", "باقی")
DASHES, REACH = ("-", "–"), 2


class Reference(Struct):
    """What was read, and `drop`: the places of the words that said it, which no title holds."""

    task_id: int | None = None
    more: tuple[int, ...] = ()
    ordinal: int | None = None
    also: tuple[int, ...] = ()
    pronoun: bool = False
    everything: bool = False
    status: TaskStatus | None = None
    priority: Priority | None = None
    of_priority: Priority | None = None
    or_priority: tuple[Priority, ...] = ()
    tags: tuple[str, ...] = ()
    rest: bool = False
    count_only: bool = False
    most_important: bool = False
    overdue: bool = False
    drop: tuple[Span, ...] = ()

    def pointed(self) -> bool:
        """Whether it points at tasks, so that no name is needed."""
        return self.one() or self.everything

    def one(self) -> bool:
        """Whether it points at single tasks."""
        return self.task_id is not None or self.ordinal is not None or self.pronoun


NOWHERE = Reference()


def find_reference(clause: Clause, head: Head | None, operation: str) -> Reference:
    """Read the references of one clause. Of an "add" only tags and priority: what else it says is its title."""
    if operation == "add" and not (clause.has("priority", "most", "count") or clause.tags):
        return NOWHERE
    found = Reference(count_only="count" in clause.kinds, most_important="most" in clause.kinds)
    verb = range(head.first, head.after) if head else range(0)
    points = operation not in ("add", "list")
    bare = points and "number" in clause.kinds and _only_numbers(clause, head)
    begin, words, places = clause.first, clause.words, [n for n in clause.places() if n not in verb]
    for at in [n for n in places if words[n].bits & REFERRING and not clause.dated[n]]:
        senses = words[at].senses
        if at < begin:
            continue
        if clause.words[at].key == "#":
            _tag_or_number(clause, at, found)
        elif points and ("ordinal" in senses or "before" in senses) and _places(clause, at, found):
            begin = found.drop[-1][1]
            continue
        elif operation != "add" and "number" in senses and (points or _follows_task(clause, at)):
            _number(clause, at, bare, found)
            begin = found.drop[-1][1] if found.drop else begin
        elif operation == "list" and "before" in senses and at == clause.first:
            # "Pehle aaj ke tasks dikhao".
            found.drop += ((at, at + 1),)
        elif "tagged" in senses and operation != "add":
            _tagged(clause, at, verb, found)
        elif "late" in senses and operation != "add":
            _late(clause, at, operation, found)
        if "priority" in senses and not found.most_important:
            _priority(clause, at, operation, found)
        elif "most" in senses:
            found.drop += ((at, at + 1),)
        elif senses and operation != "add":
            _points(clause, at, operation, found)
    narrowed = found.status or found.of_priority or found.tags or clause.phrases
    found.everything = found.everything or bool(points and narrowed and not found.one() and _several(clause))
    # "Sab naye" says which ones in a way that is not understood: never all of them.
    found.everything = found.everything and not (points and any(_narrows(clause, n, found) for n in places))
    return found


def _several(clause: Clause) -> bool:
    """Whether it speaks of more than one: "clear completed tasks"."""
    words = clause.words
    for at in clause.places():
        behind = words[at + 1].senses if at + 1 < clause.after else {}
        if "plural" in words[at].senses or (
            words[at].key.split()[-1] in ALL_WALE and {"task", "post"}.isdisjoint(behind)
        ):
            return True
    return False


def _narrows(clause: Clause, at: int, found: Reference) -> bool:
    unread = not clause.dated[at] and clause.words[at].bits & UNREAD
    return bool(unread) and not any(first <= at < after for first, after in found.drop)


def _tag_or_number(clause: Clause, at: int, found: Reference) -> None:
    following = clause.behind(at)
    if following is None or clause.words[at].end != following.start or not following.key[0].isalnum():
        return
    if "digits" in following.senses:
        number = int(following.senses["number"])
        found.more += (number,) if found.task_id is not None else ()
        found.task_id = number if found.task_id is None else found.task_id
    else:
        found.tags += (following.text,)
    found.drop += ((at, at + 2),)


def _tagged(clause: Clause, at: int, verb: range, found: Reference) -> None:
    """As in "tagged home", "home tag wale"."""
    behind = clause.behind(at)
    before = behind is None or at + 1 in verb or behind.means("task", "wala")
    name = at - 1 if before else at + 1
    if clause.first <= name < clause.after and name not in verb and clause.words[name].key[0].isalnum():
        if clause.words[name].text not in found.tags:
            found.tags += (clause.words[name].text,)
        found.drop += ((min(at, name), max(at, name) + 1),)


def _places(clause: Clause, at: int, found: Reference) -> bool:
    """As in "pehla aur teesra", "the first and the third one", "pehle teen", "the last 2"."""
    place = _place(clause, at)
    if place is None:
        return False
    places, numbers, end = list(_counted_from(clause, at, place)), [], at + 1
    end += len(places) > 1
    while (inner := _behind_joint(clause, end)) and inner < clause.after:
        if (place := _place(clause, inner)) is not None:
            places.append(place)
        elif "digits" in clause.senses(inner) and not clause.dated[inner]:
            numbers.append(int(clause.senses(inner)["number"]))
        else:
            break
        end = inner + 1
    while end < clause.after and clause.words[end].means("wala", "numero"):
        end += 1
    senses = clause.senses(end) if end < clause.after else {}
    pointed = end >= clause.after or clause.dated[end] or not {*POINTED, "light"}.isdisjoint(senses)
    if len(places) + len(numbers) == 1 or not pointed:
        return False
    found.ordinal, found.also, found.more = places[0], tuple(places[1:]), found.more + tuple(numbers)
    found.drop += ((at, end),)
    return True


def _place(clause: Clause, at: int) -> int | None:
    """The place that a word means; "pehle" is the first only beside a number or another place."""
    word = clause.words[at]
    if clause.dated[at]:
        return None
    if "ordinal" in word.senses:
        return int(word.senses["ordinal"])
    return 1 if "before" in word.senses and word.key.startswith(FIRST) else None


def _counted_from(clause: Clause, at: int, place: int) -> Iterable[int]:
    """Of "pehle teen" and "the last 2" every place; "aakhri do" at the end only asks for the last."""
    number = clause.words[at + 1] if at + 1 < clause.after else None
    count = number.senses.get("number", 0) if number and not clause.dated[at + 1] else 0
    said = number and ("light" not in number.senses or at + 2 < clause.after)
    if not (said and abs(place) == 1 and 1 < count <= PLACES_MAX):
        return (place,)
    return range(1, count + 1) if place > 0 else range(-count, 0)


def _behind_joint(clause: Clause, at: int) -> int:
    """The place behind "aur", "," or "wala aur the"; 0 where nothing is joined."""
    begun = at
    while at < clause.after and "wala" in clause.senses(at):
        at += 1
    joint = at
    while at < clause.after and ("and" in clause.senses(at) or clause.words[at].key in ",،"):
        at += 1
    if at == joint:
        return 0
    while at < clause.after and "article" in clause.senses(at):
        at += 1
    return at if at > begun else 0


def _number(clause: Clause, at: int, bare: bool, found: Reference) -> None:
    """As in "task 3", "3 number wala", "3 wala", or a digit with nothing else named."""
    words = clause.words
    before = words[at - 1].senses if at > clause.first else {}
    behind = words[at + 1].senses if at + 1 < clause.after else {}
    digits = "digits" in words[at].senses
    led = "numero" in before or before.get("task") == "task"
    closed = "numero" in behind or (digits and "wala" in behind)
    # "do" is two, but more often a form of dena.
    # "4 se 5 baje" is an hour.
    hour = behind.get("post") == "from" and at + REACH < clause.after and clause.dated[at + REACH]
    if not (led or closed or (bare and digits and not hour)) or (not digits and "light" in words[at].senses):
        return
    begin, end = at - int(led), at + 1
    numbers = [int(words[at].senses["number"])]
    if reach := _reach(clause, at):
        end, last = reach
        numbers = list(range(numbers[0], last + 1))[:PLACES_MAX]
    elif end < clause.after and "or" in words[end].senses:
        # "1 ya 2" and "1 or maybe 2" leave open which.
        rest = range(end + 1, min(end + 1 + REACH, clause.after))
        found.drop += ((begin, next((n + 1 for n in rest if "digits" in words[n].senses), end)),)
        return
    while end < clause.after and (words[end].means("wala", "numero") or _another(clause, end)):
        if _another(clause, end):
            end += 1
            numbers.append(int(words[end].senses["number"]))
        end += 1
    found.drop += ((begin, end),)
    if _is_refused(clause, begin, end):
        return
    if _corrects(clause, begin):
        found.task_id, found.more = None, ()
    known = (found.task_id, *found.more)
    new = tuple(number for number in numbers if number not in known)
    if found.task_id is None:
        found.task_id, new = new[0], new[1:]
    found.more += new


def _corrects(clause: Clause, first: int) -> bool:
    """Whether a number takes the place of those before it: "delete 2, no 3"."""
    at = first if clause.words[first].text.lower() == "no" else first - 1
    said = clause.words[max(at - 1, clause.first)].key in (",", "،")
    # "No 2, no 3" are two numbers.
    once = at == first and [word.text.lower() for word in clause.span()].count("no") == 1
    return said and ("negation" in clause.senses(at) or once)


def _follows_task(clause: Clause, at: int) -> bool:
    """As in "task 3 dikhao"."""
    return at > clause.first and "digits" in clause.senses(at) and clause.senses(at - 1).get("task") == "task"


def _reach(clause: Clause, at: int) -> Span | None:
    """Of "1 se 3 tak", "1-3" and "1 to 3" the place behind it and the last number."""
    words = clause.words[at + 1 : min(at + 1 + REACH, clause.after)]
    if len(words) < REACH or "digits" not in words[1].senses or clause.dated[at + REACH]:
        return None
    last, behind = int(words[1].senses["number"]), clause.behind(at + REACH)
    tied = words[0].key in DASHES or words[0].senses.get("post") in ("from", "until")
    if not tied or last <= int(clause.senses(at)["number"]):
        return None
    return at + 1 + REACH + bool(behind and behind.senses.get("post") == "until"), last


def _is_refused(clause: Clause, first: int, after: int) -> bool:
    """Whether a number or a place is not meant: "1 nahi 2 delete karo", "not the first"."""
    while after < clause.after and clause.post(after) == "ko":
        after += 1
    behind = clause.words[after] if after < clause.after else None
    if behind and "negation" in behind.senses and behind.key not in NOT:
        return True
    while first > clause.first and "article" in clause.senses(first - 1):
        first -= 1
    return first > clause.first and clause.words[first - 1].key in NOT


def _only_numbers(clause: Clause, head: Head | None) -> bool:
    """Whether the verb stands with numbers and small words alone: "3 delete karo", not "delete' OR 1=1"."""
    # "Mark 2 done".
    done = {w.key for w in clause.span() if "complete" in w.senses} if head and head.kind == "mark" else set()
    if not done.issuperset(clause.content(head)):
        return False
    signs = all(w.key[0].isalnum() or w.key in ",،.!#&-–" for w in clause.span())
    return signs and (head is None or _beside(clause, head))


def _beside(clause: Clause, head: Head) -> bool:
    """Whether a digit stands right before or behind the verb."""
    near = (head.after, head.first - 1, head.first - 2)
    numbers = [n for n in clause.places() if "digits" in clause.senses(n)]
    # "2 ko kal kar do": of what is put to another day the number comes first.
    return any(n in near or (clause.behind(n) or clause.words[n]).senses.get("post") == "ko" for n in numbers)


def _another(clause: Clause, at: int) -> bool:
    """Whether a joint stands here with one more number behind it: "task 2 aur 3"."""
    if at + 1 >= clause.after or "digits" not in clause.senses(at + 1):
        return False
    return "and" in clause.senses(at) or clause.words[at].key in ",،"


def _late(clause: Clause, at: int, operation: str, found: Reference) -> None:
    """As in "late tasks", "sab overdue hata do", "kaunse kaam late ho gaye": what is pending though its day is gone."""
    behind = clause.behind(at)
    listed = operation == "list" and (clause.task or clause.has("anything"))
    alone = clause.has("all") and any(head.first == at + 1 for head in clause.heads)
    if listed or alone or (behind and behind.means("task", "wala", "all")):
        found.overdue, found.status = True, found.status or TaskStatus.PENDING
        found.drop += ((at, at + 1),)


def _priority(clause: Clause, at: int, operation: str, found: Reference) -> None:
    """A priority, with the words around it that only say that it is one."""
    words = clause.words
    begin, end = at, at + 1
    while end < clause.after and "rank" in words[end].senses:
        end += 1
    while begin > clause.first and words[begin - 1].means("rank", "as"):
        begin -= 1
    behind = clause.behind(end - 1)
    kind = behind is not None and behind.means("task", "wala")
    named = operation == "update" and kind and not found.one()
    earlier = found.of_priority or found.priority
    if earlier and (kind or operation != "update") and _is_joined(clause, begin):
        # "Urgent aur low wale" are those of both.
        found.or_priority += (earlier,)
        found.priority = None
    if named or operation in ("complete", "delete"):
        if kind or words[at].text.lower() not in AT_ONCE:
            found.of_priority = Priority(words[at].senses["priority"])
    else:
        # Of two the first is the old one: "zaroori bill urgent kar do".
        found.of_priority = (found.priority if operation == "update" else None) or found.of_priority
        found.priority = Priority(words[at].senses["priority"])
    alone = end - begin > 1 or behind is None or not behind.key[0].isalnum() or bool(behind.senses)
    if operation != "add" or alone:
        found.drop += ((begin, end),)


def _is_joined(clause: Clause, at: int) -> bool:
    """Whether another priority stands before this one with a joint between: "urgent wale aur low"."""
    joint = False
    for word in reversed(clause.words[clause.first : at]):
        if "priority" in word.senses:
            return joint
        is_joint = word.means("and", "or") or word.key in (",", "،", "&")
        if not is_joint and not word.means("rank", "wala", "task", "article", "all"):
            return False
        joint = joint or is_joint
    return False


def _points(clause: Clause, at: int, operation: str, found: Reference) -> None:
    senses, following = clause.senses(at), clause.behind(at)
    if following and following.key in ",،" and (denied := clause.behind(at + 1)) and denied.key in NOT:
        following = denied
    behind = following.senses if following else {}
    wide = 1
    if senses.get("complete") == "bare" and "task" in behind and operation != "complete":
        found.status = TaskStatus.COMPLETED
    elif "status" in senses:
        found.status = TaskStatus(senses["status"])
        found.rest = clause.words[at].key in REST
    elif "ordinal" in senses and (following is None or not POINTED.isdisjoint(behind) or clause.dated[at + 1]):
        wide = 1 + ("wala" in behind)
        found.ordinal = found.ordinal if _is_refused(clause, at, at + wide) else int(senses["ordinal"])
    elif (
        "pronoun" in senses
        and not (found.status or found.of_priority or found.tags)
        and not ("article" in senses and following and {"task", "light"}.isdisjoint(behind))
    ):
        found.pronoun = True
    elif "all" in senses:
        found.everything = found.everything or not _is_refused(clause, at, at + 1)
        them = clause.words[at].key in THEM or (at > clause.first and clause.words[at - 1].key in THESE)
        found.pronoun = found.pronoun or (them and operation not in ("add", "list"))
        return
    else:
        return
    found.drop += ((at, at + wide),)
