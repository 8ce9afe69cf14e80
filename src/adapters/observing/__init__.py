"""Who listens to the operations of the service: a log of the slow ones, metrics, traces."""

from collections.abc import Callable, Sequence
from functools import partial

from application.observing import Observation, Observer


class Observers(Observer):
    """Several observers as one; the one told first of a beginning is told last of the end."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def begin(self, seen: Observation) -> Callable[[Observation], None]:
        """See the port."""
        endings = [observer.begin(seen) for observer in self._observers]
        return partial(_finish, endings)


def _finish(endings: list[Callable[[Observation], None]], seen: Observation) -> None:
    while endings:
        endings.pop()(seen)
