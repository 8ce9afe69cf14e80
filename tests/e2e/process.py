"""The real `munshi serve` as a process of its own, and a client that speaks to it over a socket."""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import httpx2

from entrypoints.settings import read_settings
from entrypoints.wiring import issue_token

COMMAND = [sys.executable, "-m", "entrypoints.cli"]
# Plain HTTP: reading the machine's certificates for each client would take longer than most tests.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PATIENCE = 30.0  # seconds; on a busy machine the first ChatKit request alone imports for many
QUIET = (
    *("LOG_", "METRICS_", "OTEL_", "OPENAI_", "JWT_", "JWKS_", "DATABASE_", "REDIS_", "CORS_", "RATE_", "ASSISTANT_"),
    *("CHATKIT_", "TIMEZONE", "DATA_DIR"),
)


def munshi(*arguments: str, data_dir: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data_dir, settings),
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


def environment(data_dir: Path, settings: dict[str, str]) -> dict[str, str]:
    """This process's environment without Munshi's settings, and with those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(QUIET)}
    return {**kept, "DATA_DIR": str(data_dir), **settings}


@dataclass
class Service:
    """A running service, and the token of each user."""

    address: str
    ready_line: str
    data_dir: Path
    settings: dict[str, str]
    open_clients: list[httpx2.Client] = field(default_factory=list)

    def client(self, user: str) -> "UserClient":
        """A client that speaks for this user."""
        token = issue_token(read_settings(environment(self.data_dir, self.settings)), user, timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}"}
        http = httpx2.Client(base_url=self.address, headers=headers, verify=NO_TLS, timeout=PATIENCE)
        self.open_clients.append(http)
        return UserClient(http, user)

    def close(self) -> None:
        """Close every client."""
        for http in self.open_clients:
            http.close()


@dataclass
class UserClient:
    """One user's HTTP client."""

    http: httpx2.Client
    user: str

    def chat(self, message: str, conversation: int | str | None = None, **headers: str) -> dict[str, Any]:
        """One turn, whole."""
        answer = self.post("chat", {"message": message, "conversation_id": conversation}, **headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def post(self, path: str, body: object = None, **headers: str) -> httpx2.Response:
        """A POST below the user's path."""
        return self.http.post(f"/api/{self.user}/{path}", json=body, headers=headers)

    def get(self, path: str, **params: str | int) -> httpx2.Response:
        """A GET below the user's path."""
        return self.http.get(f"/api/{self.user}/{path}", params=params)

    def stream(self, message: str, conversation: int | str | None = None) -> list[tuple[str, dict[str, Any]]]:
        """One turn, as its events."""
        body = {"message": message, "conversation_id": conversation}
        with self.http.stream("POST", f"/api/{self.user}/chat/stream", json=body) as answer:
            assert answer.status_code == 200
            return list(events(answer.iter_lines()))

    def titles(self) -> list[str]:
        """The titles of the user's tasks."""
        return [task["title"] for task in self.get("tasks").json()["tasks"]]


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The named events of a Server-Sent-Events stream."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


@contextmanager
def serving(data_dir: Path, errors: IO[bytes] | int | None = None, **settings: str) -> Iterator[Service]:
    """A service on a free port as long as the block lasts; what it writes to stderr goes to `errors`."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        env=environment(data_dir, settings),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    assert process.stdout
    try:
        ready = process.stdout.readline()
        assert ready.startswith("Munshi is ready: "), ready
        address = ready.removeprefix("Munshi is ready: ").strip().partition("/#")[0].rstrip("/")
        service = Service(address, ready, data_dir, settings)
        yield service
        service.close()
    finally:
        process.terminate()
        process.wait(timeout=40)
        process.stdout.close()
        if process.stderr:
            process.stderr.close()
