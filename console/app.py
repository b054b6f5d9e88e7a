"""The console: whether the archive answers, how the portals stand, what is in it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from config.logs import start_logging, take_over
from config.settings import load_settings
from console.counts import counts
from console.metrics import metrics
from console.pages import page
from console.reading import reading
from pipelines.health.standing import GRAVITY
from pipelines.store.engine import open_store
from pipelines.store.overview import failures, overview

if TYPE_CHECKING:
    from config.settings import Settings
    from pipelines.store.overview import PortalStatus

SHOWN_FAILURES = 20
"""Causes of failure that the front page shows, the most frequent ones."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the web application; ``/`` is for people, ``/health`` for programs (200 or 503).

    ``/articles``, ``/articles/ID`` and ``/count`` are for both, ``/metrics`` is for Prometheus.
    """
    if settings is None:  # the console is a process of its own
        settings = load_settings()
        start_logging(settings)
        take_over("uvicorn", "uvicorn.error", "uvicorn.access")
    store = open_store(settings.store_url)
    app = FastAPI(title="gomtin", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(reading(store))
    app.include_router(counts(store))
    app.include_router(metrics(store))

    @app.get("/health")
    def health() -> JSONResponse:
        try:
            with store.read() as conn:
                found = overview(conn, datetime.now(UTC))
        except SQLAlchemyError as error:
            return JSONResponse(
                {"status": "down", "reason": type(error).__name__}, HTTPStatus.SERVICE_UNAVAILABLE
            )
        return JSONResponse({"status": "up", "portals": [_brief(one) for one in found]})

    @app.get("/")
    def front() -> HTMLResponse:
        with store.read() as conn:
            now = datetime.now(UTC)
            found = overview(conn, now)
            failing = failures(conn)[:SHOWN_FAILURES]
        found.sort(key=lambda one: -GRAVITY.index(one.standing.state))
        states = Counter(one.standing.state for one in found)
        return page("portals.html", portals=found, states=states, failures=failing, now=now)

    return app


def _brief(status: PortalStatus) -> dict[str, Any]:
    run = status.last_run
    return {
        "portal": status.portal,
        "state": status.standing.state,
        "reason": status.standing.reason,
        "articles": status.articles,
        "waiting": status.waiting,
        "dead_letters": status.buried,
        "last_run": run.state if run else None,
    }
