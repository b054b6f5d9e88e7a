"""A collector of traces: a real receiver of OTLP over HTTP that keeps what it is sent."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector:
    """What an OTLP/HTTP receiver was sent: (service, span)."""

    url: str = ""
    spans: list[tuple[str, Span]] = field(default_factory=list)
    processes: dict[bytes, int] = field(default_factory=dict)
    """The id of the process that each span came from."""

    def named(self, name: str) -> Span:
        """The one span of this name."""
        (found,) = (span for _, span in self.spans if span.name == name)
        return found

    def seconds_by_url(self) -> dict[str, tuple[float, float]]:
        """How long each address was fetched and its page cleaned."""
        took: dict[bytes, float] = {}
        for _, span in self.spans:
            if span.name == "clean":
                took[span.parent_span_id] = _seconds(span)
        return {
            fact.value.string_value: (_seconds(span), took.get(span.span_id, 0.0))
            for _, span in self.spans
            for fact in span.attributes
            if fact.key == "url.full"
        }

    def of(self, span: Span) -> str:
        """The service that a span came from."""
        return next(service for service, one in self.spans if one.span_id == span.span_id)


@contextmanager
def collecting() -> Iterator[Collector]:
    """Receive traces at the address that the collector has."""
    here = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            sent = ExportTraceServiceRequest()
            sent.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
            for group in sent.resource_spans:
                facts = {one.key: one.value.string_value for one in group.resource.attributes}
                for scope in group.scope_spans:
                    here.spans += [(facts["service.name"], span) for span in scope.spans]
                    process = int(facts["service.instance.id"].rpartition(":")[2])
                    here.processes |= dict.fromkeys([one.span_id for one in scope.spans], process)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here.url = f"http://127.0.0.1:{server.server_port}"
    yield here
    server.shutdown()
    server.server_close()


def _seconds(span: Span) -> float:
    return (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9
