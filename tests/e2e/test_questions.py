"""What a reply asks goes over the wire with its message, so that a page can show buttons; a button says a message."""

from typing import Any

import pytest

from tests.e2e.process import UserClient


@pytest.fixture
def user(newcomer: UserClient) -> UserClient:
    for title in ("meeting with Ali", "meeting with Sara", "doodh lana"):
        newcomer.post("tasks", {"title": title})
    return newcomer


def last(user: UserClient, **asked: int) -> dict[str, Any]:
    """The newest message of the conversation."""
    found: dict[str, Any] = user.get("conversations/c/messages", **asked).json()["messages"][-1]
    return found


def question(user: UserClient, words: str) -> Any:
    """What was asked when these words were said."""
    user.chat(words, "c")
    return last(user).get("question")


def test_which_one_has_an_option_for_each_task(user: UserClient) -> None:
    asked = question(user, "meeting wala task delete karo")
    options = [("1. meeting with Ali", "1"), ("2. meeting with Sara", "2")]
    assert asked == {"kind": "which", "options": [{"label": label, "message": says} for label, says in options]}
    user.chat(asked["options"][1]["message"], "c")
    assert user.titles() == ["meeting with Ali", "doodh lana"]
    assert "question" not in last(user)


@pytest.mark.parametrize(
    ("words", "yes", "no"),
    [
        ("saare tasks delete kar do", "haan", "nahi"),
        ("سارے کام حذف کر دو", "ہاں", "نہیں"),
        ("delete all tasks", "yes", "no"),
    ],
)
def test_a_confirmation_is_yes_or_no_in_the_language_of_the_person(
    user: UserClient, words: str, yes: str, no: str
) -> None:
    asked = question(user, words)
    assert (asked["kind"], [option["label"] for option in asked["options"]]) == ("confirm", [yes, no])
    user.chat(asked["options"][1]["message"], "c")
    assert len(user.titles()) == 3
    user.chat(question(user, words)["options"][0]["message"], "c")
    assert user.titles() == []


def test_the_language_is_known_on_the_smallest_page(user: UserClient) -> None:
    question(user, "سارے کام حذف کر دو")
    assert last(user, limit=1)["question"]["options"][0]["label"] == "ہاں"


def test_what_any_words_may_answer_has_no_options(user: UserClient) -> None:
    assert question(user, "naya task add karo") == {"kind": "title", "options": []}


def test_the_body_of_a_turn_has_no_further_key(user: UserClient) -> None:
    body = user.post("chat", {"message": "meeting wala task delete karo"}).json()
    assert set(body) == {"conversation_id", "response", "tool_calls", "timestamp"}
