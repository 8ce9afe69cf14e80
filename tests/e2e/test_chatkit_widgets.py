"""What can be clicked in ChatKit: the task list, the questions, the confirmation; each click is authorised again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.chatkit import ChatKit, action, buttons, done, kinds, problem, told
from tests.e2e.process import Service, UserClient

INVALID = (422, "invalid")


@pytest.fixture
def chatkit(newcomer: UserClient) -> ChatKit:
    for title in ("meeting with Ali", "meeting with Sara", "doodh lana"):
        newcomer.post("tasks", {"title": title})
    return ChatKit(newcomer)


def listed(chatkit: ChatKit) -> tuple[str, Any]:
    """A thread with the list of tasks in it."""
    events = chatkit.say("mere tasks dikhao")
    return events[0].thread.id, done(events, "widget")


def asked(chatkit: ChatKit, words: str) -> tuple[str, Any]:
    """A thread with a question at its end."""
    events = chatkit.say(words)
    return events[0].thread.id, chatkit.items(events[0].thread.id)[-1]


def test_the_list_is_clicked(chatkit: ChatKit) -> None:
    thread, widget = listed(chatkit)
    assert [choice["type"] for choice in buttons(widget.widget)] == ["task.complete", "task.prioritise"] * 3 + [
        "tasks.undo"
    ]
    place = {"thread_id": thread, "item_id": widget.id}
    events = chatkit.events("threads.custom_action", **place, action=buttons(widget.widget)[0])
    assert kinds(events) == ["stream_options", "thread.item.replaced", "client_effect"]
    assert (events[2].name, events[1].item.id) == ("tasks.changed", widget.id)
    assert buttons(events[1].item.widget)[0] == {**buttons(events[1].item.widget)[0], "type": "task.reopen"}
    assert chatkit.user.get("tasks/1").json()["status"] == "completed"
    assert chatkit.items(thread)[-1] == events[1].item

    chatkit.events("threads.custom_action", **place, action=action("task.prioritise", task_id=2, priority="urgent"))
    assert chatkit.user.get("tasks/2").json()["priority"] == "urgent"
    chatkit.events("threads.custom_action", **place, action=action("tasks.undo"))
    assert chatkit.user.get("tasks/2").json()["priority"] == "normal"
    answer = chatkit.json("threads.sync_custom_action", **place, action=action("task.reopen", task_id=1))
    assert answer["updated_item"]["id"] == widget.id
    assert chatkit.user.get("tasks/1").json()["status"] == "pending"


def test_the_page_around_may_click_without_a_widget(chatkit: ChatKit) -> None:
    thread = chatkit.new("salam")
    events = chatkit.events("threads.custom_action", thread_id=thread, action=action("task.complete", task_id=3))
    assert kinds(events) == ["stream_options", "client_effect"]
    assert chatkit.json("threads.sync_custom_action", thread_id=thread, action=action("tasks.undo")) == {}
    assert chatkit.user.get("tasks/3").json()["status"] == "pending"


def test_a_click_that_comes_too_late_says_so(chatkit: ChatKit) -> None:
    thread, widget = listed(chatkit)
    chatkit.user.http.delete(f"/api/{chatkit.user.user}/tasks/1")
    place = {"thread_id": thread, "item_id": widget.id}
    events = chatkit.events("threads.custom_action", **place, action=action("task.complete", task_id=1))
    assert kinds(events) == ["stream_options", "thread.item.replaced", "notice"]
    assert events[2].message == "There is no task 1."
    assert len(buttons(events[1].item.widget)) == 5
    late = chatkit.problem("threads.sync_custom_action", **place, action=action("task.complete", task_id=1))
    assert late == (404, "not_found")


def test_nothing_to_take_back_is_told(newcomer: UserClient) -> None:
    chatkit = ChatKit(newcomer)
    thread = chatkit.new("salam")
    answer = chatkit.problem("threads.sync_custom_action", thread_id=thread, action=action("tasks.undo"))
    assert answer == (409, "nothing_to_undo")


@pytest.mark.parametrize(
    "given",
    [
        action("task.explode", task_id=1),
        action("task.complete"),
        action("task.complete", task_id="1"),
        action("task.complete", task_id=0),
        action("task.prioritise", task_id=1),
        action("task.prioritise", task_id=1, priority="extreme"),
        {"type": "task.complete", "payload": [1]},
        {"type": "task.complete"},
        {"type": "delete_task", "payload": {"task_id": 1}},
    ],
)
def test_an_action_that_is_none_does_nothing(chatkit: ChatKit, given: dict[str, Any]) -> None:
    thread, widget = listed(chatkit)
    for kind in ("threads.custom_action", "threads.sync_custom_action"):
        assert chatkit.problem(kind, thread_id=thread, item_id=widget.id, action=given) == INVALID
    assert len(chatkit.user.get("tasks", status="pending").json()["tasks"]) == 3


def test_only_a_widget_is_clicked(chatkit: ChatKit) -> None:
    thread, _ = listed(chatkit)
    for item in chatkit.items(thread)[:3]:
        given = {"thread_id": thread, "item_id": item.id, "action": action("task.complete", task_id=1)}
        assert chatkit.problem("threads.custom_action", **given) == INVALID
    assert chatkit.user.get("tasks/1").json()["status"] == "pending"


def test_which_one_is_answered_by_a_choice(chatkit: ChatKit) -> None:
    thread, question = asked(chatkit, "meeting wala task delete karo")
    (choice,) = question.inputs
    assert (question.type, question.status, choice.question) == (
        "structured_input",
        "pending",
        "2 tasks milay, kaunsa?",
    )
    assert [option.value for option in choice.options] == ["1. meeting with Ali", "2. meeting with Sara"]
    given = {"answers": {choice.id: {"values": ["2. meeting with Sara"]}}}
    events = chatkit.events("threads.add_structured_input", thread_id=thread, item_id=question.id, input=given)
    (replaced,) = [event.item for event in events if event.type == "thread.item.replaced"]
    assert (replaced.status, replaced.inputs[0].answer.values) == ("answered", ["2. meeting with Sara"])
    assert told(events) == "Theek hai, 'meeting with Sara' task delete ho gaya."
    assert chatkit.user.titles() == ["meeting with Ali", "doodh lana"]
    assert replaced in chatkit.items(thread)
    again = chatkit.problem("threads.add_structured_input", thread_id=thread, item_id=question.id, input=given)
    assert again == INVALID
    assert len(chatkit.user.titles()) == 2


@pytest.mark.parametrize(
    ("given", "status", "left"),
    [
        ({"status": "skipped"}, "skipped", 3),
        ({}, "skipped", 3),
        ({"answers": {"answer": {"skipped": True, "values": ["1. meeting with Ali"]}}}, "skipped", 3),
        ({"answers": {"other": {"values": ["1. meeting with Ali"]}}}, "skipped", 3),
        ({"answers": {"answer": {"values": ["Ali wala"]}}}, "answered", 2),
        ({"answers": {"answer": {"values": ["dono"]}}}, "answered", 1),
    ],
)
def test_which_one_is_answered_in_words_or_not_at_all(
    chatkit: ChatKit, given: dict[str, Any], status: str, left: int
) -> None:
    thread, question = asked(chatkit, "meeting wala task delete karo")
    chatkit.events("threads.add_structured_input", thread_id=thread, item_id=question.id, input=given)
    kept = next(item for item in chatkit.items(thread) if item.id == question.id)
    assert (kept.status, len(chatkit.user.titles())) == (status, left)


def test_a_question_is_over_when_something_else_was_said(chatkit: ChatKit) -> None:
    thread, question = asked(chatkit, "meeting wala task delete karo")
    chatkit.user.chat("salam", thread)
    given = {"answers": {"answer": {"values": ["1. meeting with Ali"]}}}
    late = chatkit.problem("threads.add_structured_input", thread_id=thread, item_id=question.id, input=given)
    assert late == INVALID
    assert len(chatkit.user.titles()) == 3


def test_a_question_for_words_takes_words(chatkit: ChatKit) -> None:
    thread, question = asked(chatkit, "naya task add karo")
    assert [entry.type for entry in question.inputs] == ["freeform"]
    given = {"answers": {"answer": {"values": ["anday lana"]}}}
    chatkit.events("threads.add_structured_input", thread_id=thread, item_id=question.id, input=given)
    assert chatkit.user.titles()[-1] == "anday lana"


def test_a_confirmation_has_two_buttons(chatkit: ChatKit) -> None:
    thread, question = asked(chatkit, "saare tasks delete kar do")
    assert [choice["payload"] for choice in buttons(question.widget)] == [{"answer": "yes"}, {"answer": "no"}]
    place = {"thread_id": thread, "item_id": question.id}
    events = chatkit.events("threads.custom_action", **place, action=action("question.answer", answer="yes"))
    (replaced,) = [event.item for event in events if event.type == "thread.item.replaced"]
    assert buttons(replaced.widget) == []
    assert chatkit.user.titles() == []
    assert events[-1].name == "tasks.changed"
    answer = chatkit.ask("threads.custom_action", **place, action=action("question.answer", answer="yes"))
    assert problem(answer) == INVALID
    assert "can't be answered any more" in answer.json()["detail"]


def test_no_means_no(chatkit: ChatKit) -> None:
    thread, question = asked(chatkit, "saare tasks delete kar do")
    place = {"thread_id": thread, "item_id": question.id}
    events = chatkit.events("threads.custom_action", **place, action=action("question.answer", answer="no"))
    assert "client_effect" not in kinds(events)
    assert len(chatkit.user.titles()) == 3


def test_two_clicks_at_once_are_one(service: Service, chatkit: ChatKit) -> None:
    thread, question = asked(chatkit, "saare tasks mukammal kar do")
    place = {"thread_id": thread, "item_id": question.id}
    body = {"type": "threads.custom_action", "params": {**place, "action": action("question.answer", answer="yes")}}
    clients = [service.client(chatkit.user.user) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda client: client.post("chatkit", body).status_code, clients))
    assert sorted(answers) == [200, 422, 422, 422]
    assert len(chatkit.texts(thread)) == 4


@pytest.mark.parametrize("given", [{}, {"answer": "maybe"}, {"answer": True}, None, "yes"])
def test_a_confirmation_wants_yes_or_no(chatkit: ChatKit, given: Any) -> None:
    thread, question = asked(chatkit, "saare tasks delete kar do")
    click = {"type": "question.answer", "payload": given}
    assert chatkit.problem("threads.custom_action", thread_id=thread, item_id=question.id, action=click) == INVALID
    assert len(chatkit.user.titles()) == 3


def test_each_question_is_answered_in_its_own_way(chatkit: ChatKit) -> None:
    yes = action("question.answer", answer="yes")
    thread, confirm = asked(chatkit, "saare tasks delete kar do")
    refused = [
        chatkit.problem("threads.add_structured_input", thread_id=thread, item_id=confirm.id, input={}),
        chatkit.problem("threads.sync_custom_action", thread_id=thread, item_id=confirm.id, action=yes),
    ]
    listing, widget = listed(chatkit)
    refused.append(chatkit.problem("threads.custom_action", thread_id=listing, item_id=widget.id, action=yes))
    which_thread, which = asked(chatkit, "meeting wala task delete karo")
    refused.append(chatkit.problem("threads.custom_action", thread_id=which_thread, item_id=which.id, action=yes))
    assert refused == [INVALID] * 4
    assert chatkit.problem("threads.custom_action", thread_id=thread, action=yes) == (404, "not_found")


def test_a_widget_holds_titles_as_data(newcomer: UserClient) -> None:
    title = '"}],"x": {{7*7}} <b>&\' meeting 2. کل'
    newcomer.post("tasks", {"title": title, "priority": "urgent", "due": "2030-02-07T09:00"})
    chatkit = ChatKit(newcomer)
    _, widget = listed(chatkit)
    row = widget.widget.model_dump()["children"][0]["children"][0]["children"][1]["children"]
    assert [line["value"] for line in row] == [title, "7 February 2030 subah 9 baje"]
    assert widget.copy_text == f"1. {title}"
