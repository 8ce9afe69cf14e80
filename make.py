"""Builds .venv in this checkout and does one thing in it.

python3 make.py run     serve Munshi; what follows goes to `munshi serve` (--host, --port)
python3 make.py test    lint, types, import contracts and tests; what follows goes to pytest
python3 make.py lock    write the lock files anew from pyproject.toml
"""

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / "python")
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}
PIP = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
OLDEST = (3, 11)


def run(arguments: list[str]) -> int:
    """Serve on the embedded default."""
    install("run")
    return call(str(BIN / "munshi"), "serve", *arguments)


def test(arguments: list[str]) -> int:
    """Everything that must hold; the first failure ends it."""
    install("test")
    return (
        call(PYTHON, "-m", "ruff", "check", ".")
        or call(PYTHON, "-m", "ruff", "format", "--check", ".")
        or call(PYTHON, "-m", "mypy")
        or call(str(BIN / "lint-imports"))
        or call(PYTHON, "-m", "pytest", *arguments)
    )


def lock(_: list[str]) -> int:
    """Pin every package with its hashes; no registry is named."""
    install("test")
    if call(*PIP, "pip-tools"):
        return 1
    compile_lock = [
        PYTHON,
        "-m",
        "piptools",
        "compile",
        "--quiet",
        "--generate-hashes",
        "--allow-unsafe",
        "--strip-extras",
    ]
    compile_lock += [
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--no-emit-trusted-host",
        "--no-header",
        "--no-annotate",
    ]
    compile_lock += ["--build-deps-for=editable", "pyproject.toml"]
    return call(*compile_lock, "-o", "requirements.lock") or call(
        *compile_lock, "--extra=dev", "--constraint=requirements.lock", "-o", "requirements-dev.lock"
    )


def install(kind: str) -> None:
    """Make .venv hold what the lock says; nothing happens when it does already."""
    wanted = hashlib.sha256(LOCKS[kind].read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"installed-{kind}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not Path(PYTHON).exists():
        print("Making .venv …", flush=True)
        venv.EnvBuilder(with_pip=True).create(VENV)
    print(f"Installing {LOCKS[kind].name} …", flush=True)
    if call(*PIP, "--require-hashes", "-r", str(LOCKS[kind])) or call(
        *PIP, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)
    ):
        sys.exit("The installation failed; the lines above say why.")
    stamp.write_text(wanted)


def call(*command: str) -> int:
    """Run a command in the checkout; its exit code."""
    try:
        return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603  commands of this file
    except KeyboardInterrupt:
        return 130


COMMANDS: dict[str, Callable[[list[str]], int]] = {"run": run, "test": test, "lock": lock}

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(f"Munshi needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
    name, *rest = sys.argv[1:] or [""]
    sys.exit(COMMANDS[name](rest) if name in COMMANDS else __doc__)
