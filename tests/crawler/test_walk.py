"""The walk of a backfill over many listing pages: in slices, and on from where it was killed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from crawler.crawl import LISTING_PAGES_A_RUN
from crawler.recorder import FLUSH_ROWS
from crawler.walk.listing_walk import LISTING_SLICE
from pipelines.records import Outcome
from pipelines.store.pages import count_unfinished
from pipelines.store.positions import position
from pipelines.store.runs import RunState

if TYPE_CHECKING:
    from subprocess import Popen

SHORT, LONG = 80, LISTING_SLICE + 20


def archive_of(site: Any, pages: int) -> None:
    """Put up a NukeViet site of so many listing pages, each with the next one and an article.

    The articles are gone: this is about the way to them.
    """
    site.page("/", "/tin/", title="Trang chủ")
    site.answers["/"] = of_nukeviet(site.answers["/"])
    for number in range(1, pages + 1):
        here = "/tin/" if number == 1 else f"/tin/page-{number}/"
        site.page(here, f"/tin/page-{number + 1}/", f"/tin/so-{number}.html")


def of_nukeviet(answer: Any) -> Any:
    generator = b'<meta name="generator" content="NukeViet v4.5"><title>'
    return type(answer)(answer.body.replace(b"<title>", generator))


def listings(paths: list[str]) -> list[str]:
    return [path for path in paths if path.startswith("/tin/") and not path.endswith(".html")]


def kill_behind(process: Popen[str], site: Any, count: int) -> None:
    """Kill -9 the crawl once it has asked for so many listing pages."""
    while len(listings(site.asked)) < count:
        assert process.poll() is None
        time.sleep(0.001)
    process.kill()
    process.communicate(timeout=60)


def test_a_walk_that_is_killed_goes_on_where_it_was(site: Any, crawling: Any) -> None:
    archive_of(site, SHORT)
    run, process = crawling.start(site, kind="backfill", slice=3)
    kill_behind(process, site, SHORT // 2)
    crawling.expire(run)
    walked = listings(site.asked)
    process = crawling.again(run)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    ended, found = crawling.result(run, site)
    assert ended.state is RunState.FETCHED, ended.error
    asked = listings(site.asked)
    # what was not committed is asked again, and the front page
    assert len(asked) - len(set(asked)) <= FLUSH_ROWS + 2
    assert set(walked) <= set(asked)
    assert {f"/tin/page-{number}/" for number in range(2, SHORT + 1)} <= set(found)
    with crawling.store.read() as conn:
        assert count_unfinished(conn, ended.portal, listings=True) == 0
        assert position(conn, f"backfill.walk:{ended.portal}:") is None


def test_a_long_walk_is_cut_in_slices(site: Any, crawling: Any) -> None:
    archive_of(site, LONG)
    lengths = []
    for rest in (False, True):
        before = len(listings(site.asked))
        run, found = crawling.crawl(site, kind="backfill", slice=3, rest=rest)
        assert run.state is RunState.FETCHED, run.error
        lengths.append(len(listings(site.asked)) - before)
        over = [path for path, (outcome, _) in found.items() if outcome is Outcome.OVER_LIMIT]
        assert len(listings(over)) == (not rest)
        crawling.end_runs()
    # the last page leads to one that is not there
    assert lengths == [LISTING_SLICE, LONG + 1 - LISTING_SLICE]


def test_what_lies_beyond_an_incremental_run_is_named_and_a_backfill_reads_it(
    site: Any, crawling: Any
) -> None:
    archive_of(site, LISTING_PAGES_A_RUN + 30)
    run, found = crawling.crawl(site)
    assert run.state is RunState.FETCHED, run.error
    # the home page's way in, and the last page before the bound leads one further
    last = f"/tin/page-{LISTING_PAGES_A_RUN + 1}/"
    over = [path for path, (outcome, _) in found.items() if outcome is Outcome.OVER_LIMIT]
    assert over == [last]
    crawling.end_runs()
    run, found = crawling.crawl(site, kind="backfill")
    assert run.state is RunState.FETCHED, run.error
    assert {last, f"/tin/page-{LISTING_PAGES_A_RUN + 30}/"} <= set(found)
    with crawling.store.read() as conn:
        assert count_unfinished(conn, run.portal, listings=True) == 0


def test_a_pager_that_names_all_pages_is_followed_as_far_as_there_is_anything_new(
    site: Any, crawling: Any
) -> None:
    pager = [f"/tin/page-{number}/" for number in range(1, 10)]

    def put_up(page: int, *articles: str) -> None:
        path = pager[page - 1] if page else "/"
        site.page(path, *pager, f"/tin/so-{page}.html", *articles)
        site.answers[path] = of_nukeviet(site.answers[path])

    def asked() -> list[str]:
        before = len(site.asked)
        run, _ = crawling.crawl(site)
        assert run.state is RunState.FETCHED, run.error
        crawling.end_runs()
        return listings(site.asked[before:])

    for page in range(10):
        put_up(page)
    assert sorted(asked()) == pager
    assert asked() == []
    put_up(0, "/tin/so-10.html")
    assert sorted(asked()) == pager[:2]
    put_up(0, "/tin/so-11.html")
    put_up(2, "/tin/so-12.html")
    assert sorted(asked()) == pager[:4]


def put_up_news(site: Any, newest: int, *, feed: bool = False) -> None:
    """Put up articles from the newest to number 1, two on the home page and on each page behind."""
    pages = [range(top, max(top - 2, 0), -1) for top in range(newest, 0, -2)]
    for place, numbers in enumerate(pages):
        path = f"/tin/page-{place + 1}/" if place else "/"
        later = [f"/tin/page-{place + 2}/"] if place + 1 < len(pages) else []
        site.page(path, *(f"/tin/so-{number}.html" for number in numbers), *later)
        site.answers[path] = of_nukeviet(site.answers[path])
    if feed:
        links = "".join(f"<item><link>{site.url}/tin/so-{n}.html</link></item>" for n in pages[0])
        rss = f"<rss version='2.0'><channel><title>Tin</title>{links}</channel></rss>"
        site.answers["/rss/"] = type(site.answers["/"])(rss.encode())


def read(crawling: Any, site: Any, **options: Any) -> set[str]:
    """Crawl; give the articles that were asked for."""
    before = len(site.asked)
    run, _ = crawling.crawl(site, **options)
    assert run.state is RunState.FETCHED, run.error
    crawling.end_runs()
    return {path for path in site.asked[before:] if path.endswith(".html")}


def numbered(first: int, last: int) -> set[str]:
    return {f"/tin/so-{number}.html" for number in range(first, last + 1)}


def test_a_later_page_that_failed_is_asked_again_by_the_next_visit(
    site: Any, crawling: Any
) -> None:
    put_up_news(site, 4)
    assert read(crawling, site) == numbered(1, 4)
    put_up_news(site, 8)
    sound = site.answers["/tin/page-2/"]
    site.answers["/tin/page-2/"] = type(sound)(b"", 500)
    assert read(crawling, site) == numbered(7, 8)
    site.answers["/tin/page-2/"] = sound
    assert read(crawling, site) == numbered(5, 6)


def test_the_home_page_leads_on_where_a_feed_has_told_of_all_that_it_shows(
    site: Any, crawling: Any
) -> None:
    put_up_news(site, 4, feed=True)
    assert read(crawling, site) == numbered(1, 4)
    put_up_news(site, 10, feed=True)
    assert read(crawling, site) == numbered(5, 10)


def test_what_lies_behind_a_run_that_was_limited_is_found_by_the_next_one(
    site: Any, crawling: Any
) -> None:
    put_up_news(site, 4)
    assert read(crawling, site) == numbered(1, 4)
    put_up_news(site, 10)
    assert read(crawling, site, limit=1) == numbered(10, 10)
    assert read(crawling, site) == numbered(5, 9)
