"""gomtin reextract: shown field by field, stored once, also where it is killed in between."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.registry import find_portal
from pipelines.clean.frame import Frames
from pipelines.clean.page import clean_page
from pipelines.ingest import ingest
from pipelines.records import Outcome, Page
from pipelines.store.articles import revisions
from pipelines.store.engine import open_store
from pipelines.store.inbox import Delivery, deliver_all
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, claim_run, complete_runs, create_run, finish_fetch
from pipelines.store.snapshots import SnapshotWriter, record_snapshots

if TYPE_CHECKING:
    from tests.cli.conftest import Gomtin

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
RECORDED = Path(__file__).parents[1] / "portals" / "danvankheo"
CHROME = "Lượt xem: 1.830"
NUMBER = 40


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An archive whose articles were read by rules that took a counter for text."""
    folder = tmp_path / "data"
    rows = json.loads((RECORDED / "pages.json").read_text("utf-8"))
    body = next((RECORDED / row["file"]).read_bytes() for row in rows if row["article"])
    portal = find_portal("danvankheo")
    store = open_store(f"sqlite:///{folder}/gomtin.sqlite3")
    pages = [
        Page(f"https://danvankheo-ketnoithongtin.vn/mot-tin-so-{n}/", body, NOW, portal=portal.id)
        for n in range(NUMBER)
    ]
    with closing(SnapshotWriter(folder / "snapshots", portal.id, 1)) as writer:
        refs = [writer.append(page) for page in pages]
    with store.begin() as conn:
        run_id = create_run(conn, portal.id, "incremental", RunParams(), NOW)
        claim_run(conn, run_id, "test", NOW, 60)
        kept = record_snapshots(conn, refs, run_id, portal.id, NOW)
        deliveries = []
        for page, snapshot in zip(pages, kept, strict=True):
            draft = clean_page(page, portal.rules, document_key=page.url).draft
            assert draft is not None
            worse = replace(draft, body=(*draft.body, CHROME), source="Báo")
            deliveries.append(Delivery(page.url, worse, snapshot))
        ids = deliver_all(conn, run_id, portal.id, deliveries, NOW)
        finish_fetch(conn, run_id, "test", NOW)
    ingest(store, ids, now=NOW, lease_seconds=60, max_attempts=3)
    with store.begin() as conn:
        complete_runs(conn, NOW)
    store.close()
    return folder


SITE = "https://xa.vn"
FRAME = "Cộng tác viên có tin, bài hay xin gửi về hộp thư của trang trước 16 giờ mỗi ngày."
TITLE = "Xã thông báo lịch cắt điện để sửa chữa đường dây"
LEAD = "Ủy ban nhân dân xã thông báo lịch cắt điện, cắt nước và thu gom rác của xã trong tuần tới."
TOLD = "Điện lực cắt điện từ 8 giờ đến 11 giờ."
TEXTS = (
    " ".join([TOLD] * 9),
    TOLD,
    "Đề nghị các ấp phối hợp thực hiện tốt nội dung thông báo này.",
)
TEASERS = "".join(
    f"<div><h3><a href='/tin/{n}.html'>{TITLE} đợt {n}</a></h3><p>Bấm vào đây để xem.</p></div>"
    for n in range(5)
)


def framed(path: str, title: str, main: str) -> Page:
    html = (
        f"<html><head><title>{title}</title></head><body><div><div>{main}<div class='moi'>"
        f"<p>{FRAME}</p></div></div></div></body></html>"
    )
    return Page(SITE + path, html.encode(), NOW, encoding="utf-8", portal="xa.vn")


@pytest.fixture
def unknown_system(tmp_path: Path) -> Path:
    """An archive of a site without family, whose listing shows what stands below its articles."""
    folder, frames = tmp_path / "data", Frames()
    listing = framed("/tin/", "Tin tức", f"<h1>Tin tức</h1>{TEASERS}")
    told = "".join(f"<p>{text}</p>" for text in TEXTS)
    text = f"<h1>{TITLE}</h1><div class='sapo'><p>{LEAD}</p></div><div class='than'>{told}</div>"
    article = framed("/tin/1.html", TITLE, text)
    assert clean_page(listing, None, frames=frames).outcome is Outcome.LISTING
    draft = clean_page(article, None, frames=frames).draft
    assert draft is not None
    assert FRAME not in draft.body
    store = open_store(f"sqlite:///{folder}/gomtin.sqlite3")
    with closing(SnapshotWriter(folder / "snapshots", "xa.vn", 1)) as writer:
        refs = [writer.append(page) for page in (listing, article)]
    with store.begin() as conn:
        run_id = create_run(conn, "xa.vn", "incremental", RunParams(), NOW)
        claim_run(conn, run_id, "test", NOW, 60)
        _, kept = record_snapshots(conn, refs, run_id, "xa.vn", NOW)
        met = [OutcomeRow("/tin/", listing.url, Outcome.LISTING)]
        record_outcomes(conn, run_id, "xa.vn", met, NOW)
        ids = deliver_all(conn, run_id, "xa.vn", [Delivery("/tin/1.html", draft, kept)], NOW)
        finish_fetch(conn, run_id, "test", NOW)
    ingest(store, ids, now=NOW, lease_seconds=60, max_attempts=3)
    store.close()
    return folder


def kinds(data: Path) -> list[list[str]]:
    store = open_store(f"sqlite:///{data}/gomtin.sqlite3")
    with store.read() as conn:
        found = [[one.kind for one in revisions(conn, n)] for n in range(1, NUMBER + 1)]
    store.close()
    return found


def test_a_dry_run_shows_the_fields_and_ten_articles(gomtin: Gomtin, data: Path) -> None:
    shown = gomtin("reextract", "--dry-run", data=data)
    assert shown.code == 0
    assert shown.lines[0] == f"{NUMBER} of {NUMBER} articles would come out differently"
    assert " body          40       0        0       40" in shown.lines
    assert shown.out.count(f"  - {CHROME}\n") == 10
    assert kinds(data) == [["fetched"]] * NUMBER
    assert not list((data / "reextract").iterdir())


def test_each_article_is_stored_once_also_after_a_kill(gomtin: Gomtin, data: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "reextract"],
        env=os.environ | {"GOMTIN_DATA": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while kinds(data) == [["fetched"]] * NUMBER and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.wait()
    rest = sum(one == ["fetched"] for one in kinds(data))
    assert rest < NUMBER
    again = gomtin("reextract", "--yes", data=data)
    assert again.code == 0
    assert again.err.startswith(f"{NUMBER} were read before the interruption")
    assert kinds(data) == [["fetched", "re-extracted"]] * NUMBER
    assert gomtin("reextract", data=data).lines == [f"0 of {NUMBER} articles come out differently"]
    shown = gomtin("show", "1", "--revisions", data=data)
    assert "re-extracted: body, source" in shown.out


def test_what_a_portal_prints_around_its_articles_is_known_from_its_listings(
    gomtin: Gomtin, unknown_system: Path
) -> None:
    shown = gomtin("reextract", "--dry-run", data=unknown_system)
    assert shown.lines == ["0 of 1 article would come out differently"]
