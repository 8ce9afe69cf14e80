"""Operations that took longer than they should, in the log."""

import logging
from collections.abc import Mapping
from math import inf

from application.observing import Kind, Observation, Observer

LIMITS = {Kind.STORAGE: 0.2, Kind.TOOL: 0.5, Kind.MODEL: 10.0}
"""Seconds from which an operation is slow; requests and turns are as slow as what they wait for."""

log = logging.getLogger(__name__)


class SlowLog(Observer):
    """Warns of each slow operation: what it was, how long it took and waited, how it ended."""

    def __init__(self, limits: Mapping[Kind, float] = LIMITS) -> None:
        self._limits = limits

    def begin(self, seen: Observation) -> None:
        """See the port."""

    def end(self, seen: Observation) -> None:
        """See the port."""
        if seen.seconds < self._limits.get(seen.kind, inf):
            return
        told: dict[str, object] = {"operation": seen.kind.value, "what": seen.name, "outcome": seen.outcome}
        told["seconds"] = round(seen.seconds, 4)
        if seen.waited is not None:
            told["waited"] = round(seen.waited, 4)
        log.warning("slow operation", extra=told)
