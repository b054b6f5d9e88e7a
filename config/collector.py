"""The way of spans to the collector: OTLP over HTTP, in batches, by a thread of their own.

Everything here is imported only where a collector is named (config.traces). What it does not take
is dropped: no crawl waits for it, and the log says once that it takes nothing, not at each batch.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from config.traces import ENDPOINTS, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from opentelemetry.sdk.trace import ReadableSpan

    from config.traces import Facts

log = logging.getLogger(__name__)

TRY_SECONDS = 3.0  # for an answer to an empty batch
WAIT_MILLIS = 1_000  # between two batches: crawls that find nothing new are over in less
_CONTEXT = TraceContextTextMapPropagator()


class _LastWords(logging.Handler):
    """Keeps what a logger says last."""

    said = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.said = record.getMessage()


def refusal() -> str:
    """Send an empty batch; say which collector does not take it, and why, or nothing."""
    words = _LastWords()
    log_of_exporter = logging.getLogger(OTLPSpanExporter.__module__)
    log_of_exporter.addHandler(words)
    log_of_exporter.setLevel(logging.ERROR)  # a Collector of this process has silenced it
    try:
        if OTLPSpanExporter(timeout=TRY_SECONDS).export([]) is SpanExportResult.SUCCESS:
            return ""
    finally:
        log_of_exporter.removeHandler(words)
        log_of_exporter.setLevel(logging.NOTSET)
    named = _named()
    if not named.hostname:
        return f"{named.geturl()} is no http(s) address"
    port = named.port or (443 if named.scheme == "https" else 80)
    try:
        socket.create_connection((named.hostname, port), TRY_SECONDS).close()
    except OSError as error:
        return f"{_place(named)}: {error.strerror or error}"
    return f"{_place(named)} takes none: {words.said}"


def _named() -> SplitResult:
    return urlsplit(next(filter(None, map(os.environ.get, ENDPOINTS))))


def _place(address: SplitResult) -> str:
    """Give host and port, without the password that an address may hold."""
    return address.netloc.rpartition("@")[2]


class Collector(SpanExporter):
    """The exporter of OTLP, silent but for the moments at which its collector goes and comes."""

    def __init__(self) -> None:
        self._otlp: SpanExporter = OTLPSpanExporter()
        self._host = _place(_named())
        self._takes = True
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch, or drop it."""
        result = self._otlp.export(spans)
        takes = result is SpanExportResult.SUCCESS
        if takes != self._takes:
            self._takes = takes
            said = "takes traces again" if takes else "takes no traces; they are dropped until then"
            log.warning("the collector at %s %s", self._host, said)
        return result

    def shutdown(self) -> None:
        """Send no more."""
        self._otlp.shutdown()


class SentSpan(Span):
    """A piece of work whose span goes to the collector when it ends."""

    __slots__ = ("_otel",)

    def __init__(self, otel: trace.Span, context: str) -> None:
        super().__init__(context)
        self._otel = otel

    def tell(self, facts: Facts) -> None:
        """Add what has come out of the work."""
        self._otel.set_attributes(facts)

    def end(self, fault: str = "", *, at: datetime | None = None) -> None:
        """End the work now or ``at`` a moment; ``fault`` says why it failed."""
        if fault:
            self._otel.set_status(trace.StatusCode.ERROR, fault)
        self._otel.end(_nanoseconds(at))


class Sender:
    """The tracing of one process, whose ``pid`` tells it from a child that it forked."""

    def __init__(self, role: str) -> None:
        self.pid = os.getpid()
        name = os.environ.get("OTEL_SERVICE_NAME") or f"gomtin-{role}"
        facts = {"service.name": name, "service.instance.id": f"{socket.gethostname()}:{self.pid}"}
        self._provider = TracerProvider(
            resource=Resource.create(facts | {"service.namespace": "gomtin"}),
            shutdown_on_exit=False,  # it would wait for half a minute
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(Collector(), schedule_delay_millis=WAIT_MILLIS)
        )
        self._tracer = self._provider.get_tracer("gomtin")
        self._sending = threading.Lock()

    def begin(
        self,
        name: str,
        parent: str | None,
        facts: Facts | None,
        at: datetime | None,
    ) -> SentSpan:
        """Begin a span at a moment (None: now)."""
        above = _CONTEXT.extract({"traceparent": parent}) if parent else None
        begun = self._tracer.start_span(name, above, attributes=facts, start_time=_nanoseconds(at))
        carrier: dict[str, str] = {}
        _CONTEXT.inject(carrier, trace.set_span_in_context(begun))
        return SentSpan(begun, carrier.get("traceparent", ""))

    def send_soon(self) -> None:
        """Have a thread send what has ended, unless one is at it."""
        if self._sending.acquire(blocking=False):
            threading.Thread(target=self._flush, name="traces", daemon=True).start()

    def _flush(self) -> None:
        try:
            self._provider.force_flush()
        finally:
            self._sending.release()

    def close(self, seconds: float) -> None:
        """Send the rest for so many seconds, whatever the collector does."""
        closing = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        closing.start()
        closing.join(seconds)


def _nanoseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1_000_000) * 1_000
