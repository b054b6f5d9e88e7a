"""What earlier runs have left for this one: articles that they did not come to ask, or in vain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.walk.doors import Entry
from crawler.walk.frontier import target_of
from pipelines.records import Outcome

if TYPE_CHECKING:
    from crawler.crawl import Crawl
    from crawler.walk.frontier import Candidate
    from pipelines.store.pages import Unread


def left_over(crawl: Crawl, most: int) -> list[Candidate]:
    """Give what earlier runs met but did not ask, as far as it still is the portal's.

    What failed is tried again, too: its doors may show it no longer.
    """
    unread = [*crawl.recorder.left_over(most), *_failed(crawl, most)]
    entries = {one.key: Entry(one.url, one.listed_at, door=one.listed_from) for one in unread}
    findings = crawl.sort_out(entries.values())
    for key, entry in entries.items():
        if key not in crawl.frontier.met and not crawl.frontier.too_old(entry):
            why = "no address of an article now"
            crawl.recorder.outcome(key, entry.url, Outcome.OFFSITE, why)
    return [replace(one, again=True) for one in findings.articles]


def due_again(crawl: Crawl) -> list[Candidate]:
    """Give the articles of the archive that are at an age at which they are read again."""
    due = crawl.recorder.due_rechecks(crawl.portal.recheck_days)
    crawl.tally.held.update(due)
    return crawl.frontier.again(due)


def _failed(crawl: Crawl, most: int) -> list[Unread]:
    """Give the articles that are to be tried again; ListingWalk.unread gives the listings."""
    article, relocate = crawl.portal.article, crawl.territory.relocate
    failed = crawl.recorder.failed(most)
    return [one for one in failed if article.search(target_of(relocate(one.url)))]
