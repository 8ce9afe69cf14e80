"""Short versions of what `bench/faults` does at length: a drain, one key from many clients, a silent database."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx2
from bench.faults.drain import drain
from bench.faults.idempotency import idempotency
from bench.faults.load import NO_TLS
from bench.faults.outage import full
from bench.faults.processes import serving, site


def test_a_drained_process_ends_well_and_loses_nothing(tmp_path: Path) -> None:
    told = drain("sqlite", tmp_path, 1, bound=1, grace=60)
    assert told["broken"] == []
    assert told["tracebacks"] == []
    assert told["closed before their end, told so"] > 0
    assert told["came during the drain, turned away"] > 0


def test_one_key_from_many_clients_at_two_processes_is_one_turn(tmp_path: Path) -> None:
    assert idempotency("sqlite", tmp_path, 1)["broken"] == []


def test_a_database_that_is_held_by_another_makes_health_say_so_until_it_is_free(tmp_path: Path) -> None:
    with site("sqlite", tmp_path) as at, serving(at) as process, httpx2.Client(verify=NO_TLS, timeout=60) as http:
        with closing(sqlite3.connect(tmp_path / "munshi.sqlite3", isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            answer = http.get(f"{process.address}/api/health")
            assert (answer.status_code, answer.json()["status"]) == (503, "database")
            assert answer.headers["retry-after"] == "5"
        while http.get(f"{process.address}/api/health").status_code != 200:
            time.sleep(0.05)


def test_a_full_disk_is_told_until_there_is_room(tmp_path: Path) -> None:
    with site("sqlite", tmp_path) as at, serving(at) as process, httpx2.Client(verify=NO_TLS, timeout=60) as http:
        http.headers["Authorization"] = f"Bearer {at.token('ali')}"
        with full(process.popen.pid):
            refused = http.post(f"{process.address}/api/ali/tasks", json={"title": "doodh"})
            assert (refused.status_code, refused.json()["code"]) == (503, "storage_unavailable")
            assert refused.headers["retry-after"] == "5"
        assert http.post(f"{process.address}/api/ali/tasks", json={"title": "doodh"}).json()["task_id"] == 1
