"""Who listens to the operations of the service: a log of the slow ones, metrics, traces."""

from collections.abc import Sequence

from application.observing import Observation, Observer


class Observers(Observer):
    """Several observers as one; the one told first of a beginning is told last of the end."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def begin(self, seen: Observation) -> None:
        """See the port."""
        for observer in self._observers:
            observer.begin(seen)

    def end(self, seen: Observation) -> None:
        """See the port."""
        for observer in reversed(self._observers):
            observer.end(seen)
