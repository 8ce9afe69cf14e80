"""What an operator may know of the service at work: what ran, how long, and how it ended; never what was said.

The application marks its operations; who listens (a log of the slow ones, metrics, traces) is plugged in.
"""

from abc import abstractmethod
from asyncio import CancelledError
from collections.abc import Callable
from enum import StrEnum
from time import perf_counter
from types import TracebackType
from typing import Protocol, Self

from domain.errors import MunshiError


class Kind(StrEnum):
    """What kind of work an observation is of, and what its `name` is then."""

    REQUEST = "request"  # the method and the route's template; the outcome is the status, and the problem's code
    STREAM = "stream"  # the route's template
    TURN = "turn"  # the assistant
    MODEL = "model"  # the model
    TOOL = "tool"  # the tool, or "unknown"
    STORAGE = "storage"  # the function that is the unit of work


class Observer(Protocol):
    """Hears of every operation. It must be quick and must not fail: it runs within the operation.

    Operations of a script are heard of on the storage's thread.
    """

    @abstractmethod
    def begin(self, seen: "Observation") -> "Callable[[Observation], None]":
        """An operation begins; what is returned is called once, with `seen`, when it has ended and `seen` is whole.

        It should not hold `seen` itself, which holds it: the two would stay until garbage is collected.
        """


class Unobserved(Observer):
    """Nobody listens."""

    def begin(self, seen: "Observation") -> "Callable[[Observation], None]":  # noqa: ARG002
        """See the port."""
        return _nothing


class Observation:
    """One operation, as a context manager around it; times are seconds.

    `outcome` is "ok", an error's code, "cancelled", or what the operation itself says; names and outcomes come from
    small fixed sets. `first` is the time until the first word, `waited` the time in a queue, where there is one.
    """

    __slots__ = ("_finish", "_observer", "_started", "first", "kind", "name", "outcome", "seconds", "waited")

    def __init__(self, observer: Observer, kind: Kind, name: str) -> None:
        self._observer = observer
        self.kind = kind
        self.name = name
        self.outcome = "ok"
        self.seconds = 0.0
        self.first: float | None = None
        self.waited: float | None = None

    def __enter__(self) -> Self:
        self._started = perf_counter()
        self._finish = self._observer.begin(self)
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        self.seconds = perf_counter() - self._started
        if error is not None and self.outcome == "ok":
            self.outcome = outcome_of(error)
        self._finish(self)

    def hear(self) -> None:
        """A word came; the first one counts."""
        if self.first is None:
            self.first = perf_counter() - self._started

    def leave_queue(self) -> None:
        """The work itself begins now."""
        if self.waited is None:
            self.waited = perf_counter() - self._started


def outcome_of(error: BaseException) -> str:
    """The code of an error that a person may be told; "cancelled", or "internal" for a fault of ours."""
    if isinstance(error, MunshiError):
        return error.code
    return "cancelled" if isinstance(error, CancelledError | GeneratorExit) else "internal"


def _nothing(_: Observation) -> None: ...
