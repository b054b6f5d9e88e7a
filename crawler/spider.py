"""The one spider: walks a portal from its doors over its listings to its articles.

Here are the requests and what is done when they are answered; where an answer leads is decided by
the walks over doors (door_walk) and listings (listing_walk), what an article's page becomes by
article_pages.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

import scrapy
from scrapy import signals
from scrapy.exceptions import DontCloseSpider

from crawler.asking import AskingSpider
from crawler.network.answers import asked_url, listing_outcome, page_of, status_outcome
from crawler.patience import pause_and_ask_again
from crawler.walk.article_pages import ArticlePages
from crawler.walk.door_walk import DoorWalk, announced
from crawler.walk.leftovers import due_again, left_over, looked_at
from crawler.walk.listing_walk import DEEP, Links, ListingWalk
from pipelines.clean.detect import detect_family
from pipelines.clean.judge import wall_in
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.crawl import Crawl
    from crawler.portal import Door
    from crawler.walk.article_pages import ArticlePage
    from crawler.walk.candidates import Candidate
    from crawler.walk.door_walk import DoorPage
    from pipelines.records import Draft

logger = logging.getLogger(__name__)

FOR_THE_NEW = 50  # articles of a bounded run that what earlier runs left over does not use up
# Priorities: learn of all articles before reading them, read the new ones before those read before.
DOOR, LISTING, ARTICLE, RECHECK = 30, 20, 10, 5


class PortalSpider(AskingSpider):
    """Discovers the articles of one portal and hands every page it meets to the recorder.

    Doors are asked in the portal's order, the cheapest first; the next one only while the last was
    unreadable or held nothing known (there may be more behind it). The listing doors are always
    read: they are the second witness.
    """

    name = "portal"

    def __init__(self, crawl: Crawl) -> None:
        super().__init__(crawl)
        self._doors = DoorWalk(crawl, (), thorough=False)
        self._listings = ListingWalk(crawl)
        self._articles = ArticlePages(crawl)
        self._waiting: list[scrapy.Request] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        """Make the spider, which is to be told when nothing is left to ask."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_idle, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask the first door, or the site's own page where the family is still to be found."""
        if self.crawl.probe_url:
            yield self._probe(self.crawl.probe_url)
        else:
            for request in self._open_doors():
                yield request

    async def on_probe(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """Find the family of an unknown site from its page, then crawl it as that family."""
        wall = wall_in(response.body)
        blocked = wall is not None and self._patience.refused(wall.outcome, response)
        if self._patience.wanted(response) or blocked:
            yield await pause_and_ask_again(self, response)
            return
        page = page_of(response, self.crawl.portal.id, self.crawl.now())
        self.crawl.adopt(detect_family(page) or "generic")
        for request in self._open_doors():
            yield request

    def on_idle(self) -> None:
        """Go on where what was read is not enough.

        Through the doors once more where the site turns out to be one of an unknown CMS; to older
        articles where a few new ones leave it open how the portal is.
        """
        again = self.crawl.is_of_unknown_cms()
        older = () if again else looked_at(self.crawl)
        requests = [*self._open_doors()] if again else [*self._article_requests(older, RECHECK)]
        if requests:
            engine = self.crawler.engine
            assert engine is not None
            for request in requests:
                engine.crawl(request)
            raise DontCloseSpider

    async def on_door(self, response: Response, page: DoorPage) -> AsyncIterator[scrapy.Request]:
        """Read a feed, a sitemap or a page of the posts API."""
        said = announced(page, response)
        outcome = said.outcome if isinstance(said, Cleaned) else Outcome.DOOR
        if self._patience.wanted(response) or self._patience.refused(outcome, response):
            requests = [await pause_and_ask_again(self, response)]
        else:
            articles, behind = self._doors.read(page, response, said)
            self._waiting += self._article_requests(articles)
            requests = [*map(self._door_request, behind), *self._next_door()]
        for request in requests:
            yield request
        await self._settle()

    async def on_listing(self, response: Response, depth: int) -> AsyncIterator[scrapy.Request]:
        """Take the links of a listing page; go on while it leads to anything new."""
        url = asked_url(response)
        if self._patience.wanted(response):
            yield await pause_and_ask_again(self, response)
        elif response.status != HTTPStatus.OK:
            self._listings.ended(url, *status_outcome(response.status))
        else:
            self.crawl.answered = True
            page = page_of(response, self.crawl.portal.id, self.crawl.now())
            key = self.crawl.portal.page_key(url)
            cleaned = await self.crawl.clean(page, key)
            if self._patience.refused(cleaned.outcome, response):
                yield await pause_and_ask_again(self, response)
                return
            days = dict(cleaned.listed)
            links = Links(cleaned.links, depth, source=url, listing=key, days=days)
            # noted together: a page that counts as read has told where it leads
            requests = [*self._follow(links)]
            self._listings.ended(url, *listing_outcome(cleaned))
            for request in requests:
                yield request
        for request in self._behind_listing():
            yield request
        await self._settle()

    async def on_article(
        self, response: Response, candidate: Candidate
    ) -> AsyncIterator[scrapy.Request]:
        """Judge and clean an article page, and record what it turned out to be."""
        if self._patience.wanted(response):
            yield await pause_and_ask_again(self, response)
            return
        draft = None
        if found := self._articles.answered(response, candidate):
            cleaned = await self._articles.clean(found)
            if self._patience.refused(cleaned.outcome, response):
                yield await pause_and_ask_again(self, response)
                return
            copied = self._articles.names_another(found, cleaned)
            if copied is None:
                await self._articles.keep(found, cleaned, self.crawler)
            draft = cleaned.draft
            for request in [*self._behind_article(found, cleaned, copied)]:
                yield request
        for request in self._listings_behind(candidate, draft):
            yield request
        await self._settle()

    # ---- what is asked

    def _probe(self, url: str) -> scrapy.Request:
        return self._request(url, self.on_probe, self.on_probe_fault, DOOR)

    def _open_doors(self) -> Iterator[scrapy.Request]:
        params, portal, limit = self.crawl.run.params, self.crawl.portal, self.crawl.article_limit
        if params.only:
            named = {portal.document_key(url): url for url in params.only}
            yield from self._article_requests(self.crawl.frontier.again(named))
            return
        yield from self._listing_requests(self._listings.unread(), DEEP)
        yield from self._due_listings()
        if params.rest:
            self._waiting += self._article_requests(left_over(self.crawl, limit))
            yield from self._front_listings(() if portal.rules else self.crawl.doors)
            return
        self._doors = DoorWalk(self.crawl, self.crawl.doors, thorough=self.crawl.backfill)
        most = limit - min(limit // 2, FOR_THE_NEW)
        self._waiting += self._article_requests(left_over(self.crawl, most))
        self._waiting += self._article_requests(due_again(self.crawl), RECHECK)
        yield from self._next_door()

    def _next_door(self) -> Iterator[scrapy.Request]:
        """Go on to the next door once the last page of this one has been read."""
        if not self._doors.between_doors:
            return
        if page := self._doors.next():
            yield self._door_request(page)
            return
        yield from self._front_listings(self._doors.listings)
        if self.crawl.run.params.url:  # the address that a person named is asked in any case
            yield from self._follow(Links([self.crawl.run.params.url], depth=0))

    def _front_listings(self, doors: Iterable[Door]) -> Iterator[scrapy.Request]:
        """Ask for the front pages of listings, and then for what waits for them."""
        fronts = self._listings.fronts(door for door in doors if door.kind == "listing")
        yield from self._listing_requests(fronts, 0) if fronts else self._all_waiting()

    def _follow(self, links: Links) -> Iterator[scrapy.Request]:
        articles, listings = self._listings.follow(links, informed=self._doors.informed)
        yield from self._listing_requests(listings, links.depth + 1)
        yield from self._article_requests(articles)

    def _door_request(self, page: DoorPage) -> scrapy.Request:
        request = self._request(page.url, self.on_door, self.on_door_fault, DOOR, page=page)
        request.headers.update(self._doors.validators(page))
        return request

    def _listing_requests(
        self, urls: Iterable[str], depth: int, priority: int = LISTING
    ) -> Iterator[scrapy.Request]:
        for url in urls:
            yield self._request(url, self.on_listing, self.on_listing_fault, priority, depth=depth)

    def _behind_article(
        self, found: ArticlePage, cleaned: Cleaned, copied: list[Candidate] | None
    ) -> Iterator[scrapy.Request]:
        """Go on from what an article's address showed; ``copied``: what it is a copy of, if any."""
        links = Links(cleaned.links, 1, source=found.page.url, days=dict(cleaned.listed))
        if found.candidate.control:
            return
        if copied is not None:
            yield from self._article_requests(copied)
        elif cleaned.outcome is Outcome.LISTING or found.ends_listing(cleaned):
            yield from self._follow(links)
        elif cleaned.draft is not None:
            beside = self._listings.beside(links, cleaned.draft.published_at)
            yield from self._article_requests(beside)

    def _listings_behind(
        self, article: Candidate, draft: Draft | None = None
    ) -> Iterator[scrapy.Request]:
        self._listings.read(article, draft.published_at if draft else None)
        yield from self._due_listings()

    def _behind_listing(self) -> Iterator[scrapy.Request]:
        yield from self._due_listings()
        yield from self._all_waiting()

    def _all_waiting(self) -> Iterator[scrapy.Request]:
        """Ask for what doors and earlier runs have told of, once a listing has come.

        Listings show what is no part of an article (pipelines.clean.frame): one that is read before
        them comes out otherwise.
        """
        waiting, self._waiting = self._waiting, []
        yield from waiting

    def _due_listings(self) -> Iterator[scrapy.Request]:
        yield from self._listing_requests(self._listings.due(), DEEP)

    def _article_requests(
        self, articles: Iterable[Candidate], priority: int = ARTICLE
    ) -> Iterator[scrapy.Request]:
        for one in articles:
            url = one.entry.url
            self._listings.asks(one)
            self.crawl.recorder.outcome(one.key, url, Outcome.NOT_REACHED, told=one.entry)
            yield self._request(
                url, self.on_article, self.on_article_fault, priority, candidate=one
            )

    # ---- what brought no answer

    def on_probe_fault(self, failure: Failure) -> None:
        """Name the fault of a site whose own page cannot be read."""
        fault = self._note_fault(failure)
        self.crawl.fault = f"{fault.asked} cannot be read: {fault.detail}"

    def on_door_fault(self, failure: Failure) -> Iterator[scrapy.Request]:
        """Name the outcome of a door page, then go on with the doors."""
        fault = self._fault(failure)
        self._doors.failed(fault.request.cb_kwargs["page"], fault.outcome, fault.detail)
        yield from self._next_door()

    def on_listing_fault(self, failure: Failure) -> Iterator[scrapy.Request]:
        """Name the outcome of a listing page."""
        fault = self._fault(failure)
        self._listings.ended(fault.asked, fault.outcome, fault.detail)
        yield from self._behind_listing()

    def on_article_fault(self, failure: Failure) -> Iterator[scrapy.Request]:
        """Name the outcome of an article's address."""
        fault = self._fault(failure)
        candidate: Candidate = fault.request.cb_kwargs["candidate"]
        self._articles.failed(candidate, fault.asked, fault.outcome, fault.detail)
        yield from self._listings_behind(candidate)
