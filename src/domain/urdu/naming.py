"""The title: the span of a clause that names its task, without date, person, tool words and politeness."""

import re
from collections.abc import Sequence

from domain.urdu.heads import Head
from domain.urdu.language import Language
from domain.urdu.scene import INFINITIVE, Clause, is_infinitive
from domain.urdu.words import SIGN, Span, Words, bits_of, read_words

NOTED = re.compile(r" \((\w+)\)$")
# What no title begins or ends with.
LEFT = SIGN | bits_of("me my i polite article that need aux post left wala instead")
GOING_ON = bits_of("polite and")
RIGHT = SIGN | bits_of("post me my polite article wala that aux need and all past fresh apart hurry right instead")
# What is dropped besides where the words only name a task that exists.
NAMING = bits_of("wh why count all fresh ordinal status negation rank naam naming only")
WEIGHTLESS = SIGN | bits_of(
    "light post me my polite article wala that aux need and all past wh number pronoun task negation dila"
)
UNNAMING = bits_of("plan anything wh why unit i lead most count priority status list add")
TAILS = frozenset((
    "ka", "ki", "ke", "se", "ko", "ke sath", "ke saath", "ke liye", "کا", "کی", "کے", "سے", "کو", "کے ساتھ", "کے لیے",
))  # fmt: skip
# Verbs that do something with a list.
DOING = bits_of("errand list add")
FINITE = ("hai", "hain", "ہے", "ہیں")
PERSON_WORDS = 4
BRACKETS = {"<": ">", "(": ")", "[": "]", "{": "}"}
CLOSING = frozenset(BRACKETS.values())
EITHER = (re.compile(r"\s+(?:ya|یا)\s+"), re.compile(r"\s+or\s+"))
# What only says which change is to be taken back: "undo the last delete".
UNDOING = bits_of("slip undo add delete complete update lead left chatter")


def find_title(clause: Clause, head: Head | None, operation: str, drop: Sequence[Span] = ()) -> Span | None:
    """The words that name the task, as a half-open range; None when nothing does."""
    pieces: list[Span] = []
    for span in _cuts(clause, head, drop, operation):
        piece = _trimmed(clause, span, operation)
        if piece and _weighs(clause, piece):
            pieces.append(piece)
    if operation == "list":
        pieces = [
            piece
            for piece in pieces
            if any([not (clause.dated[n] or clause.words[n].bits & UNNAMING) for n in range(*piece)])
        ]
    if not pieces:
        return None
    if operation == "add":
        return _of_add(clause, head, pieces)
    return _last_sentence(clause, pieces[0], operation)


def find_company(clause: Clause, head: Head) -> Span | None:
    """With whom, told at the end behind the date: "meeting rakhwa do kal 3 baje Bilal ke sath"."""
    first = last = clause.after - 1
    if head.english or clause.dated[last] or clause.post(last) != "with":
        return None
    while first > head.after and not clause.dated[first - 1]:
        first -= 1
    told = (first == head.after or clause.dated[first - 1]) and 0 < last - first < PERSON_WORDS
    return (first, clause.after) if told else None


def find_undone(clause: Clause) -> Span | None:
    """The words that name what is to be put back: "bring back the report"."""
    verbs = {n for head in clause.heads for n in range(head.first, head.after)}
    places = [n for n in clause.places() if clause.carries(n) and n not in verbs]
    named = [n for n in places if not clause.words[n].bits & UNDOING]
    return (named[0], named[-1] + 1) if named else None


def with_part(title: str, part: str) -> str:
    """The title with the part of the day that no due tells: "dentist (subah)"; without it where `part` is empty."""
    noted = NOTED.search(title) if ")" in title else None
    if noted and read_words(noted[1])[0].means("part", "tonight"):
        title = title[: noted.start()]
    return f"{title} ({part})" if part and part not in title.split() else title


def each_named(title: str) -> tuple[str, ...]:
    """The names in a title that names several tasks: "gym wala, doodh aur chai"; else one."""
    words = read_words(title)
    joints = [at for at, word in enumerate(words) if word.key in ",،" or "and" in word.senses]
    bounds = zip([-1, *joints], [*joints, len(words)], strict=True)
    clause = Clause(words, 0, len(words), [], [], frozenset(), [False] * len(words))
    spans = [_trimmed(clause, (first + 1, after), "delete") for first, after in bounds if first + 1 < after]
    return tuple(title[words[span[0]].start : words[span[1] - 1].end] for span in spans if span)


def either_named(title: str, language: Language) -> list[str]:
    """The names of which only one is meant: "doodh ya report", in English "milk or report"."""
    return [name for part in EITHER[language is Language.ENGLISH].split(title) for name in each_named(part)[:1]]


def _is_handled(clause: Clause, head: Head, at: int) -> bool:
    """Whether something is done with the list or the tasks at this place: "share my tasks"."""
    words, kind, owner = clause.words, clause.senses(at).get("task"), at
    if at <= head.after or (kind != "list" and not (kind == "task" and "plural" in clause.kinds)):
        return False
    while owner > head.after and words[owner - 1].means("article", "my"):
        owner -= 1
    if owner == head.after or not clause.carries(owner - 1):
        return False
    # "Milk to my list" says where it goes, "to make a list" what to do.
    goes = [n for n in range(head.after + 1, owner) if "whither" in words[n].senses]
    if any(clause.carries(n - 1) and not words[n + 1].bits & DOING for n in goes):
        return False
    return kind == "list" or owner < at or bool(words[at - 1].bits & DOING)


def _cuts(clause: Clause, head: Head | None, drop: Sequence[Span], operation: str) -> list[Span]:
    """What is left of the clause around the verb and around words for a task."""
    words, first, tasks = clause.words, clause.first, "task" in clause.kinds
    out = set(range(head.first, head.after) if head else ())
    for span in drop:
        out.update(range(*span))
    if clause.has("complete", "apart"):
        out.update([n for n in clause.places() if words[n].key.startswith("as ")])
    handles = head if operation == "add" and head and head.english else None
    left: list[Span] = []
    at = first
    for word in clause.span():
        is_task = tasks and "task" in word.senses and _is_task_word(clause, at, out)
        if at in out or (is_task and not (handles and _is_handled(clause, handles, at))):
            if first < at:
                left.append((first, at))
            first = at + 1
        at += 1
    return [*left, (first, clause.after)] if first < clause.after else left


def _is_task_word(clause: Clause, at: int, out: set[int]) -> bool:
    kind = clause.senses(at)["task"]
    if kind == "task":
        return True
    before = clause.senses(at - 1) if at > clause.first else {}
    if "wala" in before:
        return True
    if not _closes(clause, at + 1, out):
        return False
    if kind == "list":
        led = at + 1 < clause.after and clause.post(at + 1) == "in"
        placed = "goods" in before and clause.has("whither")
        return led or placed or not before or not {"my", "task", "article", "post", "wala"}.isdisjoint(before)
    if kind == "work":
        company = {"my", "wh", "priority", "all", "article", "ordinal", "fresh"}
        return not before or not company.isdisjoint(before) or clause.dated[at - 1]
    return before.get("post") == "of"


def _closes(clause: Clause, at: int, out: set[int]) -> bool:
    """Whether the noun before this place ends its phrase."""
    if at >= clause.after or at in out or clause.dated[at]:
        return True
    senses = clause.senses(at)
    return senses.get("post") in ("ko", "in", "from") or "aux" in senses or clause.words[at].key == ":"


def _trimmed(clause: Clause, span: Span, operation: str) -> Span | None:
    first, after = span
    words, dated = clause.words, clause.dated
    naming = operation != "add"
    left, right = (LEFT | NAMING, RIGHT | NAMING) if naming else (LEFT, RIGHT)
    # Where a message begins "aur" only goes on; behind "mujhe" it is more of something.
    while span[0] == clause.first and first < after and words[first].bits & GOING_ON:
        first += 1
    while first < after and (dated[first] or words[first].bits & left):
        word = words[first]
        joined = first + 1 < after and word.end == words[first + 1].start and "digits" in words[first + 1].senses
        # Letters and digits that are written as one: "k2".
        if word.key == "pay" or (joined and not dated[first]):
            break
        if word.bits & SIGN and _opens(words, first, after):
            break
        first += 1
    while first < after and (dated[after - 1] or words[after - 1].bits & right):
        word = words[after - 1]
        if word.bits & SIGN and _closed(words, first, after):
            break
        if not naming and word.key in TAILS and _owns(words, first, after) and not any(dated[after - 2 : after]):
            break
        after -= 1
        if naming and "participle" in words[after].senses and "add" in words[after - 1].senses:
            after -= 1
    # "Phone karna hota hai, add kar dein".
    habit = not naming and after - first > 1 and words[after - 1].senses.get("light") == "habitual"
    after -= habit and is_infinitive(words[after - 2])
    # "The gas one" is the task of gas.
    after -= naming and after - first > 1 and words[span[0]].key == "the" and words[after - 1].key == "one"
    return (first, after) if first < after else None


def _opens(words: Words, first: int, after: int) -> bool:
    """Whether a bracket opens here that closes within the span: "<b>bold</b>"."""
    closing = BRACKETS.get(words[first].key)
    return closing is not None and any(w.key == closing for w in words[first:after])


def _closed(words: Words, first: int, after: int) -> bool:
    """Whether a bracket ends here that opens within the span: "milk (2 litre)"."""
    last = words[after - 1].key
    return last in CLOSING and any(BRACKETS.get(w.key) == last for w in words[first : after - 1])


def _owns(words: Words, first: int, after: int) -> bool:
    """Whether the end, whose it is or from whom, stands behind "hai": "list banani hai shaadi ki"."""
    return any("aux" in w.senses and w.key in FINITE for w in words[first : after - 2])


def _heaviest(clause: Clause, pieces: list[Span]) -> Span:
    """The piece with the most words of content."""

    def weight(piece: Span) -> int:
        return sum([not (clause.dated[at] or clause.words[at].bits & WEIGHTLESS) for at in range(*piece)])

    return max(pieces, key=weight) if pieces[1:] else pieces[0]


def _weighs(clause: Clause, span: Span) -> bool:
    first, after = span
    while first < after and (clause.words[first].bits & WEIGHTLESS or clause.dated[first]):
        first += 1
    return first < after


def _of_add(clause: Clause, head: Head | None, pieces: list[Span]) -> Span:
    """Of several pieces: what follows the verb as its object, else what stands before it."""
    if head is None:
        return _heaviest(clause, pieces)
    before = [p for p in pieces if p[1] <= head.first]
    # "Shopping list mein doodh add karo": the list is where it goes.
    before = [p for p in before if not (_is_place(clause, p[1]) and p is not before[-1])]
    behind = [p for p in pieces if p[0] >= head.after]
    if before and behind and _detailed(clause, head, before[-1]):
        return before[-1]
    if behind and (not before or head.english or _object_follows(clause, head) or _purpose(clause, behind[0])):
        return _without_list(clause, behind[0])
    acts = [p for p in before if _infinitive(clause, p)] if before[1:] else before
    span = acts[-1] if acts else _heaviest(clause, before)
    return _without_person(clause, head, _last_sentence(clause, span))


def _is_place(clause: Clause, at: int) -> bool:
    """Whether "list mein" stands here."""
    return clause.senses(at).get("task") == "list" and at + 1 < clause.after and clause.post(at + 1) == "in"


def _without_list(clause: Clause, span: Span) -> Span:
    """As in "milk to my shopping list": the list is where it goes."""
    first, after = span
    if after >= clause.after or "task" not in clause.senses(after):
        return span
    for at in range(after - 1, first, -1):
        if "whither" in clause.senses(at):
            return _trimmed(clause, (first, at), "add") or span
    return span


def _infinitive(clause: Clause, span: Span) -> bool:
    return any(w.key.endswith(INFINITIVE) for w in reversed(clause.words[span[0] : span[1]]))


def _object_follows(clause: Clause, head: Head) -> bool:
    """Whether the verb is followed by "that", "to" or a colon."""
    at = head.after
    while at < clause.after and (clause.dated[at] or clause.words[at].means("me", "task", "article")):
        at += 1
    if at >= clause.after:
        return False
    return "object" in clause.senses(at) or clause.words[at].key in ":-"


def _detailed(clause: Clause, head: Head, before: Span) -> bool:
    """Whether a title stands right before the verb, and behind its colon only more about it."""
    colon = head.after < clause.after and clause.words[head.after].key == ":"
    return colon and before[1] == head.first and not head.english and not clause.has("plural")


def _purpose(clause: Clause, span: Span) -> bool:
    """Whether the span is followed by "ke liye" behind its infinitive."""
    at = span[1]
    return at < clause.after and clause.post(at) == "liye" and _infinitive(clause, (at - 1, at))


def _last_sentence(clause: Clause, span: Span, operation: str = "add") -> Span:
    """As in "Ali ka test hai, mujhe usay jagane": behind a finite verb only the last sentence is the task."""
    first, after = span
    for at in range(after - 2, first, -1):
        senses = clause.senses(at)
        if "aux" in senses or "therefore" in senses:
            rest = _trimmed(clause, (at + 1, after), operation)
            if rest and _weighs(clause, rest) and (operation != "add" or _infinitive(clause, rest)):
                return rest
    return span


def _without_person(clause: Clause, head: Head, span: Span) -> Span:
    """As in "mom ko ... yaad dila": whoever is to be reminded is not the task."""
    first, after = span
    if head.kind != "remind":
        return _without_beneficiary(clause, span)
    if clause.post(head.first - 1) == "ko" and (cut := _after_purpose(clause, span)):
        return cut
    if clause.has("me"):
        return span
    for at in range(first + 1, min(first + PERSON_WORDS, after - 1)):
        if clause.post(at) == "ko" and _is_told(clause, (at + 1, after)):
            return _trimmed(clause, (at + 1, after), "add") or span
    return span


def _is_told(clause: Clause, rest: Span) -> bool:
    """Whether "X ko" before this is who is told, and not whom the task is about: "ammi ko phone karna"."""
    own = any("their" in w.senses for w in clause.words[rest[0] : rest[1]])
    return clause.dated[rest[0]] or own or not _infinitive(clause, rest)


def _after_purpose(clause: Clause, span: Span) -> Span | None:
    """As in "pick karne ke liye mom ko yaad dilao": the person stands behind the task."""
    for at in range(span[1] - 1, span[0], -1):
        if clause.post(at) == "liye":
            return _trimmed(clause, (span[0], at), "add")
    return None


def _without_beneficiary(clause: Clause, span: Span) -> Span:
    """As in "Tom ke liye kal kutte ko ghumana": for whom, when a date follows it."""
    first, after = span
    for at in range(max(first + 1, after - 3), after):
        if _purpose(clause, (first, at)):
            return (first, at)
    for at in range(first + 1, min(first + PERSON_WORDS, after - 1)):
        if clause.post(at) == "liye" and clause.dated[at + 1]:
            return _trimmed(clause, (at + 1, after), "add") or span
    return span
