"""Count the revisions that a page makes which is fetched again and again while its counters move.

    python -m bench.refetch --store sqlite
    python -m bench.refetch --store postgresql --times 1000

Of each replica portal that prints how often a page was read, the first such article is asked so
many times, cleaned by its family's rules and ingested. Right is one revision each, with the newest
count.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bench.dedupe_filler import NOW
from bench.dedupe_growth import fresh_archive, to_inbox
from crawler.registry import find_portal
from demo.cms import SITES
from demo.expected import expected
from demo.site import Request
from demo.world import World
from pipelines.clean.page import clean_page
from pipelines.ingest import ingest
from pipelines.records import Page
from pipelines.store.articles import find_by_url, get_article
from pipelines.store.schema import revisions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.site import Site
    from pipelines.records import Draft
    from pipelines.store.engine import Store

BATCH = 50


def counted() -> Iterator[tuple[Site, str]]:
    """Give each portal that prints views, with the address of its first article that has them."""
    world = World(day=1, clock=lambda: NOW)
    known = expected(world)
    for site in SITES:
        urls = [one.url for one in known[site.id].articles if "views" in one.counters]
        if urls:
            yield site(world), urls[0]


def fetches(site: Site, url: str, times: int) -> list[Draft]:
    """Ask for a page so many times, a minute apart, and clean each answer."""
    drafts = []
    portal = find_portal(site.id)
    key = portal.document_key(url)
    for n in range(times):
        body = site.answer(Request.of(url.removeprefix(site.public))).body
        page = Page(url, body, NOW + timedelta(minutes=n), site.id, encoding="utf-8")
        draft = clean_page(page, portal.rules, document_key=key).draft
        assert draft is not None
        drafts.append(draft)
    return drafts


def bring(store: Store, drafts: list[Draft]) -> None:
    """Ingest drafts of one document in batches; the inbox tells them by their addresses."""
    ids = to_inbox(store, [replace(one, url=f"{one.url}#{n}") for n, one in enumerate(drafts)])
    for at in range(0, len(ids), BATCH):
        part = ids[at : at + BATCH]
        report = ingest(store, part, now=NOW, lease_seconds=600, max_attempts=3)
        assert not report.failed, report.failed


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 1 where a page made a second revision or lost its newest count."""
    parser = argparse.ArgumentParser(prog="python -m bench.refetch", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--times", type=int, default=1000, help="fetches of each page")
    given = parser.parse_args(arguments)
    right = True
    with fresh_archive(given.store) as store:
        for site, url in counted():
            drafts = fetches(site, url, given.times)
            bring(store, drafts)
            with store.read() as conn:
                (article_id,) = find_by_url(conn, drafts[0].canonical_url)
                stored = get_article(conn, article_id)
                made = select(func.count()).where(revisions.c.article_id == article_id)
                number = conn.execute(made).scalar_one()
            assert stored is not None
            first, last = drafts[0].counters["views"], stored.draft.counters["views"]
            views = f"views {first:g} to {last:g}"
            print(f"{site.id:12} {given.times} fetches, {views}, revisions: {number}")
            right &= (number, last) == (1, drafts[-1].counters["views"])
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
