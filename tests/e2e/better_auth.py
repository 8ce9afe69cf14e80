"""A real Better Auth on Node, configured as the README says, and people who sign up at it."""

import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.e2e.process import NO_TLS

PACKAGE = Path(__file__).parents[1] / "better_auth"
README = (Path(__file__).parents[2] / "README.md").read_text()
SERVER, PAGE = re.findall(r"```js\n(.*?)```", README, re.DOTALL)
OLDEST_NODE = (20, 19)
PATIENCE = 60  # seconds for an answer, on a machine that is busy
ENVIRONMENT = {"BETTER_AUTH_TELEMETRY": "0", "BETTER_AUTH_SECRET": secrets.token_hex(32), "NODE_ENV": "test"}


def node() -> str:
    """Node with Better Auth installed; where there is none the test is skipped, and fails in CI."""
    if why := _missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"Better Auth was not tried: {why}.")
    return shutil.which("node") or "node"


def _missing() -> str:
    found, npm = shutil.which("node"), shutil.which("npm")
    if not found or not npm:
        return "no Node with npm here"
    told = subprocess.run([found, "--version"], capture_output=True, check=True, text=True).stdout.strip()
    if tuple(map(int, re.findall(r"\d+", told)[:2])) < OLDEST_NODE:
        return f"Node is {told}, older than {'.'.join(map(str, OLDEST_NODE))}"
    return _install(npm)


def _install(npm: str) -> str:
    """Install the package once; why that failed, or nothing."""
    wanted = hashlib.sha256((PACKAGE / "package-lock.json").read_bytes()).hexdigest()
    stamp = PACKAGE / "node_modules" / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    ended = subprocess.run([npm, *arguments], cwd=PACKAGE, capture_output=True, check=False, text=True, timeout=300)
    if ended.returncode:
        return f"`npm ci` in tests/better_auth failed: {ended.stderr.strip()[-500:]}"
    stamp.write_text(wanted)
    return ""


@dataclass
class BetterAuth:
    """A running server; `address` is its base URL."""

    address: str
    process: subprocess.Popen[str]

    @property
    def jwks_url(self) -> str:
        return f"{self.address}/api/auth/jwks"

    def stop(self) -> None:
        self.process.communicate(timeout=20)

    def sign_up(self, name: str = "{}") -> "Person":
        """A new person, signed in by signing up."""
        email = f"{secrets.token_hex(6)}@people.example"
        given = {"email": email, "password": secrets.token_urlsafe(12), "name": name}
        answer = httpx2.post(
            f"{self.address}/api/auth/sign-up/email", json=given, verify=NO_TLS, timeout=PATIENCE
        ).raise_for_status()
        cookies = {cookie.name: str(cookie.value) for cookie in answer.cookies.jar}
        return Person(answer.json()["user"]["id"], email, answer.headers["set-auth-token"], cookies, self.address)


@dataclass
class Person:
    """Somebody with a session at Better Auth: its opaque token, signed, and its cookies."""

    id: str
    email: str
    session: str
    cookies: dict[str, str]
    issuer: str

    def token(self) -> str:
        """A fresh token, by the session's cookie."""
        return self._token(cookies=self.cookies)

    def token_without_cookies(self) -> str:
        """A fresh token, by the session's own token, as clients without cookies get one."""
        return self._token(headers={"Authorization": f"Bearer {self.session}"})

    def _token(self, **credentials: dict[str, str]) -> str:
        answer = httpx2.get(f"{self.issuer}/api/auth/token", verify=NO_TLS, timeout=PATIENCE, **credentials)
        return str(answer.raise_for_status().json()["token"])


@contextmanager
def better_auth(folder: Path, jwt: str = "", session: str = "") -> Iterator[BetterAuth]:
    """The README's server, with options of the JWT plugin and of sessions where a test needs some."""
    changed = SERVER.replace("jwt()", f"jwt({jwt})").replace(
        "plugins:", f"session: {session},\n  plugins:" if session else "plugins:"
    )
    process = subprocess.Popen(
        [node(), PACKAGE / "server.mjs", written(folder, "auth.mjs", changed)],
        env=os.environ | ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), address
    try:
        yield BetterAuth(address, process)
    finally:
        if process.poll() is None:
            process.communicate(timeout=20)


def talk_from_a_page(folder: Path, issuer: BetterAuth, munshi: str, email: str, message: str) -> dict[str, Any]:
    """What the README's page hears when somebody signs up, signs in, and says something."""
    changed = PAGE.replace("https://app.example", issuer.address).replace("https://munshi.example", munshi)
    ended = subprocess.run(
        [node(), PACKAGE / "page.mjs", written(folder, "page.mjs", changed), email, secrets.token_urlsafe(12), message],
        env=os.environ | {"BETTER_AUTH_URL": issuer.address},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return dict(json.loads(ended.stdout))


def written(folder: Path, name: str, source: str) -> Path:
    """The file, beside what it imports."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(PACKAGE / "node_modules")
        shutil.copy(PACKAGE / "database.mjs", folder)
    path = folder / name
    path.write_text(source)
    return path
