"""The spider of a survey: it asks every door of a site, few listings, and keeps what it reads."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scrapy.utils.sitemap import sitemap_urls_from_robots

from crawler.network.answers import asked_url, listing_outcome, page_of, status_outcome
from crawler.portal import Door
from crawler.spider import DOOR, PortalSpider
from crawler.walk.candidates import Candidate
from crawler.walk.door_walk import DoorPage, DoorWalk
from crawler.walk.doors import Entry
from crawler.walk.frontier import target_of
from pipelines.clean.detect import detect_family
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    import scrapy
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.crawl import Crawl
    from crawler.walk.candidates import Findings
    from crawler.walk.doors import Announcement
    from crawler.walk.listing_walk import Links

LISTINGS = 3  # the portal's own, a section and a second page show what its listings hold
INNER_MAPS = 3  # of an index of sitemaps, which may name thousands
ANNOUNCED = 2  # the first feeds of a page are its main ones; NukeViet adds one for each section
LINK = re.compile(rb"<link\b[^>]{0,500}>", re.IGNORECASE)
FEED_TYPE = re.compile(r"type\s*=\s*[\"']?application/(?:rss|atom)\+xml", re.IGNORECASE)
HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
SECOND_PAGE = re.compile(
    r"(?:[?&](?:\w+_cur|page(?:index|number|num|no)?|pn?|pg|pindex|trang)=|page[-/]|trang[-/])2\b",
    re.IGNORECASE,
)


class SurveyDoors(DoorWalk):
    """Every door of a site, with few of the maps that an index names, and one page of an API."""

    def __init__(self, crawl: Crawl, doors: Sequence[Door]) -> None:
        super().__init__(crawl, doors, thorough=True)
        self._maps_left = INNER_MAPS

    def _behind(self, page: DoorPage, said: Announcement, findings: Findings) -> Iterator[DoorPage]:
        if page.door.kind == "sitemap":
            for behind in islice(super()._behind(page, said, findings), self._maps_left):
                self._maps_left -= 1
                yield behind


class SurveySpider(PortalSpider):
    """Looks at a site as a crawl would, but only as far as a person wants to know.

    robots.txt, the site's own page, doors and listings become snapshots too, so that what they
    hold can be judged afterwards. Doors that the site itself announces come after the family's.
    """

    name = "survey"

    def __init__(self, crawl: Crawl) -> None:
        super().__init__(crawl)
        self._announced: list[Door] = []
        self._listings_left = LISTINGS

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask the pages that were named; else the site's own page or robots.txt."""
        territory = self.crawl.territory
        if named := [territory.relocate(url) for url in self.crawl.run.params.only]:
            key_of = self.crawl.portal.document_key
            for request in self._article_requests(Candidate(key_of(u), Entry(u)) for u in named):
                yield request
        elif self.crawl.probe_url:
            yield self._probe(territory.relocate(self.crawl.probe_url))
        else:
            yield self._robots()

    async def on_probe(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """Find the family of the site and the doors that its page announces."""
        page = page_of(response, self.crawl.portal.id, self.crawl.now())
        key = target_of(page.url)
        cleaned = await self.crawl.clean(page, key)
        ok = response.status == HTTPStatus.OK
        outcome = listing_outcome(cleaned) if ok else status_outcome(response.status)
        self.crawl.recorder.page(key, page, *outcome)
        self.crawl.adopt(detect_family(page) or self.crawl.run.params.family or "generic")
        self._announced = announced_feeds(page.body, page.url)
        yield self._robots()

    def _robots(self) -> scrapy.Request:
        """Ask for robots.txt as a page: what governs the crawl is read by its own middleware."""
        url = urljoin(self.crawl.territory.root + "/", "/robots.txt")
        request = self._request(url, self.on_robots, self.on_robots_fault, DOOR)
        request.meta["dont_obey_robotstxt"] = True
        return request

    async def on_robots(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """Keep robots.txt, take the sitemaps it names, then ask the doors."""
        found = response.status == HTTPStatus.OK
        outcome = (Outcome.DOOR, "") if found else status_outcome(response.status)
        self._keep(response, *outcome)
        if found:
            self._announced += announced_sitemaps(response.body)
        for request in self._open_doors():
            yield request

    def _open_doors(self) -> Iterator[scrapy.Request]:
        territory = self.crawl.territory
        doors: dict[str, Door] = {}
        for door in (*self.crawl.portal.doors, *self._announced):
            url = territory.relocate(urljoin(territory.root + "/", door.path))
            if not territory.refusal(url):
                doors.setdefault(url, door)
        found = [Door(d.kind, d.path if d.kind == "listing" else url) for url, d in doors.items()]
        self._doors = SurveyDoors(self.crawl, found)
        yield from self._next_door()

    def _follow(self, links: Links) -> Iterator[scrapy.Request]:
        """Follow few listings, second pages before sections; none from pages that were named."""
        if self.crawl.run.params.only:
            return
        findings = self.crawl.sort_out(Entry(url) for url in links.urls)
        self.crawl.tally.shown(links.listing, findings.documents, findings.overlap)
        yield from self._article_requests(findings.articles)
        in_order = sorted(findings.listings, key=lambda url: not SECOND_PAGE.search(url))
        wanted = in_order[: self._listings_left]
        self._listings_left -= len(wanted)
        yield from self._listing_requests(wanted, links.depth + 1, DOOR - 1)

    async def on_listing(self, response: Response, depth: int) -> AsyncIterator[scrapy.Request]:
        """Keep the listing, then take its links as every crawl does."""
        key = self.crawl.portal.page_key(asked_url(response))
        self._keep(response, Outcome.NOT_REACHED, key=key)
        async for request in super().on_listing(response, depth):
            yield request

    def on_robots_fault(self, failure: Failure) -> Iterator[scrapy.Request]:
        """Name the outcome of robots.txt, and go on: its middleware knows it too."""
        self._note_fault(failure)
        yield from self._open_doors()

    async def on_door(self, response: Response, page: DoorPage) -> AsyncIterator[scrapy.Request]:
        """Keep the door page, then read it as every crawl does."""
        self._keep(response, Outcome.NOT_REACHED)
        async for request in super().on_door(response, page):
            yield request

    def _keep(self, response: Response, outcome: Outcome, detail: str = "", key: str = "") -> None:
        """Make a snapshot of the answer under the address that was asked."""
        asked = asked_url(response)
        page = replace(page_of(response, self.crawl.portal.id, self.crawl.now()), url=asked)
        self.crawl.recorder.page(key or target_of(asked), page, outcome, detail)


def announced_feeds(body: bytes, url: str) -> list[Door]:
    """Give the feeds that the head of a page announces, at most ANNOUNCED, by absolute address."""
    tags = (tag.decode("utf-8", "replace") for tag in LINK.findall(body[:100_000]))
    found = (HREF.search(tag) for tag in tags if FEED_TYPE.search(tag))
    urls = [urljoin(url, html.unescape(href[1])) for href in found if href]
    posts = [one for one in dict.fromkeys(urls) if "comments" not in one]
    return [Door("feed", one) for one in posts[:ANNOUNCED]]


def announced_sitemaps(robots: bytes) -> list[Door]:
    """Give the sitemaps that robots.txt names, at most ANNOUNCED."""
    found = dict.fromkeys(sitemap_urls_from_robots(robots.decode("utf-8", "replace")))
    return [Door("sitemap", url) for url in list(found)[:ANNOUNCED]]
