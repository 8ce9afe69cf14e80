"""Draws the figures that come as JSON on stdin into the file that is named; runs where matplotlib is, alone."""

import json
import sys

from matplotlib.figure import Figure as Drawing


def draw(figures: list[dict[str, object]], path: str) -> None:
    """Each figure as a bar: how far beyond its bound it is."""
    drawing = Drawing(figsize=(11, 1 + 0.34 * max(1, len(figures))), layout="constrained")
    axes = drawing.subplots()
    for place, figure in enumerate(reversed(figures)):
        value, bound = float(figure["value"]), float(figure["bound"])
        good = value / bound if figure["at_least"] else bound / max(value, 1e-9)
        axes.barh(place, good, color="#2a7f62" if good >= 1 else "#b3392f")
        axes.text(good, place, f" {figure['shown']} {figure['unit']}", va="center", fontsize=8)
    axes.set_yticks(range(len(figures)), [figure["name"] for figure in reversed(figures)], fontsize=8)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlabel("how far beyond its bound (1) a figure is")
    drawing.savefig(path)


if __name__ == "__main__":
    draw(json.load(sys.stdin), sys.argv[1])
