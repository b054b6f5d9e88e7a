"""A page's trace: one, from the slot to the event; and no collector can hold a crawl up."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from config import traces
from config.settings import Settings
from crawler.registry import site_id
from pipelines.records import Outcome
from pipelines.store.inbox import stale
from pipelines.store.runs import RunParams, RunState, change_params
from pipelines.store.schedule import Timing, claim_due, set_slot
from tests.crawler.test_hostile_server import article
from workers.broker import EmbeddedBroker, connect
from workers.relay import STREAM, Relay
from workers.supervise import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from tests.collector import Collector


PAGE = "/hoi-nghi-so-1.html"
# What comes last of each process: the crawl's end, the batch's, the relay's.
AT_THE_END = {"crawl", "store", "ingest", "relay article.stored"}


def put_up(site: Any) -> None:
    """A site with one article."""
    site.page("/", PAGE)
    site.answers[PAGE] = site.answers["/"].__class__(article(1))


def scheduled(site: Any, crawling: Any) -> int:
    """A run of the site that a slot has made, as the clock makes it."""
    now = datetime.now(UTC)
    traces.start_tracing("clock")
    with crawling.store.begin() as conn:
        set_slot(conn, site_id(site.url), now, Timing(every_seconds=600), first_at=now)
        (run,) = claim_due(conn, now)
        change_params(conn, run, RunParams(url=site.url + "/", delay=0.0, slice=5), now)
    return int(run)


def expect_one_trace(collector: Collector, page: str) -> None:
    """Every step of the page hangs below the one before it, in the trace of the slot."""
    slot, crawl, ingest = map(collector.named, ("slot", "crawl", "ingest"))
    (fetch,) = (
        span
        for _, span in collector.spans
        if any(one.value.string_value == page for one in span.attributes)
    )
    clean = [span for _, span in collector.spans if span.name == "clean"]
    parents = {
        "crawl": (crawl, slot),
        "fetch": (fetch, crawl),
        "clean": (next(one for one in clean if one.parent_span_id == fetch.span_id), fetch),
        "queue": (collector.named("queue"), fetch),
        "ingest": (ingest, fetch),
        "classify": (collector.named("classify"), ingest),
        "dedupe": (collector.named("dedupe"), ingest),
        "store": (collector.named("store"), ingest),
        "relay": (collector.named("relay article.stored"), ingest),
    }
    for name, (span, parent) in parents.items():
        print(f"{name:<10}{collector.of(span):<14}{span.trace_id.hex()} {span.span_id.hex()}")
        assert span.trace_id == slot.trace_id, name
        assert span.parent_span_id == parent.span_id, name
        assert span.start_time_unix_nano <= span.end_time_unix_nano, name
    assert not slot.parent_span_id
    assert collector.of(crawl) == "gomtin-crawl"


def test_one_trace_follows_a_page_from_slot_to_event(
    site: Any, crawling: Any, collector: Collector, tmp_path: Path
) -> None:
    put_up(site)
    run = scheduled(site, crawling)
    _, said = crawling.again(run).communicate(timeout=60)
    assert "Traceback" not in said, said
    assert crawling.ingest().counts == {Outcome.STORED: 1}
    broker = EmbeddedBroker(tmp_path / "broker")
    client = connect(broker.start().url)
    Relay(crawling.store, client, owner="here").relay(datetime.now(UTC) + timedelta(seconds=5))
    traces.stop_tracing()
    told: Any = client.xrange(STREAM)
    client.close()
    broker.stop()
    expect_one_trace(collector, site.url + PAGE)
    (fields,) = (fields for _, fields in told if fields[b"type"] == b"article.stored")
    assert fields[b"traceparent"].decode().split("-")[1:3] == [
        collector.named("slot").trace_id.hex(), collector.named("ingest").span_id.hex(),
    ]  # fmt: skip


def test_the_trace_goes_through_a_child_of_the_real_ingest_worker(
    site: Any, crawling: Any, collector: Collector
) -> None:
    put_up(site)
    scheduled(site, crawling)
    traces.stop_tracing()
    with Stack(Settings(data=crawling.folder, sweep_seconds=0.5)) as stack:
        limit = time.monotonic() + 60
        while missing := AT_THE_END - {span.name for _, span in collector.spans}:
            assert time.monotonic() < limit, missing
            stack.check()
            time.sleep(0.05)
        (worker,) = (one.process for one in stack.workers if one.role == "ingest")
    expect_one_trace(collector, site.url + PAGE)
    steps = [collector.named(name) for name in ("queue", "ingest", "classify", "dedupe", "store")]
    assert {collector.of(one) for one in steps} == {"gomtin-ingest"}
    (child,) = {collector.processes[one.span_id] for one in steps}
    assert worker is not None
    assert child != worker.pid
    assert collector.of(collector.named("relay article.stored")) == "gomtin-clock"


def test_without_a_collector_nothing_is_traced_and_nothing_imported(
    site: Any, crawling: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in traces.ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    put_up(site)
    monkeypatch.setenv("PYTHONVERBOSE", "1")
    run, process = crawling.start(site)
    _, said = process.communicate(timeout=60)
    assert crawling.result(run, site)[0].state is RunState.FETCHED
    assert "import 'config.traces'" in said
    assert "import 'opentelemetry" not in said
    with crawling.store.read() as conn:
        assert len(stale(conn, datetime.now(UTC), 10)) == 1
    traces.start_tracing("test")
    assert traces.begin("slot", None).context == ""


def silent() -> socket.socket:
    """A collector that takes connections and answers none."""
    return socket.create_server(("127.0.0.1", 0))


def refusing() -> socket.socket:
    """An address at which nobody listens."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken


@pytest.mark.parametrize("dead", [silent, refusing])
def test_a_dead_collector_costs_no_article(dead: Any, site: Any, crawling: Any) -> None:
    put_up(site)
    with dead() as server:
        run, process = crawling.start(
            site,
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{server.getsockname()[1]}",
            # who waited for the answer would not be back before the test is given up
            OTEL_EXPORTER_OTLP_TIMEOUT="600",
        )
        _, said = process.communicate(timeout=60)
    assert "Traceback" not in said, said
    ended, found = crawling.result(run, site)
    assert ended.state is RunState.FETCHED
    assert found[PAGE][0] is Outcome.FETCHED
