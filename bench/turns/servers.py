"""The servers that are measured, each a process of its own."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret of the bench that is long enough"
OURS = ("OPENAI_", "JWT_", "JWKS_", "DATABASE_", "REDIS_", "CORS_", "RATE_", "ASSISTANT_", "TIMEZONE", "DATA_DIR")
READY_SECONDS = 60.0


@dataclass
class Server:
    """A running server: where it listens, which process it is, how soon it was ready."""

    name: str
    url: str
    pid: int
    ready: float


@dataclass
class Rig:
    """How servers are started; each gets a folder of its own below `folder`, and everything ends with `stack`."""

    tools: Path
    python: str
    folder: Path
    stack: ExitStack

    def munshi(self, name: str = "munshi", module: str = "entrypoints.cli", **settings: str) -> Server:
        """The real command with its default settings, but for a rate that does not end the run."""
        given = {"DATA_DIR": str(self.folder / name), "JWT_SECRET_KEY": SECRET, "RATE_LIMIT": "100000000/minute"}
        command = [sys.executable, "-m", module, "serve", "--port", str(port := free_port())]
        return self._start(name, command, port, ROOT, given | settings)

    def munshi_sdk(self, model: str, name: str = "munshi-sdk", **settings: str) -> Server:
        """The same with a key, against a model's server."""
        return self.munshi(name, OPENAI_API_KEY="x", OPENAI_BASE_URL=model, **settings)

    def bare(self) -> Server:
        """The limit."""
        command = [sys.executable, "-m", "bench.turns.bare", str(port := free_port())]
        return self._start("bare", command, port, ROOT, {"JWT_SECRET_KEY": SECRET})

    def reference(self, name: str = "reference", **settings: str) -> Server | None:
        """The contract in the tutorial style, in its favour without an access log; None where it is not here."""
        if not self.has_reference:
            return None
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        given = {"JWT_SECRET": SECRET, "DATABASE_URL": f"sqlite:///{self.folder / name / 'ref.db'}"}
        command = [self.python, "-m", "uvicorn", "--app-dir", str(self.tools), "ref_fastapi:app", "--no-access-log"]
        command += ["--log-level", "warning", "--port", str(port := free_port())]
        return self._start(name, command, port, self.folder, given | settings)

    def reference_sdk(self, model: str) -> Server | None:
        """The same with the SDK used in the usual way."""
        return self.reference("reference-sdk", OPENAI_API_KEY="x", OPENAI_BASE_URL=model)

    @property
    def has_reference(self) -> bool:
        """Whether the reference and its packages are here."""
        needed = "import fastapi, sqlmodel, jwt, agents, uvicorn"
        return (self.tools / "ref_fastapi.py").exists() and not subprocess.run(
            [self.python, "-c", needed], capture_output=True, check=False
        ).returncode

    def model(self) -> str:
        """A model without latency; its base URL."""
        command = [sys.executable, str(self.tools / "fake_openai.py"), "--port", str(port := free_port())]
        return self._start("model", command, port, self.folder, {}).url + "/v1"

    def _start(self, name: str, command: list[str], port: int, where: Path, given: dict[str, str]) -> Server:
        log = self.stack.enter_context((self.folder / f"{name}-{port}.log").open("w"))
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=environment(given), cwd=where, stdout=log, stderr=log)
        self.stack.callback(_end, process)
        url = f"http://127.0.0.1:{port}"
        while not _answers(url):
            if process.poll() is not None or time.perf_counter() - begun > READY_SECONDS:
                raise RuntimeError(f"{name} did not start: {Path(log.name).read_text()[-2000:]}")
            time.sleep(0.01)
        return Server(name, url, process.pid, time.perf_counter() - begun)


@contextmanager
def rig(tools: Path, python: str) -> Iterator[Rig]:
    """A rig whose servers and files are gone after the block."""
    with tempfile.TemporaryDirectory(prefix="munshi-bench-") as folder, ExitStack() as stack:
        yield Rig(tools, python, Path(folder), stack)


def configure(model: str, **options: float) -> None:
    """Set the pace of the model's server."""
    control = model.removesuffix("/v1") + "/_fake/config"
    request = urllib.request.Request(control, json.dumps(options).encode(), method="POST")
    urllib.request.urlopen(request, timeout=10).close()


def environment(given: dict[str, str]) -> dict[str, str]:
    """This process's environment with these settings and none of Munshi's besides."""
    return {key: value for key, value in os.environ.items() if not key.startswith(OURS)} | given


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url + "/api/health", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
