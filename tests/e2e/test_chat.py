"""The promises of a chat turn, kept by the real process over a socket."""

from datetime import UTC, datetime, timedelta

from tests.e2e.process import Service, UserClient


def test_the_seed_example_works_literally(service: Service) -> None:
    user = service.client("user-456")
    user.post("tasks", {"title": "meeting"})
    turn = user.chat("Mera meeting wala task delete kar do", "conv-123")
    assert turn["conversation_id"] == "conv-123"
    assert turn["response"] == "Theek hai, 'meeting' task delete ho gaya."
    listed, deleted = turn["tool_calls"]
    assert (listed["name"], listed["arguments"]) == ("list_tasks", {"search": "meeting"})
    assert [(task["task_id"], task["title"]) for task in listed["result"]["tasks"]] == [(1, "meeting")]
    assert deleted == {
        "name": "delete_task",
        "arguments": {"task_id": 1},
        "result": {"task_id": 1, "status": "deleted", "title": "meeting"},
    }
    assert datetime.now(UTC) - datetime.fromisoformat(turn["timestamp"]) < timedelta(minutes=1)
    assert turn["timestamp"].endswith("+00:00")
    assert user.titles() == []


def test_a_turn_without_a_conversation_gets_the_number_of_a_new_one(newcomer: UserClient) -> None:
    assert newcomer.chat("salam")["conversation_id"] == 1
    assert newcomer.chat("salam")["conversation_id"] == 2
    assert newcomer.chat("salam", 1)["conversation_id"] == 1


def test_a_conversation_answers_to_its_number_and_to_its_name(newcomer: UserClient) -> None:
    newcomer.chat("salam", "thr:mine")
    (place,) = newcomer.get("conversations").json()["conversations"]
    assert place["key"] == "thr:mine"
    by_number = newcomer.get(f"conversations/{place['id']}/messages").json()
    assert by_number == newcomer.get("conversations/thr:mine/messages").json()


def test_the_deltas_of_a_stream_join_to_the_response_and_done_is_the_whole_turn(newcomer: UserClient) -> None:
    newcomer.post("tasks", {"title": "meeting"})
    events = newcomer.stream("Mera meeting wala task delete kar do", "conv-123")
    names = [name for name, _ in events]
    assert names == ["turn", "tool_call", "tool_result", "tool_call", "tool_result", "delta", "done"]
    done = events[-1][1]
    assert "".join(body["text"] for name, body in events if name == "delta") == done["response"]
    assert done["response"] == "Theek hai, 'meeting' task delete ho gaya."
    assert [body["name"] for name, body in events if name == "tool_result"] == ["list_tasks", "delete_task"]
    assert done["conversation_id"] == events[0][1]["conversation_id"] == "conv-123"
    assert [call["name"] for call in done["tool_calls"]] == ["list_tasks", "delete_task"]


def test_the_exact_profile_has_three_keys(newcomer: UserClient) -> None:
    answer = newcomer.post("chat", {"message": "salam"}, accept="application/vnd.munshi.chat+json;profile=exact")
    assert set(answer.json()) == {"conversation_id", "response", "tool_calls"}
    assert answer.headers["content-type"] == "application/vnd.munshi.chat+json;profile=exact"


def test_the_priority_item_comes_from_the_real_list(newcomer: UserClient) -> None:
    created = newcomer.chat("Create a task for tomorrow", "c")
    assert created["tool_calls"][0]["name"] == "add_task"
    newcomer.post("tasks", {"title": "Pay the rent", "priority": "urgent"})
    asked = newcomer.chat("What's my priority item?", "c")
    assert "Pay the rent" in asked["response"]
    assert asked["tool_calls"][0]["name"] == "list_tasks"


def test_a_task_without_a_title_is_named_by_the_next_message(newcomer: UserClient) -> None:
    newcomer.chat("Create a task for tomorrow", "c")
    newcomer.chat("call the bank", "c")
    (task,) = newcomer.get("tasks").json()["tasks"]
    assert task["title"] == "call the bank"
    assert task["due"] is not None


def test_several_hits_are_asked_about_and_the_answer_is_understood(newcomer: UserClient) -> None:
    for title in ("Ali ke sath meeting", "Sara ke sath meeting", "doodh"):
        newcomer.post("tasks", {"title": title})
    asked = newcomer.chat("meeting wala task delete kar do", "c")
    assert [call["name"] for call in asked["tool_calls"]] == ["list_tasks"]
    assert "2 tasks milay" in asked["response"]
    assert newcomer.chat("doosra wala", "c")["response"] == "Theek hai, 'Sara ke sath meeting' task delete ho gaya."
    assert newcomer.titles() == ["Ali ke sath meeting", "doodh"]


def test_an_answer_may_be_a_number_or_words(newcomer: UserClient) -> None:
    for title in ("Ali ke sath meeting", "Sara ke sath meeting", "Bano ke sath meeting"):
        newcomer.post("tasks", {"title": title})
    newcomer.chat("meeting wala task delete kar do", "c")
    assert "'Ali ke sath meeting'" in newcomer.chat("1", "c")["response"]
    newcomer.chat("meeting wala task delete kar do", "c")
    assert "'Bano ke sath meeting'" in newcomer.chat("Bano wala", "c")["response"]
    assert newcomer.titles() == ["Sara ke sath meeting"]


def test_three_or_more_are_asked_about_before_they_are_changed(newcomer: UserClient) -> None:
    for title in ("ek kaam", "dusra kaam", "teesra kaam"):
        newcomer.post("tasks", {"title": title})
    assert "3 tasks" in newcomer.chat("saare tasks delete kar do", "c")["response"]
    assert newcomer.chat("nahi", "c")["tool_calls"] == []
    assert len(newcomer.titles()) == 3
    newcomer.chat("saare tasks delete kar do", "c")
    assert len(newcomer.chat("haan", "c")["tool_calls"]) == 3
    assert newcomer.titles() == []
    newcomer.chat("wapas lao", "c")
    assert len(newcomer.titles()) == 3


def test_a_confirmation_is_used_once(newcomer: UserClient) -> None:
    for title in ("ek kaam", "dusra kaam", "teesra kaam"):
        newcomer.post("tasks", {"title": title})
    newcomer.chat("saare tasks delete kar do", "c")
    newcomer.chat("salam", "c")
    assert newcomer.chat("haan", "c")["tool_calls"] == []
    assert len(newcomer.titles()) == 3


def test_a_negation_changes_nothing(newcomer: UserClient) -> None:
    newcomer.post("tasks", {"title": "meeting"})
    for said in ("meeting delete mat karo", "meeting abhi nahi hua", "mera meeting wala task nahi ho gaya"):
        assert all(call["name"] == "list_tasks" for call in newcomer.chat(said, "c")["tool_calls"]), said
    assert newcomer.titles() == ["meeting"]


def test_what_is_not_understood_is_said_with_two_examples(newcomer: UserClient) -> None:
    response = newcomer.chat("aasman neela hai", "c")["response"]
    assert response.count('"') == 4


def test_the_reply_mirrors_the_language(newcomer: UserClient) -> None:
    assert newcomer.chat("دودھ لانا شامل کرو", "c")["response"].startswith("ٹھیک ہے")
    assert newcomer.chat("doodh lana add karo", "c")["response"].startswith("Theek hai")
    assert newcomer.chat("add buy milk", "c")["response"].startswith("Okay")


def test_a_key_is_answered_once_and_told_again(newcomer: UserClient) -> None:
    first = newcomer.chat("doodh lana add karo", "c", **{"Idempotency-Key": "k"})
    assert newcomer.chat("doodh lana add karo", "c", **{"Idempotency-Key": "k"}) == first
    assert newcomer.titles() == ["doodh lana"]
    other = newcomer.post("chat", {"message": "anda lana add karo", "conversation_id": "c"}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def test_a_disconnect_loses_nothing(newcomer: UserClient) -> None:
    body = {"message": "doodh lana add karo", "conversation_id": "c"}
    with newcomer.http.stream("POST", f"/api/{newcomer.user}/chat/stream", json=body) as answer:
        next(answer.iter_lines())
    messages = newcomer.get("conversations/c/messages").json()["messages"]
    while messages[-1]["status"] == "in_progress":
        messages = newcomer.get("conversations/c/messages").json()["messages"]
    assert [message["status"] for message in messages] == ["completed", "completed"]
    assert newcomer.titles() == ["doodh lana"]


def test_kal_is_decided_in_the_zone_of_the_user(newcomer: UserClient) -> None:
    turn = newcomer.post("chat", {"message": "kal subah 9 baje doctor add karo", "timezone": "America/New_York"})
    due = datetime.fromisoformat(turn.json()["tool_calls"][0]["result"]["due"])
    assert due.hour == 9
    assert due.utcoffset() in (timedelta(hours=-5), timedelta(hours=-4))
    again = newcomer.chat("parson subah 9 baje doctor add karo")["tool_calls"][0]["result"]["due"]
    assert datetime.fromisoformat(again).utcoffset() == due.utcoffset()


def test_conversations_are_listed_renamed_and_deleted(newcomer: UserClient) -> None:
    for key in ("a", "b", "c"):
        newcomer.chat(f"salam {key}", key)
    first = newcomer.get("conversations", limit=2).json()
    rest = newcomer.get("conversations", limit=2, cursor=first["next_cursor"]).json()
    assert [place["key"] for place in first["conversations"] + rest["conversations"]] == ["c", "b", "a"]
    assert rest["next_cursor"] is None
    renamed = newcomer.http.patch(f"/api/{newcomer.user}/conversations/a", json={"title": "Ghar"}).json()
    assert (renamed["title"], renamed["message_count"]) == ("Ghar", 2)
    assert newcomer.http.delete(f"/api/{newcomer.user}/conversations/a").status_code == 204
    assert newcomer.get("conversations/a/messages").status_code == 404


def test_messages_are_paged_from_the_newest_and_shown_oldest_first(newcomer: UserClient) -> None:
    for number in range(3):
        newcomer.chat(f"salam {number}", "c")
    newest = newcomer.get("conversations/c/messages", limit=4).json()
    older = newcomer.get("conversations/c/messages", limit=4, cursor=newest["next_cursor"]).json()
    assert [message["id"] for message in older["messages"] + newest["messages"]] == [1, 2, 3, 4, 5, 6]
    assert older["next_cursor"] is None


def test_a_name_of_digits_is_not_the_number(newcomer: UserClient) -> None:
    newcomer.chat("pehli baat")
    newcomer.chat("doosri baat", "1")
    said = [newcomer.get(f"conversations/{path}/messages").json()["messages"][0]["text"] for path in ("1", "~1")]
    assert said == ["pehli baat", "doosri baat"]
    newcomer.chat("teesri baat", "01")
    assert newcomer.get("conversations/01/messages").json()["messages"][0]["text"] == "teesri baat"
