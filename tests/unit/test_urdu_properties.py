"""What holds for any text at all: no error, a title out of the text, the same answer twice, time in proportion."""

import time
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.urdu_sentences import chatter, commands

from domain.conversations import MESSAGE_MAX
from domain.recurrence import checked_rule
from domain.urdu import (
    fold,
    fold_text,
    intent,
    parse_urdu_intent,
    parse_urdu_intents,
    read_answer,
    read_due,
    read_repeat,
)
from domain.urdu.clauses import find_clauses
from domain.urdu.scene import Said
from domain.urdu.spelling import READ, read_letters, split_words
from domain.urdu.words import SIGN, bits_of, read_words

NOW = datetime(2026, 2, 6, 5, 0, tzinfo=UTC)
SENTENCE = "kal subah 9 baje doctor ke paas jana add karo. "
KARACHI = ZoneInfo("Asia/Karachi")
WORDS = sorted(
    {word for text, _, _ in commands() for word in text.split()} | {w for line in chatter() for w in line.split()}
)
SIGNS = [
    "\u200f",
    "\u200b",
    "\u0000",
    "\ud800",
    "🙂",
    "،",
    "۔",
    "\n",
    "#",
    "'",
    "’",
    "٣",
    "²",
    "½",
    "ﷺ",
    "\u202e",
    ":",
    "/",
    "-",
]
messages = st.lists(st.sampled_from(WORDS + SIGNS), max_size=14).map(" ".join)
texts = st.one_of(st.text(max_size=200), messages, st.lists(st.sampled_from(SIGNS + WORDS), max_size=14).map("".join))


@settings(max_examples=400, deadline=None)
@given(texts)
def test_any_text_is_read_without_an_error(text: str) -> None:
    for found in parse_urdu_intents(text, now=NOW):
        assert 0 <= found.confidence <= 1
        assert found.repeat is None or checked_rule(found.repeat) == found.repeat
        assert found.during is None or found.during[0] <= found.during[1]
    read_answer(text)
    read_due(text, NOW, KARACHI)
    read_repeat(text)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_a_title_is_always_said_in_the_text(text: str) -> None:
    for found in parse_urdu_intents(text, now=NOW):
        for span in (found.title, found.new_title):
            # Of something to add a date in the middle may be left out: the words stand in the text in their order.
            left = text
            for word in (span or "").split():
                assert word in left
                left = left.partition(word)[2]
            assert span != ""


@settings(deadline=None)
@given(messages)
def test_the_same_text_is_read_the_same_twice(text: str) -> None:
    assert parse_urdu_intents(text, now=NOW) == parse_urdu_intents(text, now=NOW)


@given(st.one_of(st.text(st.characters(max_codepoint=127), max_size=200), texts))
def test_a_text_of_ascii_is_cut_as_every_other(text: str) -> None:
    assert read_letters(text) == READ.findall(text)


@given(texts)
def test_a_text_is_cut_alike_as_a_whole_and_between_its_blanks(text: str) -> None:
    assert [word for piece in text.split(" ") for word in split_words(piece)] == split_words(text)
    assert [word for piece in text.split() for word in read_letters(piece)] == read_letters(text)
    assert all(split_words(word) == [word] for word in split_words(text))


@settings(deadline=None)
@given(texts, st.booleans())
def test_the_bits_of_a_word_say_what_its_senses_say(text: str, talk: bool) -> None:
    for word in read_words(text, talk):
        assert word.bits == bits_of(*word.senses) | (0 if word.key[0].isalnum() else SIGN)


def test_a_message_is_read_once_however_often_it_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(said: Said) -> list[tuple[int, int]]:
        read.append(said.text)
        return find_clauses(said)

    monkeypatch.setattr(intent, "find_clauses", counted)
    said = "once and once only: report parson bhejni hai"
    assert parse_urdu_intents(said, now=NOW)[0] == parse_urdu_intent(said, now=NOW)
    assert read == [said]


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert fold_text(fold_text(word)) == fold_text(word)


@settings(deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC)), messages)
def test_every_now_can_be_counted_from(now: datetime, text: str) -> None:
    parse_urdu_intents(text, now=now, timezone="America/New_York")


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "kal ",
        "delete karo aur ",
        "please ",
        "ke liye ",
        "3 ",
        "، ",
        "\u200f🙂",
        "remind me to ",
        "mera ",
        "ہے ",
        "nahi ",
        "move to 5 ",
        "from to by ",
        "buy milk and ",
        "kal 5 baje gym aur ",
        "by the ",
        "2 ko. ",
        "make ,. ",
    ],
)
def test_a_long_text_costs_no_more_than_ten_usual_ones(piece: str) -> None:
    # A busy machine disturbs an attempt, not all of them; each is of another length, since what was read is kept.
    assert any(_cost((piece * MESSAGE_MAX)[: MESSAGE_MAX - less]) < 10 * _usual() for less in range(8))


@cache
def _usual() -> float:
    return min(_cost(f"{SENTENCE * 80}{number}") for number in range(7))


def test_ten_times_the_text_costs_at_most_twelve_times_the_time() -> None:
    # A busy machine disturbs an attempt, not all of them; what grows with the square costs a hundred times as much.
    assert any(_growth() < 12 for _ in range(8))


def _growth() -> float:
    """How many times the time is that ten times the text costs: each in turn, no text read before."""
    short, long = [], []
    for number in range(7):
        short.append(_cost(f"{number} " + SENTENCE * 8))
        long.append(_cost(f"{number} " + SENTENCE * 80))
    return min(long) / min(short)


def _cost(text: str) -> float:
    begun = time.process_time()
    parse_urdu_intents(text, now=NOW)
    return time.process_time() - begun
