"""What earlier runs have left for this one: articles that they did not come to ask, or in vain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.walk.doors import Entry
from crawler.walk.frontier import target_of
from pipelines.health.doubt import LOOKED_AT
from pipelines.records import Outcome
from pipelines.store.pages import failed_before, forget

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crawler.crawl import Crawl
    from crawler.walk.candidates import Candidate
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
    crawl.tally.held.update(crawl.recorder.titles(due))
    return crawl.frontier.again(due)


def looked_at(crawl: Crawl) -> list[Candidate]:
    """Give articles of the archive that show whether it is the portal that is ill, or few pages."""
    params, tally = crawl.run.params, crawl.tally
    visit = crawl.run.kind == "incremental" and crawl.settled and not (params.only or params.rest)
    if not visit or tally.looked or not tally.asked:
        return []
    if not crawl.recorder.wants_others(crawl.facts(), crawl.portal.expect):
        return []
    tally.looked = True
    newest = crawl.recorder.newest(LOOKED_AT + len(tally.asked))
    unread = [key for key in newest if key not in tally.asked][:LOOKED_AT]
    tally.held.update(crawl.recorder.titles(unread))
    known = crawl.frontier.again({key: newest[key] for key in unread}, met=True)
    return [replace(one, control=True) for one in known]


def forget_doors(crawl: Crawl, conn: Connection) -> None:
    """Forget doors that failed once, and that a run which has read the portal did not need.

    Nobody has to act on them, and no run would ask them for as long as another door is enough.
    """
    portal, began = crawl.portal, crawl.run.started_at or crawl.run.created_at
    failed = failed_before(conn, crawl.run.portal, began)
    targets = {key: target_of(crawl.territory.relocate(url)) for key, url in failed.items()}
    pages = (portal.article, portal.listing)
    doors = [key for key, target in targets.items() if not any(one.search(target) for one in pages)]
    forget(conn, crawl.run.portal, doors)


def _failed(crawl: Crawl, most: int) -> list[Unread]:
    """Give the articles that are to be tried again; ListingWalk.unread gives the listings."""
    article, relocate = crawl.portal.article, crawl.territory.relocate
    failed = crawl.recorder.failed(most)
    return [one for one in failed if article.search(target_of(relocate(one.url)))]
