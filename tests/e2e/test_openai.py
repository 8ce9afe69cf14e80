"""The OpenAI assistant in the real process, against an OpenAI-compatible server over HTTP."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.openai_server import Call, Refuse, Say, ScriptedModel, running, tool_outputs
from tests.e2e.process import Service, UserClient, serving

LONG_WAIT = Refuse(429, {"retry-after": "30"})
OPTIONAL = {"description": None, "priority": None, "due": None, "repeat": None, "tags": None}


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with running(ScriptedModel()) as scripted:
        yield scripted


@pytest.fixture(scope="module", params=["responses", "chat"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: ScriptedModel
) -> Iterator[Service]:
    settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "any-model"}
    settings |= {"OPENAI_API": request.param, "ASSISTANT_TIMEOUT": "3", "RATE_LIMIT": "10000/minute"}
    with serving(tmp_path_factory.mktemp("openai"), **settings) as started:
        yield started


def test_a_turn_of_several_rounds_lists_then_deletes(service: Service, model: ScriptedModel) -> None:
    user = service.client("user-456")
    user.post("tasks", {"title": "meeting"})
    model.rounds[:] = [
        [Call("list_tasks", {"search": "meeting", "status": None, "limit": None})],
        [Call("delete_task", {"task_id": 1})],
        "Theek hai, 'meeting' task delete ho gaya.",
    ]
    turn = user.chat("Mera meeting wala task delete kar do", "conv-123")
    assert [call["name"] for call in turn["tool_calls"]] == ["list_tasks", "delete_task"]
    assert turn["tool_calls"][0]["arguments"] == {"search": "meeting"}
    assert turn["tool_calls"][1]["result"] == {"task_id": 1, "status": "deleted", "title": "meeting"}
    assert turn["response"].strip() == "Theek hai, 'meeting' task delete ho gaya."
    assert user.titles() == []


def test_the_model_gets_history_tools_and_today_but_no_user(service: Service, model: ScriptedModel) -> None:
    user = service.client("user-with-a-secret-name")
    model.rounds[:] = ["Salam!", "Ji, aap ne salam kaha."]
    user.chat("salam", "c")
    user.chat("maine kya kaha?", "c")
    body = model.bodies[-1]
    assert _roles(body) == ["user", "assistant", "system", "user"]
    functions = [tool.get("function", tool) for tool in body["tools"]]
    assert {function["name"] for function in functions} >= {"add_task", "list_tasks", "delete_task", "undo"}
    assert all(function["strict"] for function in functions)
    assert not any(function["parameters"]["additionalProperties"] for function in functions)
    assert "Asia/Karachi" in str(body)
    assert "user_id" not in str(body)
    assert "secret-name" not in str(body)


def test_the_stream_carries_the_models_words_as_they_come(service: Service, model: ScriptedModel) -> None:
    user = service.client("streaming")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], "Theek hai, doodh likh liya."]
    events = user.stream("doodh likh lo")
    names = [name for name, _ in events]
    assert names[:3] == ["turn", "tool_call", "tool_result"]
    assert names.count("delta") >= 1
    assert "".join(body["text"] for name, body in events if name == "delta") == events[-1][1]["response"]


def test_a_tools_failure_is_told_to_the_model_and_kept_in_the_turn(service: Service, model: ScriptedModel) -> None:
    user = service.client("failing")
    model.rounds[:] = [
        [
            Call("delete_task", {"task_id": 9}),
            Call("add_task", '{"title": '),
            Call("add_task", {"title": "x", "user_id": "y"}),
        ],
        "Yeh nahi ho saka.",
    ]
    turn = user.chat("task 9 delete karo")
    assert [call["error"]["code"] for call in turn["tool_calls"]] == ["not_found", "malformed_json", "invalid"]
    outputs = tool_outputs(model.bodies[-1])
    assert ["not_found" in output for output in outputs] == [True, False, False]


def test_a_provider_that_refuses_is_a_503_and_the_message_is_kept(service: Service, model: ScriptedModel) -> None:
    user = service.client("refused")
    model.rounds[:] = [Refuse(401)]
    answer = user.post("chat", {"message": "salam", "conversation_id": "c"})
    assert (answer.status_code, answer.json()["code"]) == (503, "assistant_unavailable")
    said, reply = user.get("conversations/c/messages").json()["messages"]
    assert (said["text"], reply["status"]) == ("salam", "failed")


def test_what_was_done_before_a_failure_is_in_the_conversation(service: Service, model: ScriptedModel) -> None:
    user = service.client("halfway")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], Refuse(400)]
    names = [name for name, _ in user.stream("doodh likh lo", "c")]
    assert names == ["turn", "tool_call", "tool_result", "error"]
    reply = _last_message(user)
    assert "'doodh' task add ho gaya" in reply["text"]
    assert [call["name"] for call in reply["tool_calls"]] == ["add_task"]
    assert user.titles() == ["doodh"]


def test_empty_output_is_no_success(service: Service, model: ScriptedModel) -> None:
    user = service.client("empty")
    model.rounds[:] = [""]
    assert user.chat("doodh likh lo")["response"] == "Maaf kijiye, is baat par koi tabdeeli nahi hui."


def test_empty_output_after_a_change_tells_the_change(service: Service, model: ScriptedModel) -> None:
    user = service.client("empty-after-change")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], ""]
    assert user.chat("doodh add karo")["response"] == "Theek hai, 'doodh' task add ho gaya."


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_fault_that_passes_is_tried_again(service: Service, model: ScriptedModel, status: int) -> None:
    user = service.client(f"again-{status}")
    model.rounds[:] = [Refuse(status), [Call("add_task", {"title": "doodh", **OPTIONAL})], Refuse(status), "Likh liya."]
    assert len(user.chat("doodh add karo")["tool_calls"]) == 1
    assert user.titles() == ["doodh"]


def test_the_waiting_time_of_the_provider_is_passed_on(service: Service, model: ScriptedModel) -> None:
    user = service.client("limited")
    model.rounds[:] = [Refuse(429, {"retry-after": "0", "x-should-retry": "false"})]
    answer = user.post("chat", {"message": "salam"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "0")


@pytest.mark.parametrize("seconds", ["4", "30"])
def test_a_wait_that_is_too_long_for_a_turn_is_told_at_once(
    service: Service, model: ScriptedModel, seconds: str
) -> None:
    user, asked = service.client("long-limited"), len(model.bodies)
    model.rounds[:] = [Refuse(429, {"retry-after": seconds})]
    answer = user.post("chat", {"message": "salam"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, seconds)
    assert "429" in answer.json()["detail"]
    assert len(model.bodies) - asked == 1


@pytest.mark.parametrize("ending", ["cut", "drop"])
def test_a_stream_that_stops_in_the_middle_is_no_answer(service: Service, model: ScriptedModel, ending: str) -> None:
    user = service.client(f"torn-{ending}")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], Say("Theek hai, main", ending)]
    answer = user.post("chat", {"message": "doodh add karo", "conversation_id": "c"})
    assert (answer.status_code, answer.json()["code"]) == (503, "assistant_unavailable")
    reply = _last_message(user)
    assert reply["status"] == "failed"
    assert "'doodh' task add ho gaya" in str(reply["text"])
    assert user.titles() == ["doodh"]
    model.rounds[:] = ["Ji?"]
    assert user.chat("salam", "c")["response"] == "Ji?"


def test_a_silent_model_is_a_timeout_and_the_conversation_goes_on(service: Service, model: ScriptedModel) -> None:
    user = service.client("silent")
    model.rounds[:] = [Say("Theek", "silence")]
    answer = user.post("chat", {"message": "salam", "conversation_id": "c"})
    assert (answer.status_code, answer.json()["code"]) == (504, "assistant_timeout")
    model.rounds[:] = ["Ji?"]
    assert user.chat("salam", "c")["response"] == "Ji?"


def test_an_endless_loop_of_tools_ends(service: Service, model: ScriptedModel) -> None:
    user = service.client("endless")
    model.rounds[:] = [[Call("list_tasks", {})] for _ in range(50)]
    turn = user.chat("mere tasks dikhao")
    assert 2 <= len(turn["tool_calls"]) <= 20
    assert turn["response"] == "Maaf kijiye, jawab nahi ban saka. Dobara keh dein."


@pytest.mark.parametrize(
    ("ending", "response"),
    [
        ("length", "Aap ke paas\n(Jawab poora nahi aa saka.)"),
        ("refusal", "Aap ke paas"),
    ],
)
def test_a_cut_or_refused_answer_says_so(service: Service, model: ScriptedModel, ending: str, response: str) -> None:
    user = service.client(f"ending-{ending}")
    model.rounds[:] = [Say("Aap ke paas", ending)]
    assert user.chat("mere tasks dikhao")["response"] == response


def test_filtered_content_says_so(service: Service, model: ScriptedModel) -> None:
    user = service.client("filtered")
    model.rounds[:] = [Say("", "content_filter")]
    assert "Maaf kijiye, is ka jawab nahi diya ja saka." in user.chat("mere tasks dikhao")["response"]


def test_an_unknown_tool_is_recorded_and_the_model_is_told(service: Service, model: ScriptedModel) -> None:
    user = service.client("unknown-tool")
    model.rounds[:] = [[Call("format_disk", {"all": True})], "Yeh main nahi kar sakta."]
    turn = user.chat("disk saaf karo")
    assert [(call["name"], call["error"]["code"]) for call in turn["tool_calls"]] == [("format_disk", "unknown_tool")]


def test_parallel_calls_run_in_the_order_given(service: Service, model: ScriptedModel) -> None:
    user = service.client("parallel")
    titles = ["doodh", "anday", "bread", "chai", "cheeni"]
    model.rounds[:] = [[Call("add_task", {"title": title, **OPTIONAL}) for title in titles], "Likh liye."]
    turn = user.chat("doodh, anday, bread, chai aur cheeni add karo")
    assert [call["result"]["title"] for call in turn["tool_calls"]] == titles
    assert user.titles() == titles


def test_a_change_of_three_tasks_is_asked_about_first(service: Service, model: ScriptedModel) -> None:
    user = service.client("three")
    for title in ("a", "b", "c", "d"):
        user.post("tasks", {"title": f"kaam {title}"})
    model.rounds[:] = [[Call("list_tasks", {})], [Call("delete_task", {"task_id": n}) for n in (1, 2, 3)], "Hata diye."]
    asked = user.chat("saare kaam delete kar do", "c")
    assert [call.get("error", {}).get("code") for call in asked["tool_calls"]] == [None] + ["needs_confirmation"] * 3
    assert "3 tasks delete kar doon?" in asked["response"]
    assert len(user.titles()) == 4
    done = user.chat("haan", "c")
    assert [call["arguments"]["task_id"] for call in done["tool_calls"]] == [1, 2, 3]
    assert user.titles() == ["kaam d"]
    model.rounds[:] = ["Ji?"]
    assert user.chat("haan", "c")["tool_calls"] == []


def test_a_disconnect_in_the_middle_of_a_tool_call_loses_nothing(service: Service, model: ScriptedModel) -> None:
    user = service.client("gone")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], "Theek hai, 'doodh' add ho gaya."]
    body = {"message": "doodh add karo", "conversation_id": "c"}
    with user.http.stream("POST", f"/api/{user.user}/chat/stream", json=body) as answer:
        next(answer.iter_lines())
    while _last_message(user)["status"] == "in_progress":
        time.sleep(0.01)
    assert _last_message(user)["text"] == "Theek hai, 'doodh' add ho gaya."
    assert user.titles() == ["doodh"]


def _last_message(user: UserClient) -> dict[str, object]:
    return dict(user.get("conversations/c/messages").json()["messages"][-1])


def _roles(body: dict[str, Any]) -> list[str]:
    """Who speaks in a request, without the instructions that Chat Completions carries among the messages."""
    if "input" in body:
        return [item["role"] for item in body["input"]]
    return [item["role"] for item in body["messages"]][1:]


@pytest.mark.parametrize("refusal", [Refuse(401), LONG_WAIT], ids=["key", "wait"])
@pytest.mark.parametrize("fallback", ["none", "offline"])
def test_the_offline_assistant_takes_the_turn_only_where_it_is_told_to(
    tmp_path: Path, model: ScriptedModel, fallback: str, refusal: Refuse
) -> None:
    settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "FALLBACK": fallback}
    model.rounds[:] = [refusal]
    with serving(tmp_path, **settings) as service:
        user = service.client("ali")
        answer = user.post("chat", {"message": "doodh lana add karo"})
        titles = user.titles()
    if fallback == "none":
        assert (answer.status_code, titles) == (503, [])
        return
    first, second = answer.json()["response"].splitlines()
    assert first == "(Model ki service abhi jawab nahi de rahi, is liye offline jawab hai.)"
    assert second == "Theek hai, 'doodh lana' task add ho gaya."
    assert titles == ["doodh lana"]
