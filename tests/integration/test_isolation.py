"""Several users with the same names, numbers and titles never see or change each other's anything.

Random operations go through every door (toolbox, chat, HTTP) on every storage; a small model of each user alone says
what must come back.
"""

import itertools
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from dishka import AsyncContainer, Provider, Scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.one_user import OneUser, called, route, told

from application.chat import Chat
from application.context import Ask
from application.live import TurnDone
from application.ports import Storage
from application.toolbox import Toolboxes
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
