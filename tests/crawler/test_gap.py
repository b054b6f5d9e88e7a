"""A listing whose later pages silently show the first again: what lies between is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.records import Outcome
from pipelines.store.health import health_of
from pipelines.store.runs import RunState
from tests.crawler.test_run import article, nukeviet_home, put

if TYPE_CHECKING:
    from collections.abc import Sequence

A_PAGE = 6


def news(site: Any, newest: int, *, cut: bool = False) -> None:
    """Put up a section of articles from the newest to number 1; ``cut``: its first page only."""
    nukeviet_home(site, "/tin/")
    numbers = list(range(newest, 0, -1))
    pages = [numbers[start : start + A_PAGE] for start in range(0, newest, A_PAGE)]
    for place, shown in enumerate(pages, start=1):
        here = "/tin/" if place == 1 else f"/tin/page-{place}/"
        later = [f"/tin/page-{place + 1}/"] if place < len(pages) else []
        articles = pages[0] if cut else shown
        site.page(here, *(f"/tin/so-{number}.html" for number in articles), *later)
    for number in numbers:
        put(site, f"/tin/so-{number}.html", article(number))


def read(crawling: Any, site: Any, kind: str = "incremental") -> tuple[int, Sequence[str], str]:
    """Crawl and ingest; give how many articles came, and what the portal's health says."""
    run, found = crawling.crawl(site, kind=kind)
    assert run.state is RunState.FETCHED, run.error
    crawling.ingest()
    crawling.end_runs()
    with crawling.store.read() as conn:
        findings = health_of(conn)[run.portal].findings
    came = sum(outcome is Outcome.FETCHED for outcome, _ in found.values())
    return came, [one.code for one in findings], " ".join(one.text for one in findings)


def test_a_gap_is_named_at_once_and_a_backfill_closes_it(site: Any, crawling: Any) -> None:
    news(site, 12)
    assert read(crawling, site) == (12, [], "")
    news(site, 30, cut=True)
    came, codes, said = read(crawling, site)
    assert (came, codes) == (A_PAGE, ["walk.gap"])
    assert "gomtin crawl --backfill" in said
    news(site, 30)
    assert read(crawling, site, "backfill")[0] == 30 - 12 - A_PAGE
    assert read(crawling, site) == (0, [], "")
