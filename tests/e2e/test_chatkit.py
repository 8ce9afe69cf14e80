"""The ChatKit protocol against the running service: threads, items, streams, the history shared with /chat."""

import sqlite3
from collections.abc import Iterator

import pytest

from tests.e2e.chatkit import ChatKit, done, kinds, said, told
from tests.e2e.process import Service, UserClient, serving


@pytest.fixture
def chatkit(newcomer: UserClient) -> ChatKit:
    return ChatKit(newcomer)


def test_a_new_thread_is_told_event_by_event(chatkit: ChatKit) -> None:
    events = chatkit.say("doodh lana add karo")
    assert kinds(events) == [
        "thread.created",
        "thread.item.done",
        "stream_options",
        "progress_update",
        "thread.item.added",
        "thread.item.added",
        "assistant_message.content_part.added",
        "assistant_message.content_part.text_delta",
        "assistant_message.content_part.done",
        "thread.item.done",
        "thread.item.done",
        "client_effect",
    ]
    assert events[0].thread.title == "doodh lana add karo"
    assert events[1].item.content[0].text == "doodh lana add karo"
    assert events[2].stream_options.allow_cancel
    assert told(events) == done(events, "assistant_message").content[0].text
    (step,) = done(events, "workflow").workflow.tasks
    assert (step.title, step.content, step.status_indicator) == ("Add a task", "doodh lana", "complete")
    assert events[-1].name == "tasks.changed"
    assert chatkit.user.titles() == ["doodh lana"]


def test_what_changes_nothing_has_no_effect_and_no_workflow(chatkit: ChatKit) -> None:
    events = chatkit.say("salam")
    assert "client_effect" not in kinds(events)
    assert [event.item.type for event in events if event.type == "thread.item.done"] == [
        "user_message",
        "assistant_message",
    ]


def test_what_was_streamed_is_what_is_kept(chatkit: ChatKit) -> None:
    chatkit.user.post("tasks", {"title": "doodh"})
    events = chatkit.say("mere tasks dikhao")
    streamed = [event.item for event in events if event.type == "thread.item.done"]
    assert chatkit.items(events[0].thread.id) == streamed
    assert [item.type for item in streamed] == ["user_message", "workflow", "assistant_message", "widget"]


def test_chat_and_chatkit_are_one_conversation(chatkit: ChatKit) -> None:
    turn = chatkit.user.chat("doodh lana add karo", "shared")
    chatkit.say("mere tasks dikhao", "shared")
    texts = chatkit.texts("shared")
    assert texts[:2] == ["doodh lana add karo", turn["response"]]
    messages = chatkit.user.get("conversations/shared/messages").json()["messages"]
    assert [message["text"] for message in messages] == texts
    assert [message["status"] for message in messages[1::2]] == ["completed"] * 2
    thread = chatkit.new("salam")
    assert chatkit.user.chat("shukriya", thread)["response"] == chatkit.texts(thread)[-1]
    listed = chatkit.user.get("conversations").json()["conversations"]
    assert [place["key"] for place in listed] == [thread, "shared"]


def test_a_thread_of_a_number_is_found_by_its_name(chatkit: ChatKit) -> None:
    turn = chatkit.user.chat("salam")
    (thread,) = chatkit.threads().data
    assert chatkit.texts(thread.id)[1] == turn["response"]


def test_threads_are_renamed_and_deleted(chatkit: ChatKit) -> None:
    thread = chatkit.new("doodh lana add karo")
    assert chatkit.json("threads.update", thread_id=thread, title="Ghar ke  kaam")["id"] == thread
    assert chatkit.thread(thread).title == "Ghar ke kaam"
    assert chatkit.json("threads.delete", thread_id=thread) == {}
    assert chatkit.threads().data == []
    assert chatkit.problem("threads.get_by_id", thread_id=thread) == (404, "not_found")
    assert chatkit.user.titles() == ["doodh lana"]


@pytest.fixture(scope="module")
def reader(service: Service) -> ChatKit:
    """Somebody with four threads, one of them long."""
    chatkit = ChatKit(service.client("reader"))
    chatkit.user.post("tasks", {"title": "doodh"})
    for name in ("t0", "t1", "t2"):
        chatkit.user.chat("salam", name)
    for text in ("mere tasks dikhao", "salam", "mera doodh wala kaam", "shukriya"):
        chatkit.user.chat(text, "pages")
    return chatkit


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 9, 10, 11, 100])
def test_pages_of_items_hold_every_item_once(reader: ChatKit, order: str, limit: int) -> None:
    whole = [item.id for item in reader.items("pages")]
    pages = [reader.page("pages", limit=limit, order=order)]
    while pages[-1].has_more:
        pages.append(reader.page("pages", limit=limit, order=order, after=pages[-1].after))
    assert all(page.data for page in pages)
    assert all(len(page.data) == limit for page in pages[:-1])
    found = [item.id for page in pages for item in page.data]
    assert found == (whole if order == "asc" else whole[::-1])
    assert len(whole) > 9


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 100])
def test_pages_of_threads_hold_every_thread_once(reader: ChatKit, order: str, limit: int) -> None:
    pages = [reader.threads(limit=limit, order=order)]
    while pages[-1].has_more:
        pages.append(reader.threads(limit=limit, order=order, after=pages[-1].after))
    assert all(page.data for page in pages)
    found = [thread.id for page in pages for thread in page.data]
    made = ["t0", "t1", "t2", "pages"]
    assert found == (made if order == "asc" else made[::-1])
    assert [thread.id for thread in reader.threads(order=order, after=found[0]).data] == found[1:]


def test_nobody_has_no_threads(chatkit: ChatKit) -> None:
    assert chatkit.json("threads.list") == {"data": [], "has_more": False}


def test_a_retry_takes_the_place_of_what_came_after(chatkit: ChatKit) -> None:
    thread = chatkit.new("salam")
    chatkit.say("shukriya", thread)
    first = chatkit.items(thread)[0]
    events = chatkit.events("threads.retry_after_item", thread_id=thread, item_id=first.id)
    assert events[0].item.id == first.id
    assert chatkit.texts(thread) == ["salam", told(events)]
    assert chatkit.say("shukriya", thread)[0].item.id == "msg_1_3"


def test_a_retry_never_does_twice_what_was_done(chatkit: ChatKit) -> None:
    thread = chatkit.new("doodh lana add karo")
    chatkit.say("salam", thread)
    before = chatkit.items(thread)
    events = chatkit.events("threads.retry_after_item", thread_id=thread, item_id=before[0].id)
    assert [event.item for event in events if event.type == "thread.item.done"] == before[1:]
    assert (events[-1].type, events[-1].level) == ("notice", "info")
    assert events[-1].message.startswith("Yeh ho chuka hai")
    assert chatkit.user.titles() == ["doodh lana"]
    assert chatkit.items(thread) == before


def test_a_retry_never_forgets_what_was_done_later(chatkit: ChatKit) -> None:
    thread = chatkit.new("salam")
    chatkit.say("doodh lana add karo", thread)
    chatkit.events("threads.retry_after_item", thread_id=thread, item_id=chatkit.items(thread)[0].id)
    assert chatkit.user.titles() == ["doodh lana"]
    assert chatkit.texts(thread)[::2] == ["salam", "doodh lana add karo", "salam"]


def test_a_thread_opens_with_its_newest_items_in_their_order(chatkit: ChatKit) -> None:
    thread = chatkit.new("salam")
    for number in range(51):
        chatkit.user.chat(f"salam {number}", thread)
    opened = chatkit.thread(thread).items
    assert [item.id for item in opened.data] == [f"msg_1_{number}" for number in range(5, 105)]
    assert (opened.has_more, opened.after) == (True, "msg_1_5")
    older = chatkit.json("items.list", thread_id=thread, after=opened.after)["data"]
    assert [item["id"] for item in older] == [f"msg_1_{number}" for number in range(4, 0, -1)]


def test_people_who_leave_in_the_middle_harm_nobody(chatkit: ChatKit) -> None:
    thread = chatkit.new("salam")
    for number in range(24):
        body = {"thread_id": thread, "input": said(f"doodh {number} add karo")}
        with chatkit.streaming("threads.add_user_message", **body) as stream:
            for _ in range(number % 6):
                next(stream)
    chatkit.say("shukriya", thread)
    messages = chatkit.user.get(f"conversations/{thread}/messages", limit=100).json()["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant"] * 26
    assert {message["status"] for message in messages} <= {"completed", "stopped"}
    added = [call for message in messages for call in message["tool_calls"] if call["name"] == "add_task"]
    assert len(added) == len(chatkit.user.titles())


def test_feedback_is_kept_with_the_message(service: Service, chatkit: ChatKit) -> None:
    thread = chatkit.new("salam")
    reply = chatkit.items(thread)[1]
    for kind in ("negative", "positive"):
        assert chatkit.json("items.feedback", thread_id=thread, item_ids=[reply.id], kind=kind) == {}
    with sqlite3.connect(service.data_dir / "munshi.sqlite3") as database:
        kept = "SELECT id, feedback FROM messages WHERE user_id = ? ORDER BY id"
        assert database.execute(kept, [chatkit.user.user]).fetchall() == [(1, None), (2, "positive")]
    database.close()


def test_words_tags_and_quotes_are_one_message(chatkit: ChatKit) -> None:
    chatkit.user.post("tasks", {"title": "meeting"})
    tag = {"type": "input_tag", "id": "t", "text": "delete karo", "data": {}}
    words = {"type": "input_text", "text": "isko"}
    given = said("", content=[words, tag], quoted_text="meeting\n")
    events = chatkit.events("threads.create", input=given)
    assert events[1].item.content[0].text == "'meeting' isko delete karo"
    assert events[1].item == chatkit.items(events[0].thread.id)[0]
    assert chatkit.user.titles() == []


@pytest.mark.parametrize(
    ("words", "label"), [("doodh lana add karo", "Kaam: 1"), ("دودھ لانا شامل کرو", "کام: 1"), ("add milk", "Steps: 1")]
)
def test_widgets_and_workflows_speak_the_persons_language(chatkit: ChatKit, words: str, label: str) -> None:
    assert done(chatkit.say(words), "workflow").workflow.summary.title == label


def test_a_call_that_failed_says_why(chatkit: ChatKit) -> None:
    (step,) = done(chatkit.say("task 77 delete karo"), "workflow").workflow.tasks
    assert (step.status_indicator, step.content) == ("none", "Nahi hua: There is no task 77.")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a narrow limit and one known origin."""
    settings = {"RATE_LIMIT": "2/minute", "CORS_ORIGINS": "https://app.example"}
    with serving(tmp_path_factory.mktemp("guarded"), **settings) as service:
        yield service


def test_a_message_counts_and_reading_does_not(guarded: Service) -> None:
    chatkit = ChatKit(guarded.client("ali"))
    answer = chatkit.ask("threads.create", input=said("salam"))
    assert answer.headers["ratelimit"].startswith('"chat";r=1;')
    chatkit.new("salam")
    for _ in range(3):
        chatkit.threads()
    assert chatkit.problem("threads.create", input=said("salam")) == (429, "rate_limited")
    assert len(chatkit.threads().data) == 2


def test_the_component_may_call_from_a_known_origin(guarded: Service) -> None:
    user = guarded.client("sara")
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "authorization,content-type"
    allowed = user.http.options("/api/sara/chatkit", headers=asked)
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    body = {"type": "threads.create", "params": {"input": said("salam")}}
    answer = user.post("chatkit", body, Origin="https://app.example")
    assert answer.headers["access-control-allow-origin"] == "https://app.example"


def test_items_say_when_in_utc(chatkit: ChatKit) -> None:
    raw = chatkit.json("items.list", thread_id=chatkit.new("doodh lana add karo"))
    assert all(item["created_at"].endswith(("Z", "+00:00")) for item in raw["data"])
    assert len(raw["data"]) == 3
