"""A ChatKit client whose oracle is the official package: every answer must be one of its types, and more than that."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from chatkit import widgets
from chatkit.types import Page, Thread, ThreadItem, ThreadStreamEvent
from pydantic import TypeAdapter

from tests.e2e.process import UserClient

EVENT: TypeAdapter[Any] = TypeAdapter(ThreadStreamEvent)
ITEM: TypeAdapter[Any] = TypeAdapter(ThreadItem)
ITEMS: TypeAdapter[Any] = TypeAdapter(Page[ThreadItem])
THREADS: TypeAdapter[Any] = TypeAdapter(Page[Thread])
IDS = re.compile(r"(msg|wf|list|ask)_\d+_\d+")


@dataclass
class ChatKit:
    """One user's ChatKit."""

    user: UserClient

    def ask(self, kind: str, /, **params: Any) -> httpx2.Response:
        """One request, whatever comes."""
        return self.user.post("chatkit", {"type": kind, "params": params})

    def json(self, kind: str, /, **params: Any) -> dict[str, Any]:
        """One request that is answered with JSON."""
        answer = self.ask(kind, **params)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
        return dict(answer.json())

    def problem(self, kind: str, /, **params: Any) -> tuple[int, str]:
        """One request that is refused: its status and code."""
        return problem(self.ask(kind, **params))

    def events(self, kind: str, /, **params: Any) -> list[Any]:
        """One request that is answered with a stream, to its end."""
        with self.streaming(kind, **params) as stream:
            return list(stream)

    @contextmanager
    def streaming(self, kind: str, /, **params: Any) -> Iterator[Iterator[Any]]:
        """A stream as long as the block lasts; its events as they come."""
        body = {"type": kind, "params": params}
        with self.user.http.stream("POST", f"/api/{self.user.user}/chatkit", json=body) as answer:
            if answer.status_code != 200:
                raise AssertionError(answer.read())
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield (event_of(line) for line in answer.iter_lines() if line)

    def say(self, text: str, thread: str | None = None) -> list[Any]:
        """A message in a thread, or in a new one."""
        if thread is None:
            return self.events("threads.create", input=said(text))
        return self.events("threads.add_user_message", thread_id=thread, input=said(text))

    def new(self, text: str) -> str:
        """A new thread that begins with this message."""
        return str(self.say(text)[0].thread.id)

    def thread(self, thread: str) -> Thread:
        """A thread with its first items."""
        return Thread.model_validate(self.json("threads.get_by_id", thread_id=thread))

    def threads(self, **params: Any) -> Any:
        """A page of threads."""
        return THREADS.validate_python(self.json("threads.list", **params))

    def page(self, thread: str, **params: Any) -> Any:
        """A page of items."""
        page = ITEMS.validate_python(self.json("items.list", thread_id=thread, **params))
        for item in page.data:
            check_item(item)
        return page

    def items(self, thread: str) -> list[Any]:
        """Every item, the oldest first."""
        return list(self.page(thread, limit=100, order="asc").data)

    def texts(self, thread: str) -> list[str]:
        """What was said, the oldest first."""
        spoken = ("user_message", "assistant_message")
        return [item.content[0].text for item in self.items(thread) if item.type in spoken]


def said(text: str, **more: Any) -> dict[str, Any]:
    """A message as the component sends it."""
    return {
        "content": [{"type": "input_text", "text": text}],
        "attachments": [],
        "inference_options": {},
        **more,
    }


def problem(answer: httpx2.Response) -> tuple[int, str]:
    """The status and the code of a problem, which tells nothing of our insides."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert not re.search(r"pydantic|Traceback|chatkit\.|ValueError", answer.text)
    return answer.status_code, answer.json()["code"]


def event_of(line: str) -> Any:
    """A frame as an event of the protocol."""
    assert line.startswith("data: "), line
    event = EVENT.validate_json(line.removeprefix("data: "))
    assert type(event).__name__ != "dict"
    assert "__fake_id__" not in line
    if hasattr(event, "item"):
        check_item(event.item)
    if hasattr(event, "item_id"):
        assert IDS.fullmatch(event.item_id)
    if hasattr(event, "thread"):
        assert event.thread.created_at.utcoffset() is not None
    return event


def check_item(item: Any) -> None:
    """Ids are ours, times are aware, widgets are of known components alone."""
    assert IDS.fullmatch(item.id), item.id
    assert item.created_at.utcoffset() is not None
    if item.type == "widget":
        check_widget(json.loads(item.widget.model_dump_json(exclude_none=True)))


def check_widget(node: dict[str, Any]) -> None:
    """Every component of a widget is a known one, with known properties of the right types."""
    known = widgets.BasicRoot if node["type"] == "Basic" else getattr(widgets, node["type"])
    assert set(node) <= set(known.model_fields), node
    children = node.get("children", [])
    known.model_validate({**node, "children": []} if "children" in node else node)
    for child in children:
        check_widget(child)


def kinds(events: list[Any]) -> list[str]:
    """The types of events, the deltas of a text as one."""
    found: list[str] = []
    for event in events:
        kind = event.update.type if event.type == "thread.item.updated" else event.type
        if not (found and found[-1] == kind and kind.endswith("text_delta")):
            found.append(kind)
    return found


def done(events: list[Any], kind: str) -> Any:
    """The last finished item of a kind."""
    return [event.item for event in events if event.type == "thread.item.done" and event.item.type == kind][-1]


def told(events: list[Any]) -> str:
    """The deltas joined."""
    deltas = [event.update for event in events if event.type == "thread.item.updated"]
    return "".join(update.delta for update in deltas if update.type.endswith("text_delta"))


def buttons(node: Any) -> list[dict[str, Any]]:
    """Every action in a widget."""
    tree = node if isinstance(node, dict) else json.loads(node.model_dump_json(exclude_none=True))
    here = [tree[name] for name in ("onClickAction", "onChangeAction") if name in tree]
    return here + [action for child in tree.get("children", []) for action in buttons(child)]


def action(kind: str, **payload: Any) -> dict[str, Any]:
    """An action as the component sends it."""
    return {"type": kind, "payload": payload}
