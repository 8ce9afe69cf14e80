"""SIGKILL at random points of a scripted load, again and again on one database."""

import random
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.faults.audit import audit
from bench.faults.load import Speaker, figures, settle, speakers, talking
from bench.faults.models import obedient
from bench.faults.processes import Process, Site, serving, site, started
from tests.doubles.openai_server import running

EARLIEST, LATEST = 0.02, 0.5
PAUSE = 0.004


def kill(
    engine: str,
    data_dir: Path,
    runs: int,
    *,
    processes: int = 1,
    assistant: str = "offline",
    users: int = 4,
    seed: int = 7,
) -> dict[str, Any]:
    """Kill so many times; the figures, with every broken promise under "broken"."""
    with ExitStack() as stack:
        model = stack.enter_context(running(obedient(PAUSE))) if assistant == "openai" else None
        keys = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url} if model else {}
        at = stack.enter_context(site(engine, data_dir, **keys))
        people = speakers(at, users, 2, seed)
        kills(at, people, runs, processes, seed)
        under_way = sum(len(one.open) for one in people)
        with serving(at) as first, serving(at) as second:
            settle(people, [first.address, second.address][:processes])
        return {
            "killed": runs,
            "processes": processes,
            "assistant": assistant,
            "left unanswered by kills": under_way,
            **figures(people),
            "tracebacks": at.complaints(),
            "broken": audit(at.url, people),
        }


def kills(at: Site, people: Sequence[Speaker], runs: int, processes: int = 1, seed: int = 7) -> None:
    """Kill some of the processes at a random moment of the load, start as many again, and so on."""
    alive: list[Process] = []
    choice = random.Random(seed)
    try:
        for _ in range(runs):
            alive += [started(at) for _ in range(processes - len(alive))]
            with talking(people, [one.address for one in alive]):
                time.sleep(choice.uniform(EARLIEST, LATEST))
                for one in choice.sample(alive, choice.randint(1, len(alive))):
                    alive.remove(one)
                    one.kill()
    finally:
        for one in alive:
            one.kill()
