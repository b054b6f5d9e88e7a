"""What /health tells programs of each portal, and the table that people see."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi.routing import APIRoute

from config.settings import Settings
from console.app import create_app
from crawler.portal import Expectations
from pipelines.health.facts import Count, RunFacts
from pipelines.store.engine import open_store
from pipelines.store.health import note_run
from pipelines.store.runs import RunParams, claim_run, create_run, finish_fetch

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI


def answer(app: FastAPI, path: str) -> str:
    (route,) = (one for one in app.routes if isinstance(one, APIRoute) and one.path == path)
    body: bytes = route.endpoint().body
    return body.decode()


def test_state_and_reason_are_told_of_each_portal(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    store, now = open_store(settings.store_url), datetime.now(UTC)
    bad = RunFacts(measures={"selector.body": Count(8, 8)}, new=8)
    with store.begin() as conn:
        for portal, facts in (("tuag", bad), ("hiepninh", RunFacts(new=3))):
            run = create_run(conn, portal, "incremental", RunParams(), now)
            claim_run(conn, run, "test", now, 60)
            finish_fetch(conn, run, "test", now)
            note_run(conn, run, portal, facts, Expectations(), now)
    store.close()
    app = create_app(settings)
    told: dict[str, Any] = json.loads(answer(app, "/health"))
    assert [(one["portal"], one["state"], one["reason"]) for one in told["portals"]] == [
        ("hiepninh", "fresh", "read under a minute ago: 3 new or changed articles"),
        ("tuag", "degraded", "the body selector finds nothing on 8 of 8 pages (usual: 2%)"),
    ]
    page = answer(app, "/")
    assert '<td class="degraded">degraded' in page
    assert "the body selector finds nothing on 8 of 8 pages" in page
