"""A site is redesigned: its new pages are read by a new version of the rules, the old by the old.

The redesign's traps: the old body's class lives on in the new pages (a box of related news), and
the new one's was on the old pages already (a teaser beside the article).
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.families.nukeviet import RULES
from pipelines.clean.page import clean_page
from pipelines.ingest import ingest
from pipelines.records import Cleaned, Page
from pipelines.reprocess.latecomers import Scope
from pipelines.reprocess.reextract import articles_in, reextract
from pipelines.store.articles import revisions
from pipelines.store.inbox import deliver
from pipelines.store.runs import RunParams, create_run
from pipelines.store.snapshots import SnapshotWriter, record_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.clean.rules import PageRules
    from pipelines.reprocess.latecomers import Clean
    from pipelines.store.engine import Store

DAY = "2026-11-15"
BEFORE = datetime(2026, 11, 14, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
AFTER = BEFORE + timedelta(minutes=1)
REDESIGNED = RULES.redesigned(
    DAY, title=("main h1.tieu-de",), body=("main .noi-dung",), lead=("main .sapo",)
)
TEXT = (
    "Sáng 12/11, Đảng ủy phường tổ chức hội nghị lấy ý kiến nhân dân về dự thảo văn kiện đại hội.",
    "Hội nghị thống nhất phân công từng chi bộ tiếp thu ý kiến và báo cáo trước ngày 20/11.",
)
TEASER = "Cùng ngày, Ủy ban nhân dân phường trao 50 phần quà cho các hộ có hoàn cảnh khó khăn."
OLD = f"""<body><div class="news_column"><h1 class="title">Hội nghị lấy ý kiến nhân dân</h1>
<div id="news-bodyhtml"><p>{TEXT[0]}</p><p>{TEXT[1]}</p></div></div>
<main><h1 class="tieu-de">Tin nổi bật</h1>
<div class="noi-dung"><p>{TEASER}</p></div></main></body>"""
NEW = f"""<body><main><h1 class="tieu-de">Hội nghị lấy ý kiến nhân dân</h1>
<div class="noi-dung"><p>{TEXT[0]}</p><p>{TEXT[1]}</p></div></main>
<div class="news_column"><h1 class="title">Tin liên quan</h1>
<div id="news-bodyhtml"><p>{TEASER}</p></div></div></body>"""


def cleaner(rules: PageRules) -> Clean:
    def clean(page: Page, _portal: str) -> Cleaned:
        return clean_page(page, rules, canonical_url=page.url, document_key=page.url)

    return clean


@pytest.mark.parametrize(
    ("body", "fetched_at", "rules", "lines"),
    [
        (OLD, BEFORE, RULES, TEXT),
        (OLD, BEFORE, REDESIGNED, TEXT),
        (NEW, AFTER, RULES, (TEASER,)),
        (NEW, AFTER, REDESIGNED, TEXT),
        # a portal that moves section by section: where the day's version finds nothing, another
        (OLD.partition("<main>")[0], AFTER, REDESIGNED, TEXT),
        (NEW.partition("<div class=\"news_column\">")[0], BEFORE, REDESIGNED, TEXT),
    ],
)  # fmt: skip
def test_the_day_of_the_fetch_says_which_version_reads(
    body: str, fetched_at: datetime, rules: PageRules, lines: tuple[str, ...]
) -> None:
    page = Page("http://ward.example.vn/a-1.html", body.encode(), fetched_at, portal="ward")
    draft = clean_page(page, rules).draft
    assert draft is not None
    assert draft.body == lines


def test_a_second_redesign_keeps_every_version() -> None:
    again = REDESIGNED.redesigned("2027-03-01", body=("article .chu",))
    late = datetime(2027, 3, 1, tzinfo=UTC)
    assert [one.since for one in again.versions(late)][:2] == ["2027-03-01", DAY]
    assert again.versions(BEFORE)[0] == RULES
    assert again.versions(BEFORE)[-2:] == (again, REDESIGNED)


def test_old_snapshots_stay_as_they_are_and_new_ones_are_read_anew(
    store: Store, tmp_path: Path
) -> None:
    ids = []
    with closing(SnapshotWriter(tmp_path, "ward", 1)) as writer, store.begin() as conn:
        run_id = create_run(conn, "ward", "incremental", RunParams(), AFTER)
        for number, (body, at) in enumerate([(OLD, BEFORE), (NEW, AFTER)]):
            page = Page(f"http://ward.example.vn/a-{number}.html", body.encode(), at, portal="ward")
            kept = record_snapshot(conn, writer.append(page), run_id, "ward", at)
            draft = cleaner(RULES)(page, "ward").draft
            assert draft is not None
            ids.append(deliver(conn, run_id, "ward", page.url, draft, kept, at))
    ingest(store, ids, now=AFTER, lease_seconds=60, max_attempts=3)
    found = dict(
        reextract(store, tmp_path, cleaner(REDESIGNED), articles_in(store, Scope()), AFTER)
    )
    assert found[1] is None
    with store.read() as conn:
        assert [one.kind for one in revisions(conn, 1)] == ["fetched"]
        old, new = revisions(conn, 2)
        assert (old.draft.body, new.draft.body) == ((TEASER,), TEXT)
        assert new.kind == "re-extracted"
