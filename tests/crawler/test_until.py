"""A backfill that ends at a day: what it asks of a listing whose links carry no dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.records import Outcome
from pipelines.store.health import health_of
from pipelines.store.pages import count_unfinished
from pipelines.store.runs import RunState
from tests.crawler.test_run import article, nukeviet_home, put

if TYPE_CHECKING:
    from collections.abc import Sequence

NEWEST = date(2026, 6, 30)
PAGES, A_PAGE = 24, 4
UNTIL = NEWEST - timedelta(days=15)  # page 4 holds the last of its articles
PINNED, BESIDE = 96, 1  # the oldest article stands on page 1, the newest beside every page


def archive_of(site: Any, numbers: Sequence[int]) -> None:
    """Put up a section of articles in this order; the higher the number, the older the article.

    Each page leads to the next one and to the last.
    """
    nukeviet_home(site, "/tin/")
    for number in range(1, PAGES + 1):
        here = "/tin/" if number == 1 else f"/tin/page-{number}/"
        shown = [*numbers[(number - 1) * A_PAGE : number * A_PAGE], BESIDE]
        shown += [PINNED] if number == 1 else []
        links = [f"/tin/so-{one}.html" for one in shown]
        later = [f"/tin/page-{one}/" for one in (number + 1, PAGES) if number < one <= PAGES]
        site.page(here, *links, *later)
    for number in numbers:
        day = f"{NEWEST - timedelta(days=number - 1):%d/%m/%Y}".encode()
        put(site, f"/tin/so-{number}.html", article(number).replace(b"12/07/2023", day))


def listings(site: Any) -> set[str]:
    return {path for path in site.asked if path.startswith("/tin/page-")}


def articles(site: Any) -> set[int]:
    names = [path for path in site.asked if path.endswith(".html")]
    assert len(names) == len(set(names))
    return {int(name.rpartition("-")[2].removesuffix(".html")) for name in names}


def test_a_listing_is_left_where_its_pages_show_only_what_is_too_old(
    site: Any, crawling: Any
) -> None:
    archive_of(site, range(1, PAGES * A_PAGE + 1))
    run, found = crawling.crawl(site, kind="backfill", slice=300, until=UNTIL.isoformat())
    assert run.state is RunState.FETCHED, run.error
    # pages 5 to 7 hold only what is older: three in a row
    assert listings(site) == {f"/tin/page-{number}/" for number in range(2, 8)}
    assert articles(site) == {*range(1, 29), PINNED}
    said = "only articles from before 2026-06-15"
    assert found["/tin/page-8/"] == found["/tin/page-24/"] == (Outcome.TOO_OLD, said)
    with crawling.store.read() as conn:
        assert count_unfinished(conn, run.portal, listings=True) == 0


def test_slices_come_to_the_same_end_and_no_gap_is_seen_between_them(
    site: Any, crawling: Any
) -> None:
    nukeviet_home(site, "/tin/so-500.html")
    put(site, "/tin/so-500.html", article(500))
    crawling.crawl(site)
    crawling.ingest()
    crawling.end_runs()
    archive_of(site, range(1, PAGES * A_PAGE + 1))
    bounds = {"kind": "backfill", "slice": 24, "until": UNTIL.isoformat()}
    runs, unread = 0, 1
    while unread:
        run, _ = crawling.crawl(site, **bounds, rest=runs > 0)
        assert run.state is RunState.FETCHED, run.error
        crawling.ingest()
        crawling.end_runs()
        runs += 1
        with crawling.store.read() as conn:
            unread = count_unfinished(conn, run.portal, listings=True)
            unread += count_unfinished(conn, run.portal)
            assert health_of(conn)[run.portal].findings == ()
    assert runs >= 2
    assert articles(site) >= {*range(1, 17), 500}
    assert {f"/tin/page-{number}/" for number in range(2, 8)} <= listings(site)
    assert len(listings(site)) < PAGES / 2


def test_a_listing_in_another_order_is_walked_to_its_end(site: Any, crawling: Any) -> None:
    numbers = [one for page in range(PAGES) for one in range(PAGES * A_PAGE - page, 0, -PAGES)]
    archive_of(site, numbers)
    run, _ = crawling.crawl(site, kind="backfill", slice=300, until="2026-12-31")
    assert run.state is RunState.FETCHED, run.error
    assert listings(site) == {f"/tin/page-{number}/" for number in range(2, PAGES + 1)}
