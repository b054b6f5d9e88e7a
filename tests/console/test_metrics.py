"""/metrics tells what the store holds; dashboard and alert rules name nothing that it lacks."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute
from prometheus_client.parser import text_string_to_metric_families

from console.archive import Archive
from console.metrics import metrics
from pipelines.records import Draft, Outcome
from pipelines.store.inbox import deliver
from pipelines.store.letters import bury
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, claim_run, create_run
from pipelines.store.schedule import Timing, set_slot
from pipelines.store.turns import leave_alone
from pipelines.store.workers import note_sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Response

    from pipelines.store.engine import Store
    from tests.conftest import Desk

DEPLOY = Path(__file__).parents[2] / "deploy"
NOW = datetime.now(UTC).replace(microsecond=0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def busy(store: Store, desk: Desk, make_draft: Callable[..., Draft]) -> Store:
    """An archive in which there is something of everything that is measured."""
    desk.now = NOW - 5 * MINUTE
    first = make_draft(document_key="1", fetched_at=desk.now)
    desk.bring(first, make_draft(document_key="2", title="Tin khác", fetched_at=desk.now))
    with store.begin() as conn:
        run = create_run(conn, "hiepninh", "incremental", RunParams(), NOW - 3 * MINUTE)
        claim_run(conn, run, "test", NOW - 2 * MINUTE, 600)
        ends = [OutcomeRow(key, key, Outcome.FETCHED) for key in ("a", "b")]
        ends.append(OutcomeRow("c", "c", Outcome.GONE))
        record_outcomes(conn, run, "hiepninh", ends, NOW)
        for key in ("a", "b"):
            row = deliver(conn, run, "hiepninh", key, make_draft(), None, NOW - MINUTE)
        bury(conn, row, "ingest.poison", "x", NOW)
        old = NOW - timedelta(days=2)
        create_run(conn, "qdnd", "incremental", RunParams(), old)
        set_slot(conn, "tuag", NOW, Timing(every_seconds=600))
        note_sign(conn, "ingest", "a", NOW, "the broker does not answer")
        leave_alone(conn, "tuag.example", NOW + timedelta(hours=1), "http.429", NOW)
    return store


def archive_of(store: Store) -> Archive:
    return Archive(store.engine.url.render_as_string(hide_password=False))


def scrape(store: Store) -> Response:
    (route,) = metrics(archive_of(store)).routes
    assert isinstance(route, APIRoute)
    answer: Response = route.endpoint()
    return answer


def scraped(store: Store) -> dict[tuple[str, ...], float]:
    """Give every sample as Prometheus reads it: (name, values of labels by name) to value."""
    answer = scrape(store)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(bytes(answer.body).decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics_tell_what_the_store_holds(busy: Store) -> None:
    found = scraped(busy)
    expected = {
        ("gomtin_articles_total", "tuag"): 2,
        ("gomtin_portal_state", "hiepninh", "broken"): 0,
        ("gomtin_portal_last_article_timestamp_seconds", "tuag"): (NOW - 5 * MINUTE).timestamp(),
        ("gomtin_portal_last_run_timestamp_seconds", "tuag"): (NOW - 5 * MINUTE).timestamp(),
        ("gomtin_portal_next_run_timestamp_seconds", "tuag"): (NOW + 10 * MINUTE).timestamp(),
        ("gomtin_run_outcomes", "stored", "tuag"): 2,
        ("gomtin_run_outcomes", "gone", "hiepninh"): 1,
        ("gomtin_run_outcomes", "dead_letter", "hiepninh"): 1,
        ("gomtin_runs", "hiepninh", "running"): 1,
        ("gomtin_stage_mean_seconds", "hiepninh", "queued"): 60,
        ("gomtin_stage_max_seconds", "tuag", "fetch"): 0,
        ("gomtin_queue_runs", "queued"): 1,
        ("gomtin_inbox_drafts", "hiepninh"): 1,
        ("gomtin_dead_letters", "ingest.poison", "hiepninh"): 1,
        ("gomtin_worker_progress_timestamp_seconds", "ingest", "ingest@a"): NOW.timestamp(),
        ("gomtin_worker_trouble", "ingest", "ingest@a"): 1,
    }
    assert {key: found.get(key) for key in expected} == expected
    assert ("gomtin_runs", "qdnd", "queued") not in found  # older than a day
    ages = {
        ("gomtin_queue_oldest_seconds", "queued"): 2 * 86_400,
        ("gomtin_inbox_oldest_seconds",): 60,
        ("gomtin_outbox_oldest_seconds",): 300,
        ("gomtin_host_rest_seconds", "tuag.example"): 3_600,
    }
    since = (datetime.now(UTC) - NOW).total_seconds()  # the archive is as old as this module
    for key, seconds in ages.items():
        assert found[key] == pytest.approx(seconds, abs=since + 5), key


@pytest.mark.parametrize("name", ["grafana-dashboard.json", "alerts.yml"])
def test_what_is_deployed_names_only_metrics_that_there_are(name: str, busy: Store) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    if name.endswith(".json"):
        panels = json.loads(text)["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels)
    named = set(re.findall(r"\bgomtin_[a-z_]+", text))
    known = {key[0] for key in scraped(busy)}
    assert named <= known
    assert len(named) > 8
    if name.endswith(".json"):
        assert named == known  # everything that is measured can be seen


def test_a_store_that_is_away_is_down(store: Store) -> None:
    with store.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE portals RENAME TO elsewhere")
    answer = scrape(store)
    assert (answer.status_code, b"does not answer" in answer.body) == (503, True)
