"""The operations as OpenTelemetry spans, sent over OTLP/HTTP by a thread of its own."""

import logging
from collections.abc import Sequence
from contextvars import Token

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, StatusCode, Tracer, set_span_in_context

from application.observing import Kind, Observation, Observer

EXPORT_SECONDS = 5.0
GOOD = ("ok", "completed", "stopped", "cancelled")
PARENTS = (Kind.TURN, Kind.TOOL)
"""Kinds within which others run; their spans become the current one."""
OTHERS = (Kind.REQUEST, Kind.STREAM)
"""Kinds of which Litestar's plugin makes the spans."""

log = logging.getLogger(__name__)


class TraceObserver(Observer):
    """A span for each turn, model call, tool call and unit of work, under the request that it belongs to."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._begun: dict[Observation, tuple[Span, Token[Context] | None]] = {}

    def begin(self, seen: Observation) -> None:
        """See the port."""
        if seen.kind in OTHERS:
            return
        span = self._tracer.start_span(f"{seen.kind.value} {seen.name}")
        token = context.attach(set_span_in_context(span)) if seen.kind in PARENTS else None
        self._begun[seen] = (span, token)

    def end(self, seen: Observation) -> None:
        """See the port."""
        if seen.kind in OTHERS:
            return
        span, token = self._begun.pop(seen)
        span.set_attribute("munshi.outcome", seen.outcome)
        if seen.first is not None:
            span.set_attribute("munshi.first_seconds", seen.first)
        if seen.waited is not None:
            span.set_attribute("munshi.waited_seconds", seen.waited)
        if seen.outcome not in GOOD:
            span.set_status(StatusCode.ERROR)
        if token is not None:
            context.detach(token)
        span.end()


class _OnceTold(SpanExporter):
    """Sends spans; a collector that does not answer is told once, until it answers again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._is_down = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        is_down = result is not SpanExportResult.SUCCESS
        if is_down and not self._is_down:
            log.warning("the collector of traces does not answer; spans are lost until it does")
        self._is_down = is_down
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


def trace_provider(endpoint: str, version: str) -> TracerProvider:
    """The process's provider; its spans go to an OTLP/HTTP collector. OTEL_SERVICE_NAME and the like are heeded."""
    # Its own lines come with every try; ours comes once.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    resource = Resource({"service.name": "munshi", "service.version": version}).merge(Resource.create())
    # An event would be an exception with its message and its stack.
    limits = SpanLimits(max_events=0)
    provider = TracerProvider(resource=resource, shutdown_on_exit=False, span_limits=limits)
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(_OnceTold(exporter)))
    trace.set_tracer_provider(provider)
    return provider
