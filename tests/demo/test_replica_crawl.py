"""The real crawl processes over the replicas, on two days, against the manifest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from config.settings import Settings
from demo.expected import ExpectedArticle, ExpectedPortal, expected
from demo.serve import Replicas, serve
from demo.world import World
from pipelines.ingest import ingest
from pipelines.records import Attachment, Caption, Outcome
from pipelines.store.articles import StoredArticle, revisions
from pipelines.store.engine import Store, open_store
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.runs import RunParams, complete_runs, create_run, run_totals
from pipelines.store.schema import inbox, outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    Process: TypeAlias = subprocess.Popen[bytes]

ROOT = Path(__file__).parents[2]
FIELDS = (
    "title", "summary", "body", "captions", "author", "source", "dateline", "published_at",
    "published_precision", "section", "tags", "attachments",
)  # fmt: skip
STORED = (Outcome.STORED, Outcome.COPY)
CHANGING = ("danvankheo", "baoangiang")  # portals with something new on the second day


@dataclass(frozen=True)
class Day:
    """What one day's crawl of all portals left: outcomes by portal and path, and the archive."""

    outcomes: dict[str, dict[str, Outcome]]
    totals: dict[str, dict[Outcome, int]]
    manifest: dict[str, ExpectedPortal]
    archive: dict[str, StoredArticle]
    replicas: dict[str, str]

    @property
    def articles(self) -> list[ExpectedArticle]:
        return [one for portal in self.manifest.values() for one in portal.articles]

    def outcome(self, portal: str, url: str) -> Outcome | None:
        return self.outcomes[portal].get(target(url))


def target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def at_home(value: Any, replica: str, url: str) -> Any:
    """Give pictures and files the portal's own host: the replica's relative links name its port."""
    parts = urlsplit(url)
    own = f"{parts.scheme}://{parts.netloc}/"
    if isinstance(value, tuple) and value and isinstance(value[0], Attachment):
        return tuple(replace(one, url=one.url.replace(replica, own)) for one in value)
    if isinstance(value, tuple) and value and isinstance(value[0], Caption):
        return tuple(replace(one, image=(one.image or "").replace(replica, own)) for one in value)
    return value


def start(store: Store, settings: Settings, portal: str, url: str) -> tuple[int, Process]:
    with store.begin() as conn:
        params = RunParams(base_url=url, delay=0.0)
        run_id = create_run(conn, portal, "incremental", params, datetime.now(UTC))
    environment = {**os.environ, "GOMTIN_DATA": str(settings.data)}
    command = [sys.executable, "-m", "crawler.run", str(run_id)]
    return run_id, subprocess.Popen(command, cwd=ROOT, env=environment)


def drain(store: Store) -> None:
    with store.read() as conn:
        ids = list(conn.execute(select(inbox.c.id)).scalars())
    report = ingest(store, ids, now=datetime.now(UTC), lease_seconds=60.0, max_attempts=1)
    assert not report.failed
    with store.begin() as conn:
        complete_runs(conn, datetime.now(UTC))


def crawl(store: Store, settings: Settings, replicas: Replicas, portals: Iterable[str]) -> Day:
    started = {one: start(store, settings, one, replicas.urls[one]) for one in portals}
    for _, process in started.values():
        assert process.wait(timeout=60) == 0
    drain(store)
    ended: dict[str, dict[str, Outcome]] = {}
    totals = {}
    with store.read() as conn:
        for portal, (run_id, _) in started.items():
            rows = conn.execute(select(outcomes).where(outcomes.c.run_id == run_id)).mappings()
            ended[portal] = {target(row["url"]): Outcome(row["outcome"]) for row in rows}
            totals[portal] = run_totals(conn, run_id)
        found = {one.draft.canonical_url: one for one in search(conn, ArticleQuery(limit=10_000))}
    return Day(ended, totals, expected(replicas.world), found, dict(replicas.urls))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Settings]]:
    settings = Settings(data=tmp_path_factory.mktemp("demo"))
    store = open_store(settings.store_url)
    yield store, settings
    store.close()


@pytest.fixture(scope="module")
def days(archive: tuple[Store, Settings]) -> tuple[Day, Day, Day]:
    store, settings = archive
    with serve(world=World()) as replicas:
        first = crawl(store, settings, replicas, replicas.urls)
        replicas.set_day(2)
        second = crawl(store, settings, replicas, CHANGING)
        again = crawl(store, settings, replicas, CHANGING)
    return first, second, again


def test_every_article_arrives_once_with_every_field(days: tuple[Day, Day, Day]) -> None:
    first = days[0]
    assert set(first.archive) == {one.url for one in first.articles}
    for one in first.articles:
        draft = first.archive[one.url].draft
        for name in FIELDS:
            found = at_home(getattr(draft, name), first.replicas[one.portal], one.url)
            assert found == getattr(one, name), (one.document, name)
        assert first.archive[one.url].revision == 1


def test_every_other_address_ends_in_its_named_outcome(days: tuple[Day, Day, Day]) -> None:
    for portal, manifest in days[0].manifest.items():
        for url, outcome in manifest.ends.items():
            assert days[0].outcome(portal, url) is outcome, url


def test_totals_add_up_to_the_addresses_met(days: tuple[Day, Day, Day]) -> None:
    for day in days:
        for portal, ended in day.outcomes.items():
            assert day.totals[portal] == Counter(ended.values())
    for portal, manifest in days[0].manifest.items():
        counted = Counter(days[0].outcomes[portal].values())
        assert counted[Outcome.STORED] + counted[Outcome.COPY] == len(manifest.articles)


def test_copies_share_a_story_and_series_do_not(days: tuple[Day, Day, Day]) -> None:
    first = days[0]
    story = {url: one.story_id for url, one in first.archive.items()}
    for one in first.articles:
        if one.copy_of:
            assert story[one.url] == story[one.copy_of], one.document
    copies = sum(bool(one.copy_of) for one in first.articles)
    assert len(set(story.values())) == len(first.articles) - copies


def test_a_place_of_a_shared_name_lies_in_the_portals_own_province(
    days: tuple[Day, Day, Day],
) -> None:
    named = {one.document: one.url for one in days[0].articles}
    units = days[0].archive[named["danvankheo/1056"]].draft.units
    assert {one.written: one.today for one in units}["xã Long An"] == "xã Tân An, tỉnh An Giang"


def test_the_second_day_revises_one_and_stores_two(
    days: tuple[Day, Day, Day], archive: tuple[Store, Settings]
) -> None:
    first, second, _ = days
    changed = Counter(
        outcome
        for ended in second.outcomes.values()
        for outcome in ended.values()
        if outcome in {*STORED, Outcome.REVISED}
    )
    assert changed == {Outcome.STORED: 2, Outcome.REVISED: 1}
    assert set(second.archive) - set(first.archive) == {
        one.url for one in second.articles if one.url not in first.archive
    }
    corrected = next(one for one in second.articles if one.document == "danvankheo/1030")
    stored = second.archive[corrected.url]
    assert stored.draft.body == corrected.body
    with archive[0].read() as conn:
        versions = revisions(conn, stored.id)
    assert sorted(version.number for version in versions) == [1, 2]


def test_crawling_the_same_day_again_changes_nothing(days: tuple[Day, Day, Day]) -> None:
    _, second, again = days
    assert again.archive.keys() == second.archive.keys()
    ended = {outcome for one in again.outcomes.values() for outcome in one.values()}
    assert not ended & {*STORED, Outcome.REVISED, Outcome.FETCHED}
