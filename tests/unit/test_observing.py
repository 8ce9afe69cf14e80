"""Observers: what they keep of an operation that has ended."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from opentelemetry.trace import NoOpTracer

from adapters.observing import Observers
from adapters.observing.prometheus import PrometheusObserver
from adapters.observing.slow import SlowLog
from adapters.observing.traces import TraceObserver
from application.observing import Kind, Observation, Observer


class Watched(Observation, weakref=True):
    """One of which can be told whether it is still there."""


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """Only what nobody holds any more goes."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "observer",
    [SlowLog(), PrometheusObserver(), TraceObserver(NoOpTracer()), Observers([SlowLog(), SlowLog()])],
    ids=lambda it: type(it).__name__,
)
def test_nothing_is_left_of_an_observation_for_the_garbage_collector(observer: Observer, kind: Kind) -> None:
    with Watched(observer, kind, "GET /x") as seen:
        watched = weakref.ref(seen)
    del seen
    assert watched() is None
