"""The walk over a portal's listings: where a page of links leads, and how far a run goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.network.traps import shape_of
from crawler.walk.doors import Entry
from crawler.walk.frontier import target_of
from crawler.walk.time_order import TimeOrder, later_page
from pipelines.clean.listed import DOOR
from pipelines.codec import VIETNAM
from pipelines.records import Outcome
from pipelines.store.pages import UNREAD_LISTING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from crawler.crawl import Crawl
    from crawler.portal import Door
    from crawler.walk.candidates import Candidate, Findings

LISTING_SLICE = 200  # listing pages that one run of a backfill asks for
DEEP = 2  # links from a listing's front page: what lies so deep moves on with each new article
LOOK_AGAIN = timedelta(days=7)  # at later pages that nothing leads to
NEXT = 2  # later pages that one asks for: where they count from 1, the first is itself


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a page, ``depth`` links below a listing's front page.

    ``source`` is the address of the page ("": a person has named the links), ``listing`` its key
    where it was asked as a listing, ``days`` are those that it prints beside links.
    """

    urls: Sequence[str]
    depth: int
    source: str = ""
    listing: str = ""
    days: Mapping[str, datetime] = field(default_factory=dict)

    def entries(self) -> Iterator[Entry]:
        """Give each link with what the page tells of it."""
        for url in self.urls:
            day = self.days.get(url)
            yield Entry(url, day, door=DOOR if day else "")


class ListingWalk:
    """Goes on from listing to listing while they lead to anything new; a backfill, to the end."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._asked = 0
        self._shown: set[str] = set()
        self._order = TimeOrder(crawl.until, crawl.recorder.days_of) if crawl.until else None

    def follow(self, links: Links, *, informed: bool) -> tuple[list[Candidate], list[str]]:
        """Give the articles and the listing pages to ask; ``informed``: a door has told enough."""
        findings = self._crawl.sort_out(links.entries())
        if links.source:
            # a page of a calendar leads to more of the same, which is no find
            found = bool(findings.fresh - {shape_of(links.source)})
            self._crawl.frontier.fruit.note(links.source, found=found)
        if self._order:
            self._order.shows(links.listing, findings.documents)
        own = links.listing if links.depth < DEEP else ""
        self._crawl.tally.shown(own, findings.documents, findings.overlap)
        first_look = links.depth == 0 and not informed
        new = self._holds_new(findings) or (not informed and self._shows_new(links, findings))
        self._shown |= findings.documents
        wanted = set(self._not_lately(links, findings.listings))
        if new or self._crawl.backfill or first_look:
            self._tell_beyond(findings.beyond)
            wanted |= set(self._in_turn(links, findings.listings, new=new))
        asked = [url for url in findings.listings if url in wanted]
        # they may be met again on a page that does lead to something new
        self._crawl.frontier.forget(url for url in findings.listings if url not in wanted)
        return findings.articles, self._ask(asked)

    def beside(self, links: Links, published_at: datetime | None) -> list[Candidate]:
        """Give the articles that stand beside an article ("older news"), to a crawl of the whole.

        They are the only way into an archive whose later pages come for a form alone.
        """
        day = published_at.astimezone(VIETNAM).date() if published_at else None
        whole, until = self._crawl.backfill or not self._crawl.settled, self._crawl.until
        named = self._crawl.run.params.only
        if named or not whole or (until and (day is None or day < until)):
            return []
        findings = self._crawl.sort_out(links.entries())
        self._crawl.frontier.forget(findings.listings)
        return findings.articles

    def fronts(self, doors: Iterable[Door]) -> list[str]:
        """Give the front pages of listings that this run has not met."""
        portal, root = self._crawl.portal, self._crawl.territory.root + "/"
        urls = (urljoin(root, door.path) for door in doors)
        return [url for url in urls if self._crawl.frontier.meet(portal.page_key(url))]

    def unread(self) -> list[str]:
        """Give what earlier runs have met and not read, or what failed then.

        To a visit, only later pages that failed: nothing new before them may lead there again.
        """
        recorder, frontier = self._crawl.recorder, self._crawl.frontier
        met = [one for one in recorder.failed(LISTING_SLICE) if self._is_listing(one.url)]
        if self._crawl.backfill:
            met = [*recorder.open_listings(LISTING_SLICE), *met]
        else:
            met = [one for one in met if later_page(one.key)]
        return self._ask(one.url for one in met if frontier.meet(one.key))

    def ended(self, url: str, outcome: Outcome, detail: str) -> None:
        """Note how a listing page ended."""
        key = self._crawl.portal.page_key(url)
        self._crawl.recorder.outcome(key, url, outcome, detail)
        self._crawl.tally.listing(outcome, detail)
        if self._order and outcome is not Outcome.LISTING:
            self._order.failed(key)

    def asks(self, article: Candidate) -> None:
        """Note that an article is to be read."""
        if self._order:
            self._order.asked(article.key)

    def read(self, article: Candidate, published_at: datetime | None = None) -> None:
        """Note that an article's address has come to its end, and when the article is from."""
        if self._order:
            day = published_at.astimezone(VIETNAM).date() if published_at else None
            self._order.read(article.key, day)

    def due(self) -> list[str]:
        """Give the pages whose turn has come; end the listings that only show what is too old."""
        if self._order is None:
            return []
        self._order.judge()
        for key, url in self._order.too_old():
            why = f"only articles from before {self._crawl.until}"
            self._crawl.recorder.outcome(key, url, Outcome.TOO_OLD, why)
        if self._crawl.frontier.full or self._sliced:  # the next run goes on
            return []
        found = [url for _, url in self._order.due()]
        self._asked += len(found)
        return found

    @property
    def _sliced(self) -> bool:
        """Tell whether the run has asked for as many pages as a slice of a backfill holds."""
        sliced = self._crawl.backfill and self._crawl.run.params.slice is not None
        return sliced and self._asked >= LISTING_SLICE

    def _holds_new(self, findings: Findings) -> bool:
        """Tell whether a page shows anything new, or may hide it behind what a cut run has read."""
        crawl = self._crawl
        anything_new = findings.articles or (crawl.run.params.slice and findings.over_limit)
        return bool(anything_new or (crawl.resumed and not findings.overlap))

    def _shows_new(self, links: Links, findings: Findings) -> bool:
        """Tell whether a page is a listing's first one to show something new, told of before.

        A feed has named it, or an earlier run, which was cut before it came to what lies behind.
        The front page of a section shows what the home page does: if nothing else, there is more.
        """
        frontier, shown = self._crawl.frontier, findings.documents
        if frontier.full and not self._crawl.run.params.slice:
            return False
        if shown & frontier.unsettled - self._shown:
            return True
        front = links.depth < DEEP and not later_page(links.listing)
        return front and bool(shown) and shown <= frontier.unsettled

    def _in_turn(self, links: Links, urls: Sequence[str], *, new: bool) -> list[str]:
        """Leave out later pages of listings that are not due.

        A pager may name them all. Once the portal has been crawled as a whole, a page leads to the
        next ones only where it holds anything ``new`` itself.
        """
        if self._crawl.backfill or not self._crawl.settled:
            return list(urls)
        places = {url: later_page(self._crawl.portal.page_key(url)) for url in urls}
        own = later_page(links.listing)
        due: dict[str, list[int]] = {}
        for listing, number in sorted({place for place in places.values() if place}):
            ahead = due.setdefault(listing, [])
            passed = own is not None and own[0] == listing and number <= own[1]
            if new and not passed and len(ahead) < NEXT:
                ahead.append(number)
        return [url for url, at in places.items() if at is None or at[1] in due[at[0]]]

    def _not_lately(self, links: Links, urls: Sequence[str]) -> Iterator[str]:
        """Give few of the later pages that a front page names and no run has read for a week.

        They need not go on from it: its own articles may all be pinned, the oldest may stand first,
        and what looks like the number of a page may be that of a section.
        """
        crawl = self._crawl
        front = links.depth < DEEP and not later_page(links.listing)
        if crawl.backfill or not crawl.settled or not front:
            return
        keys = {url: crawl.portal.page_key(url) for url in urls}
        later: dict[str, list[tuple[int, str]]] = {}
        for url, key in keys.items():
            if place := later_page(key):
                later.setdefault(place[0], []).append((place[1], url))
        read = crawl.recorder.recall([keys[url] for pages in later.values() for _, url in pages])
        long_ago = crawl.now() - LOOK_AGAIN
        for pages in later.values():
            ages = {url: read[keys[url]].checked_at for _, url in pages if keys[url] in read}
            due = [url for _, url in sorted(pages) if ages.get(url, long_ago) <= long_ago]
            if due:
                longest = min(due[1:-1] or due, key=lambda url: ages.get(url, long_ago))
                yield from {due[0], longest, due[-1]}

    def _tell_beyond(self, urls: Sequence[str]) -> None:
        """Note that there is more than a run reads: one page tells it, and a backfill reads it.

        A backfill that has no room has been led in a circle: nothing goes on from there.
        """
        if urls and not self._crawl.backfill:
            key = self._crawl.portal.page_key(urls[0])
            self._crawl.recorder.outcome(key, urls[0], Outcome.OVER_LIMIT, UNREAD_LISTING)

    def _is_listing(self, address: str) -> bool:
        portal, target = self._crawl.portal, target_of(self._crawl.territory.relocate(address))
        return bool(portal.listing.search(target)) and not portal.article.search(target)

    def _ask(self, urls: Iterable[str]) -> list[str]:
        """Give the pages to ask for; a backfill leaves those beyond its slice to its next run."""
        asked = []
        for url in urls:
            key, beyond = self._crawl.portal.page_key(url), self._sliced
            if self._crawl.backfill:
                outcome = Outcome.OVER_LIMIT if beyond else Outcome.NOT_REACHED
                self._crawl.recorder.outcome(key, url, outcome, UNREAD_LISTING)
            if not (beyond or (self._order and self._order.hold(key, url))):
                self._asked += 1
                asked.append(url)
        return asked
