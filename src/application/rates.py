"""A rate as people write it: "60/minute", "5 per 10 seconds"."""

import re

from msgspec import Struct

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
WRITTEN = re.compile(r"\s*([1-9]\d{0,8})\s*(?:/|per)\s*([1-9]\d{0,3})?\s*(second|minute|hour|day)s?\s*", re.IGNORECASE)


class Rate(Struct, frozen=True):
    """So many (`amount`) in so many seconds (`window`)."""

    amount: int
    window: int


def read_rate(text: str) -> Rate:
    """The rate that is written. Raises ValueError for anything else."""
    written = WRITTEN.fullmatch(text)
    if not written:
        raise ValueError(f"{text!r} does not read like 60/minute")
    amount, times, unit = written.groups()
    return Rate(int(amount), int(times or 1) * SECONDS[unit.lower()])
