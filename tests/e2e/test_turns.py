"""Turns that are stopped, taken up again, and kept from running into each other."""

import threading
import time
from collections.abc import Iterator

import pytest

from tests.doubles.openai_server import Call, Say, ScriptedModel, running
from tests.e2e.process import Service, UserClient, events, serving

STOPPED = "Theek hai, main\nTheek hai, 'doodh' task add ho gaya.\n(Rok diya gaya.)"
OPTIONAL = {"description": None, "priority": None, "due": None, "repeat": None, "tags": None}


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with running(ScriptedModel()) as scripted:
        yield scripted


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, model: ScriptedModel) -> Iterator[Service]:
    settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "RATE_LIMIT": "10000/minute"}
    with serving(tmp_path_factory.mktemp("turns"), **settings) as started:
        yield started


def in_the_background(user: UserClient, message: str) -> threading.Thread:
    thread = threading.Thread(target=user.post, args=("chat", {"message": message, "conversation_id": "c"}))
    thread.start()
    while not (messages := _messages(user)) or messages[-1]["status"] != "in_progress":
        time.sleep(0.01)
    return thread


def await_words(user: UserClient) -> None:
    """Until the model's words are heard by whoever listens to the turn: what follows meets it in its middle."""
    with user.http.stream("GET", f"/api/{user.user}/conversations/c/stream") as answer:
        heard = ""
        for name, body in events(answer.iter_lines()):
            heard += body["text"] if name == "delta" else ""
            if heard == "Theek hai, main":
                return
    raise AssertionError(f"the turn ended after {heard!r}")


def _messages(user: UserClient) -> list[dict[str, object]]:
    return list(user.get("conversations/c/messages").json().get("messages", []))


def test_a_stopped_turn_keeps_what_was_said_and_done(service: Service, model: ScriptedModel) -> None:
    user = service.client("stopping")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], Say("Theek hai, main", "silence")]
    thread = in_the_background(user, "doodh add karo")
    await_words(user)
    assert user.post("conversations/c/stop").json() == {"status": "stopping"}
    thread.join()
    reply = _messages(user)[-1]
    assert (reply["status"], reply["text"]) == ("stopped", STOPPED)
    assert [call["name"] for call in reply["tool_calls"]] == ["add_task"]  # type: ignore[attr-defined]
    assert user.titles() == ["doodh"]
    assert user.post("conversations/c/stop").json() == {"status": "idle"}


def test_there_is_nothing_to_stop_in_an_unknown_conversation(service: Service) -> None:
    assert service.client("stopping").post("conversations/nowhere/stop").status_code == 404


def test_a_second_message_waits_a_little_and_then_is_told_to_come_again(service: Service, model: ScriptedModel) -> None:
    user = service.client("impatient")
    model.rounds[:] = [Say("Ek minute", "silence")]
    thread = in_the_background(user, "salam")
    busy = user.post("chat", {"message": "aur?", "conversation_id": "c"})
    assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (409, "turn_in_progress", "1")
    user.post("conversations/c/stop")
    thread.join()
    model.rounds[:] = ["Ji?"]
    assert user.chat("aur?", "c")["response"] == "Ji?"
    assert [message["id"] for message in _messages(user)] == [1, 2, 3, 4]


def test_many_messages_at_once_are_held_one_after_the_other(service: Service, model: ScriptedModel) -> None:
    user = service.client("many")
    model.rounds[:] = ["Ji?"] * 8
    threads = [
        threading.Thread(target=user.post, args=("chat", {"message": f"salam {number}", "conversation_id": "c"}))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = _messages(user)
    assert [message["role"] for message in messages] == ["user", "assistant"] * 8
    assert {message["status"] for message in messages} == {"completed"}


def test_a_running_turn_is_taken_up_where_it_broke(service: Service, model: ScriptedModel) -> None:
    user = service.client("resuming")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], Say("Theek hai, main", "silence")]
    thread = in_the_background(user, "doodh add karo")
    await_words(user)
    path = f"/api/{user.user}/conversations/c/stream"
    with user.http.stream("GET", path, headers={"Last-Event-ID": f"{_messages(user)[-1]['turn_id']}-3"}) as answer:
        lines = answer.iter_lines()
        name, body = next(events(lines))
        assert (name, body["text"]) == ("delta", "Theek")
        user.post("conversations/c/stop")
        assert [name for name, _ in events(lines)][-1] == "done"
    thread.join()


def test_an_ended_turn_is_told_again_whole(service: Service, model: ScriptedModel) -> None:
    user = service.client("again")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], "Likh liya."]
    told = user.stream("doodh add karo", "c")
    with user.http.stream("GET", f"/api/{user.user}/conversations/c/stream") as answer:
        assert list(events(answer.iter_lines())) == told
    with user.http.stream("GET", f"/api/{user.user}/conversations/c/stream", headers={"Last-Event-ID": "x"}) as answer:
        assert list(events(answer.iter_lines())) == told


def test_the_last_event_is_told_whatever_was_heard_before(service: Service, model: ScriptedModel) -> None:
    user = service.client("late")
    model.rounds[:] = ["Ji?"]
    told = user.stream("salam", "c")
    heard = {"Last-Event-ID": f"{told[0][1]['turn_id']}-99"}
    with user.http.stream("GET", "/api/late/conversations/c/stream", headers=heard) as answer:
        assert list(events(answer.iter_lines())) == told[-1:]


def test_an_id_of_an_older_turn_hides_nothing_of_a_newer_one(service: Service, model: ScriptedModel) -> None:
    user = service.client("newer")
    model.rounds[:] = ["Ji?", "Theek."]
    older, newer = user.stream("salam", "c"), user.stream("kya haal hai", "c")
    heard = {"Last-Event-ID": f"{older[0][1]['turn_id']}-2"}
    with user.http.stream("GET", "/api/newer/conversations/c/stream", headers=heard) as answer:
        assert list(events(answer.iter_lines())) == newer


def test_a_conversation_without_a_turn_has_no_stream(service: Service) -> None:
    assert service.client("again").get("conversations/nowhere/stream").status_code == 404


def test_another_process_stops_and_hears_a_turn(service: Service, model: ScriptedModel) -> None:
    user = service.client("elsewhere")
    model.rounds[:] = [Say("Ek minute", "silence")]
    with serving(service.data_dir) as second:
        thread = in_the_background(user, "salam")
        same_user = second.client("elsewhere")
        assert same_user.post("conversations/c/stop").json() == {"status": "stopping"}
        with same_user.http.stream("GET", "/api/elsewhere/conversations/c/stream") as answer:
            told = list(events(answer.iter_lines()))
    thread.join()
    assert told[-1][1]["response"] == "Ek minute\n(Rok diya gaya.)"
