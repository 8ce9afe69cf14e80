"""What an operator may know of the service at work: what ran, how long, and how it ended; never what was said.

The application marks its operations; who listens (a log of the slow ones, metrics, traces) is plugged in.
"""

from abc import abstractmethod
from asyncio import CancelledError
from enum import StrEnum
from time import perf_counter
from types import TracebackType
from typing import Protocol, Self

from msgspec import Struct, field

from domain.errors import MunshiError


class Kind(StrEnum):
    """What kind of work an observation is of, and what its `name` is then."""

    REQUEST = "request"  # the method and the route's template; the outcome is the status, and the problem's code
    STREAM = "stream"  # the route's template
    TURN = "turn"  # the assistant
    MODEL = "model"  # the model
    TOOL = "tool"  # the tool, or "unknown"
    STORAGE = "storage"  # the function that is the unit of work


# Until Python 3.12 to look a member up in its class costs as much as to make a small object.
STORAGE = Kind.STORAGE


class Observer(Protocol):
    """Hears of every operation. It must be quick and must not fail: it runs within the operation.

    Operations of a script may be heard of on a thread of the storage's.
    """

    @abstractmethod
    def begin(self, seen: "Observation") -> None:
        """An operation begins."""

    @abstractmethod
    def end(self, seen: "Observation") -> None:
        """It has ended, and `seen` is whole; nothing of it is to be held any longer."""


class Unobserved(Observer):
    """Nobody listens."""

    def begin(self, seen: "Observation") -> None:
        """See the port."""

    def end(self, seen: "Observation") -> None:
        """See the port."""


class Observation(Struct, eq=False):
    """One operation, as a context manager around it; times are seconds.

    `outcome` is "ok", an error's code, "cancelled", or what the operation itself says; names and outcomes come from
    small fixed sets. `first` is the time until the first word, `waited` the time in a queue, where there is one.
    """

    observer: Observer
    kind: Kind
    name: str
    outcome: str = "ok"
    seconds: float = 0.0
    first: float | None = None
    waited: float | None = None
    started: float = field(default_factory=perf_counter)

    def __enter__(self) -> Self:
        self.observer.begin(self)
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        self.seconds = perf_counter() - self.started
        if error is not None and self.outcome == "ok":
            self.outcome = outcome_of(error)
        self.observer.end(self)

    def hear(self) -> None:
        """A word came; the first one counts."""
        if self.first is None:
            self.first = perf_counter() - self.started

    def leave_queue(self) -> None:
        """The work itself begins now."""
        if self.waited is None:
            self.waited = perf_counter() - self.started


def outcome_of(error: BaseException) -> str:
    """The code of an error that a person may be told; "cancelled", or "internal" for a fault of ours."""
    if isinstance(error, MunshiError):
        return error.code
    return "cancelled" if isinstance(error, CancelledError | GeneratorExit) else "internal"
