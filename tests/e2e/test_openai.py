"""The OpenAI assistant in the real process, against an OpenAI-compatible server over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.openai_server import Call, ScriptedModel, running
from tests.e2e.process import Service, UserClient, serving

OPTIONAL = {"description": None, "priority": None, "due": None, "repeat": None, "tags": None}


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with running(ScriptedModel()) as scripted:
        yield scripted


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, model: ScriptedModel) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("openai")
    settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "any-model"}
    with serving(folder, **settings) as started:
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
    assert [item["role"] for item in body["input"]] == ["user", "assistant", "user"]
    assert {tool["name"] for tool in body["tools"]} >= {"add_task", "list_tasks", "delete_task", "undo"}
    assert all(tool["strict"] and not tool["parameters"]["additionalProperties"] for tool in body["tools"])
    assert "Asia/Karachi" in body["instructions"]
    assert "user_id" not in str(body)
    assert "secret-name" not in str(body)


def test_the_stream_carries_the_models_words_as_they_come(service: Service, model: ScriptedModel) -> None:
    user = service.client("streaming")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], "Theek hai, doodh likh liya."]
    events = user.stream("doodh likh lo")
    names = [name for name, _ in events]
    assert names[:3] == ["turn", "tool_call", "tool_result"]
    assert names.count("delta") == 5
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
    outputs = [item["output"] for item in model.bodies[-1]["input"] if item.get("type") == "function_call_output"]
    assert ["not_found" in output for output in outputs] == [True, False, False]


def test_a_provider_that_refuses_is_a_503_and_the_message_is_kept(service: Service, model: ScriptedModel) -> None:
    user = service.client("refused")
    model.rounds[:] = [401]
    answer = user.post("chat", {"message": "salam", "conversation_id": "c"})
    assert (answer.status_code, answer.json()["code"]) == (503, "assistant_unavailable")
    said, reply = user.get("conversations/c/messages").json()["messages"]
    assert (said["text"], reply["status"]) == ("salam", "failed")


def test_what_was_done_before_a_failure_is_in_the_conversation(service: Service, model: ScriptedModel) -> None:
    user = service.client("halfway")
    model.rounds[:] = [[Call("add_task", {"title": "doodh", **OPTIONAL})], 400]
    names = [name for name, _ in user.stream("doodh likh lo", "c")]
    assert names == ["turn", "tool_call", "tool_result", "error"]
    reply = _last_message(user)
    assert "'doodh' task add ho gaya" in reply["text"]
    assert [call["name"] for call in reply["tool_calls"]] == ["add_task"]
    assert user.titles() == ["doodh"]


def test_empty_output_is_no_success(service: Service, model: ScriptedModel) -> None:
    user = service.client("empty")
    model.rounds[:] = [""]
    response = user.chat("doodh likh lo")["response"]
    assert response.strip()
    assert "ho gaya" not in response


def _last_message(user: UserClient) -> dict[str, object]:
    return dict(user.get("conversations/c/messages").json()["messages"][-1])
