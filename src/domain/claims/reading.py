"""What a reply says was done: every statement that a change was made, by the assistant, now.

No claims are questions, offers, intentions ("kar raha hoon" too), failures, conditions, instructions, quoted titles,
how things already stand, and what the person did themselves. [never] in patterns.toml has their words.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, cast

from msgspec import Struct, structs

from domain.claims.patterns import Found, patterns
from domain.claims.sentences import BULLET, SENTENCE_MAX, WORD, Line, Token, read_line, sentence_end
from domain.urdu.spelling import fold

ClaimedOperation = Literal["add", "complete", "delete", "update", "undo", "any"]
CONTEXT_WORDS = 14
NAME_MAX = 5
COUNT_MAX = 200
AROUND = " \t\n*_`'\"“”.۔!"
BECOMES = frozenset(fold(word) for word in ("to", "ko", "se", "into", "as", "کو", "سے", "→", "->", "ki"))
JOINS = ("comma", "and")
CLAUSE = ("comma", "stop", "question", "but", "and", "dash")
AFTER_HEAD = re.compile(r"\s[-–—]\s|[(\[,،:|]|\s(?:at|on|by|for|due|ko|tak)\s")


class Claim(Struct, frozen=True):
    """A statement that a change was made.

    `title` is the one named in the sentence, or "#3" for a task by its number; `quoted` tells a title in quotes from
    one that merely stands there. `count`: of how many tasks it is said. `state`: it says how a task stands ("is
    complete"), which a look at it can bear out as well. `nth`: it is the item of a list, so many tasks were changed.
    """

    operation: ClaimedOperation
    title: str | None
    sentence: str
    count: int = 1
    quoted: bool = True
    state: bool = False
    nth: int = 1


class Context(Struct, frozen=True):
    """What a sentence stands under: at the start of a line, and after "Deleted these:" the claim its items repeat.

    `items`: how many of them were read.
    """

    heading: Claim | None = None
    fresh: bool = True
    items: int = 0


class Deed(Struct):
    """A claim's words in a line: from `start` to before `end`. `denied`: they claim nothing here."""

    found: Found
    start: int
    end: int
    denied: bool


def claims_in(text: str) -> tuple[Claim, ...]:
    """Every statement of the text that a change was made, in order."""
    context, claims, at = Context(), [], 0
    while at < len(text):
        ahead = text[at : at + 2 * SENTENCE_MAX]
        sentence = ahead[: sentence_end(ahead)]
        read, context = read_claims(sentence, context)
        claims += read
        at += len(sentence)
    return tuple(claims)


def read_claims(sentence: str, context: Context) -> tuple[list[Claim], Context]:
    """The claims of one sentence under its context, and the context of the next."""
    fresh = sentence.endswith("\n")
    if not sentence.strip():
        return [], Context(context.heading, fresh or context.fresh, context.items)
    line = read_line(sentence)
    deeds = _deeds(line, context.fresh)
    if not deeds and context.heading and context.fresh:
        item, items = _item(line), context.items
        repeated = [_repeated(context.heading, line, *item, items + 1)] if item else []
        return repeated, Context(context.heading, fresh, items + len(repeated))
    claims = [claim for n, deed in enumerate(deeds) if not deed.denied for claim in _claims(line, deeds, n)]
    opens = claims and line.text.rstrip(" \n*_").endswith(":") and claims[-1].title is None
    heading = claims[-1] if opens else None if context.fresh else context.heading
    return claims, Context(heading, fresh, context.items if heading is context.heading else 0)


# ------------------------------------------------------------------------------------------------ finding the verbs
def _deeds(line: Line, fresh: bool) -> list[Deed]:
    if patterns().holds.isdisjoint(line.letters):
        return []
    veils = [found.span() for found in patterns().within.finditer(line.letters)]
    asked = _asked_from(line)
    deeds = []
    for match in patterns().claim.finditer(line.letters):
        found, (start, end) = patterns().groups[(match.lastindex or 1) - 1], match.span()
        veiled = start >= asked or any(start < last and first < end for first, last in veils)
        sign = not fresh and _only_signs(line, start, end)
        denied = veiled or sign or _denied(line.letters, found.operation, start, end)
        deeds.append(Deed(found, start, end, denied))
    return deeds


def _denied(letters: str, operation: str, start: int, end: int) -> bool:
    """Whether what stands right before or after the verb takes the claim back."""
    since = max(0, start - CONTEXT_WORDS)
    if patterns().after.match(letters, end) or patterns().before.search(letters, since, start):
        return True
    return operation == "any" and patterns().bare.search(letters, since, start) is not None


def _asked_from(line: Line) -> int:
    """From where on a sentence is a question: its last clause, or all of it after a word that asks."""
    letters = line.letters
    if not line.text.rstrip(" \n\"'*_”’)✅🙂😊").endswith(("?", "؟")):
        return len(letters)
    if patterns().has(letters[1], "ask"):
        return 0
    return max((n for n, letter in enumerate(letters[:-2]) if _is_any(letter, CLAUSE)), default=0)


def _only_signs(line: Line, start: int, end: int) -> bool:
    return not any(token.text.isalnum() for token in line.tokens[start:end])


def _is_any(letter: str, kinds: tuple[str, ...]) -> bool:
    return any(patterns().has(letter, kind) for kind in kinds)


# ----------------------------------------------------------------------------------------- what they were done to
def _claims(line: Line, deeds: list[Deed], n: int) -> Iterator[Claim]:
    """One claim for every title that the verb speaks of; one without a title where it names none."""
    deed = deeds[n]
    operation = deed.found.operation
    state = operation == "state"
    claimed = cast("ClaimedOperation", "complete" if state else operation)
    claim = Claim(claimed, None, line.text.strip(), state=state)
    before, after = _before(line, deeds, n), _after(line, deeds, n)
    length = deed.end - deed.start
    claim = structs.replace(claim, count=max(_count(before, length), _count(after[length:], 0)))
    ways = (after, before) if deed.found.follows else (before, after)
    if deed.found.operation in ("update", "any") and _renames(line.tokens[deed.start : deed.end]):
        ways = (after, before)
    for tokens in ways:
        titles = _titles(tokens)
        if titles:
            if operation in ("update", "any") and _renames(tokens):
                titles = titles[-1:]
            yield from (structs.replace(claim, title=title) for title in titles)
            return
    # "3 tasks added: milk, eggs" names more than one.
    headed = _headed(line, deed) if claim.count == 1 else None
    name = headed or (_name(after[length:], 1) if deed.found.follows else _name(before[:-length], -1))
    known = name and operation not in ("any", "undo")
    yield structs.replace(claim, title=name if known else None, quoted=not known)


def _before(line: Line, deeds: list[Deed], n: int) -> list[Token]:
    """The words before the verb that belong to it."""
    start, edge = deeds[n].start, 0
    if n:
        edge = deeds[n - 1].end
        if deeds[n - 1].found.follows:
            edge = next((at for at in range(start - 1, edge - 1, -1) if _is_any(line.letters[at], CLAUSE)), start)
    for at in range(edge, start):
        if _is_any(line.letters[at], ("but", "stop", "negation")):
            edge = at + 1
    return line.tokens[edge : deeds[n].end]


def _after(line: Line, deeds: list[Deed], n: int) -> list[Token]:
    """The words after the verb that belong to it: none if the next verb has its own before it."""
    end, edge = deeds[n].end, len(line.letters)
    if n + 1 < len(deeds):
        edge = deeds[n + 1].start
        if not deeds[n + 1].found.follows:
            last = next((at for at in range(edge - 1, end, -1) if _is_any(line.letters[at], CLAUSE)), end)
            edge = last if deeds[n].found.follows else end
    stop = next((at for at in range(end, edge) if _is_any(line.letters[at], ("but", "stop", "negation"))), edge)
    return line.tokens[deeds[n].start : stop]


def _titles(tokens: list[Token]) -> list[str]:
    """The titles in quotes, and the tasks named by number."""
    titles = []
    numbered = -1
    for n, token in enumerate(tokens):
        beside = n and patterns().has(tokens[n - 1].letter, "beside")
        if token.title and not beside and not _is_value(token.text):
            titles.append(token.text)
        elif token.text.isdecimal() and n and _is_task_number(tokens, n, numbered == n - 2):
            numbered = n
            titles.append(f"#{int(token.text)}")
    return titles


def _is_task_number(tokens: list[Token], n: int, follows: bool) -> bool:
    """Whether a number is a task's own: "task 3", "tasks 1, 2 aur 3". `follows`: so is the one two words before it."""
    before, after = tokens[n - 1].letter, tokens[n + 1].letter if n + 1 < len(tokens) else ""
    if after and _is_any(after, ("month_like", "colon", "when")):
        return False
    if patterns().has(before, "tasks"):
        return bool(after) and _is_any(after, JOINS) and n + 2 < len(tokens) and tokens[n + 2].text.isdecimal()
    joined = follows and _is_any(before, JOINS) and not (after and _is_any(after, ("task", "tasks")))
    return joined or _is_any(before, ("task", "numero", "hash"))


def _is_value(text: str) -> bool:
    """A day, a priority or a state in quotes is no title."""
    return all(_is_any(patterns().letter(word), ("when", "level", "completed", "onto")) for word in text.split())


def _renames(tokens: list[Token]) -> bool:
    """'a' to 'b', 'a' ko 'b', or a word for a name: then only the last title is the task's own."""
    if any(patterns().has(token.letter, "rename") for token in tokens):
        return True
    ours = [n for n, token in enumerate(tokens) if token.title]
    between = [tokens[a + 1 : b] for a, b in pairwise(ours)]
    return any(len(words) == 1 and fold(words[0].text) in BECOMES for words in between)


def _count(tokens: list[Token], length: int) -> int:
    """Of how many tasks it is said: "both", "3 tasks", "teeno", "2 of them". `length`: of the verb that ends them."""
    said = 1
    for n, token in enumerate(tokens):
        many = int(token.text) if token.text.isdecimal() else patterns().counts.get(fold(token.text), 0)
        if many and not token.title and many <= COUNT_MAX and _counts_tasks(tokens, n, length):
            said = many
            if n + 1 < len(tokens) and patterns().has(tokens[n + 1].letter, "of"):
                break
    return said


def _counts_tasks(tokens: list[Token], n: int, length: int) -> bool:
    """Whether the number counts tasks: it is no task's own number, no hour, and stands by a task word or the verb."""
    following = [word.letter for word in tokens[n + 1 : n + 4]]
    if patterns().has(tokens[n].letter, "of_them") or (following and patterns().has(following[0], "of")):
        return True
    if n and _is_any(tokens[n - 1].letter, ("task", "numero", "hash", "title")):
        return False
    if following and _is_any(following[0], ("month_like", "each", "when", "colon")):
        return False
    if n and patterns().has(tokens[n - 1].letter, "all_of"):
        return True
    return n + 1 >= len(tokens) - length or any(_is_any(letter, ("tasks", "task")) for letter in following)


def _name(tokens: list[Token], step: int) -> str | None:
    """A title that merely stands by the verb: unknown words, behind "ko", "wala", "task" or before them."""
    words = tokens[::step]
    while words and _is_any(words[0].letter, ("passed", "wala", "task", "tasks", "be_now", "bar")):
        words = words[1:]
    name = []
    for word in words[:NAME_MAX]:
        if word.letter != patterns().letters[""]:
            break
        name.append(word.text)
    return " ".join(name[::step]) or None


def _headed(line: Line, deed: Deed) -> str | None:
    """What stands after "Task added:"."""
    following = line.tokens[deed.end : deed.end + 2]
    if len(following) < 2 or not _is_any(following[0].letter, ("colon", "dash")):  # noqa: PLR2004
        return None
    return _head(line.text[following[0].end :])


def _head(text: str) -> str | None:
    """The beginning of a text, up to a date or a remark; none if it holds no word but ours ("kal 5 baje")."""
    head = AFTER_HEAD.split(text.strip(AROUND), maxsplit=1)[0].strip(AROUND)
    return head if any(patterns().letter(word) == patterns().letters[""] for word in re.findall(WORD, head)) else None


def _item(line: Line) -> tuple[str, bool] | None:
    """The title that a line under a claim names: quoted, behind "Title:", or the item of a list itself."""
    label = re.match(r"\W*([^\W\d_]+(?: [^\W\d_]+)?)\W{0,3}:\W{0,4}", line.text)
    if label:
        named = patterns().has(patterns().letter(label[1].split()[-1]), "name_field")
        name = _head(line.text[label.end() :]) if named else None
        return (name, False) if name else None
    titles = [token.text for token in line.tokens if token.title]
    if titles:
        return titles[0], True
    name = _head(BULLET.sub("", line.text, count=1)) if BULLET.match(line.text) else None
    return (name, False) if name else None


def _repeated(heading: Claim, line: Line, title: str, quoted: bool, nth: int) -> Claim:
    return structs.replace(heading, title=title, sentence=line.text.strip(), count=1, quoted=quoted, nth=nth)
