"""Scripted conversations with the OpenAI assistant: how they are written down, held over HTTP, and compared."""

import json
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from entrypoints.settings import read_settings
from entrypoints.wiring import issue_token
from tests.doubles.openai_server import Call, Say, Script, ScriptedModel, running
from tests.e2e.process import Service, UserClient, environment, serving

KARACHI = ZoneInfo("Asia/Karachi")
NEWCOMERS = count(1)
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
Send = Callable[[UserClient, str], dict[str, Any]]


@dataclass(frozen=True)
class Turn:
    """A message, the model's rounds upon it, and what must come of it.

    The reply is the last text of the model unless another is written. Every call of the script must be in the turn's
    `tool_calls`, in order, and have gone well unless `errors` names its code by its place.
    """

    message: str
    rounds: Sequence[Script]
    reply: str | None = None
    errors: dict[int, str] = field(default_factory=dict)
    calls: Sequence[Call] | None = None

    def expected_reply(self) -> str:
        """What the person must read."""
        texts = [step.text if isinstance(step, Say) else step for step in self.rounds if isinstance(step, str | Say)]
        return texts[-1] if self.reply is None else self.reply

    def expected_calls(self) -> list[tuple[str, Any, str]]:
        """Name, arguments and outcome of every call."""
        scripted = [call for step in self.rounds if isinstance(step, list) for call in step]
        calls = scripted if self.calls is None else list(self.calls)
        return [(call.name, _as_recorded(call), self.errors.get(at, "ok")) for at, call in enumerate(calls)]


@dataclass(frozen=True)
class Talk:
    """A conversation: the tasks before it, its turns, and the tasks after it, as `told` tells them."""

    name: str
    tasks: Sequence[str | dict[str, Any]]
    turns: Sequence[Turn]
    left: Sequence[str]


def add(title: str, **fields: Any) -> Call:
    """A call as a strict model makes it: with a null for whatever was not said."""
    nothing = {"description": None, "priority": None, "due": None, "repeat": None, "tags": None}
    return Call("add_task", {"title": title, **nothing, **fields})


def find(words: str | None = None, **fields: Any) -> Call:
    """List the tasks that these words name, or all."""
    nothing = {"status": None, "priority": None, "due_before": None, "due_after": None, "tag": None, "limit": None}
    return Call("list_tasks", {"search": words, **nothing, **fields})


def finish(task_id: int) -> Call:
    """Complete a task."""
    return Call("complete_task", {"task_id": task_id})


def delete(task_id: int) -> Call:
    """Delete a task."""
    return Call("delete_task", {"task_id": task_id})


def change(task_id: int, **fields: Any) -> Call:
    """Update a task."""
    return Call("update_task", {"task_id": task_id, "title": None, "description": None, "due": None, **fields})


def undo() -> Call:
    """Take back the last change."""
    return Call("undo", {})


def told(task: dict[str, Any]) -> str:
    """A task in a few words: "3 doodh @1T09:00 high FREQ=DAILY #ghar (do kilo) done"; @1 is tomorrow."""
    words = [str(task["task_id"]), task["title"]]
    if task["due"]:
        today = datetime.now(KARACHI).date()
        days = (date.fromisoformat(task["due"][:10]) - today).days
        words.append(f"@{days}{task['due'][10:16]}")
    if task["priority"] != "normal":
        words.append(task["priority"])
    if task["repeat"]:
        words.append(task["repeat"])
    words += [f"#{tag}" for tag in task["tags"]]
    if task["description"]:
        words.append(f"({task['description']})")
    return " ".join([*words, *(["done"] if task["status"] == "completed" else [])])


def tasks_of(user: UserClient) -> list[str]:
    """All the user's tasks, told."""
    return [told(task) for task in user.get("tasks", status="all").json()["tasks"]]


@contextmanager
def talking(data_dir: Path, api: str) -> Iterator[tuple[Service, ScriptedModel]]:
    """A service whose model is scripted, behind one of the two APIs."""
    with running(ScriptedModel()) as model:
        settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "any-model"}
        with serving(data_dir, OPENAI_API=api, RATE_LIMIT="100000/minute", **settings) as service:
            yield service, model


def newcomer(service: Service, tasks: Sequence[str | dict[str, Any]] = ()) -> UserClient:
    """A user who was never here, with these tasks."""
    user = _client(service, f"talker-{next(NEWCOMERS)}")
    for task in tasks:
        answer = user.post("tasks", {"title": task} if isinstance(task, str) else task)
        assert answer.status_code == 201, answer.text
    return user


def _client(service: Service, user: str) -> UserClient:
    """As Service.client, without reading the certificates of the world anew for each user."""
    token = issue_token(read_settings(environment(service.data_dir, service.settings)), user, timedelta(hours=1))
    http = httpx2.Client(base_url=service.address, headers={"Authorization": f"Bearer {token}"}, verify=NO_TLS)
    service.open_clients.append(http)
    return UserClient(http, user)


def send_whole(user: UserClient, message: str) -> dict[str, Any]:
    """One turn over /chat."""
    return user.chat(message, "talk")


def send_streamed(user: UserClient, message: str) -> dict[str, Any]:
    """One turn over /chat/stream; what the stream told on the way must be what its end tells."""
    events = user.stream(message, "talk")
    names = [name for name, _ in events]
    done = events[-1][1]
    assert (names[0], names[-1]) == ("turn", "done"), events
    assert "".join(body["text"] for name, body in events if name == "delta") == done["response"]
    assert [body for name, body in events if name == "tool_result"] == [
        {key: value for key, value in call.items() if key != "arguments"} for call in done["tool_calls"]
    ]
    return done


ROUTES: dict[str, Send] = {"chat": send_whole, "stream": send_streamed}


def calls_of(turn: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """Name, arguments and outcome ("ok", or the error's code) of the turn's tool calls."""
    return [
        (call["name"], call["arguments"], call["error"]["code"] if "error" in call else "ok")
        for call in turn["tool_calls"]
    ]


def _as_recorded(call: Call) -> Any:
    """The arguments without what the model left out; those that are no JSON as the string they are."""
    try:
        given = json.loads(call.json)
    except json.JSONDecodeError:
        return call.json
    return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given
