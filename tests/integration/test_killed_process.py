"""The process is killed at any point of a turn: what is in the database afterwards is whole, and told honestly."""

import json
import random
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import httpx2
import pytest
from tests.e2e.process import COMMAND, environment
from tests.security.forge import HandClock

from adapters.assistant.offline import OfflineAssistant
from application.chat import Chat
from application.context import Ask, ContextManager
from application.ports import Storage
from application.toolbox import Toolboxes
from domain.conversations import MessageStatus, Role
from domain.errors import ConversationBusy, TurnInProgress
from entrypoints.settings import read_settings
from entrypoints.wiring import issue_token

KILLS = 10
SPEAKERS = ("ali", "ali", "sara")
CHANGING = ("add_task", "delete_task", "complete_task", "update_task")
LEASE = timedelta(seconds=90)
numbers = count(1)


@dataclass
class Speaker:
    """Talks in the conversation "c" until nobody answers; an unanswered turn is asked again under its key."""

    user: str
    token: str
    choice: random.Random
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    unanswered: tuple[str, str] | None = None

    def talk(self, address: str) -> None:
        with suppress(httpx2.TransportError), httpx2.Client(base_url=address, timeout=10) as http:
            while True:
                self.unanswered = self.unanswered or (f"key-{next(numbers)}", self.sentence())
                self.turn(http, *self.unanswered)
                self.unanswered = None

    def turn(self, http: httpx2.Client, key: str, message: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        body = {"message": message, "conversation_id": "c"}
        answer = http.post(f"/api/{self.user}/chat", json=body, headers=headers)
        assert answer.status_code in (200, 409), answer.text  # 409: the dead process had opened it
        if answer.status_code == 200:
            self.answered[key] = answer.json() | {"message": message}

    def sentence(self) -> str:
        number = next(numbers)
        return self.choice.choice(
            [
                *[f"Add a task: kitaab {letters(number)}"] * 4,
                f"delete task {number % 30 + 1}",
                f"complete task {number % 30 + 1}",
                "sab tasks delete kar do",
                "haan",
            ]
        )


def letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


@contextmanager
def process(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A serving process that is killed at the end of the block, without a word."""
    serving = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        env=environment(data_dir, {"RATE_LIMIT": "1000000/minute"}),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout
    try:
        yield serving, serving.stdout.readline().removeprefix("Munshi is ready: ").partition("/#")[0]
    finally:
        serving.send_signal(signal.SIGKILL)
        serving.wait()
        serving.stdout.close()


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Speaker], Path]:
    """Speakers whose process was killed many times, at random points, and the data folder."""
    data_dir, choice = tmp_path_factory.mktemp("killed"), random.Random(7)
    with process(data_dir):
        here = read_settings({"DATA_DIR": str(data_dir)})
        speakers = [Speaker(user, issue_token(here, user, timedelta(hours=1)), choice) for user in SPEAKERS]
    for _ in range(KILLS):
        with process(data_dir) as (_, address):
            threads = [Thread(target=speaker.talk, args=(address,)) for speaker in speakers]
            for thread in threads:
                thread.start()
            sleep(choice.uniform(0.05, 0.4))
        for thread in threads:
            thread.join()
    return speakers, data_dir


@pytest.fixture
def database(talked: tuple[list[Speaker], Path]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(talked[1] / "munshi.sqlite3")) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def test_the_kills_met_turns_under_way_and_turns_answered(
    talked: tuple[list[Speaker], Path], database: sqlite3.Connection
) -> None:
    assert sum(len(speaker.answered) for speaker in talked[0]) > KILLS
    assert rows(database, "SELECT * FROM messages WHERE status IN ('in_progress', 'failed')")


def test_the_file_is_sound(database: sqlite3.Connection) -> None:
    assert [tuple(row) for row in database.execute("PRAGMA integrity_check")] == [("ok",)]
    assert not rows(database, "PRAGMA foreign_key_check")


def test_no_answered_turn_is_missing(talked: tuple[list[Speaker], Path], database: sqlite3.Connection) -> None:
    for speaker in talked[0]:
        for key, body in speaker.answered.items():
            [turn] = rows(database, "SELECT * FROM turns WHERE user_id = ? AND idempotency_key = ?", speaker.user, key)
            asked, reply = message(database, turn, turn["message_id"]), message(database, turn, turn["reply_id"])
            assert (asked["text"], reply["text"]) == (body["message"], body["response"])
            assert (reply["status"], turn["status"]) in (("completed", "done"), ("failed", "failed"))
            assert calls_of(database, reply) == body["tool_calls"]


def test_no_turn_was_written_twice(database: sqlite3.Connection) -> None:
    turns = rows(database, "SELECT * FROM turns")
    assert len({(turn["user_id"], turn["idempotency_key"]) for turn in turns}) == len(turns)
    assert len(rows(database, "SELECT * FROM messages")) == 2 * len(turns)


def test_messages_are_numbered_without_a_gap_and_every_question_has_its_reply(database: sqlite3.Connection) -> None:
    for place in rows(database, "SELECT * FROM conversations"):
        said = rows(database, "SELECT * FROM messages WHERE user_id = ? ORDER BY id", place["user_id"])
        assert [one["id"] for one in said] == list(range(1, place["message_count"] + 1))
        for asked, reply in zip(said[::2], said[1::2], strict=True):
            assert (asked["role"], reply["role"], asked["turn_id"]) == ("user", "assistant", reply["turn_id"])


def test_a_turn_is_running_exactly_where_its_reply_is_in_progress(database: sqlite3.Connection) -> None:
    for turn in rows(database, "SELECT * FROM turns"):
        reply = message(database, turn, turn["reply_id"])
        assert (turn["status"] == "running") == (reply["status"] == "in_progress")
        assert reply["turn_id"] == turn["id"]


def test_every_effect_has_its_record_and_every_record_its_effect(database: sqlite3.Connection) -> None:
    for user in set(SPEAKERS):
        calls = rows(database, "SELECT * FROM tool_calls WHERE user_id = ? AND result IS NOT NULL", user)
        told = Counter(
            (call["name"], json.loads(call["result"])["task_id"]) for call in calls if call["name"] in CHANGING
        )
        changes = rows(database, "SELECT * FROM changes WHERE user_id = ?", user)
        done = Counter((change["tool"], json.loads(change["after"] or change["before"])["id"]) for change in changes)
        already = Counter({kept: number for kept, number in (told - done).items() if kept[0] == "complete_task"})
        assert told - already == done  # completing a task that is done tells so and changes nothing


def test_the_tasks_are_what_the_log_of_changes_makes_of_them(database: sqlite3.Connection) -> None:
    for user in set(SPEAKERS):
        changes = rows(database, "SELECT * FROM changes WHERE user_id = ? ORDER BY seq", user)
        assert [change["seq"] for change in changes] == list(range(1, len(changes) + 1))
        tasks: dict[int, str | None] = {}
        for change in changes:
            before, after = (json.loads(change[side]) if change[side] else None for side in ("before", "after"))
            assert tasks.get((before or after)["id"]) == before
            tasks[(before or after)["id"]] = after
        left = {number: (task["title"], task.get("status", "pending")) for number, task in tasks.items() if task}
        kept = rows(database, "SELECT * FROM tasks WHERE user_id = ?", user)
        assert {task["id"]: (task["title"], task["status"]) for task in kept} == left


def test_task_numbers_were_given_once_and_none_was_lost(database: sqlite3.Connection) -> None:
    for user in rows(database, "SELECT * FROM users"):
        added = "SELECT * FROM tool_calls WHERE user_id = ? AND name = 'add_task' AND result IS NOT NULL"
        given = sorted(json.loads(call["result"])["task_id"] for call in rows(database, added, user["user_id"]))
        assert given == list(range(1, user["last_task"] + 1))


def test_after_a_restart_the_conversation_goes_on(talked: tuple[list[Speaker], Path]) -> None:
    speakers, data_dir = talked
    with process(data_dir) as (_, address), httpx2.Client(base_url=address) as http:
        for speaker in speakers:
            before = len(speaker.answered)
            speaker.turn(http, f"key-{next(numbers)}", "list dikhao")
            assert len(speaker.answered) == before + 1


def rows(database: sqlite3.Connection, statement: str, *values: object) -> list[sqlite3.Row]:
    return database.execute(statement, values).fetchall()


def message(database: sqlite3.Connection, turn: sqlite3.Row, number: int) -> sqlite3.Row:
    statement = "SELECT * FROM messages WHERE user_id = ? AND conversation_id = ? AND id = ?"
    [found] = rows(database, statement, turn["user_id"], turn["conversation_id"], number)
    return found


def calls_of(database: sqlite3.Connection, reply: sqlite3.Row) -> list[dict[str, Any]]:
    statement = (
        "SELECT * FROM tool_calls WHERE user_id = ? AND conversation_id = ? AND message_id = ? ORDER BY position"
    )
    kept = rows(database, statement, reply["user_id"], reply["conversation_id"], reply["id"])
    assert [call["position"] for call in kept] == list(range(len(kept)))
    return [
        {"name": call["name"], "arguments": json.loads(call["arguments"])}
        | {side: json.loads(call[side]) for side in ("result", "error") if call[side]}
        for call in kept
    ]


# A turn whose process died, told by the next one


async def interrupted(storage: Storage, clock: HandClock, user: str) -> ContextManager:
    """The context of a storage in which a turn was opened and did one thing, and no process lives that began it."""
    context = ContextManager(storage, clock, "Asia/Karachi", LEASE)
    opened = await context.open_turn(Ask(user, "doodh add karo", "c", idempotency_key="k", fingerprint="f"))
    box = Toolboxes(storage, clock, "Asia/Karachi").of(
        user, opened.turn.id, (opened.turn.conversation.id, opened.reply_id)
    )
    await box.call("add_task", b'{"title":"doodh"}')
    return context


async def test_an_interrupted_turn_is_left_alone_within_its_lease(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = await interrupted(storage, clock, user)
    clock.pass_seconds(LEASE.total_seconds() - 1)
    with pytest.raises(TurnInProgress):
        await context.open_turn(Ask(user, "doodh add karo", "c", idempotency_key="k", fingerprint="f"))
    with pytest.raises(ConversationBusy):
        await context.open_turn(Ask(user, "salam", "c"))
    reply = (await context.messages(user, "c", 10))[1]
    assert (reply.status, reply.text) == (MessageStatus.IN_PROGRESS, "")


async def test_an_interrupted_turn_is_closed_after_its_lease_with_what_it_did(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = await interrupted(storage, clock, user)
    clock.pass_seconds(LEASE.total_seconds() + 1)
    opened = await context.open_turn(Ask(user, "salam", "c"))
    asked, reply = opened.turn.history
    assert (asked.text, reply.status, reply.role) == ("doodh add karo", MessageStatus.FAILED, Role.ASSISTANT)
    assert "doodh" in reply.text
    assert [call.name for call in reply.tool_calls] == ["add_task"]
    assert (await context.messages(user, "c", 10))[1].text == reply.text


async def test_an_interrupted_turn_asked_again_under_its_key_tells_what_was_done_and_does_nothing_twice(
    storage: Storage, clock: HandClock, user: str
) -> None:
    context = await interrupted(storage, clock, user)
    clock.pass_seconds(LEASE.total_seconds() + 1)
    chat = Chat(context, Toolboxes(storage, clock, "Asia/Karachi"), OfflineAssistant(), 5)
    live = await chat.start(Ask(user, "doodh add karo", "c", idempotency_key="k", fingerprint="f"))
    done = await live.whole()
    assert "doodh" in done.response
    assert [call.name for call in done.tool_calls] == ["add_task"]
    assert await storage.run(user, lambda unit: unit.tasks.get(2)) is None
    assert len(await context.messages(user, "c", 10)) == 2
