"""The words on buttons, widgets, workflows and progress lines, in the language of the conversation."""

import tomllib
from pathlib import Path

from domain.urdu import Language

TEXTS: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "labels.toml").read_text("utf-8"))


def label(name: str, language: Language, **slots: str | int) -> str:
    """The words of this name; `slots` fill its braces."""
    return TEXTS[name][language].format(**slots)
