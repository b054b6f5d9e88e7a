"""Re-extraction: today's rules over the kept bytes, shown before it is stored."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.ingest import ingest
from pipelines.records import Cleaned, Draft, Outcome, Page, Precision
from pipelines.reprocess.latecomers import Scope, pages_in
from pipelines.reprocess.reextract import articles_in, reextract, reextract_pages
from pipelines.store.articles import get_article, revisions, story_of
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.inbox import deliver
from pipelines.store.outbox import unrelayed
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import (
    RunParams,
    RunState,
    complete_runs,
    create_run,
    recent_runs,
    run_totals,
    stop_run,
)
from pipelines.store.snapshots import SnapshotWriter, record_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.reprocess.reextract import Difference
    from pipelines.store.engine import Store
    from tests.conftest import Desk

    MakeDraft = Callable[..., Draft]

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def read_lines(page: Page, portal: str) -> Cleaned:
    """Clean a page of this test: a title, an author and paragraphs, one a line."""
    title, author, *body = page.body.decode().split("\n")
    url = page.url.replace("http:", "https:")
    draft = Draft(
        url, url, portal, "wordpress", "family", title, page.fetched_at,
        document_key=url, author=author or None, body=tuple(body),
    )  # fmt: skip
    return Cleaned(Outcome.FETCHED, "", draft)


def read_better(page: Page, portal: str) -> Cleaned:
    """Clean by rules that know that the last line is chrome and the address has changed."""
    cleaned = read_lines(page, portal)
    assert cleaned.draft is not None
    if cleaned.draft.title == "Trang chủ":
        return Cleaned(Outcome.LISTING, "judge.listing")
    better = replace(
        cleaned.draft, body=cleaned.draft.body[:-1], author=None, document_key="another"
    )
    return Cleaned(Outcome.FETCHED, "", better)


PAGES = (
    "Hội nghị dân vận\nThùy Trang\nSáng 13/12, hội nghị khai mạc.\nLượt xem: 1830",
    "Trang chủ\n\nTin mới\nTin cũ",
)


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Path:
    """The snapshots of two stored articles."""
    folder = tmp_path / "snapshots"
    with closing(SnapshotWriter(folder, "tuag", 1)) as writer, store.begin() as conn:
        run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
        ids = []
        for number, text in enumerate(PAGES):
            page = Page(f"https://tuag.example/{number}", text.encode(), NOW, portal="tuag")
            kept = record_snapshot(conn, writer.append(page), run_id, "tuag", NOW)
            draft = read_lines(page, "tuag").draft
            assert draft is not None
            ids.append(deliver(conn, run_id, "tuag", page.url, draft, kept, NOW))
    report = ingest(store, ids, now=NOW, lease_seconds=60, max_attempts=3)
    assert report.counts == {Outcome.STORED: 2}
    return folder


def again(
    store: Store,
    folder: Path,
    clean: Callable[[Page, str], Cleaned],
    *,
    apply: bool,
    portal: str | None = None,
) -> list[Difference]:
    scope, now = Scope(portal), LATER if apply else None
    articles = reextract(store, folder, clean, articles_in(store, scope), now)
    pages = reextract_pages(store, folder, clean, pages_in(store, scope), now)
    return [found for _, found in (*articles, *pages) if found]


def test_the_same_rules_find_nothing(store: Store, folder: Path) -> None:
    assert again(store, folder, read_lines, apply=True) == []


def test_a_difference_is_shown_and_not_stored(store: Store, folder: Path) -> None:
    article, listing = again(store, folder, read_better, apply=False)
    assert (article.article_id, article.title) == (1, "Hội nghị dân vận")
    assert article.weight == 2 * len("Lượt xem: 1830") < listing.weight
    assert article.to_json()["changes"] == [
        {
            "field": "body",
            "before": ["Sáng 13/12, hội nghị khai mạc.", "Lượt xem: 1830"],
            "after": ["Sáng 13/12, hội nghị khai mạc."],
        }
    ]
    assert (listing.outcome, listing.reason) == (Outcome.LISTING, "judge.listing")
    assert again(store, folder, read_better, apply=False) == [article, listing]
    assert again(store, folder, read_better, apply=False, portal="other") == []


def test_an_applied_difference_is_a_revision_of_its_own_kind(store: Store, folder: Path) -> None:
    applied = [one.applied for one in again(store, folder, read_better, apply=True)]
    assert applied == [True, False]
    with store.read() as conn:
        stored = get_article(conn, 1)
        assert stored is not None
        assert stored.draft.body == ("Sáng 13/12, hội nghị khai mạc.",)
        assert stored.draft.author == "Thùy Trang"
        assert stored.draft.document_key == "https://tuag.example/0"
        first, second = revisions(conn, 1)
        assert (first.kind, first.draft.body[-1]) == ("fetched", "Lượt xem: 1830")
        assert (second.kind, second.changed, second.seen_at) == ("re-extracted", ("body",), LATER)
        assert (second.draft, second.snapshot_id) == (stored.draft, first.snapshot_id)
        assert search(conn, ArticleQuery(query="luot xem")) == []
        assert unrelayed(conn, 9)[-1].payload == {
            "article_id": 1,
            "revision": 2,
            "changed": ["body"],
        }
    assert len(again(store, folder, read_better, apply=True)) == 1  # the listing, still shown


def test_who_stands_for_a_story_now_is_its_original(
    desk: Desk, tmp_path: Path, make_draft: MakeDraft
) -> None:
    text = "Cả xã có 120 hộ tham gia hội thi “Dân vận khéo” năm nay, nhiều hơn năm trước."
    page = Page("https://tuag.example/0", f"Hội thi\n\n{text}".encode(), NOW, portal="tuag")
    early, late = (NOW - timedelta(days=days) for days in (9, 1))
    with closing(SnapshotWriter(tmp_path, "tuag", 1)) as writer, desk.store.begin() as conn:
        run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
        kept = record_snapshot(conn, writer.append(page), run_id, "tuag", NOW)
        draft = read_lines(page, "tuag").draft
        assert draft is not None
        first = replace(draft, published_at=early, published_precision=Precision.MINUTE)
        ids = [deliver(conn, run_id, "tuag", page.url, first, kept, NOW)]
    desk.ingest(ids)
    other = make_draft(portal="other", title="Hội thi", body=(text,), published_at=late)
    desk.bring(other)

    def read_later(page: Page, portal: str) -> Cleaned:
        """Clean by rules that no longer take the day of another text for the article's."""
        found = read_lines(page, portal).draft
        assert found is not None
        dated = replace(found, published_at=NOW, published_precision=Precision.MINUTE)
        return Cleaned(Outcome.FETCHED, "", dated)

    assert [one.applied for one in again(desk.store, tmp_path, read_later, apply=True)] == [True]
    with desk.store.read() as conn:
        story = story_of(conn, 1)
        assert story is not None
        assert story.representative_id == 2
        assert [one.kind for one in story.members] == ["identical", "original"]
        told = [one.payload for one in unrelayed(conn, 9) if one.type == "story.changed"]
    assert {one["article_id"]: one["kind"] for one in told} == {1: "identical", 2: "original"}


def test_a_snapshot_that_is_gone_is_shown(store: Store, folder: Path) -> None:
    next(folder.rglob("*.warc.gz")).unlink()
    found = again(store, folder, read_better, apply=True)
    assert [one.outcome for one in found] == [Outcome.FAILED] * 2
    assert found[0].reason.startswith("snapshot.unreadable: ")


def test_a_page_that_was_no_article_becomes_one(store: Store, folder: Path) -> None:
    page = Page("https://tuag.example/2", "Tin ngắn\n\nMột dòng.".encode(), NOW, portal="tuag")
    with closing(SnapshotWriter(folder, "tuag", 1)) as writer, store.begin() as conn:
        record_snapshot(conn, writer.append(page), 1, "tuag", NOW)
        rows = [OutcomeRow("/2", page.url, Outcome.THIN, "judge.thin")]
        record_outcomes(conn, 1, "tuag", rows, NOW)
    [shown] = again(store, folder, read_lines, apply=False)
    assert (shown.article_id, shown.url, shown.title) == (None, page.url, "Tin ngắn")
    assert shown.reason == "reextract.was:thin"
    [refused] = again(store, folder, read_lines, apply=True)
    assert not refused.applied  # the portal's own run is not over
    with store.begin() as conn:
        stop_run(conn, 1, NOW, "enough")
    [taken] = again(store, folder, read_lines, apply=True)
    assert taken.applied
    with store.read() as conn:
        run = recent_runs(conn, 1)[0]
        assert (run.kind, run.state) == ("import", RunState.DONE)
        assert run_totals(conn, run.id) == {Outcome.STORED: 1}
        stored = get_article(conn, 3)
        assert stored is not None
        assert stored.draft.title == "Tin ngắn"
    assert again(store, folder, read_lines, apply=True) == []


@pytest.mark.usefixtures("folder")
def test_only_what_was_fetched_since_is_read(store: Store) -> None:
    assert list(articles_in(store, Scope(since=NOW))) == [1, 2]
    assert list(articles_in(store, Scope(since=LATER))) == []
    assert list(articles_in(store, Scope("tuag"), after=1)) == [2]


def test_what_was_interrupted_is_stored_once(store: Store, folder: Path) -> None:
    ids = articles_in(store, Scope())
    interrupted = reextract(store, folder, read_better, ids, LATER)
    assert next(interrupted)[0] == 1
    del interrupted
    again(store, folder, read_better, apply=True)
    with store.read() as conn:
        assert len(revisions(conn, 1)) == 2


def test_a_revision_that_comes_in_between_wins(store: Store, folder: Path, desk: Desk) -> None:
    def read_late(page: Page, portal: str) -> Cleaned:
        newer = read_lines(page, portal).draft
        assert newer is not None
        desk.bring(replace(newer, body=("Hội nghị khai mạc muộn.",)))
        return read_better(page, portal)

    with store.begin() as conn:
        complete_runs(conn, NOW)
        stop_run(conn, 1, NOW, "enough")
    [(_, found)] = reextract(store, folder, read_late, [1], LATER)
    assert found is not None
    assert not found.applied
    with store.read() as conn:
        assert [one.kind for one in revisions(conn, 1)] == ["fetched", "fetched"]
