"""The console: whether the archive answers, how the portals stand, what a revision changed."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from config.logs import start_logging, take_over
from config.settings import load_settings
from console.metrics import metrics
from console.reading import reading
from pipelines.store.articles import revisions
from pipelines.store.engine import open_store
from pipelines.store.overview import overview
from pipelines.wording import changes

if TYPE_CHECKING:
    from config.settings import Settings
    from pipelines.store.overview import PortalStatus

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>gomtin</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}
th,td{{padding:.4rem .8rem;border-bottom:1px solid #ddd;text-align:right}}
tr>:first-child,tr>:last-child{{text-align:left}}</style>
<h1>gomtin</h1><p>{sentence} <a href="/articles">Read and search</a></p>
<table><tr><th>portal</th><th>state</th><th>articles</th><th>new in 7 days</th><th>waiting</th>
<th>dead letters</th><th>last run</th><th>why</th></tr>{rows}</table></html>"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the web application; ``/`` is for people, ``/health`` for programs (200 or 503).

    ``/api/articles/ID/diff`` gives what ``gomtin show ID --diff --json`` prints.
    ``/articles`` searches, for both; ``/metrics`` is for Prometheus.
    """
    if settings is None:  # the console is a process of its own
        settings = load_settings()
        start_logging(settings)
        take_over("uvicorn", "uvicorn.error", "uvicorn.access")
    store = open_store(settings.store_url)
    app = FastAPI(title="gomtin", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(reading(store))
    app.include_router(metrics(store))

    def portals() -> list[PortalStatus]:
        with store.read() as conn:
            return overview(conn, datetime.now(UTC))

    @app.get("/health")
    def health() -> JSONResponse:
        try:
            found = portals()
        except SQLAlchemyError as error:
            return JSONResponse({"status": "down", "reason": type(error).__name__}, 503)
        return JSONResponse({"status": "up", "portals": [_brief(one) for one in found]})

    @app.get("/api/articles/{article_id}/diff")
    def diff(article_id: Annotated[int, Path(ge=1, lt=2**63)]) -> JSONResponse:
        with store.read() as conn:
            texts = [one.draft.text for one in revisions(conn, article_id)]
        if not texts:
            return JSONResponse({"reason": f"there is no article {article_id}"}, 404)
        changed = changes(*texts[-2:]) if len(texts) > 1 else []
        return JSONResponse([one.to_json() for one in changed])

    @app.get("/")
    def page() -> HTMLResponse:
        found = portals()
        waiting = sum(one.waiting for one in found)
        total = sum(one.articles for one in found)
        sentence = f"{total} articles from {len(found)} portals; {waiting} drafts wait."
        rows = "".join(_row(one) for one in found)
        return HTMLResponse(PAGE.format(sentence=sentence, rows=rows))

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


def _row(status: PortalStatus) -> str:
    run = status.last_run
    cells = (
        status.portal,
        status.standing.state,
        status.articles,
        status.new_this_week,
        status.waiting,
        status.buried,
        f"run {run.id} {run.state}" if run else "not run yet",
        status.standing.reason,
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
