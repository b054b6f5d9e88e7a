"""Back-pressure: crawls wait while the inbox, the disk or the store has no room, and go on."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING, Any

import psutil

from crawler.run import TRY_LATER
from pipelines.records import Outcome
from pipelines.store.articles import count_articles
from pipelines.store.inbox import pending
from pipelines.store.runs import RunState, get_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

ARTICLES = 120
BOUND = 10
PATIENCE = 60.0

ARTICLE = """<html><head><meta name="generator" content="NukeViet v4.5">
<title>Tin {0}</title></head>
<body><div class="news_column" itemtype="http://schema.org/NewsArticle">
<h1 class="title" itemprop="headline">Hội nghị sơ kết của tổ dân phố số {0}</h1>
<span class="h5">Thứ tư - 12/07/2023 11:46</span>
<div class="hometext">Tin của tổ dân phố số {0} về hội nghị sơ kết công tác năm.</div>
<div id="news-bodyhtml" class="bodytext"><p>Sáng 12/7, tổ dân phố số {0} tổ chức hội nghị.</p>
<p>Các đại biểu của tổ số {0} thảo luận về nhiệm vụ trọng tâm sáu tháng cuối năm.</p></div></div>
</body></html>"""


def put_up(site: Any, seconds: float, number: int = ARTICLES) -> None:
    """Let the site hold so many articles, each of which takes ``seconds`` to come."""
    kind = type(site.answers["/robots.txt"])

    def slow(number: int) -> Callable[[int], Any]:
        def answer(_: int) -> Any:
            time.sleep(seconds)
            return kind(ARTICLE.format(number).encode())

        return answer

    site.page("/", *(f"/tin/so-{at}.html" for at in range(number)))
    for at in range(number):
        site.answers[f"/tin/so-{at}.html"] = slow(at)


def asked(site: Any) -> int:
    return sum(path.startswith("/tin/") for path in site.asked)


def until(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


def lease(crawling: Any, run: int) -> datetime | None:
    with crawling.store.read() as conn:
        found: datetime | None = get_run(conn, run).lease_until
        return found


def fetched(crawling: Any, run: int, site: Any) -> int:
    _, found = crawling.result(run, site)
    return sum(outcome is Outcome.FETCHED for outcome, _ in found.values())


def test_nothing_is_asked_while_no_worker_ingests_and_all_of_it_when_one_does(
    site: Any, crawling: Any
) -> None:
    put_up(site, 0.0, ARTICLES // 2)
    crawling.crawl(site, family="nukeviet")
    crawling.end_runs()
    put_up(site, 0.0, ARTICLES)
    before = len(site.asked)
    run, process = crawling.start(
        site, family="nukeviet", GOMTIN_INBOX_BOUND=str(BOUND), GOMTIN_LEASE_SECONDS="6"
    )
    assert "drafts wait in the inbox" in process.stderr.readline()
    held = lease(crawling, run)
    until(lambda: lease(crawling, run) != held)  # it is renewed all the same
    assert len(site.asked) == before
    while process.poll() is None:
        crawling.ingest()
        time.sleep(0.05)
    process.communicate()
    crawling.ingest()
    with crawling.store.read() as conn:
        assert count_articles(conn) == ARTICLES
    assert site.times("/tin/so-0.html") == 1


def test_a_folder_that_takes_no_pages_ends_the_run_and_the_next_one_reads_all(
    site: Any, crawling: Any, tmp_path: Path
) -> None:
    put_up(site, 0.0)
    (tmp_path / "file").touch()
    run, process = crawling.start(
        site, family="nukeviet", GOMTIN_SNAPSHOTS=str(tmp_path / "file" / "snapshots")
    )
    process.communicate(timeout=PATIENCE)
    ended, _ = crawling.result(run, site)
    assert ended.state is RunState.FAILED
    assert "make room there" in ended.error
    assert fetched(crawling, run, site) == 0
    second, process = crawling.start(site, family="nukeviet")
    process.communicate(timeout=PATIENCE)
    assert fetched(crawling, second, site) == ARTICLES


def test_a_disk_without_room_for_anything_leaves_the_run_to_be_taken_up(
    site: Any, crawling: Any
) -> None:
    put_up(site, 0.02)
    run, process = crawling.start(site, family="nukeviet")
    until(lambda: asked(site) >= ARTICLES // 3)
    full = (1, resource.RLIM_INFINITY)
    psutil.Process(process.pid).rlimit(resource.RLIMIT_FSIZE, full)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == TRY_LATER
    crawling.expire(run)
    crawling.again(run).communicate(timeout=PATIENCE)
    assert fetched(crawling, run, site) == ARTICLES
    with crawling.store.read() as conn:
        assert pending(conn) == ARTICLES
