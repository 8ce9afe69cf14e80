"""What every section has at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.turns.driver import Sample, load
from bench.turns.report import Report
from bench.turns.servers import Rig, Server

ADDED = "add_task"


@dataclass
class Bench:
    """A run: where its servers come from, how long a round lasts, and what was found."""

    tools: Path
    new_rig: Callable[[], Any]
    report: Report
    rounds: int
    seconds: float
    is_quick: bool

    def load(self, server: Server, concurrency: int, seconds: float | None = None, **more: object) -> Sample:
        """A round of load; an answer that is not the one asked for is noted, since its figure is worth nothing."""
        sample = load(self.tools, server, concurrency, seconds or self.seconds, **more)
        if sample["errors"] or not sample["ok"]:
            self.report.note(f"{server.name} at {concurrency}: {sample['ok']} answers, {sample['errors']}")
        return sample

    def few(self, whole: int, quick: int) -> int:
        """A number that is smaller in a quick run."""
        return quick if self.is_quick else whole


Section = Callable[[Bench, Rig], None]


def ratios(mine: list[Sample], theirs: list[Sample], name: str) -> list[float]:
    """Round by round, this figure of mine divided by theirs; nothing where either has none."""
    pairs = zip(mine, theirs, strict=True)
    return [a[name] / b[name] for a, b in pairs if a["ok"] and b["ok"] and b.get(name)]
