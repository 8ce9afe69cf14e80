"""Builds .venv in this checkout and does one thing in it.

python3 make.py run     serve Munshi; what follows goes to `munshi serve` (--host, --port)
python3 make.py test    lint, types, import contracts and tests; what follows goes to pytest
python3 make.py bench   run a program of bench/ with what it compares against; first its name, then its arguments
python3 make.py page    build the page from web/; the two above do it too, where Node is installed
python3 make.py lock    write the lock files anew from pyproject.toml and bench/reference.in
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BENCH_VENV = ROOT / ".venv-bench"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
BIN = VENV / SCRIPTS
PYTHON, BENCH_PYTHON = str(BIN / "python"), str(BENCH_VENV / SCRIPTS / "python")
LOCKS = {kind: ROOT / f"requirements{end}.lock" for kind, end in (("run", ""), ("test", "-dev"), ("bench", "-bench"))}
PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
FAILED = "The installation failed; the lines above say why."
OLDEST = (3, 11)
WEB = ROOT / "web"
BUILT = ROOT / "src" / "entrypoints" / "http" / "page" / "built"
OLDEST_NODE = (20, 19)
NPM_CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]


def run(arguments: list[str]) -> int:
    """Serve on the embedded default; without Node the page is a notice that says how to build it."""
    install("run")
    page([])
    return call(str(BIN / "munshi"), "serve", *arguments)


def test(arguments: list[str]) -> int:
    """Everything that must hold; the first failure ends it."""
    install("test")
    return (
        (page([]) or npm("run", "check") if has_node() else 0)
        or call(PYTHON, "-m", "ruff", "check", ".")
        or call(PYTHON, "-m", "ruff", "format", "--check", ".")
        or call(PYTHON, "-m", "mypy")
        or call(str(BIN / "lint-imports"))
        or pytest(arguments)
    )


def pytest(arguments: list[str]) -> int:
    """The tests: those that are asked for, or all, side by side, and then the page's, which need the machine."""
    if arguments:
        return call(PYTHON, "-m", "pytest", "-rs", *arguments)
    workers = (os.cpu_count() or 1) + 1  # one more than there are cores: many a test waits for a process to start
    beside = ["-n", str(workers), "--dist", "loadfile", "--ignore", "tests/browser"]
    return call(PYTHON, "-m", "pytest", "-rs", *beside) or call(PYTHON, "-m", "pytest", "-rs", "tests/browser")


def bench(arguments: list[str]) -> int:
    """One of the programs of bench/; turns are compared with a reference, whose packages have a place of their own."""
    install("test")
    name, *rest = arguments or [""]
    if not name or not any((ROOT / "bench" / f"{name}{end}").exists() for end in (".py", "/__main__.py")):
        sys.exit(f"There is no bench {name!r}; see bench/.")
    if name == "turns":
        install_apart()
        rest = ["--python", BENCH_PYTHON, *rest]
    return call(PYTHON, "-m", f"bench.{name}", *rest)


def page(_: list[str]) -> int:
    """Build the page that Munshi serves at `/`; nothing happens when it is built already."""
    if not has_node():
        needed = ".".join(map(str, OLDEST_NODE))
        if not BUILT.exists():
            print(f"The page is not built: that needs Node {needed} or newer with npm, then `python3 make.py page`.")
        return 1
    lock_file = WEB / "package-lock.json"
    return once(WEB / "node_modules" / "installed", [lock_file], "Installing web/package-lock.json …", *NPM_CI) or once(
        BUILT / "built", page_sources(), "Building the page …", "run", "build"
    )


def has_node() -> bool:
    """Whether npm is here, with a Node that is new enough to build the page."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, check=False, text=True).stdout  # noqa: S603
    return tuple(map(int, re.findall(r"\d+", told)[:2])) >= OLDEST_NODE


def page_sources() -> list[Path]:
    """What the page is built from; it tells languages by the small words that the server does."""
    own = [path for path in [*WEB.glob("*.*"), *(WEB / "src").rglob("*.*")] if path.is_file()]
    return sorted([*own, ROOT / "src" / "domain" / "urdu" / "talk.toml"])


def once(stamp: Path, sources: list[Path], told: str, *arguments: str) -> int:
    """Run npm unless it ran on the very same sources; its exit code."""
    digest = hashlib.sha256()
    for path in sources:
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return 0
    print(told, flush=True)
    failed = npm(*arguments)
    if not failed:
        stamp.write_text(digest.hexdigest())
    return failed


def npm(*arguments: str) -> int:
    """Run npm in web/; its exit code. What it says is shown when it fails."""
    command = [shutil.which("npm") or "npm", *arguments]
    ended = subprocess.run(command, cwd=WEB, capture_output=True, check=False, text=True)  # noqa: S603
    if ended.returncode:
        print(ended.stdout + ended.stderr, f"`npm {' '.join(arguments)}` in web/ failed.", sep="", file=sys.stderr)
    return ended.returncode


def lock(_: list[str]) -> int:
    """Pin every package with its hashes; no registry is named."""
    install("test")
    if call(PYTHON, *PIP, "pip-tools"):
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
    ours = ["--build-deps-for=editable", "pyproject.toml"]
    return (
        call(*compile_lock, *ours, "-o", "requirements.lock")
        or call(*compile_lock, *ours, "--extra=dev", "--constraint=requirements.lock", "-o", "requirements-dev.lock")
        or call(*compile_lock, "bench/reference.in", "-o", "requirements-bench.lock")
    )


def install(kind: str) -> None:
    """Make .venv hold what the lock says; nothing happens when it does already."""
    wanted = hashlib.sha256(LOCKS[kind].read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"installed-{kind}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    make_venv(VENV)
    install_lock(PYTHON, LOCKS[kind])
    if call(PYTHON, *PIP, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)):
        sys.exit(FAILED)
    stamp.write_text(wanted)


def install_apart() -> None:
    """Make .venv-bench hold what its lock says."""
    wanted, stamp = LOCKS["bench"].read_text(), BENCH_VENV / "installed"
    if not (stamp.exists() and stamp.read_text() == wanted):
        make_venv(BENCH_VENV)
        install_lock(BENCH_PYTHON, LOCKS["bench"])
        stamp.write_text(wanted)


def make_venv(place: Path) -> None:
    """An environment with pip, unless there is one."""
    if not (place / SCRIPTS).exists():
        print(f"Making {place.name} …", flush=True)
        venv.EnvBuilder(with_pip=True).create(place)


def install_lock(python: str, lock_file: Path) -> None:
    """Install exactly what a lock names."""
    print(f"Installing {lock_file.name} …", flush=True)
    if call(python, *PIP, "--require-hashes", "-r", str(lock_file)):
        sys.exit(FAILED)


def call(*command: str) -> int:
    """Run a command in the checkout; its exit code."""
    try:
        return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603  commands of this file
    except KeyboardInterrupt:
        return 130


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "bench": bench,
    "page": page,
    "lock": lock,
}

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(f"Munshi needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
    # Where Python is told to keep no compiled modules, each start would compile them all, and take twice as long.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    name, *rest = sys.argv[1:] or [""]
    sys.exit(COMMANDS[name](rest) if name in COMMANDS else __doc__)
