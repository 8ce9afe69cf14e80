"""ChatKit over a model that streams, falls silent, fails and asks, in both of OpenAI's APIs."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.doubles.openai_server import Call, Refuse, Say, ScriptedModel, running
from tests.e2e.chatkit import ChatKit, action, buttons, done, kinds, problem, said, told
from tests.e2e.process import Service, serving

OPTIONAL = {"description": None, "priority": None, "due": None, "repeat": None, "tags": None}
USERS = count(1)


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with running(ScriptedModel()) as scripted:
        yield scripted


@pytest.fixture(scope="module", params=["responses", "chat"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: ScriptedModel
) -> Iterator[Service]:
    settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "OPENAI_API": request.param}
    with serving(tmp_path_factory.mktemp("chatkit"), RATE_LIMIT="10000/minute", **settings) as started:
        yield started


@pytest.fixture
def chatkit(service: Service) -> ChatKit:
    return ChatKit(service.client(f"talker-{next(USERS)}"))


def settled(chatkit: ChatKit, thread: str) -> tuple[str, str]:
    """The last message's status and text, when its turn has ended."""
    while (last := _last(chatkit, thread))["status"] == "in_progress":
        time.sleep(0.02)
    return last["status"], last["text"]


def _last(chatkit: ChatKit, thread: str) -> dict[str, str]:
    return dict(chatkit.user.get(f"conversations/{thread}/messages").json()["messages"][-1])


def test_the_models_words_come_one_by_one_under_ids_of_ours(chatkit: ChatKit, model: ScriptedModel) -> None:
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], "Ji, yeh raha aap ka jawab."]
    events = chatkit.say("doodh likh lo")
    deltas = [event for event in events if getattr(getattr(event, "update", None), "delta", None)]
    assert len(deltas) > 1
    assert {event.item_id for event in deltas} == {"msg_1_2"}
    assert told(events) == done(events, "assistant_message").content[0].text == "Ji, yeh raha aap ka jawab."
    assert chatkit.items(events[0].thread.id)[1:] == [
        event.item for event in events[2:] if event.type == "thread.item.done"
    ]
    assert events[-1].name == "tasks.changed"


def test_closing_the_socket_stops_the_turn_and_keeps_what_was_said(chatkit: ChatKit, model: ScriptedModel) -> None:
    model.rounds[:] = [
        [Call("add_task", {"title": "doodh", **OPTIONAL})],
        Say("Ji haan. Aur", "silence"),
        "Ji?",
    ]
    with chatkit.streaming("threads.create", input=said("doodh likh lo")) as stream:
        thread = next(stream).thread.id
        while not (heard := told([next(stream)])):
            pass
    status, text = settled(chatkit, thread)
    assert (status, text[: len(heard)], text.splitlines()[-1]) == ("stopped", heard, "(Rok diya gaya.)")
    assert [item.type for item in chatkit.items(thread)] == ["user_message", "workflow", "assistant_message"]
    assert chatkit.user.titles() == ["doodh"]
    assert told(chatkit.say("salam", thread)) == "Ji?"


def test_a_thread_can_be_read_in_the_middle_of_a_turn(chatkit: ChatKit, model: ScriptedModel) -> None:
    model.rounds[:] = [[Call("list_tasks", {})], Say("Ji haan. Aur", "silence")]
    with chatkit.streaming("threads.create", input=said("mere tasks dikhao")) as stream:
        thread = next(stream).thread.id
        while not told([next(stream)]):
            pass
        assert [item.type for item in chatkit.items(thread)] == ["user_message", "workflow"]
        page = chatkit.page(thread, limit=2)
        assert (len(page.data), page.has_more) == (2, False)
        assert chatkit.thread(thread).items.data[1].workflow.summary is None
    assert settled(chatkit, thread)[0] == "stopped"


def test_two_messages_at_once_are_answered_one_after_the_other(
    service: Service, chatkit: ChatKit, model: ScriptedModel
) -> None:
    model.rounds[:] = ["Ji.", "Ji.", "Ji.", "Ji."]
    thread = chatkit.new("salam")
    twins = [ChatKit(service.client(chatkit.user.user)) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        streams = list(threads.map(lambda twin: twin.say("shukriya", thread), twins))
    assert sorted(events[0].item.id for events in streams) == ["msg_1_3", "msg_1_5", "msg_1_7"]
    assert chatkit.texts(thread) == ["salam", "Ji."] + ["shukriya", "Ji."] * 3


def test_a_message_during_a_long_turn_is_told_to_come_again(
    service: Service, chatkit: ChatKit, model: ScriptedModel
) -> None:
    model.rounds[:] = [Say("Ji haan. Aur", "silence")]
    with chatkit.streaming("threads.create", input=said("salam")) as stream:
        thread = next(stream).thread.id
        while not told([next(stream)]):
            pass
        twin = ChatKit(service.client(chatkit.user.user))
        answer = twin.ask("threads.add_user_message", thread_id=thread, input=said("shukriya"))
        assert problem(answer) == (409, "turn_in_progress")
        assert answer.headers["retry-after"] == "1"
    assert settled(chatkit, thread)[0] == "stopped"
    first, reply = chatkit.texts(thread)
    assert (first, reply[:8]) == ("salam", "Ji haan.")


def test_a_failed_turn_ends_in_an_error_and_can_be_retried(chatkit: ChatKit, model: ScriptedModel) -> None:
    model.rounds[:] = [Refuse(401)]
    events = chatkit.say("salam")
    assert (events[-1].type, events[-1].code, events[-1].allow_retry) == ("error", "custom", True)
    assert "service" in events[-1].message
    thread, first = events[0].thread.id, events[1].item
    failed = chatkit.texts(thread)
    assert (failed[0], len(failed)) == ("salam", 2)
    model.rounds[:] = ["Walaikum salam."]
    retried = chatkit.events("threads.retry_after_item", thread_id=thread, item_id=first.id)
    assert kinds(retried)[-1] == "thread.item.done"
    assert chatkit.texts(thread) == ["salam", "Walaikum salam."]


def test_an_error_after_words_and_deeds_tells_both(chatkit: ChatKit, model: ScriptedModel) -> None:
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], Refuse(400)]
    events = chatkit.say("doodh likh lo")
    assert [event.type for event in events[-2:]] == ["client_effect", "error"]
    assert "doodh" in done(events, "assistant_message").content[0].text
    assert chatkit.user.titles() == ["doodh"]


def test_what_the_model_may_not_do_alone_is_confirmed_by_a_button(chatkit: ChatKit, model: ScriptedModel) -> None:
    for title in ("kaam a", "kaam b", "kaam c"):
        chatkit.user.post("tasks", {"title": title})
    model.rounds[:] = [[Call("list_tasks", {})], [Call("delete_task", {"task_id": n}) for n in (1, 2, 3)]]
    events = chatkit.say("saare kaam delete kar do")
    question = done(events, "widget")
    assert len(buttons(question.widget)) == 2
    assert len(chatkit.user.titles()) == 3
    place = {"thread_id": events[0].thread.id, "item_id": question.id}
    chatkit.events("threads.custom_action", **place, action=action("question.answer", answer="yes"))
    assert chatkit.user.titles() == []
