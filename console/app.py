"""The console: whether the archive answers, how the portals stand, what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from config.logs import start_logging, take_over
from config.settings import load_settings
from console.api import api
from console.archive import Archive
from console.counts import counts
from console.delivery import Delivery
from console.faults import tell_faults
from console.feed import feed
from console.metrics import metrics
from console.pages import assets
from console.reading import reading
from console.standings import standings

if TYPE_CHECKING:
    from config.settings import Settings

ABOUT = """Read the archive of gomtin. Nothing can be changed here, and there are no accounts.
A list of articles has in `next` the address of those that follow. What cannot be answered is told
as problem details (RFC 9457) with a stable `code`."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the web application: pages for people, ``/api`` and ``/feed`` for programs.

    ``/health`` is 200 or 503; ``/metrics`` is for Prometheus.
    """
    if settings is None:  # the console is a process of its own
        settings = load_settings()
        start_logging(settings)
        take_over("uvicorn", "uvicorn.error", "uvicorn.access")
    archive = Archive(settings.store_url)
    app = FastAPI(
        title="gomtin", version="1", description=ABOUT,
        docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
    )  # fmt: skip
    app.add_middleware(Delivery)
    tell_faults(app)
    for router in (standings, reading, counts, feed, api, metrics):
        app.include_router(router(archive))
    app.include_router(assets())
    return app
