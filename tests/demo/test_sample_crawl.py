"""Real crawl processes over samples of systems that no replica has."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from config.settings import Settings
from crawler.registry import find_portal
from demo.samples import SAMPLES
from demo.serve import serve
from demo.world import World
from pipelines.ingest import ingest
from pipelines.records import Outcome
from pipelines.store.engine import open_store
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schema import inbox, outcomes, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.samples.sample import Sample
    from pipelines.store.articles import StoredArticle
    from pipelines.store.engine import Store

ROOT = Path(__file__).parents[2]


# doors and addresses unlike those of the replicas: a feed that answers with a page, a front page
# that is not "/", GUIDs and days in addresses, numbers below /vn/tin-tuc/
PORTALS = ("tuyengiao_angiang", "thuathienhue", "dienbien", "most")
KINDS = {kind.id: kind for kind in SAMPLES if kind.id in PORTALS}
EVERY = [pytest.param(kind, id=portal) for portal, kind in KINDS.items()]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The archive after one crawl of each of the samples."""
    settings = Settings(data=tmp_path_factory.mktemp("samples"))
    store = open_store(settings.store_url)
    with serve(world=World(), kinds=KINDS.values()) as replicas:
        started = [start(store, settings, *place) for place in replicas.urls.items()]
        assert [process.wait(timeout=60) for process in started] == [0] * len(KINDS)
    with store.read() as conn:
        ids = list(conn.execute(select(inbox.c.id)).scalars())
    report = ingest(store, ids, now=datetime.now(UTC), lease_seconds=60.0, max_attempts=1)
    assert not report.failed
    yield store
    store.close()


def start(store: Store, settings: Settings, portal: str, url: str) -> subprocess.Popen[bytes]:
    with store.begin() as conn:
        params = RunParams(base_url=url, delay=0.0)
        run_id = create_run(conn, portal, "incremental", params, datetime.now(UTC))
    environment = {**os.environ, "GOMTIN_DATA": str(settings.data)}
    command = [sys.executable, "-m", "crawler.run", str(run_id)]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def archived(store: Store, portal: str) -> dict[str, StoredArticle]:
    with store.read() as conn:
        found = search(conn, ArticleQuery(portal=portal, limit=100))
    return {one.draft.canonical_url: one for one in found}


@pytest.mark.parametrize("kind", EVERY)
def test_a_crawl_finds_every_article_by_the_front_page(store: Store, kind: type[Sample]) -> None:
    sample = kind(World())
    found = archived(store, kind.id)
    assert set(found) == {sample.url(article) for article in sample.articles()}
    for article in sample.articles():
        draft = found[sample.url(article)].draft
        assert (draft.title, draft.published_at) == (article.title, article.published)
        assert draft.extractor == "family"


@pytest.mark.parametrize("kind", EVERY)
def test_what_is_no_article_is_a_listing_or_a_door(store: Store, kind: type[Sample]) -> None:
    with store.read() as conn:
        portal = select(runs.c.id).where(runs.c.portal == kind.id).scalar_subquery()
        rows = conn.execute(select(outcomes).where(outcomes.c.run_id == portal)).mappings()
        ends = {row["url"]: (Outcome(row["outcome"]), row["detail"]) for row in rows}
    others = {url: end for url, end in ends.items() if end[0] is not Outcome.STORED}
    doors = {door.path for door in find_portal(kind.id).doors}
    for url, (outcome, detail) in others.items():
        path = "/" + url.split("/", 3)[3]
        assert outcome in {Outcome.LISTING, Outcome.DOOR} or path in doors, (url, outcome, detail)
