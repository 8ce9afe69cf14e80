"""One key from many clients at once, on both routes, at two processes and after restarts: one turn, one effect."""

import itertools
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import httpx2
from bench.faults.audit import audit
from bench.faults.load import NO_TLS, PATIENCE, Heard, Said, Speaker, figures, settle, together
from bench.faults.models import obedient
from bench.faults.processes import Site, serving, site
from tests.doubles.openai_server import running

CLIENTS = 16
PIECE = 0.005
OTHER_WORDS = "mere tasks dikhao"


def idempotency(engine: str, data_dir: Path, runs: int, *, processes: int = 2, each: int = 10) -> dict[str, Any]:
    """So many keys, each asked by all clients at once; the processes start anew after every `each` of them."""
    with ExitStack() as stack:
        model = stack.enter_context(running(obedient(PIECE)))
        keys = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": model.base_url}
        at = stack.enter_context(site(engine, data_dir, **keys))
        clients = [Speaker("ali", device, at.token("ali"), Random(device)) for device in range(CLIENTS)]
        for first in range(0, runs, each):
            _under_one_start(at, clients, range(first, min(first + each, runs)), processes)
        mismatched = [heard for one in clients for heard in one.heard if heard.status == 422]
        return {
            "keys": runs,
            "clients at once": CLIENTS,
            "processes": processes,
            "told of another body": len(mismatched),
            **figures(clients),
            "tracebacks": at.complaints(),
            "broken": _broken(clients, runs) + audit(at.url, clients),
        }


def _under_one_start(at: Site, clients: list[Speaker], numbers: range, processes: int) -> None:
    with ExitStack() as stack:
        addresses = [stack.enter_context(serving(at)).address for _ in range(processes)]
        for number in numbers:
            together([threading.Thread(target=_ask, args=(one, addresses, number)) for one in clients])
        # Of the start before this one too: whoever comes late is told the same.
        settle(clients, addresses, asked_again=2 * len(numbers))


def _ask(one: Speaker, addresses: list[str], number: int) -> None:
    said = Said(f"key-{number}", f"Add a task: kitaab {'ab' * (number + 1)}", f"c{number}", one.device % 2 == 0)
    other = Said(said.key, OTHER_WORDS, said.conversation, said.is_streamed)
    one.said[said.key] = said
    with httpx2.Client(timeout=PATIENCE, verify=NO_TLS) as http:
        for attempt in itertools.count(one.device):
            if one.ask(http, addresses[attempt % len(addresses)], said):
                break
            time.sleep(0.01)
        heard = one.request(http, addresses[0], other)
        one.heard.append(heard)
        if (heard.status, heard.body.get("code")) != (422, "idempotency_mismatch"):
            one.faults.append(f"another body under {said.key} was answered {heard.status} {heard.body}")


def _broken(clients: list[Speaker], runs: int) -> list[str]:
    """Everybody was told the same, and those who came too early when to come again."""
    bodies = {(key, str(body)) for one in clients for key, body in one.answered.items()}
    early: list[Heard] = [heard for one in clients for heard in one.heard if heard.status == 409]
    faults = [f"{len(bodies)} answers were told for {runs} keys"] if len(bodies) != runs else []
    return faults + (["nobody came while a turn ran: nothing was shown"] if not early else [])
