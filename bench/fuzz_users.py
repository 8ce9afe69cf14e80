"""Several users at once ask at random over HTTP, MCP and ChatKit, with each other's ids wherever an id goes.

    PYTHONPATH=src python -m bench.fuzz_users [--requests 50000] [--users 8] [--seed 1]

Each writes only what carries a private mark; no answer may hold another's mark, nor an id that was made for another;
and every answer, and all that is there at the end, is what a model of that user alone says.
"""

import argparse
import asyncio
import re
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from bench.http_wire import Answer, Wire
from tests.e2e.process import Service, serving
from tests.one_user import OneUser, route, told

NAMES = ("c", "kaam", "ghar", "2026", "1", "conv-123")
IDS = re.compile(r"(?:thr|trn)_[0-9a-f]{24}")
ITEMS = re.compile(r"(?:msg|wf|list|ask)_\d+_\d+")
TASKS_MAX, PLACES_MAX = 25, 10
COMPARED = ("add_task", "get_task", "complete_task", "delete_task", "undo")
QUIET = {"RATE_LIMIT": "1000000/minute", "LOG_LEVEL": "error"}


class Breach(AssertionError):
    """Something of another, or something that a user alone would not have got."""


class Shared:
    """What all users know of each other: every id that was ever seen, and whose it is."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.people: list[Person] = []
        self.owners: dict[str, str] = {}
        self.loot: dict[str, list[str]] = {"thread": [*NAMES], "item": [], "cursor": [], "turn": []}
        self.counts: Counter[str] = Counter()


class Person(OneUser):
    """One user: their client, their model, and what they may do next."""

    def __init__(self, shared: Shared, service: Service, number: int) -> None:
        super().__init__()
        self.shared = shared
        self.random = Random(f"{shared.seed}-{number}")
        self.user = f"fuzz{shared.seed}-{number}"
        self.mark = "zq" + "".join(self.random.choices("bcdfghjklmnpvwx", k=10))
        self.token = service.client(self.user).http.headers["authorization"]
        self.wire = Wire(service.address)
        self.step = 0
        self.places = 0
        self.spoken: set[str] = set()
        self.sent: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {}

    # What goes out and comes in

    async def ask(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        """One request below this user's path, or below `owner`'s; the answer is searched for what is another's."""
        headers = more.pop("headers", [("Authorization", self.token)])
        prefix = "" if path.startswith("/") else f"/api/{more.pop('owner', self.user)}/"
        self.spoken |= set(IDS.findall(f"{path} {body} {headers}"))
        answer = await self.wire.ask(method, prefix + path, body, headers)
        self.shared.counts[f"{method} {re.sub(r'(?<=/)[^/]*[0-9~][^/]*|[?].*', '…', path)} {answer.status}"] += 1
        self.search(answer, f"{method} {prefix}{path} {body}")
        return answer

    def search(self, answer: Answer, asked: str) -> None:
        """Raise Breach for what this answer must not hold; keep the ids in it for everybody to try."""
        whole = answer.head + answer.text
        for other in self.shared.people:
            if other is not self and other.mark in whole:
                raise Breach(f"{self.user} was shown {other.user}'s: {asked} -> {whole}")
        if answer.status >= 500:
            raise Breach(f"{asked} -> {whole}")
        for found in IDS.findall(whole):
            owner = self.shared.owners.setdefault(found, self.user)
            if owner != self.user and found not in self.spoken:
                raise Breach(f"{self.user} was shown {owner}'s {found}: {asked} -> {whole}")
            if found.startswith("trn_"):
                self.loot("turn", found)
        for found in ITEMS.findall(whole)[:3]:
            self.loot("item", found)

    def loot(self, kind: str, found: str) -> None:
        """Let everybody try this id."""
        known = self.shared.loot[kind]
        known.append(found)
        if len(known) > 400:
            del known[len(NAMES) : 100]

    def any(self, kind: str) -> str:
        """An id that somebody saw."""
        return self.random.choice(self.shared.loot[kind] or ["x"])

    def same(self, got: object, expected: object, asked: object) -> None:
        """Raise Breach where the model of this user alone says something else."""
        if got != expected:
            raise Breach(f"{self.user}: {asked} gave {got}, alone it would be {expected}")

    def words(self) -> str:
        """A new title of this user's."""
        self.step += 1
        return f"{self.mark} {self.random.choice(('doodh', 'anda', 'bill', 'meeting'))} k{self.step}"

    # Where

    def place_of(self, reference: int | str | None) -> int | None:
        """The number of this user's conversation, or None."""
        number = self.keys.get(reference) if isinstance(reference, str) else reference
        return number if number in self.conversations else None

    def any_place(self) -> int | str:
        """A number, a shared name, or anybody's thread."""
        return self.random.choice([self.random.randint(1, self.places + 2), self.any("thread"), self.any("turn")])

    def began(self, key: str | None, number: int) -> None:
        """A conversation was made; numbers count up for each user alone."""
        self.places += 1
        self.same(number, self.places, "a new conversation")
        self.conversations[number] = []
        if key:
            self.keys[key] = number

    def forget(self, number: int) -> None:
        """A conversation is gone, and what was sent in it under a key."""
        del self.conversations[number]
        self.keys = {key: place for key, place in self.keys.items() if place != number}
        self.sent = {key: sent for key, sent in self.sent.items() if sent[2] != number}

    # What a user does

    async def tool(self) -> None:
        """A tool over HTTP or MCP."""
        name, arguments = self.tool_call()
        expected = self.expect(name, arguments, f"tool-{self.step}")
        if self.random.random() < 0.6:
            method, path, rest = route(name, arguments)
            answer = await self.ask(method, path + ("?limit=200" if name == "list_tasks" else ""), rest or None)
            got = answer.json["code"] if answer.status >= 400 else told(answer.json)
        else:
            extra = {"limit": 200} if name == "list_tasks" else {}
            answer = await self.rpc("tools/call", {"name": name, "arguments": arguments | extra})
            result = answer.get("result") or {"isError": True, "structuredContent": {"error": {"code": str(answer)}}}
            content = result["structuredContent"]
            got = content["error"]["code"] if result["isError"] else told(content)
        self.same(got, expected, (name, arguments))

    def tool_call(self) -> tuple[str, dict[str, Any]]:
        """Which tool, with which arguments; a number is as often somebody else's."""
        self.step += 1
        number = self.random.randint(1, max(person.made for person in self.shared.people) + 1)
        if self.tasks and self.random.random() < 0.6:
            number = self.random.choice(list(self.tasks))
        name = self.random.choice(
            ["add_task", "add_task", "get_task", "complete_task", "update_task", "delete_task", "undo", "list_tasks"]
        )
        if name == "add_task" and len(self.tasks) >= TASKS_MAX:
            name, number = "delete_task", min(self.tasks)
        if name == "add_task":
            return name, {"title": self.words()}
        if name in ("list_tasks", "undo"):
            return name, {}
        return name, {"task_id": number} | ({"title": self.words()} if name == "update_task" else {})

    async def chat(self) -> None:
        """A turn, whole or streamed, perhaps under a key that somebody used."""
        place: int | str | None = self.random.choice([None, self.any_place(), self.any_place(), "c"])
        if len(self.conversations) >= PLACES_MAX and self.place_of(place) is None:
            place = self.random.choice([*self.conversations, self.places + 9])
        body = {"message": self.message(), "conversation_id": place}
        key = self.random.choice([None, None, f"key-{self.random.randint(1, 40)}", self.any("turn")])
        before = self.sent.get(key) if key else None
        if before and self.random.random() < 0.7:
            body = before[0]
        headers = [("Authorization", self.token)] + ([("Idempotency-Key", key)] if key else [])
        if self.random.random() < 0.5:
            answer = await self.ask("POST", "chat", body, headers=headers)
            turn = answer.json
        else:
            answer = await self.ask("POST", "chat/stream", body, headers=headers)
            turn = answer.events()[-1][1] if answer.status == 200 else answer.json
        if before:
            self.again(body, before, answer, turn)
            return
        known = self.place_of(body["conversation_id"])
        if isinstance(body["conversation_id"], int) and known is None:
            self.same(answer.status, 404, body)
            return
        self.same(answer.status, 200, body)
        self.heard(turn, body, known)
        if key:
            self.sent[key] = (body, turn, self.place_of(turn["conversation_id"]) or 0)

    def again(self, body: dict[str, Any], before: Any, answer: Answer, turn: dict[str, Any]) -> None:
        """The same key: the same turn for the same body, nothing for another, whatever others sent under it."""
        sent, recorded, _ = before
        if body == sent:
            self.same(turn, recorded, body)
        else:
            self.same((answer.status, turn["code"]), (422, "idempotency_mismatch"), body)

    def heard(self, turn: dict[str, Any], body: dict[str, Any], known: int | None) -> None:
        """Take a turn into the model."""
        reference = body["conversation_id"]
        if known is None:
            number = turn["conversation_id"] if reference is None else self.places + 1
            self.began(reference, number)
            known = number
        self.conversations[known].append(body["message"])
        for call in turn["tool_calls"]:
            if call["name"] in COMPARED:
                answer = call["error"]["code"] if "error" in call else told(call["result"])
                expected = self.expect(call["name"], call["arguments"], f"turn-{self.step}")
                self.same(answer, expected, (body, call))
            elif call["name"] == "list_tasks" and "result" in call:
                listed = {task["task_id"]: task["title"] for task in call["result"]["tasks"]}
                mine = {number: title for number, (title, _) in self.tasks.items()}
                self.same(listed, {number: mine.get(number) for number in listed}, (body, call))

    def message(self) -> str:
        """What a person might say, with their mark where words of their own go."""
        number = self.random.randint(1, self.made + 1)
        self.step += 1
        if len(self.tasks) >= TASKS_MAX:
            return f"task {min(self.tasks)} delete karo"
        return self.random.choice(
            [
                f"{self.words()} add karo",
                f"{self.words()} add karo",
                f"task {number} mukammal karo",
                f"task {number} delete karo",
                f"{self.mark} delete kar do",
                "1",
                "haan",
                "undo",
                "meri list dikhao",
                f"salam {self.mark}",
            ]
        )

    async def places_read(self) -> None:
        """Conversations, with anybody's cursor."""
        cursor = self.any("cursor") if self.random.random() < 0.5 else ""
        limit = self.random.choice([1, 3, 100])
        answer = await self.ask("GET", f"conversations?limit={limit}&cursor={cursor}")
        if answer.status == 422:
            return
        page = answer.json
        if page["next_cursor"]:
            self.loot("cursor", page["next_cursor"])
        for place in page["conversations"]:
            self.same(place["id"] in self.conversations, True, place)
            self.same(self.keys.setdefault(place["key"], place["id"]), place["id"], place)
            self.loot("thread", place["key"])
        if limit == 100 and not cursor:
            self.same({place["id"] for place in page["conversations"]}, self.conversations.keys(), "conversations")

    async def place_touched(self) -> None:
        """Read, stop, hear again, rename or delete anybody's conversation."""
        reference = self.any_place()
        known = self.place_of(reference)
        path = f"conversations/~{reference}" if isinstance(reference, str) else f"conversations/{reference}"
        what = self.random.choice(["messages", "messages", "stop", "stream", "rename", "delete"])
        if what == "delete":
            answer = await self.ask("DELETE", path)
        elif what == "rename":
            answer = await self.ask("PATCH", path, {"title": self.words()})
        elif what == "messages":
            cursor = self.random.choice(["", str(self.random.randint(1, 40)), self.any("item"), self.any("cursor")])
            answer = await self.ask("GET", f"{path}/messages?limit=100&cursor={cursor}")
        else:
            heard = ("Last-Event-ID", str(self.random.choice([0, 1, 3, self.any("turn")])))
            method = "POST" if what == "stop" else "GET"
            answer = await self.ask(method, f"{path}/{what}", headers=[("Authorization", self.token), heard])
        if what == "messages" and answer.status == 422:
            return
        self.same(answer.status, 404 if known is None else 204 if what == "delete" else 200, (what, reference))
        if known is not None and what == "delete":
            self.forget(known)
        if known is not None and what == "messages" and "cursor=" in path:
            self.said(known, answer)

    def said(self, number: int, answer: Answer) -> None:
        """What a conversation holds is what this user said there."""
        texts = [one["text"] for one in answer.json["messages"] if one["role"] == "user"]
        self.same(texts, self.conversations[number][-50:], f"conversation {number}")

    async def chatkit(self) -> None:
        """A request of ChatKit about anybody's thread."""
        thread = self.any("thread")
        known = self.place_of(thread)
        message = {"content": [{"type": "input_text", "text": f"salam {self.mark}"}], "attachments": []}
        message["inference_options"] = {}
        asked: list[tuple[str, dict[str, Any]]] = [
            ("threads.list", {"after": self.any("thread")} if self.random.random() < 0.5 else {}),
            ("threads.get_by_id", {"thread_id": thread}),
            ("items.list", {"thread_id": thread, "after": self.any("item")}),
            ("items.feedback", {"thread_id": thread, "item_ids": [self.any("item")], "kind": "positive"}),
            ("threads.add_user_message", {"thread_id": thread, "input": message}),
            ("threads.update", {"thread_id": thread, "title": self.words()}),
            ("threads.delete", {"thread_id": thread}),
            ("threads.retry_after_item", {"thread_id": f"{thread}", "item_id": self.any("item")}),
            ("threads.add_structured_input", {"thread_id": thread, "item_id": self.any("item"), "input": {}}),
            ("threads.custom_action", {"thread_id": thread, "item_id": self.any("item"), "action": self.action()}),
        ]
        kind, params = self.random.choice(asked)
        if known is not None and kind in ("threads.retry_after_item", "threads.custom_action"):
            return
        answer = await self.ask("POST", "chatkit", {"type": kind, "params": params})
        if kind == "threads.list":
            return
        if known is None:
            self.same(answer.status in (404, 422), True, (kind, params, answer.status))
        elif kind == "threads.add_user_message":
            self.same(answer.status, 200, (kind, params))
            self.conversations[known].append(f"salam {self.mark}")
        elif kind == "threads.delete":
            self.same(answer.status, 200, (kind, params))
            self.forget(known)

    def action(self) -> dict[str, Any]:
        """A click on a task of this number."""
        return {"type": "task.complete", "payload": {"task_id": self.random.randint(1, 9)}}

    async def mcp(self) -> None:
        """What else MCP has: another's task as a resource, another's history, another's name as an argument."""
        number, reference = self.random.randint(1, self.made + 3), self.any_place()
        other = self.random.choice(self.shared.people).user
        match self.random.randrange(4):
            case 0:
                read = await self.rpc("resources/read", {"uri": f"munshi://tasks/{number}"})
                self.same("result" in read, number in self.tasks, f"resource {number}")
            case 1:
                asked = {"name": "fetch_chat_history", "arguments": {"conversation_id": reference, "limit": 100}}
                result = (await self.rpc("tools/call", asked))["result"]
                self.same(result["isError"], self.place_of(reference) is None, asked)
            case 2:
                asked: dict[str, Any] = {"name": "add_task", "arguments": {"title": self.words(), "user_id": other}}
                if not (await self.rpc("tools/call", asked))["result"]["isError"]:
                    self.expect(asked["name"], asked["arguments"], f"tool-{self.step}")
            case _:
                await self.rpc("resources/list", {"cursor": self.any("cursor")})

    async def rpc(self, method: str, params: dict[str, Any]) -> Any:
        """One message of MCP, under anybody's session."""
        headers = [("Authorization", self.token), ("Mcp-Session-Id", self.any("turn")), ("Accept", "application/json")]
        headers += [("X-User-Id", self.random.choice(self.shared.people).user)]
        body = {"jsonrpc": "2.0", "id": self.step, "method": method, "params": params}
        return (await self.ask("POST", "/mcp", body, headers=headers)).json

    async def trespass(self) -> None:
        """Another's path, with this user's token, with none, or with both tokens."""
        other = self.random.choice([person for person in self.shared.people if person is not self])
        owner = self.random.choice([other.user, other.user.replace("z", "%7A"), other.user + "%00", other.user + "/"])
        mine, theirs = ("Authorization", self.token), ("Authorization", other.token[:-3] + "AAA")
        headers, status = self.random.choice([([mine], 403), ([], 401), ([theirs], 401), ([mine, theirs], 401)])
        name, arguments = self.tool_call()
        asked = self.random.choice(
            [
                route(name, arguments),
                ("POST", "chat", {"message": f"{self.words()} add karo", "conversation_id": self.any_place()}),
                ("GET", f"conversations/{self.any_place()}/messages", None),
                ("POST", "chatkit", {"type": "threads.list", "params": {}}),
            ]
        )
        method, path, body = asked
        answer = await self.ask(method, path, body, owner=owner, headers=headers)
        self.same(answer.status, status, (asked, owner))

    async def end(self) -> None:
        """Everything that is there is what the model says."""
        listed = (await self.ask("GET", "tasks?limit=200")).json
        there = {task["task_id"]: (task["title"], task["status"] == "completed") for task in listed["tasks"]}
        self.same(there, self.tasks, "the tasks at the end")
        places = (await self.ask("GET", "conversations?limit=100")).json["conversations"]
        self.same({place["id"] for place in places}, self.conversations.keys(), "the conversations at the end")
        for number in self.conversations:
            self.said(number, await self.ask("GET", f"conversations/{number}/messages?limit=100"))
        self.wire.close()

    async def act(self, requests: int) -> None:
        """Random moves until all together have asked so often, and the look at the end."""
        moves = [self.tool] * 6 + [self.chat] * 5 + [self.place_touched] * 3 + [self.chatkit] * 2
        moves += [self.places_read, self.places_read, self.mcp, self.mcp, self.trespass, self.trespass]
        while self.shared.counts.total() < requests:
            await self.random.choice(moves)()
        await self.end()


async def fuzz(service: Service, requests: int, users: int, seed: int) -> Shared:
    """So many requests by so many users at once. Raises Breach."""
    shared = Shared(seed)
    shared.people = [Person(shared, service, number) for number in range(users)]
    async with asyncio.TaskGroup() as group:
        for person in shared.people:
            group.create_task(person.act(requests))
    return shared


def main() -> int:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), **QUIET) as service:
        began = time.monotonic()
        try:
            shared = asyncio.run(fuzz(service, asked.requests, asked.users, asked.seed))
        except ExceptionGroup as breaches:
            print(f"after {time.monotonic() - began:.1f} s: {breaches.exceptions[0]!r}")
            return 1
        spent = time.monotonic() - began
    for what, count in sorted(shared.counts.items()):
        print(f"{count:7}  {what}")
    total = shared.counts.total()
    print(f"{total} requests of {asked.users} users, {total / spent:.0f}/s; nothing of another was seen or changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
