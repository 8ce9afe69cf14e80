"""What a turn sees of a conversation, and what may be said and named in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.security.forge import START

from domain.conversations import (
    HISTORY_CHARACTERS,
    Message,
    Role,
    checked_key,
    checked_message,
    checked_title,
    title_from,
    window,
)
from domain.errors import Invalid

USER, ASSISTANT = Role.USER, Role.ASSISTANT


def newest_first(*lengths: int) -> list[Message]:
    """Messages of these lengths, the last of the assistant, told newest first."""
    roles = [USER if place % 2 == 0 else ASSISTANT for place in range(len(lengths))]
    told = zip(roles, lengths, strict=True)
    return [Message(n, role, "x" * length, START) for n, (role, length) in enumerate(told, 1)][::-1]


def ids(messages: tuple[Message, ...]) -> list[int]:
    return [message.id for message in messages]


def test_the_window_is_told_oldest_first() -> None:
    assert ids(window(newest_first(5, 5, 5, 5))) == [1, 2, 3, 4]
    assert window([]) == ()


def test_the_newest_messages_are_kept_and_the_oldest_left_out() -> None:
    assert ids(window(newest_first(10, 10, 10, 10), characters=25)) == [3, 4]
    assert ids(window(newest_first(10, 10, 10, 10), characters=20)) == [3, 4]


def test_the_window_begins_with_what_the_user_said() -> None:
    assert ids(window(newest_first(10, 10, 10, 10), characters=35)) == [3, 4]
    assert ids(window(newest_first(10, 10, 10, 10), characters=19)) == []
    assert window([Message(2, ASSISTANT, "salam", START)]) == ()


def test_a_gap_is_never_bridged_by_an_older_message() -> None:
    assert ids(window(newest_first(1, 1, 100, 1, 1, 1), characters=50)) == [5, 6]


def test_a_newest_message_that_is_too_long_alone_is_still_seen() -> None:
    assert ids(window(newest_first(10, 10, HISTORY_CHARACTERS + 1))) == [3]


@given(st.lists(st.integers(0, 60), max_size=30), st.integers(0, 200))
def test_the_window_is_an_unbroken_end_of_the_conversation_within_its_room(lengths: list[int], room: int) -> None:
    messages = newest_first(*lengths)
    seen = window(messages, room)
    assert list(seen) == messages[: len(seen)][::-1]
    assert sum(len(message.text) for message in seen[:-1]) <= room
    assert not seen or seen[0].role is USER


def test_a_message_has_1_to_4000_characters_after_trimming() -> None:
    assert checked_message("  salam \n ") == "salam"
    assert checked_message("🧾" * 4000) == "🧾" * 4000
    for text in ("", " \n\t ", "\x00", "x" * 4001):
        with pytest.raises(Invalid, match="message"):
            checked_message(text)


def test_a_name_is_1_to_64_plain_characters() -> None:
    for key in ("conv-123", "a", "A.b_c:d-9", "x" * 64, "7"):
        assert checked_key(key) == key
    for key in ("", "x" * 65, "a b", "a/b", "گھر", "a\n", "a\x00", "..%2f"):
        with pytest.raises(Invalid, match="conversation_id"):
            checked_key(key)


def test_a_title_is_one_line_of_1_to_120_characters() -> None:
    assert checked_title("  Ghar \n ke kaam ") == "Ghar ke kaam"
    for title in ("", "\n", "x" * 121):
        with pytest.raises(Invalid, match="title"):
            checked_title(title)


def test_a_conversation_is_called_by_its_beginning_cut_at_a_word() -> None:
    assert title_from("Doodh\nlana hai") == "Doodh lana hai"
    assert title_from("lafz " * 30) == " ".join(["lafz"] * 12) + "…"
    assert title_from("x" * 100) == "x" * 60 + "…"


@given(st.text(max_size=300))
def test_a_title_from_any_message_is_short_and_one_line(text: str) -> None:
    title = title_from(text)
    assert len(title) <= 61
    assert "\n" not in title
