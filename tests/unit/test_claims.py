"""A reply never claims what no tool did: the whole reply is weighed, and so is every piece of a streamed one."""

import re
import time
from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.claim_sentences import DISHONEST, DOODH, HONEST, MEETING, NOTHING, REPORT, deleted, listed

from domain.claims import Gate, claims_in, unfounded
from domain.claims.patterns import PatternError, patterns, read_patterns
from domain.conversations import ToolCall

ALL = [*DISHONEST, *HONEST]
PIECES = [text for text, _ in ALL]


def streamed(text: str, calls: list[ToolCall], cuts: Iterator[int]) -> tuple[Gate, str]:
    gate, shown, at = Gate(lambda: calls), "", 0
    while at < len(text):
        size = next(cuts, 1)
        shown += gate.feed(text[at : at + size])
        at += size
    return gate, shown + gate.finish()


def every(size: int) -> Iterator[int]:
    while True:
        yield size


@pytest.mark.parametrize(("text", "calls"), DISHONEST)
def test_a_dishonest_reply_is_caught(text: str, calls: list[ToolCall]) -> None:
    assert unfounded(text, calls)


@pytest.mark.parametrize(("text", "calls"), HONEST)
def test_an_honest_reply_passes(text: str, calls: list[ToolCall]) -> None:
    assert unfounded(text, calls) == ()


@pytest.mark.parametrize(
    ("text", "operation", "title", "count"),
    [
        ("I've deleted 'meeting'.", "delete", "meeting", 1),
        ("Theek hai, 'meeting' task mukammal ho gaya.", "complete", "meeting", 1),
        ("Aap ka task **Doodh lana** add kar diya gaya hai ✅", "add", "Doodh lana", 1),
        ("'report' ko jumme pe kar diya.", "update", "report", 1),
        ("'میٹنگ' واپس آ گیا ہے۔", "undo", "میٹنگ", 1),
        ("Ho gaya!", "any", None, 1),
        ("Task 3 delete ho gaya.", "delete", "#3", 1),
        ("Teeno tasks delete ho gaye.", "delete", None, 3),
        ("2 of your 3 tasks have been deleted.", "delete", None, 2),
        ("Task added: Buy milk (tomorrow)", "add", "Buy milk", 1),
        ("Meeting wala task delete kar diya.", "delete", "Meeting", 1),
    ],
)
def test_a_claim_says_what_was_done_to_what(text: str, operation: str, title: str | None, count: int) -> None:
    (claim,) = claims_in(text)
    assert (claim.operation, claim.title, claim.count) == (operation, title, count)


def test_every_title_of_a_sentence_is_a_claim() -> None:
    claims = claims_in("'a' aur 'b' delete kar diye, aur 'c' add kar diya.")
    assert [(claim.operation, claim.title) for claim in claims] == [("delete", "a"), ("delete", "b"), ("add", "c")]


def test_the_items_under_a_claim_are_claims() -> None:
    claims = claims_in("Deleted these:\n1. **meeting** (kal)\n2. doodh lana\n\nAur kuch?")
    assert [claim.title for claim in claims] == [None, "meeting", "doodh lana"]


def test_a_claim_of_two_needs_two_tasks() -> None:
    assert unfounded("Dono delete ho gaye.", [MEETING, MEETING])
    assert not unfounded("Dono delete ho gaye.", [MEETING, deleted("report", 2)])


def test_a_title_seen_but_not_touched_is_not_taken_for_one_like_it() -> None:
    calls = [listed("meeting", "meeting with Sara"), deleted("meeting with Sara", 2)]
    assert unfounded("'meeting' delete ho gaya.", calls)
    assert not unfounded("'meeting with Sara' delete ho gaya.", calls)


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(("text", "calls"), DISHONEST)
def test_the_gate_shows_no_claim_that_is_unfounded(text: str, calls: list[ToolCall], size: int) -> None:
    gate, shown = streamed(text, calls, every(size))
    assert gate.held
    assert text.startswith(shown)
    assert unfounded(shown, calls) == ()


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(("text", "calls"), HONEST)
def test_the_gate_shows_an_honest_reply_whole(text: str, calls: list[ToolCall], size: int) -> None:
    assert streamed(text, calls, every(size))[1] == text


reply = st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=6).flatmap(
    lambda pieces: st.sampled_from([" ", "\n", ""]).map(lambda glue: glue.join(pieces))
)
turn = st.lists(st.sampled_from([MEETING, DOODH, REPORT, listed("meeting", done=("doodh",))]), max_size=3)


@given(reply, turn, st.lists(st.integers(1, 40), max_size=60))
@example("Done!!\n✅", NOTHING, [4, 1, 1])
@example("del\u200beted 'meeting'. deleted", NOTHING, [3, 1, 2])
@example("x" * 1995 + " deleted it. Task deleted.", NOTHING, [1997, 2])
@example("Deleted:\n- a\n- b", [MEETING], [9, 1, 1])
def test_whatever_is_written_in_whatever_pieces(text: str, calls: list[ToolCall], sizes: list[int]) -> None:
    gate, shown = streamed(text, calls, iter(sizes))
    assert text.startswith(shown)
    assert unfounded(shown, calls) == ()
    if not unfounded(text, calls):
        assert shown == text
        assert gate.held == ()


@pytest.mark.parametrize("token", ["Theek", "Jee", "Sure", "Aap", "Salam", "آپ", "Here", "Main"])
def test_the_first_token_of_an_ordinary_reply_is_shown_at_once(token: str) -> None:
    gate = Gate(lambda: NOTHING)
    assert gate.feed(token) + gate.feed(" ") == token + " "


def test_words_are_shown_as_they_come_until_one_may_claim() -> None:
    gate = Gate(lambda: NOTHING)
    assert gate.feed("Theek hai, 'meeting' task ") == "Theek hai, 'meeting' task "
    assert gate.feed("delete ") + gate.feed("ho gaya") + gate.feed(".") == ""
    assert gate.feed(" Aur kuch?") + gate.finish() == ""
    assert [claim.operation for claim in gate.held] == ["delete"]


def test_what_may_claim_is_shown_when_its_sentence_ends() -> None:
    gate = Gate(lambda: [MEETING])
    assert gate.feed("'meeting' delete ho gaya.") == "'meeting' "
    assert gate.feed(" ") == "delete ho gaya. "


def test_the_calls_are_those_made_by_the_end_of_the_sentence() -> None:
    calls: list[ToolCall] = []
    gate = Gate(lambda: calls)
    shown = gate.feed("'meeting' delete ")
    calls.append(MEETING)
    assert shown + gate.feed("ho gaya.") + gate.finish() == "'meeting' delete ho gaya."


def test_a_sentence_without_end_is_weighed_as_it_is() -> None:
    gate = Gate(lambda: NOTHING)
    shown = gate.feed("delete karna " * 200)
    assert 1900 < len(shown) <= 2600


@pytest.mark.parametrize("word", sorted(patterns().held))
def test_no_beginning_of_a_held_word_hides_it(word: str) -> None:
    gate = Gate(lambda: NOTHING)
    shown = "".join(gate.feed(letter) for letter in f"abc {word}")
    assert shown == "abc "


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert all(claim.sentence for claim in claims_in(text))


@pytest.mark.parametrize(
    "text", ["'" * 5000, "* " * 3000, "| " * 3000, "delete " * 3000, "1." * 3000, "ne " * 3000, "\n" * 5000]
)
def test_ten_times_the_text_takes_at_most_thirty_times_as_long(text: str) -> None:
    # A cost that grows as the square is a hundred times; nothing but noise is told otherwise the next time.
    assert any(_seconds(text) < 30 * _seconds(text[: len(text) // 10]) + 0.002 for _ in range(8))


def test_a_reply_costs_little_beside_finding_its_words() -> None:
    text = ("Theek hai! Main ne aap ka 'meeting' task delete kar diya hai. Ab aap ke 3 tasks baaqi hain. " * 6)[:500]
    words = min(_seconds_of(lambda: re.findall(r"\w+", text)) for _ in range(20))
    weighed = min(_seconds_of(lambda: unfounded(text, [MEETING])) for _ in range(20))
    assert weighed < 150 * words


def _seconds(text: str) -> float:
    return _seconds_of(lambda: (claims_in(text), streamed(text, NOTHING, every(4))))


def _seconds_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_a_pattern_that_would_slip_through_the_gate_is_refused() -> None:
    text = files("domain.claims").joinpath("patterns.toml").read_text("utf-8")
    with pytest.raises(PatternError, match="task"):
        read_patterns(text.replace("[claims.add]\nbefore = [", '[claims.add]\nbefore = ["<task> here", '))


def test_a_kind_that_does_not_exist_is_refused() -> None:
    text = files("domain.claims").joinpath("patterns.toml").read_text("utf-8")
    with pytest.raises(PatternError, match="<nowhere>"):
        read_patterns(text.replace("[claims.add]\nbefore = [", '[claims.add]\nbefore = ["<nowhere> <added>", '))
