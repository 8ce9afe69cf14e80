"""What is wrong with a ChatKit request is said before its stream starts, and nothing is left behind."""

from typing import Any

import pytest

from tests.e2e.chatkit import ChatKit, problem, said
from tests.e2e.process import Service, UserClient

INVALID = (422, "invalid")
NOT_FOUND = (404, "not_found")
FOREIGN: list[tuple[str, dict[str, Any]]] = [
    ("threads.get_by_id", {}),
    ("threads.update", {"title": "x"}),
    ("threads.delete", {}),
    ("items.list", {}),
    ("items.feedback", {"item_ids": ["msg_1_2"], "kind": "positive"}),
    ("threads.add_user_message", {"input": said("salam")}),
    ("threads.retry_after_item", {"item_id": "msg_1_1"}),
    ("threads.add_structured_input", {"item_id": "ask_1_2", "input": {}}),
    ("threads.add_client_tool_output", {"result": 1}),
    ("threads.custom_action", {"item_id": "list_1_2", "action": {"type": "task.complete", "payload": {"task_id": 1}}}),
    ("threads.custom_action", {"action": {"type": "task.complete", "payload": {"task_id": 1}}}),
    ("threads.custom_action", {"item_id": "ask_1_2", "action": {"type": "question.answer", "payload": {}}}),
    ("threads.sync_custom_action", {"item_id": "list_1_2", "action": {"type": "tasks.undo"}}),
]


@pytest.fixture
def chatkit(newcomer: UserClient) -> ChatKit:
    return ChatKit(newcomer)


@pytest.mark.parametrize(("kind", "params"), FOREIGN)
def test_another_users_thread_is_as_absent_as_one_that_never_was(
    service: Service, chatkit: ChatKit, kind: str, params: dict[str, Any]
) -> None:
    other = ChatKit(service.client("other"))
    other.user.post("tasks", {"title": "doodh"})
    theirs = other.new("mere tasks dikhao")
    before = other.items(theirs)
    answers = [chatkit.ask(kind, thread_id=thread, **params) for thread in (theirs, "thr_never", "", "7", "x\u0000y")]
    assert {problem(answer) for answer in answers} == {NOT_FOUND}
    assert other.items(theirs) == before
    assert chatkit.threads().data == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "malformed_json")),
        (b"{", (400, "malformed_json")),
        (b"\xff\xfe", (400, "malformed_json")),
        (b"[" * 5000, (400, "malformed_json")),
        (b"[]", INVALID),
        (b"null", INVALID),
        (b"{}", INVALID),
        (b'{"type": 1}', INVALID),
        (b'{"type": "threads.explode", "params": {}}', INVALID),
        (b'{"type": "threads.create"}', INVALID),
        (b'{"type": "threads.create", "params": {}}', INVALID),
        (b'{"type": "threads.create", "params": {"input": {"content": "salam"}}}', INVALID),
        (b'{"type": "threads.get_by_id", "params": {"thread_id": 7}}', INVALID),
        (b'{"type": "threads.list", "params": {"order": "random"}}', INVALID),
        (b'{"type": "items.feedback", "params": {"thread_id": "a", "item_ids": ["b"], "kind": "meh"}}', INVALID),
    ],
)
def test_what_is_no_request_is_refused(chatkit: ChatKit, body: bytes, expected: tuple[int, str]) -> None:
    headers = {"content-type": "application/json"}
    answer = chatkit.user.http.post(f"/api/{chatkit.user.user}/chatkit", content=body, headers=headers)
    assert problem(answer) == expected


def test_the_guards_stand_before_it(service: Service, chatkit: ChatKit) -> None:
    body = {"type": "threads.list", "params": {}}
    mine = f"/api/{chatkit.user.user}/chatkit"
    assert problem(chatkit.user.http.post(mine, json=body, headers={"authorization": ""})) == (401, "unauthenticated")
    assert problem(chatkit.user.http.post("/api/other/chatkit", json=body)) == (403, "forbidden")
    form = chatkit.user.http.post(mine, content=b"{}", headers={"content-type": "text/plain"})
    assert problem(form) == (415, "unsupported_media_type")
    large = {"type": "threads.create", "params": {"input": said("x" * 300_000)}}
    assert problem(chatkit.user.post("chatkit", large)) == (413, "too_large")


@pytest.mark.parametrize("text", ["", "   ", "\u0000\u0001", "x" * 4001])
def test_a_message_that_is_none_leaves_no_thread(chatkit: ChatKit, text: str) -> None:
    assert chatkit.problem("threads.create", input=said(text)) == INVALID
    assert chatkit.problem("threads.create", input=said("", content=[])) == INVALID
    assert chatkit.threads().data == []


def test_an_attachment_is_refused_and_leaves_no_thread(chatkit: ChatKit) -> None:
    given = said("dekho", attachments=["atc_1"])
    assert chatkit.problem("threads.create", input=given) == INVALID
    assert chatkit.threads().data == []
    thread = chatkit.new("salam")
    assert chatkit.problem("threads.add_user_message", thread_id=thread, input=given) == INVALID
    assert len(chatkit.texts(thread)) == 2


def test_files_and_dictation_are_refused_in_a_sentence(chatkit: ChatKit) -> None:
    refused = [
        chatkit.ask("attachments.create", name="a.png", size=3, mime_type="image/png"),
        chatkit.ask("attachments.delete", attachment_id="atc_1"),
        chatkit.ask("input.transcribe", audio_base64="AAAA", mime_type="audio/webm"),
        chatkit.ask("input.transcribe", audio_base64="A", mime_type="audio/webm"),
    ]
    assert [problem(answer) for answer in refused] == [INVALID] * 4
    details = [answer.json()["detail"] for answer in refused]
    assert details[0] == "attachments: are not supported; say it in words"
    assert details[2] == "type: dictation is not supported; use the voice input of your keyboard or browser"


@pytest.mark.parametrize("limit", [-1, -100])
def test_a_page_has_one_item_at_least(chatkit: ChatKit, limit: int) -> None:
    thread = chatkit.new("salam")
    assert chatkit.problem("items.list", thread_id=thread, limit=limit) == INVALID
    assert chatkit.problem("threads.list", limit=limit) == INVALID


@pytest.mark.parametrize("after", ["", "nonsense", "MjAyNg==", "thr_other"])
def test_a_cursor_that_was_never_given_is_refused(chatkit: ChatKit, after: str) -> None:
    thread = chatkit.new("salam")
    assert chatkit.problem("items.list", thread_id=thread, after=after) == NOT_FOUND
    if after:
        assert chatkit.problem("threads.list", after=after) == INVALID


@pytest.mark.parametrize(
    "item",
    ["", "msg_1_9", "msg_2_1", "wf_1_1", "list_1_2", "ask_1_2", "msg_1_0", "msg_01_1", "msg_1_99999999999999999"],
)
def test_an_item_that_is_not_in_the_thread_is_not_found(chatkit: ChatKit, item: str) -> None:
    thread = chatkit.new("salam")
    assert chatkit.problem("threads.retry_after_item", thread_id=thread, item_id=item) == NOT_FOUND
    assert chatkit.problem("threads.add_structured_input", thread_id=thread, item_id=item, input={}) == NOT_FOUND
    assert len(chatkit.texts(thread)) == 2


def test_feedback_on_an_unknown_item_keeps_none(chatkit: ChatKit) -> None:
    thread = chatkit.new("salam")
    asked = {"thread_id": thread, "item_ids": ["msg_1_2", "msg_1_9"], "kind": "positive"}
    assert chatkit.problem("items.feedback", **asked) == NOT_FOUND


def test_only_a_message_of_the_user_is_retried(chatkit: ChatKit) -> None:
    thread = chatkit.new("doodh lana add karo")
    for item in chatkit.items(thread)[1:]:
        assert chatkit.problem("threads.retry_after_item", thread_id=thread, item_id=item.id) == INVALID


def test_no_client_tool_waits_for_an_output(chatkit: ChatKit) -> None:
    thread = chatkit.new("salam")
    assert chatkit.problem("threads.add_client_tool_output", thread_id=thread, result={"a": 1}) == INVALID


@pytest.mark.parametrize("title", ["", "  ", "x" * 121])
def test_a_title_that_is_none_is_refused(chatkit: ChatKit, title: str) -> None:
    thread = chatkit.new("salam")
    assert chatkit.problem("threads.update", thread_id=thread, title=title) == INVALID
    assert chatkit.thread(thread).title == "salam"
