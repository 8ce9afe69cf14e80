"""Exactly once, and nothing lost: what the service survives, with the real process and the real databases.

    .venv/bin/python bench/faults kill [--database postgresql] [--runs 200] [--processes 2] [--assistant openai]
    .venv/bin/python bench/faults drain [--database postgresql] [--runs 20]
    .venv/bin/python bench/faults outage [--database postgresql] [--way frozen]
    .venv/bin/python bench/faults idempotency [--database postgresql] [--runs 200]

A table, and with --json the figures. The exit code is 1 when a promise was broken.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.faults.drain import drain
from bench.faults.idempotency import idempotency
from bench.faults.kill import kill
from bench.faults.outage import WAYS, outage


def main() -> int:
    """Run what was asked for; the exit code."""
    asked = _parser().parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = asked.run(Path(folder), asked)
    told = {"fault": asked.fault, "database": asked.database, **told, "seconds": round(time.monotonic() - began)}
    show(told)
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=2) + "\n")
    return 1 if told["broken"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench/faults", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    faults = parser.add_subparsers(required=True, dest="fault", metavar="fault")
    killing = faults.add_parser("kill", help="SIGKILL at random points")
    killing.add_argument("--processes", type=int, default=1, help="at once on one database (default: %(default)s)")
    killing.add_argument("--assistant", choices=("offline", "openai"), default="offline")
    killing.set_defaults(
        run=lambda folder, asked: kill(
            asked.database,
            folder,
            asked.runs,
            processes=asked.processes,
            assistant=asked.assistant,
            seed=asked.seed,
        )
    )
    draining = faults.add_parser("drain", help="SIGTERM under load, with a slow model")
    draining.set_defaults(run=lambda folder, asked: drain(asked.database, folder, asked.runs, seed=asked.seed))
    away = faults.add_parser("outage", help="the database away under load, in one way a run")
    away.add_argument(
        "--way", choices=sorted({way for ways in WAYS.values() for way in ways}), help="default: the first"
    )
    away.set_defaults(run=lambda folder, asked: _outage(asked, folder))
    same = faults.add_parser("idempotency", help="one key from many clients at once, at several processes")
    same.add_argument("--processes", type=int, default=2, help="at once on one database (default: %(default)s)")
    same.set_defaults(
        run=lambda folder, asked: idempotency(asked.database, folder, asked.runs, processes=asked.processes)
    )
    away.add_argument("--away", type=float, default=30.0, help="seconds (default: %(default)s)")
    for fault, runs in ((killing, 200), (draining, 20), (away, 1), (same, 200)):
        fault.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite", help="TEST_POSTGRES_URL")
        fault.add_argument("--runs", type=int, default=runs, help="(default: %(default)s)")
        fault.add_argument("--seed", type=int, default=7)
        fault.add_argument("--json", type=Path, help="write the figures there")
    return parser


def _outage(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    return outage(asked.database, folder, asked.way or WAYS[asked.database][0], away=asked.away)


def show(told: dict[str, Any]) -> None:
    """The figures, a line each."""
    width = max(map(len, told))
    for name, value in told.items():
        print(f"{name:<{width}}  {len(value) if isinstance(value, list) else value}")
        for line in value[:20] if isinstance(value, list) else []:
            print(f"{'':<{width}}  {str(line)[:300]}")


if __name__ == "__main__":
    sys.exit(main())
