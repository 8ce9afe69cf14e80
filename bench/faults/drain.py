"""SIGTERM in the middle of a load: what runs ends within a bound, or is closed honestly, and nothing is lost."""

import random
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.faults.audit import audit
from bench.faults.load import Speaker, figures, settle, speakers, talking
from bench.faults.models import obedient
from bench.faults.processes import Site, serving, site
from tests.doubles.openai_server import running

PIECE = 0.02
WORDS = 100
"""Of a stream that ends within the bound; another says as many and never ends."""
TICK = 0.2
"""Seconds in which the process notices the signal; uvicorn looks every 0.1."""


def drain(
    engine: str, data_dir: Path, runs: int, *, bound: float = 5.0, grace: float = 10.0, seed: int = 7
) -> dict[str, Any]:
    """Drain so many times under a load with a slow model; the figures, with every broken promise under "broken".

    `grace`: seconds beyond the bound for what is cancelled to be written down and connections to close.
    """
    with ExitStack() as stack:
        model = stack.enter_context(running(obedient(PIECE)))
        keys = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url, "ASSISTANT_TIMEOUT": "600"}
        at = stack.enter_context(site(engine, data_dir, DRAIN_TIMEOUT=f"{bound:g}", **keys))
        people = speakers(at, 4, 2, seed)
        for one in people[:2]:
            one.says = lambda _, turn: f"Bolo {turn} {WORDS} endless"
        for one in people[2:4]:
            one.says = lambda _, turn: f"Bolo {turn} {WORDS} words"
        choice = random.Random(seed)
        ends = [_drained(at, people, choice) for _ in range(runs)]
        for one in people[:2]:  # what would never end is given up, and only what was done has to be there
            one.open.clear()
        with serving(at) as process:
            settle(people, [process.address])
        broken = [fault for end in ends for fault in end["broken"]]
        seconds = sorted(end["seconds"] for end in ends)
        if seconds[-1] > bound + grace:
            broken.append(f"a process took {seconds[-1]:.1f} s to end")
        return {
            "drained": runs,
            "bound, s": bound,
            "ended after, s (median, longest)": f"{seconds[len(seconds) // 2]:.1f}, {seconds[-1]:.1f}",
            "closed before their end, told so": sum(end["closed"] for end in ends),
            "ran to their end after the signal": sum(end["finished"] for end in ends),
            "came during the drain, turned away": sum(end["refused"] for end in ends),
            **figures(people),
            "tracebacks": at.complaints(),
            "broken": broken + audit(at.url, people),
        }


def _drained(at: Site, people: list[Speaker], choice: random.Random) -> dict[str, Any]:
    began = time.monotonic()
    with serving(at) as process, talking(people, [process.address]) as over:
        time.sleep(choice.uniform(0.5, 3))
        asked = time.monotonic()
        code, seconds = process.drain()
        over.set()
    heard = [heard for one in people for heard in one.heard if heard.asked + heard.seconds > asked]
    before = [one for one in heard if one.asked < asked]
    late = [one for one in heard if one.asked > asked + TICK and one.status == 200]
    cut = [moment for one in people for moment in one.cut if began < moment < asked]
    broken = [f"exit code {code}"] if code else []
    broken += [f"{len(late)} turns were begun during the drain"] if late else []
    broken += [f"{len(cut)} requests under way were cut without a word"] if cut else []
    return {
        "seconds": seconds,
        "closed": sum(one.status == 503 for one in before),
        "finished": sum(one.status == 200 for one in before),
        "refused": sum(moment >= asked for one in people for moment in one.cut)
        + sum(one.status == 503 and one.asked >= asked for one in heard),
        "broken": broken,
    }
