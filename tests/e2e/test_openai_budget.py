"""What a user's turns may take of a model: so many tokens a day, and so much of what a tool says; the real process."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.openai_server import Call, Refuse, Say, ScriptedModel, running, tool_outputs
from tests.e2e.process import Service, UserClient, events, serving

ADD = [Call("add_task", {"title": "doodh", "description": None, "priority": None, "due": None, "tags": None})]
USED_UP = re.compile(r"Maaf kijiye, aaj ke liye model ki had poori ho gayi hai\. (aaj|kal) (raat|subah) 5 baje phir .+")

EVERY_API = pytest.mark.parametrize("service", ["responses", "chat"], indirect=True)


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with running(ScriptedModel()) as scripted:
        yield scripted


@pytest.fixture
def settings(model: ScriptedModel) -> dict[str, str]:
    """Of a process of one's own."""
    return _settings(model, "responses")


@pytest.fixture(scope="module")
def service(
    request: pytest.FixtureRequest, model: ScriptedModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A process for everybody: a budget is a user's. Over the Responses API, unless the test names another."""
    settings = _settings(model, getattr(request, "param", "responses"))
    with serving(tmp_path_factory.mktemp("budget"), **settings) as started:
        yield started


def _settings(model: ScriptedModel, api: str) -> dict[str, str]:
    given = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "OPENAI_API": api}
    return {**given, "MODEL_TOKENS_PER_DAY": "100", "FALLBACK": "offline"}


def spend(user: UserClient, model: ScriptedModel, tokens: int) -> None:
    """One turn that takes so many tokens."""
    model.tokens, model.rounds[:] = tokens, ["Ji?"]
    assert user.chat("salam", "c")["response"] == "Ji?"


def is_refused(user: UserClient, model: ScriptedModel) -> bool:
    """Whether a turn is held without the model; it is told, and recorded as any turn."""
    asked = len(model.bodies)
    model.rounds[:] = ["Ji?"]
    turn = user.chat("meri list dikhao", "c")
    if len(model.bodies) > asked:
        return False
    assert USED_UP.fullmatch(turn["response"]), turn
    assert turn["tool_calls"] == []
    last = user.get("conversations/c/messages").json()["messages"][-1]
    assert (last["text"], last["status"]) == (turn["response"], "completed")
    return True


def test_a_days_tokens_end_and_each_user_has_their_own(
    tmp_path: Path, model: ScriptedModel, settings: dict[str, str]
) -> None:
    with serving(tmp_path, **settings) as service:
        ali = service.client("ali")
        spend(ali, model, 60)
        spend(ali, model, 39)
        spend(ali, model, 40)  # one left: a turn that begins is finished
        assert is_refused(ali, model)
        told = [name for name, _ in ali.stream("salam")]
        assert told == ["turn", "delta", "done"]
        assert not is_refused(service.client("bano"), model)
    with serving(tmp_path, **settings) as service:  # neither a restart nor another process begins anew
        assert is_refused(service.client("ali"), model)


@EVERY_API
def test_every_answer_of_a_turn_counts_also_of_one_that_failed(service: Service, model: ScriptedModel) -> None:
    several, failed = service.client("several"), service.client("failed")
    model.tokens, model.rounds[:] = 50, [ADD, "Likh liya."]
    several.chat("doodh add karo", "c")
    assert is_refused(several, model)
    model.rounds[:] = [ADD, Refuse(400)]
    assert failed.post("chat", {"message": "doodh add karo", "conversation_id": "c"}).status_code == 503
    assert not is_refused(failed, model)
    assert is_refused(failed, model)


@EVERY_API
def test_a_stopped_turn_counts_as_far_as_it_is_known(service: Service, model: ScriptedModel) -> None:
    user = service.client("stopping")
    model.tokens, model.rounds[:] = 100, [ADD, Say("Theek hai, main", "silence")]
    body = {"message": "doodh add karo", "conversation_id": "c"}
    with user.http.stream("POST", f"/api/{user.user}/chat/stream", json=body) as answer:
        told = events(answer.iter_lines())
        while next(told)[0] != "delta":
            pass
        user.post("conversations/c/stop")
        assert [name for name, _ in told][-1] == "done"
    assert is_refused(user, model)


def test_an_answer_to_our_own_question_needs_no_model(service: Service, model: ScriptedModel) -> None:
    user = service.client("asked")
    for title in ("ek", "do", "teen"):
        user.post("tasks", {"title": title})
    model.tokens = 100
    model.rounds[:] = [[Call("delete_task", {"task_id": number}) for number in (1, 2, 3)], "Poochta hoon."]
    user.chat("sab tasks delete kar do", "c")
    asked = len(model.bodies)
    user.chat("haan", "c")
    assert (user.titles(), len(model.bodies)) == ([], asked)
    assert is_refused(user, model)


def test_without_a_budget_nothing_ends(tmp_path: Path, model: ScriptedModel, settings: dict[str, str]) -> None:
    del settings["MODEL_TOKENS_PER_DAY"]
    with serving(tmp_path, **settings) as service:
        user = service.client("ali")
        spend(user, model, 10**9)
        spend(user, model, 1)


def test_a_service_that_tells_nothing_is_told_of(
    tmp_path: Path, model: ScriptedModel, settings: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(tmp_path, **settings) as service:
        model.tokens, model.rounds[:] = None, ["Ji?"]
        assert service.client("ali").chat("salam")["response"] == "Ji?"
    assert "does not tell what an answer took" in capfd.readouterr().err


def test_the_offline_assistant_counts_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, MODEL_TOKENS_PER_DAY="1") as service:
        user = service.client("ali")
        user.chat("doodh add karo", "c")
        user.chat("chai add karo", "c")
        assert user.titles() == ["doodh", "chai"]


def seeded(service: Service, user: str) -> UserClient:
    client = service.client(user)
    for number in range(60):
        client.post("tasks", {"title": f"kaam {number}", "description": "x" * 3000})
    return client


def test_a_long_result_is_cut_for_the_model_and_whole_for_the_person(service: Service, model: ScriptedModel) -> None:
    user = seeded(service, "long")
    model.rounds[:] = [[Call("list_tasks", {"search": None, "limit": 60})], "Bohat hain."]
    turn = user.chat("meri list dikhao", "c")
    (told,) = tool_outputs(model.bodies[-1])
    whole = turn["tool_calls"][0]["result"]
    assert len(whole["tasks"]) == 60
    assert all(len(task["description"]) == 3000 for task in whole["tasks"])
    assert 24_000 < len(told) < 24_200
    assert re.search(r"… \[cut here: 24000 of 1\d{5} characters are shown\. .+\]$", told)
    recorded = user.get("conversations/c/messages").json()["messages"][-1]["tool_calls"][0]["result"]
    assert recorded == whole
