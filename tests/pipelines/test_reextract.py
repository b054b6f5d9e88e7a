"""Re-extraction: today's rules over the kept bytes, shown before it is stored."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipelines.ingest import ingest
from pipelines.records import Cleaned, Draft, Outcome, Page
from pipelines.reextract import reextract
from pipelines.store.articles import ArticleQuery, get_article, revisions, search
from pipelines.store.inbox import deliver
from pipelines.store.outbox import unrelayed
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, RunState, create_run, recent_runs, run_totals, stop_run
from pipelines.store.snapshots import SnapshotWriter, record_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.reextract import Difference
    from pipelines.store.engine import Store

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
    return list(reextract(store, folder, clean, portal=portal, apply=apply, now=LATER))


def test_the_same_rules_find_nothing(store: Store, folder: Path) -> None:
    assert again(store, folder, read_lines, apply=True) == []


def test_a_difference_is_shown_and_not_stored(store: Store, folder: Path) -> None:
    article, listing = again(store, folder, read_better, apply=False)
    assert article.describe() == (
        "article 1  https://tuag.example/0\n"
        "  body: Sáng 13/12, hội nghị khai mạc. / Lượt xem: 1830 -> Sáng 13/12, hội nghị khai mạc."
    )
    assert article.to_json()["changes"] == [
        {
            "field": "body",
            "before": ["Sáng 13/12, hội nghị khai mạc.", "Lượt xem: 1830"],
            "after": ["Sáng 13/12, hội nghị khai mạc."],
        }
    ]
    assert listing.describe().endswith("now listing: judge.listing; the article is kept")
    assert again(store, folder, read_better, apply=False) == [article, listing]
    assert again(store, folder, read_better, apply=False, portal="other") == []


def test_an_applied_difference_takes_the_old_draft_s_place(store: Store, folder: Path) -> None:
    applied = [one.applied for one in again(store, folder, read_better, apply=True)]
    assert applied == [True, False]
    with store.read() as conn:
        stored = get_article(conn, 1)
        assert stored is not None
        assert stored.draft.body == ("Sáng 13/12, hội nghị khai mạc.",)
        assert stored.draft.author == "Thùy Trang"
        assert stored.draft.document_key == "https://tuag.example/0"
        assert len(revisions(conn, 1)) == 1
        assert search(conn, ArticleQuery(query="luot xem")) == []
        assert unrelayed(conn, 9)[-1].payload == {"article_id": 1, "changed": ["body"]}
    assert len(again(store, folder, read_better, apply=True)) == 1  # the listing, still shown


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
    assert shown.describe() == (
        "new article  https://tuag.example/2\n  title: None -> Tin ngắn\n  body: None -> Một dòng."
    )
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
