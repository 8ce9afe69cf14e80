"""Turns side by side: Munshi, the limit of its parts and the reference, each loaded alone while the others wait."""

from concurrent.futures import ThreadPoolExecutor
from statistics import fmean, median

from bench.turns.bench import ADDED, Bench, ratios
from bench.turns.driver import Sample
from bench.turns.servers import Rig, Server, configure

LEVELS = (1, 16, 64)
SHOWN = ("per_s", "p50_ms", "p99_ms", "cpu_us_per_request", "rss_peak_mib")


def race(
    bench: Bench, section: str, servers: list[Server], levels: tuple[int, ...], **more: object
) -> dict[tuple[str, int], list[Sample]]:
    """Every server at every level, in turn, round after round; the median of each is a row."""
    found: dict[tuple[str, int], list[Sample]] = {(s.name, level): [] for s in servers for level in levels}
    for _ in range(bench.rounds):
        for level in levels:
            for server in servers:
                found[server.name, level].append(bench.load(server, level, **more))
    for (name, level), samples in found.items():
        good = sorted((s for s in samples if s["ok"]), key=lambda sample: sample["per_s"])
        if good:
            middle = good[len(good) // 2]
            bench.report.row(section, server=name, at=level, **{shown: middle[shown] for shown in SHOWN})
    bench.report.table(section)
    return found


def turns(bench: Bench, rig: Rig) -> None:
    """A turn that adds a task: five servers, three levels."""
    model = rig.model()
    munshi, sdk, bare = rig.munshi(), rig.munshi_sdk(model), rig.bare()
    reference, reference_sdk = rig.reference(OFFLINE="1"), rig.reference_sdk(model)
    offline = [server for server in (munshi, bare, reference) if server]
    found = race(bench, "turns", offline, LEVELS, expect=ADDED)
    found |= race(bench, "turns with the SDK", [s for s in (sdk, reference_sdk) if s], LEVELS, expect=ADDED)

    def against(ours: Server, other: Server | None, name: str, level: int) -> list[float]:
        return ratios(found[ours.name, level], found[other.name, level], name) if other else []

    tell = bench.report.figure
    bounds = {1: 6.0, 16: 20.0, 64: None}
    for level in LEVELS:
        name = f"offline turn against the reference, requests/s at {level}"
        tell("turns", name, against(munshi, reference, "per_s", level), bound=bounds[level], at_least=True)
    for level in LEVELS:
        p99 = against(munshi, reference, "p99_ms", level)
        name = f"offline turn against the reference, p99 at {level}"
        tell("turns", name, p99, bound=0.125 if level == 16 else None)
    for level in LEVELS:
        cpu = against(munshi, bare, "cpu_us_per_request", level)
        name = f"offline CPU a turn against the bare route at {level}"
        tell("turns", name, cpu, bound=3.0 if level == 16 else None)
    for level in LEVELS:
        name = f"SDK turn against the reference with the SDK, requests/s at {level}"
        bound = 3.0 if level == 16 else None
        tell("turns", name, against(sdk, reference_sdk, "per_s", level), bound=bound, at_least=True)
    name = "SDK turn against the reference with the SDK, CPU a turn at 16"
    tell("turns", name, against(sdk, reference_sdk, "cpu_us_per_request", 16))


def durable(bench: Bench, rig: Rig) -> None:
    """What the full promise (a commit that outlives the machine's power) costs against the usual one."""
    full = rig.munshi("munshi-full")
    file = rig.folder / "munshi-normal" / "munshi.sqlite3"
    try:
        normal = rig.munshi("munshi-normal", DATABASE_URL=f"sqlite+aiosqlite:///{file}?synchronous=NORMAL")
    except RuntimeError:
        return bench.report.note("DATABASE_URL has no ?synchronous=NORMAL: FULL against NORMAL was not measured")
    found = race(bench, "durable", [full, normal], (16, 64), expect=ADDED)
    for level in (16, 64):
        values = ratios(found[full.name, level], found[normal.name, level], "per_s")
        bench.report.figure("durable", f"FULL against NORMAL at {level}", values, bound=0.75, at_least=True)
    return None


def slow_model(bench: Bench, rig: Rig) -> None:
    """Many turns at once while the model thinks for two seconds: nothing may be held meanwhile."""
    many, thinks = bench.few(300, 50), 2000.0
    model = rig.model()
    for server in (rig.munshi_sdk(model), rig.reference_sdk(model)):
        if server is None:
            continue
        configure(model, first_ms=0, token_ms=0)
        bench.load(server, 4, 0.5, message="!echo salam")
        configure(model, first_ms=thinks)
        sample = bench.load(server, many, requests=many, message="!echo salam", users=many)
        bench.report.row(
            "slow model",
            server=server.name,
            turns=many,
            ok=sample["ok"],
            p50_ms=sample["p50_ms"],
            p99_ms=sample["p99_ms"],
        )
        ours = server.name == "munshi-sdk"
        bench.report.figure(
            "slow model",
            f"{server.name}: {many} turns on a model of 2 s, p99 against the model",
            [sample["p99_ms"] / thinks],
            bound=1.5 if ours else None,
        )
        bench.report.figure(
            "slow model",
            f"{server.name}: turns that failed",
            [float(many - sample["ok"])],
            unit="",
            bound=0.0 if ours else None,
        )


def processes(bench: Bench, rig: Rig, database: str) -> None:
    """One process and two on one PostgreSQL; the load goes to both in turn."""
    first, second = (rig.munshi(f"munshi-pg-{number}", DATABASE_URL=database) for number in (1, 2))
    alone, both, cpu_alone, cpu_both = [], [], [], []
    for _ in range(bench.rounds):
        sample = bench.load(first, 32, expect=ADDED)
        alone.append(sample["per_s"])
        cpu_alone.append(sample["cpu_us_per_request"])
        with ThreadPoolExecutor(2) as pool:
            pair = list(pool.map(lambda server: bench.load(server, 16, expect=ADDED), (first, second)))
        both.append(sum(sample["per_s"] for sample in pair))
        cpu_both.append(fmean(sample["cpu_us_per_request"] for sample in pair))
    for number, rates, cpu in ((1, alone, cpu_alone), (2, both, cpu_both)):
        bench.report.row("processes", processes=number, per_s=median(rates), cpu_us_a_turn=round(median(cpu)))
    bench.report.table("processes")
    values = [two / one for two, one in zip(both, alone, strict=True)]
    bench.report.figure("processes", "two processes on PostgreSQL against one", values, bound=1.6, at_least=True)
