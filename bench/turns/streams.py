"""Turns of the model and streams: what history and tokens cost, how many streams a process holds, how fair it stays."""

import asyncio
import statistics
from functools import partial

from bench.turns.bench import ADDED, Bench, ratios
from bench.turns.driver import Held, Sample, hold
from bench.turns.servers import Rig, Server, configure

IN_ONE_PLACE = '{"message": $message, "conversation_id": "long"}'
PAUSE = 50


def history(bench: Bench, rig: Rig) -> None:
    """A turn in a conversation that holds 200 messages against one in a new conversation."""
    model = rig.model()
    servers = [server for server in (rig.munshi_sdk(model), rig.reference_sdk(model)) if server]
    for server in servers:
        bench.load(server, 4, requests=400, users=4, message="!say 30", turns=0)
    for server in servers:
        # The conversation of each user goes on where the 100 turns left it: 200 messages, and more with each turn.
        bench.load(server, 4, requests=4 * bench.few(100, 10), users=4, message="!say 30", body=IN_ONE_PLACE)
    for server in servers:
        if server.name.startswith("reference"):
            continue
        long, new = [], []
        for _ in range(bench.rounds):
            new.append(bench.load(server, 4, users=4, turns=1, expect=ADDED))
            long.append(bench.load(server, 4, users=4, body=IN_ONE_PLACE, expect=ADDED))
        bench.report.row("history", server=server.name, new_us=_middle(new), long_us=_middle(long))
        name = f"{server.name}: CPU a turn with 200 messages before it against none"
        bench.report.figure("history", name, ratios(long, new, "cpu_us_per_request"), bound=2.2)


def tokens(bench: Bench, rig: Rig) -> None:
    """CPU a streamed token: long replies less short ones, each token in a chunk of its own."""
    model = rig.model()
    configure(model, token_ms=4)
    servers = [server for server in (rig.munshi_sdk(model), rig.reference_sdk(model)) if server]
    long, short, streams = 200, 2, bench.few(64, 16)
    spent: dict[str, list[float]] = {server.name: [] for server in servers}
    for server in servers:
        bench.load(server, 8, requests=16, stream=True, message=f"!say {short}")
    for _ in range(bench.rounds):
        for server in servers:
            cost = [
                bench.load(server, 16, requests=streams, stream=True, message=f"!say {n}", turns=1)[
                    "cpu_us_per_request"
                ]
                for n in (short, long)
            ]
            spent[server.name].append((cost[1] - cost[0]) / (long - short))
    for server in servers:
        bench.report.row("tokens", server=server.name, us_a_token=statistics.median(spent[server.name]))
    bench.report.table("tokens")
    if len(servers) > 1:
        ours, theirs = (spent[server.name] for server in servers)
        values = [a / b for a, b in zip(ours, theirs, strict=True)]
        bench.report.figure("tokens", "CPU a streamed token against the reference", values, bound=1 / 3)


def paced(bench: Bench, rig: Rig) -> None:
    """500 streams of 40 tokens, 50 ms apart, against one: with the SDK, and without a model's client."""
    model = rig.model()
    configure(model, token_ms=PAUSE)
    many = bench.few(500, 50)
    sdk, offline = rig.munshi_sdk(model), rig.munshi("munshi-paced", "bench.turns.paced")
    asked = {sdk.name: "!say 40", offline.name: f"40 words every {PAUSE} ms"}
    bounds = {sdk.name: 2.0, offline.name: 1.2}
    reference = rig.reference_sdk(model)
    asked |= {reference.name: "!say 40"} if reference else {}
    for server in (sdk, offline, *([reference] if reference else [])):
        ask = partial(bench.load, server, stream=True, message=asked[server.name], users=many, timeout=120)
        ask(1, requests=2)
        one, all_at_once, lost = [], [], 0
        for _ in range(min(3, bench.rounds)):
            one.append(ask(1, requests=1))
            all_at_once.append(ask(many, requests=many, expect="w39"))
            lost += many - all_at_once[-1]["ok"]
        _paced_row(bench, server, one, all_at_once)
        name = f"{server.name}: {many} streams against one, whole p99"
        bench.report.figure("streams", name, ratios(all_at_once, one, "p99_ms"), bound=bounds.get(server.name))
        bound = 0.0 if server.name in bounds else None
        bench.report.figure("streams", f"{server.name}: streams lost", [float(lost)], bound=bound, unit="")
    bench.report.table("streams")


def _paced_row(bench: Bench, server: Server, one: list[Sample], many: list[Sample]) -> None:
    median = lambda samples, name: statistics.median(sample.get(name, float("nan")) for sample in samples)  # noqa: E731
    bench.report.row(
        "streams",
        server=server.name,
        one_ms=median(one, "p99_ms"),
        many_p50_ms=median(many, "p50_ms"),
        many_p99_ms=median(many, "p99_ms"),
        first_event_p99_ms=median(many, "p99_first_byte_ms"),
        longest_gap_p99_ms=median(many, "p99_longest_gap_ms"),
        cpu_us_a_stream=median(many, "cpu_us_per_request"),
    )


def memory(bench: Bench, rig: Rig) -> None:
    """Memory of an open stream, 2,000 of them open in one process, and 64 plain turns beside them."""
    model = rig.model()
    offline, sdk = rig.munshi("munshi-paced", "bench.turns.paced"), rig.munshi_sdk(model)
    many, some = bench.few(2000, 100), bench.few(500, 50)
    seconds = 20
    every = seconds * 1000 // 40
    beside = f"40 words every {every} ms"
    bench.load(offline, 64, 1.0, message="salam")
    bench.load(offline, 64, requests=64, stream=True, message="3 words every 5 ms")
    alone = bench.load(offline, 64, message="salam")
    held = asyncio.run(hold(bench.tools, offline, many, beside, 40, partial(bench.load, offline, 64, message="salam")))
    _tell_held(bench, "offline", many, held, 32.0)
    together = held.meanwhile
    bench.report.row("fairness", beside=0, per_s=alone["per_s"], p50_ms=alone["p50_ms"], p99_ms=alone["p99_ms"])
    bench.report.row(
        "fairness", beside=many, per_s=together["per_s"], p50_ms=together["p50_ms"], p99_ms=together["p99_ms"]
    )
    bench.report.table("fairness")
    name = f"64 plain turns beside {many} streams, p99 against alone"
    bench.report.figure("memory", name, [together["p99_ms"] / alone["p99_ms"]])
    configure(model, token_ms=5)
    bench.load(sdk, 64, requests=64, stream=True, message="!say 3")
    configure(model, token_ms=float(every))
    held = asyncio.run(hold(bench.tools, sdk, some, "!say 40", 40))
    _tell_held(bench, "SDK", some, held, 64.0)


def _tell_held(bench: Bench, kind: str, streams: int, held: Held, bound: float) -> None:
    name = f"memory of an open stream, {kind} ({held.opened} open)"
    bench.report.figure("memory", name, [held.kib_per_stream], bound=bound, unit="KiB")
    bench.report.figure(
        "memory", f"{kind} streams lost of {streams}", [float(streams - held.whole)], bound=0.0, unit=""
    )


def _middle(samples: list[Sample]) -> int:
    return round(statistics.median(sample["cpu_us_per_request"] for sample in samples))
