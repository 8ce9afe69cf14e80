"""What was measured: rows, and figures beside the bounds that they must keep; as text, JSON and a drawing."""

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Figure:
    """A median beside its bound, with the smallest and the largest round. `bound` is None where there is no promise."""

    name: str
    value: float
    low: float
    high: float
    bound: float | None = None
    at_least: bool = False
    unit: str = "x"

    @property
    def holds(self) -> bool | None:
        if self.bound is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        told = {True: "ok", False: "MISSED", None: ""}[self.holds]
        must = "" if self.bound is None else f"{'≥' if self.at_least else '≤'} {_short(self.bound)}"
        spread = f"{_short(self.low)} to {_short(self.high)}"
        return f"{self.name:<66} {_short(self.value):>9} {self.unit:<4} ({spread:<18}) {must:<9} {told}".rstrip()


@dataclass
class Report:
    """Everything that a run found out, section by section."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    figures: dict[str, list[Figure]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def row(self, section: str, **cells: Any) -> None:
        self.rows.setdefault(section, []).append(cells)

    def note(self, text: str) -> None:
        self.notes.append(text)
        print(f"  note: {text}", flush=True)

    def figure(self, section: str, name: str, values: Sequence[float], **bound: Any) -> None:
        """A figure of one value a round."""
        known = [value for value in values if value == value]  # noqa: PLR0124  no nan
        if not known:
            return self.note(f"{name}: not measured")
        figure = Figure(name, statistics.median(known), min(known), max(known), **bound)
        self.figures.setdefault(section, []).append(figure)
        print(f"  {figure}", flush=True)
        return None

    def table(self, section: str) -> None:
        """Print the rows of a section."""
        rows = self.rows.get(section, [])
        names = list(dict.fromkeys(name for row in rows for name in row))
        cells = [names, *[[_short(row.get(name, "")) for name in names] for row in rows]]
        widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
        for line in cells:
            print("  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)), flush=True)

    def missed(self) -> list[Figure]:
        return [figure for figures in self.figures.values() for figure in figures if figure.holds is False]

    def save(self, path: Path) -> None:
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "machine": platform.machine()}
        figures = {name: [asdict(f) | {"holds": f.holds} for f in some] for name, some in self.figures.items()}
        told = {"machine": machine, "rows": self.rows, "figures": figures, "notes": self.notes}
        path.write_text(json.dumps(told, indent=1, ensure_ascii=False))

    def draw(self, path: Path, python: str) -> bool:
        """Each bound figure as a bar from its bound (1) on, by an interpreter that has matplotlib; else False."""
        bound = [asdict(figure) for some in self.figures.values() for figure in some if figure.bound]
        told = json.dumps([figure | {"shown": _short(figure["value"])} for figure in bound])
        command = [python, str(Path(__file__).with_name("draw.py")), str(path.resolve())]
        return subprocess.run(command, input=told, text=True, check=False).returncode == 0


def _short(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}" if abs(value) >= 1 else f"{value:.3f}"
