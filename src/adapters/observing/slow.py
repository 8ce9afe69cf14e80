"""Operations that took longer than they should, in the log."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from application.observing import Kind, Observation, Observer

LIMITS = {Kind.STORAGE: 0.2, Kind.TOOL: 0.5, Kind.MODEL: 10.0}
"""Seconds from which an operation is slow; requests and turns are as slow as what they wait for."""

log = logging.getLogger(__name__)


class SlowLog(Observer):
    """Warns of each slow operation: what it was, how long it took and waited, how it ended."""

    def __init__(self, limits: Mapping[Kind, float] = LIMITS) -> None:
        self._looks = {kind: partial(_look, limit) for kind, limit in limits.items()}

    def begin(self, seen: Observation) -> Callable[[Observation], None]:
        """See the port."""
        return self._looks.get(seen.kind, _nothing)


def _look(limit: float, seen: Observation) -> None:
    if seen.seconds < limit:
        return
    told: dict[str, object] = {"operation": seen.kind.value, "what": seen.name, "outcome": seen.outcome}
    told["seconds"] = round(seen.seconds, 4)
    if seen.waited is not None:
        told["waited"] = round(seen.waited, 4)
    log.warning("slow operation", extra=told)


def _nothing(_: Observation) -> None: ...
