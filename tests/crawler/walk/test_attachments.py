"""A real crawl of a portal that asks for the texts of attached files."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from crawler.registry import site_id
from pipelines.records import Attachment, Outcome
from pipelines.store.articles import revisions
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schema import articles, pages

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[3]
# the real crawl process, for a family whose portals ask for texts
CRAWL = """
import sys
from crawler import run
from crawler.families.nukeviet import NukeViet
NukeViet.attachment_text = True
sys.exit(run.main(sys.argv[1:]))
"""
TEXT = ("Thông báo tuyển dụng viên chức năm 2026", "Hồ sơ nộp tại bộ phận một cửa của phường")
FILES = (
    ("thong-bao.pdf", "Thông báo (12,5 KB)"),
    ("mau-don.docx", "Mẫu đơn"),
    ("ban-scan.pdf", "Bản scan"),
    ("khong-con.pdf", "Không còn"),
    ("rieng/noi-bo.pdf", "Nội bộ"),
    ("danh-sach.xlsx", "Danh sách (1.2 MB)"),
)
ADDED = ("bo-sung.pdf", "Thông báo bổ sung")
NEWS = ("Thông báo gia hạn nộp hồ sơ", "Thời hạn mới: hết ngày 30/12/2026")


def office_files() -> ModuleType:
    path = ROOT / "tests" / "pipelines" / "clean" / "office_files.py"
    found = importlib.util.spec_from_file_location("office_files", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_texts_are_stored_shown_and_found_within_the_rules_of_the_crawl(
    site: Any, crawling: Any
) -> None:
    put_up(site)
    run = read(site, crawling)
    with crawling.store.read() as conn:
        (article,) = search(conn, ArticleQuery(query="ho so nop tai bo phan mot cua"))
    files = {one.url.rpartition("/")[2]: one for one in article.draft.attachments}
    sizes = {name: len(site.answers[f"/uploads/{name}"].body) for name in files if name[0] in "mtb"}
    assert files == {
        "thong-bao.pdf": file(site, 0, sizes["thong-bao.pdf"], "read", "\n".join(TEXT)),
        "mau-don.docx": file(site, 1, sizes["mau-don.docx"], "read", "\n".join(TEXT)),
        "ban-scan.pdf": file(site, 2, sizes["ban-scan.pdf"], "scanned"),
        "khong-con.pdf": file(site, 3, None, "gone"),
        "noi-bo.pdf": file(site, 4, None, "denied_by_robots"),
        "danh-sach.xlsx": file(site, 5, round(1.2 * 2**20), ""),
    }
    assert site.times("/uploads/rieng/noi-bo.pdf") == 0
    assert site.times("/uploads/danh-sach.xlsx") == 0
    _, ends = crawling.result(run, site)
    assert ends["/uploads/thong-bao.pdf"] == (Outcome.NOT_ARTICLE, "attachment.read")
    assert ends["/uploads/khong-con.pdf"] == (Outcome.GONE, "http.404")
    assert ends["/uploads/rieng/noi-bo.pdf"][0] is Outcome.DENIED_BY_ROBOTS


def test_a_file_that_is_added_later_comes_along_when_the_page_is_read_again(
    site: Any, crawling: Any
) -> None:
    put_up(site)
    read(site, crawling)
    crawling.end_runs()
    age(crawling)
    put_up(site, *FILES, ADDED)
    site.answers["/uploads/bo-sung.pdf"] = type(site.answers["/"])(office_files().pdf(NEWS))
    read(site, crawling)
    with crawling.store.read() as conn:
        (article,) = search(conn, ArticleQuery(query="gia han nop ho so"))
        last = revisions(conn, article.id)[-1]
    assert (article.revision, last.changed) == (2, ("text", "attachments"))
    contents = {one.url.rpartition("/")[2]: one.content for one in article.draft.attachments}
    assert contents["bo-sung.pdf"] == "\n".join(NEWS)
    assert contents["thong-bao.pdf"] == "\n".join(TEXT)
    assert site.times("/uploads/bo-sung.pdf") == 1
    assert site.times("/uploads/thong-bao.pdf") == 1


def read(site: Any, crawling: Any) -> int:
    """Crawl the site as one whose files are read, and store what comes; give the run."""
    with crawling.store.begin() as conn:
        params = RunParams(url=site.url + "/", delay=0.0, family="nukeviet")
        run = create_run(conn, site_id(site.url), "incremental", params, datetime.now(UTC))
    env = os.environ | {"GOMTIN_DATA": str(crawling.folder), "GOMTIN_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-c", CRAWL, str(run)]
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    crawling.ingest()
    return run


def age(crawling: Any) -> None:
    """Let the article be two days old, and so due to be read again."""
    past = datetime.now(UTC) - timedelta(days=2)
    with crawling.store.begin() as conn:
        conn.execute(update(articles).values(dated_at=past, seen_at=past))
        conn.execute(update(pages).values(checked_at=past))


def put_up(site: Any, *files: tuple[str, str]) -> None:
    made = office_files()
    answer = type(site.answers["/robots.txt"])
    generator = '<meta name="generator" content="NukeViet v4.5">'
    links = "".join(f'<p><a href="/uploads/{name}">{text}</a></p>' for name, text in files or FILES)
    body = "".join(f"<p>Ủy ban nhân dân phường {n} thông báo.</p>" for n in ("Một", "Hai", "Ba"))
    page = f"""<html><head>{generator}</head><body>
    <div class="news_column"><h1 class="title" itemprop="headline">Thông báo tuyển dụng</h1>
    <span class="h5">Thứ tư - 12/07/2023 11:46</span>
    <div id="news-bodyhtml" class="bodytext">{body}{links}</div></div></body></html>"""
    home = f'<html>{generator}<a href="/tin/thong-bao-1.html">Thông báo</a></html>'
    site.answers["/"] = answer(home.encode())
    site.answers["/tin/thong-bao-1.html"] = answer(page.encode())
    site.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /uploads/rieng/\n")
    site.answers["/uploads/thong-bao.pdf"] = answer(made.pdf(TEXT))
    site.answers["/uploads/mau-don.docx"] = answer(made.docx(*TEXT))
    site.answers["/uploads/ban-scan.pdf"] = answer(made.scanned_pdf())


def file(site: Any, number: int, size: int | None, outcome: str, content: str = "") -> Attachment:
    name, text = FILES[number]
    return Attachment(f"{site.url}/uploads/{name}", text, size, outcome, content)
