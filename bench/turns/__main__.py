"""How fast a turn is, beside the limit of its parts and a tutorial's way, and whether it stays cheap as things grow.

    python -m bench.turns                          everything (some 15 minutes)
    python -m bench.turns turns start --quick      two sections, a look only
    python -m bench.turns --json a.json --svg a.svg

Sections: turns, durable, history, tokens, streams, slow, growth, memory, processes, start. Each prints its rows, and
its figures beside the bound that they must keep; the exit code is 1 when a bound is missed. `--tools` is the folder of
`load.py`, `fake_openai.py` and `ref_fastapi.py`; `--python` an interpreter with fastapi, sqlmodel, pyjwt,
openai-agents, uvicorn and matplotlib for the reference and the drawing, which `make.py bench turns` brings along. Two
processes need `--postgresql postgresql+asyncpg://…`, a database of their own, migrated. All servers are the real
commands on loopback. Read ratios: the machine is shared with the load.
"""

import argparse
import functools
import sys
from pathlib import Path

from bench.turns import growth, races, start, streams
from bench.turns.bench import Bench
from bench.turns.report import Report
from bench.turns.servers import ROOT, rig

SECTIONS = {
    "turns": races.turns,
    "durable": races.durable,
    "history": streams.history,
    "tokens": streams.tokens,
    "streams": streams.paced,
    "slow": races.slow_model,
    "memory": streams.memory,
    "growth": growth.growth,
    "start": start.start,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, "processes", []], help="which; default: all")
    parser.add_argument("--tools", type=Path, default=ROOT.parent / "shared" / "tools")
    parser.add_argument("--python", default=sys.executable, help="for the reference and the drawing")
    parser.add_argument("--postgresql", help="a database of its own, for the section processes")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of a round of load")
    parser.add_argument("--quick", action="store_true", help="one short round: whether it runs, not how fast")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--svg", type=Path)
    asked = parser.parse_args()
    if not (asked.tools / "load.py").exists():
        parser.error(f"{asked.tools} has no load.py; name the folder with --tools")
    report = Report()
    rounds, seconds = (1, 0.5) if asked.quick else (asked.rounds, asked.seconds)
    new_rig = functools.partial(rig, asked.tools.resolve(), asked.python)
    bench = Bench(asked.tools.resolve(), new_rig, report, rounds, seconds, asked.quick)
    sections = dict(SECTIONS)
    if asked.postgresql:
        sections["processes"] = functools.partial(races.processes, database=asked.postgresql)
    for name in asked.sections or sections:
        if name not in sections:
            report.note(f"{name}: needs --postgresql")
            continue
        print(f"== {name}", flush=True)
        with new_rig() as servers:
            if not servers.has_reference:
                report.note("the reference or its packages are not here (--tools, --python): its ratios are left out")
            sections[name](bench, servers)
        if asked.json:
            report.save(asked.json)
    if asked.svg and not report.draw(asked.svg, asked.python):
        report.note("matplotlib is not there (--python): nothing was drawn")
    missed = report.missed()
    print(f"== {len(missed)} bounds missed", *missed, sep="\n  ")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
