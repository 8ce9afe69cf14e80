"""The operations as Prometheus metrics, in the registry of the process."""

from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram

from application.observing import Kind, Observation, Observer

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
PATIENT = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

REQUESTS = Counter("munshi_requests", "Answered requests", ("method", "route", "status"))
REQUEST_SECONDS = Histogram(
    "munshi_request_seconds", "Time to the end of an answer", ("method", "route"), buckets=QUICK
)
ERRORS = Counter("munshi_errors", "Problems told, by their code", ("code",))
TURNS = Counter(
    "munshi_turns", "Ended turns; status is completed, stopped, or an error's code", ("assistant", "status")
)
TURN_SECONDS = Histogram("munshi_turn_seconds", "Time of a turn", ("assistant",), buckets=PATIENT)
FIRST_SECONDS = Histogram("munshi_first_token_seconds", "Time to a turn's first words", ("assistant",), buckets=PATIENT)
MODEL_SECONDS = Histogram("munshi_model_seconds", "Time of a call to the model", ("outcome",), buckets=PATIENT)
MODEL_FIRST_SECONDS = Histogram("munshi_model_first_token_seconds", "Time to a model's first token", buckets=PATIENT)
TOOLS = Counter("munshi_tool_calls", "Tool calls; outcome is ok or an error's code", ("tool", "outcome"))
TOOL_SECONDS = Histogram("munshi_tool_seconds", "Time of a tool call", ("tool",), buckets=QUICK)
UNIT_SECONDS = Histogram("munshi_storage_seconds", "Time of a unit of work, its queue included", buckets=QUICK)
WAIT_SECONDS = Histogram("munshi_storage_wait_seconds", "Time of a unit of work in the queue", buckets=QUICK)
UNITS = Counter("munshi_storage_units", "Units of work", ("outcome",))
OPEN = Gauge("munshi_open", "Under way now", ("kind",))
CONNECTIONS = Gauge("munshi_storage_open", "Units of work that wait for a connection, and that hold one", ("state",))


class PrometheusObserver(Observer):
    """Counts and times every operation; children are looked up once, since that costs as much as counting."""

    def __init__(self) -> None:
        self._open = {kind: OPEN.labels(kind.value) for kind in Kind}
        self._units: set[Observation] = set()
        CONNECTIONS.labels("waiting").set_function(lambda: sum(unit.waited is None for unit in self._now()))
        CONNECTIONS.labels("working").set_function(lambda: sum(unit.waited is not None for unit in self._now()))
        self._end: dict[Kind, Callable[[Observation], None]] = {
            Kind.REQUEST: _request,
            Kind.STREAM: lambda _: None,
            Kind.TURN: _turn,
            Kind.MODEL: _model,
            Kind.TOOL: _tool,
            Kind.STORAGE: _storage,
        }

    def begin(self, seen: Observation) -> None:
        """See the port."""
        self._open[seen.kind].inc()
        if seen.kind is Kind.STORAGE:
            self._units.add(seen)

    def end(self, seen: Observation) -> None:
        """See the port."""
        self._open[seen.kind].dec()
        self._units.discard(seen)
        self._end[seen.kind](seen)

    def _now(self) -> list[Observation]:
        """The units under way, at once: a thread of the storage's may add and take away while others count."""
        return list(self._units)


def _request(seen: Observation) -> None:
    method, _, route = seen.name.partition(" ")
    status, _, code = seen.outcome.partition(" ")
    REQUESTS.labels(method, route, status).inc()
    REQUEST_SECONDS.labels(method, route).observe(seen.seconds)
    if code:
        ERRORS.labels(code).inc()


def _turn(seen: Observation) -> None:
    TURNS.labels(seen.name, seen.outcome).inc()
    TURN_SECONDS.labels(seen.name).observe(seen.seconds)
    if seen.first is not None:
        FIRST_SECONDS.labels(seen.name).observe(seen.first)


def _model(seen: Observation) -> None:
    MODEL_SECONDS.labels(seen.outcome).observe(seen.seconds)
    if seen.first is not None:
        MODEL_FIRST_SECONDS.observe(seen.first)


def _tool(seen: Observation) -> None:
    TOOLS.labels(seen.name, seen.outcome).inc()
    TOOL_SECONDS.labels(seen.name).observe(seen.seconds)


def _storage(seen: Observation) -> None:
    UNITS.labels(seen.outcome).inc()
    UNIT_SECONDS.observe(seen.seconds)
    if seen.waited is not None:
        WAIT_SECONDS.observe(seen.waited)
