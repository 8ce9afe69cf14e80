"""A scripted load: people who talk until nobody answers, and ask again under the same key what was not answered."""

import json
import random
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
from bench.faults.processes import Site
from tests.e2e.process import events

# Plain HTTP: reading the machine's certificates for each client would take longer than a run.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PATIENCE = 60.0
"""Seconds after which an unanswered key counts as never settled."""
PAUSE = 0.05
OPEN_MAX = 3
"""Unanswered messages after which a person says nothing new."""
Body = dict[str, Any]
numbers = count(1)


@dataclass(frozen=True)
class Said:
    """One message, under its key."""

    key: str
    message: str
    conversation: str
    is_streamed: bool


@dataclass(frozen=True)
class Heard:
    """How a request was answered: its status or its stream's, its body, when it was asked, and how long it took."""

    status: int
    body: Body
    asked: float
    seconds: float
    retry_after: str | None


@dataclass
class Speaker:
    """One person at one device. `answered` is what was acknowledged, `open` what has to be asked again.

    `cut` holds when the requests that got no answer were asked; `says` makes other messages than `sentence`.
    """

    user: str
    device: int
    token: str
    choice: random.Random
    answered: dict[str, Body] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)
    open: list[Said] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    cut: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    conversation: int = 1
    says: Callable[[random.Random, int], str] | None = None

    def talk(self, addresses: Sequence[str], over: threading.Event) -> None:
        """Say one thing after the other until it is over; who gets no answer goes on at the next address."""
        turns = self.device
        with httpx2.Client(timeout=PATIENCE, verify=NO_TLS) as http:
            while not over.is_set():
                said = self.next()
                self.said[said.key] = said
                if not self.ask(http, addresses[turns % len(addresses)], said):
                    self.open.append(said)
                    self.conversation += 1
                    turns += 1
                    over.wait(PAUSE)

    def next(self) -> Said:
        """What was left unanswered, now and then; else something new."""
        if len(self.open) > OPEN_MAX or (self.open and self.choice.random() < 0.5):
            return self.open.pop(0)
        number = next(numbers)
        message = (self.says or sentence)(self.choice, number)
        name = f"{self.device}-{self.conversation}"
        return Said(f"key-{number}", message, name, is_streamed=self.choice.random() < 0.5)

    def ask(self, http: httpx2.Client, address: str, said: Said) -> bool:
        """Ask once; whether it was acknowledged."""
        asked = time.monotonic()
        try:
            heard = self.request(http, address, said)
        except httpx2.TransportError:
            self.cut.append(asked)
            return False
        self.heard.append(heard)
        if heard.status != 200:
            if heard.status not in (409, 503) or heard.retry_after is None:
                self.faults.append(f"{said.key} was answered {heard.status} {heard.body} {heard.retry_after=}")
            return False
        before = self.answered.setdefault(said.key, heard.body)
        if before != heard.body:
            self.faults.append(f"{said.key} was answered {before} and then {heard.body}")
        return True

    def request(self, http: httpx2.Client, address: str, said: Said) -> Heard:
        """One request on either route. Raises TransportError when it is cut short."""
        asked = time.monotonic()
        body = {"message": said.message, "conversation_id": said.conversation}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": said.key}
        url = f"{address}/api/{self.user}/chat{'/stream' if said.is_streamed else ''}"
        with http.stream("POST", url, json=body, headers=headers) as answer:
            retry_after = answer.headers.get("retry-after")
            if answer.status_code == 200 and said.is_streamed:
                name, last = [("", {}), *events(answer.iter_lines())][-1]
                if name not in ("done", "error"):
                    raise httpx2.RemoteProtocolError("the stream ended early")
                status = 200 if name == "done" else last["status"]
                retry_after = retry_after or "0"  # a stream's error comes after its headers
            else:
                status, last = answer.status_code, json.loads(answer.read())
        return Heard(status, last, asked, time.monotonic() - asked, retry_after)

    def settle(self, addresses: Sequence[str], asked_again: int) -> None:
        """Ask again until every key is answered, and some that were once more: they must be told the same."""
        until = time.monotonic() + PATIENCE
        with httpx2.Client(timeout=PATIENCE, verify=NO_TLS) as http:
            while self.open and time.monotonic() < until:
                said = self.open.pop(0)
                if not self.ask(http, addresses[self.device % len(addresses)], said):
                    self.open.append(said)
                    time.sleep(PAUSE)
            for number, key in enumerate(list(self.answered)[-asked_again:]):
                self.ask(http, addresses[number % len(addresses)], self.said[key])
        self.faults += [f"{said.key} was never answered" for said in self.open]


def sentence(choice: random.Random, number: int) -> str:
    """Something to do: one change, several, all at once, taking back, or only reading."""
    return choice.choice(
        [
            *[f"Add a task: kitaab {letters(number)}"] * 5,
            f"Add tasks: doodh {letters(number)}, anda {letters(number)} aur roti {letters(number)}",
            f"delete task {choice.randint(1, 1 + number // 4)}",
            f"complete task {choice.randint(1, 1 + number // 4)}",
            "sab tasks mukammal kar do",
            "sab tasks delete kar do",
            "haan",
            "undo",
            "undo",
            "mere tasks dikhao",
        ]
    )


def letters(number: int) -> str:
    """A number as a word, which is no number of a task."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def speakers(at: Site, users: int, devices: int, seed: int) -> list[Speaker]:
    """So many people, each at so many devices at once."""
    choice = random.Random(seed)
    return [
        Speaker(f"user-{user}", device, at.token(f"user-{user}"), random.Random(choice.random()))
        for user in range(users)
        for device in range(devices)
    ]


@contextmanager
def talking(people: Sequence[Speaker], addresses: Sequence[str]) -> Iterator[threading.Event]:
    """Everybody talks as long as the block lasts, or until the event is set; all have ended after it."""
    over = threading.Event()
    threads = [threading.Thread(target=one.talk, args=(addresses, over)) for one in people]
    for thread in threads:
        thread.start()
    try:
        yield over
    finally:
        over.set()
        for thread in threads:
            thread.join()


def together(work: Sequence[threading.Thread]) -> None:
    """Run threads to their ends."""
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()


def settle(people: Sequence[Speaker], addresses: Sequence[str], asked_again: int = 200) -> None:
    """Every key of everybody is answered, and so many of the newest answers are asked for once more."""
    together([threading.Thread(target=one.settle, args=(addresses, asked_again)) for one in people])


def figures(people: Sequence[Speaker]) -> dict[str, Any]:
    """What the load came to."""
    statuses = Counter(heard.status for one in people for heard in one.heard)
    return {
        "turns acknowledged": sum(len(one.answered) for one in people),
        "requests cut": sum(len(one.cut) for one in people),
        "answers": {str(status): number for status, number in sorted(statuses.items())},
    }
