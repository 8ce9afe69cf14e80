"""Several users with the same names, numbers and titles never see or change each other's anything.

Random operations go through every door (toolbox, chat, HTTP) on every storage; a small model of each user alone says
what must come back.
"""

import itertools
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from dishka import AsyncContainer, Provider, Scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.chat import Chat, TurnDone
from application.context import Ask
from application.ports import Storage
from application.toolbox import Toolboxes
from domain.conversations import ToolCall
from domain.errors import ConversationNotFound
from entrypoints.http.app import build_app
from entrypoints.settings import Settings, read_settings
from entrypoints.wiring import container_for, issue_token

NAMES = ("ali", "sara", "Ali")
TITLES = ("meeting", "doodh", "meeting notes")
worlds = itertools.count(1)

TOOL_OPERATIONS = st.one_of(
    st.tuples(st.just("add_task"), st.fixed_dictionaries({"title": st.sampled_from(TITLES)})),
    st.tuples(
        st.sampled_from(["get_task", "complete_task", "delete_task"]),
        st.fixed_dictionaries({"task_id": st.integers(1, 4)}),
    ),
    st.tuples(
        st.just("update_task"),
        st.fixed_dictionaries({"task_id": st.integers(1, 4), "title": st.sampled_from(TITLES)}),
    ),
    st.tuples(st.sampled_from(["list_tasks", "undo"]), st.just({})),
)
SENTENCES = (
    "salam",
    "meri list dikhao",
    "meeting delete kar do",
    "doodh add karo",
    "doodh mukammal ho gaya",
    "1",
    "haan",
)
CHAT_OPERATIONS = st.tuples(st.sampled_from(SENTENCES), st.sampled_from(["c", "c", "d", 1, 2, None]))
OPERATIONS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.booleans(), st.one_of(TOOL_OPERATIONS, TOOL_OPERATIONS, CHAT_OPERATIONS)),
    min_size=4,
    max_size=24,
)


@dataclass
class OneUser:
    """What one user must see, had nobody else ever been there."""

    tasks: dict[int, tuple[str, bool]] = field(default_factory=dict)
    made: int = 0
    log: list[tuple[str, int, tuple[str, bool] | None]] = field(default_factory=list)
    conversations: dict[int, list[str]] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)

    def expect(self, tool: str, arguments: dict[str, Any], batch: str) -> object:
        """What a tool answers, in the few words that this test compares."""
        match tool:
            case "list_tasks":
                return self._listed(arguments)
            case "undo":
                return self._undo()
            case "add_task":
                self.made += 1
                return self._keep(self.made, (arguments["title"], False), batch)
            case _ if arguments["task_id"] in self.tasks:
                return self._changed(tool, arguments["task_id"], arguments, batch)
            case _:
                return "not_found"

    def _changed(self, tool: str, number: int, arguments: dict[str, Any], batch: str) -> tuple[int, str]:
        title, done = self.tasks[number]
        if tool == "complete_task" and not done:
            self._keep(number, (title, True), batch)
        elif tool == "update_task":
            return self._keep(number, (arguments["title"], done), batch)
        elif tool == "delete_task":
            self.log.append((batch, number, self.tasks.pop(number)))
        return number, title

    def _keep(self, number: int, task: tuple[str, bool], batch: str) -> tuple[int, str]:
        self.log.append((batch, number, self.tasks.get(number)))
        self.tasks[number] = task
        return number, task[0]

    def _listed(self, arguments: dict[str, Any]) -> list[tuple[int, str]]:
        wanted = {"pending": False, "completed": True}.get(arguments.get("status", "all"))
        words = set(arguments.get("search", "").split())
        fitting = {n: title for n, (title, done) in self.tasks.items() if wanted in (None, done)}
        exact = {n: title for n, title in fitting.items() if title.split() == arguments.get("search", "").split()}
        return sorted((exact or {n: title for n, title in fitting.items() if words <= set(title.split())}).items())

    def _undo(self) -> object:
        if not self.log:
            return "nothing_to_undo"
        last, undone = self.log[-1][0], []
        while self.log and self.log[-1][0] == last:
            _, number, before = self.log.pop()
            undone.append((number, before[0] if before else self.tasks[number][0]))
            self.tasks.pop(number, None)
            if before:
                self.tasks[number] = before
        return undone[::-1]

    def place(self, reference: int | str | None) -> int | None:
        """The number of the conversation, made where it must be; None for one that is not there."""
        if isinstance(reference, int):
            return reference if reference in self.conversations else None
        key = reference or f"thr_{len(self.conversations)}"
        return self.keys.setdefault(key, len(self.conversations) + 1)


def told(result: dict[str, Any]) -> object:
    """A tool's result in the words of the model."""
    if "tasks" in result:
        return [(task["task_id"], task["title"]) for task in result["tasks"]]
    return result["task_id"], result["title"]


class World:
    """Every door to one storage."""

    def __init__(self, container: AsyncContainer, settings: Settings, http: httpx2.AsyncClient) -> None:
        self.container = container
        self.settings = settings
        self.http = http

    async def ask(self, user: str, method: str, path: str, body: object = None, as_user: str = "") -> httpx2.Response:
        token = issue_token(self.settings, as_user or user, timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}"}
        return await self.http.request(method, f"/api/{user}/{path}", json=body, headers=headers)

    async def tool(self, user: str, name: str, arguments: dict[str, Any], over_http: bool) -> object:
        if over_http:
            answer = await self.ask(user, *route(name, arguments))
            body = answer.json()
            return body["code"] if answer.status_code >= 400 else told(body)
        toolboxes = await self.container.get(Toolboxes)
        call = await toolboxes.of(user).call(name, msgspec.json.encode(arguments))
        return call.error.code if call.error else told(json.loads(bytes(call.result or b"")))

    async def chat(self, user: str, message: str, place: int | str | None, over_http: bool) -> dict[str, Any] | None:
        """The turn's body; None when there is no such conversation."""
        if over_http:
            answer = await self.ask(user, "POST", "chat", {"message": message, "conversation_id": place})
            return dict(answer.json()) if answer.status_code == 200 else None
        chat = await self.container.get(Chat)
        try:
            live = await chat.start(Ask(user, message, place))
        except ConversationNotFound:
            return None
        done: TurnDone = await live.whole()
        calls = [called(call) for call in done.tool_calls]
        return {"conversation_id": done.conversation_id, "response": done.response, "tool_calls": calls}


def called(call: ToolCall) -> dict[str, Any]:
    shown = {"name": call.name, "arguments": json.loads(bytes(call.arguments))}
    return shown | (
        {"error": {"code": call.error.code}} if call.error else {"result": json.loads(bytes(call.result or b""))}
    )


def route(tool: str, arguments: dict[str, Any]) -> tuple[str, str, object]:
    number = arguments.get("task_id")
    rest = {name: value for name, value in arguments.items() if name != "task_id"}
    routes: dict[str, tuple[str, str, object]] = {
        "add_task": ("POST", "tasks", rest),
        "list_tasks": ("GET", "tasks", None),
        "get_task": ("GET", f"tasks/{number}", None),
        "complete_task": ("POST", f"tasks/{number}/complete", None),
        "delete_task": ("DELETE", f"tasks/{number}", None),
        "update_task": ("PATCH", f"tasks/{number}", rest),
        "undo": ("POST", "undo", None),
    }
    return routes[tool]


@pytest.fixture
async def world(storage: Storage, tmp_path: Path) -> AsyncIterator[World]:
    here = read_settings({"DATA_DIR": str(tmp_path), "JWT_SECRET_KEY": "s" * 32, "RATE_LIMIT": "1000000/minute"})
    given_storage = Provider(scope=Scope.APP)
    given_storage.provide(lambda: storage, provides=Storage, override=True)
    container = container_for(here, given_storage)
    transport = httpx2.ASGITransport(app=build_app(container))
    async with httpx2.AsyncClient(transport=transport, base_url="http://munshi") as http:
        yield World(container, here, http)
    await container.close()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(operations=OPERATIONS)
async def test_whatever_others_do_each_user_sees_their_own_alone(
    world: World, operations: list[tuple[str, bool, tuple[Any, Any]]]
) -> None:
    users = {name: f"w{next(worlds)}-{name}" for name in NAMES}
    alone = {name: OneUser() for name in NAMES}
    for step, (name, over_http, (what, how)) in enumerate(operations):
        if isinstance(how, dict):
            expected = alone[name].expect(what, how, f"step-{step}")
            assert await world.tool(users[name], what, how, over_http) == expected
        else:
            turn = await world.chat(users[name], what, how, over_http)
            check_turn(alone[name], turn, what, how, f"step-{step}")
    for name in NAMES:
        await check_everything(
            world, users[name], alone[name], [other for other in users.values() if other != users[name]]
        )


def check_turn(alone: OneUser, turn: dict[str, Any] | None, message: str, place: int | str | None, batch: str) -> None:
    number = alone.place(place)
    assert (turn is None) == (number is None)
    if turn is None or number is None:
        return
    assert turn["conversation_id"] == (place if isinstance(place, str) else number)
    alone.conversations.setdefault(number, []).append(message)
    for call in turn["tool_calls"]:
        answer = call["error"]["code"] if "error" in call else told(call["result"])
        assert answer == alone.expect(call["name"], call["arguments"], batch)


async def check_everything(world: World, user: str, alone: OneUser, others: list[str]) -> None:
    tasks = (await world.ask(user, "GET", "tasks")).text
    places = (await world.ask(user, "GET", "conversations?limit=100")).text
    listed = json.loads(tasks)["tasks"]
    assert {task["task_id"]: (task["title"], task["status"] == "completed") for task in listed} == alone.tasks
    assert {place["id"] for place in json.loads(places)["conversations"]} == alone.conversations.keys()
    for number, said in alone.conversations.items():
        messages = (await world.ask(user, "GET", f"conversations/{number}/messages?limit=100")).text
        assert [one["text"] for one in json.loads(messages)["messages"] if one["role"] == "user"] == said
        assert not [other for other in others if other in messages + tasks + places]


ABSENT = ("tasks/9", "tasks/9/complete", "conversations/9/messages", "conversations/9", "conversations/gone/messages")


async def test_anothers_things_answer_exactly_as_absent_ones(world: World, user: str) -> None:
    owner, stranger = f"{user}-owner", f"{user}-stranger"
    for _ in range(2):
        await world.ask(owner, "POST", "tasks", {"title": "raaz"})
        await world.ask(owner, "POST", "chat", {"message": "salam", "conversation_id": "hers"})
    asked = [("GET", 0), ("PATCH", 0), ("DELETE", 0), ("POST", 1), ("GET", 2), ("PATCH", 3), ("DELETE", 3), ("GET", 4)]
    for method, place in asked:
        body = {"title": "x"} if method == "PATCH" else None
        absent = await world.ask(stranger, method, ABSENT[place], body)
        path = ABSENT[place].replace("9", "1").replace("gone", "hers")
        theirs = await world.ask(stranger, method, path, body)
        assert absent.status_code == 404
        assert (theirs.status_code, shape(theirs)) == (404, shape(absent))
    for reference in (1, 9):
        answer = await world.ask(stranger, "POST", "chat", {"message": "salam", "conversation_id": reference})
        assert answer.status_code == 404
    assert [task["title"] for task in (await world.ask(owner, "GET", "tasks")).json()["tasks"]] == ["raaz", "raaz"]
    assert len((await world.ask(owner, "GET", "conversations/hers/messages")).json()["messages"]) == 4


async def test_a_good_token_opens_no_other_path_whether_anything_is_there_or_not(world: World, user: str) -> None:
    await world.ask(user, "POST", "tasks", {"title": "raaz"})
    stranger = f"{user}-stranger"
    answers = [await world.ask(user, "GET", path, as_user=stranger) for path in ("tasks/1", "tasks/9", "conversations")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({shape(answer) for answer in answers}) == 1
    assert "raaz" not in "".join(answer.text for answer in answers)


def shape(answer: httpx2.Response) -> str:
    """The answer but for what it was asked for."""
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    return re.sub(r"\d|gone|hers", "?", json.dumps(body)) + str(sorted(answer.headers))
