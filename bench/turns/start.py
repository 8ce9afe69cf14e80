"""Start-up: how soon a process answers, and what it weighs at rest without a key."""

import statistics
import time

from bench.turns.bench import Bench
from bench.turns.driver import loader
from bench.turns.servers import Rig, Server

REST = 1.0


def start(bench: Bench, _: Rig) -> None:
    """Each started anew, in turn; the reference is ready when it answers anything at all, as ours is."""
    ready: dict[str, list[float]] = {"munshi": [], "reference": []}
    weight: dict[str, list[float]] = {"munshi": [], "reference": []}
    for _ in range(bench.rounds + 1):
        for name in ("munshi", "reference"):
            with bench.new_rig() as own:
                server: Server | None = own.munshi() if name == "munshi" else own.reference(OFFLINE="1")
                if server is None:
                    continue
                time.sleep(REST)
                kib, _ = loader(bench.tools).Process(server.pid).sample()
                ready[name].append(server.ready)
                weight[name].append(kib / 1024)
    # The first start of each reads the disk.
    for name, times in ready.items():
        if times:
            seconds, mib = statistics.median(times[1:]), statistics.median(weight[name][1:])
            bench.report.row("start", server=name, ready_s=round(seconds, 2), idle_mib=round(mib, 1))
    bench.report.table("start")
    for name, found, bound in (("time to ready", ready, 0.5), ("idle memory", weight, 0.7)):
        values = [a / b for a, b in zip(found["munshi"][1:], found["reference"][1:], strict=False)]
        bench.report.figure("start", f"{name} without a key against the reference", values, bound=bound)
