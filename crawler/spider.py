"""The one spider: walks a portal from its doors over its listings to its articles."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import scrapy
from scrapy.exceptions import CloseSpider

from crawler.answers import (
    asked_url,
    door_row,
    fault_outcome,
    listing_outcome,
    page_of,
    status_outcome,
    with_validators,
)
from crawler.attachments import with_texts
from crawler.doors import READERS, DoorWalk, Entry
from crawler.frontier import HELD, target_of
from crawler.patience import Patience, pause_and_ask_again
from crawler.portal import Door
from crawler.traps import shape_of
from pipelines.clean.detect import detect_family
from pipelines.errors import Reject
from pipelines.records import Cleaned, Outcome
from pipelines.store.pages import UNREAD_LISTING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.crawl import Crawl
    from crawler.doors import Announcement
    from crawler.frontier import Candidate, Findings
    from pipelines.store.pages import OutcomeRow, Unread

logger = logging.getLogger(__name__)

# Priorities: learn of all articles before reading them, read the new ones before those read before.
FOR_THE_NEW = 50  # articles of a bounded run that what earlier runs left over does not use up
AGAIN = "again"  # in place of a door: what an earlier run has met
DOOR, LISTING, ARTICLE, RECHECK = 30, 20, 10, 5
DOOR_PAGES = 1_000  # a run: 50,000 posts of an API
LISTING_SLICE = 200  # listing pages that one run of a backfill asks for
DEEP = 2  # links from a listing's front page: what lies so deep moves on with each new article
WP_PAGE = 50  # posts asked for at once; the API's own limit is 100
# Maps of sections, tags, people and fixed pages hold no articles.
SIDE_MAPS = re.compile(
    r"taxonom|categor|[-_]tag|users|author|posts-page|\.(?:about|siteterms|contact|page)\.",
    re.IGNORECASE,
)


class PortalSpider(scrapy.Spider):
    """Discovers the articles of one portal and hands every page it meets to the recorder.

    Doors are asked in the portal's order, the cheapest first; the next one only while the last was
    unreadable or held nothing known (there may be more behind it). The listing doors are always
    read: they are the second witness.
    """

    name = "portal"

    def __init__(self, crawl: Crawl, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's own
        super().__init__(**kwargs)
        self.crawl = crawl
        self._walk = DoorWalk((), thorough=False)
        self._patience = Patience()
        self._listings = 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask the first door, or the site's own page where the family is still to be found."""
        if self.crawl.probe_url:
            yield self._request(self.crawl.probe_url, self.on_probe, DOOR)
        else:
            for request in self._open_doors():
                yield request

    # ---- doors

    async def on_probe(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """Find the family of an unknown site from its page, then crawl it as that family."""
        page = page_of(response, self.crawl.portal.id, self.crawl.now())
        self.crawl.adopt(detect_family(page) or "generic")
        for request in self._open_doors():
            yield request

    def _open_doors(self) -> Iterator[scrapy.Request]:
        if asked_again := self.crawl.run.params.only:
            known = {self.crawl.portal.document_key(url): url for url in asked_again}
            yield from self._article_requests(self.crawl.frontier.again(known), AGAIN)
            return
        if self.crawl.backfill:
            yield from self._go_on_walking()
        if self.crawl.run.params.rest:
            yield from self._left_over(self.crawl.article_limit)
            return
        self._walk = DoorWalk(self.crawl.doors, thorough=self.crawl.backfill)
        yield from self._next_door()
        limit = self.crawl.article_limit
        yield from self._left_over(limit and limit - min(limit // 2, FOR_THE_NEW))
        due = self.crawl.recorder.due_rechecks(self.crawl.portal.recheck_days)
        self.crawl.tally.held.update(due)
        yield from self._article_requests(self.crawl.frontier.again(due), AGAIN, RECHECK)

    def _go_on_walking(self) -> Iterator[scrapy.Request]:
        """Ask the listing pages that earlier runs have met and not read, or that failed then."""
        failed = self.crawl.recorder.failed(LISTING_SLICE)
        again = [one for one in failed if self._is_listing(one.url)]
        for one in (*self.crawl.recorder.open_listings(LISTING_SLICE), *again):
            if self.crawl.frontier.meet(one.key):
                yield from self._listing_requests([one.url], depth=DEEP)

    def _is_listing(self, address: str) -> bool:
        portal, target = self.crawl.portal, target_of(self.crawl.territory.relocate(address))
        return bool(portal.listing.search(target)) and not portal.article.search(target)

    def _left_over(self, most: int | None) -> Iterator[scrapy.Request]:
        """Ask what earlier runs met and did not ask, as far as it still is the portal's.

        What failed is tried again, too: its doors may show it no longer.
        """
        left_over = [*self.crawl.recorder.left_over(most), *self._failed(most)]
        entries = {
            one.key: Entry(one.url, one.listed_at, door=one.listed_from) for one in left_over
        }
        findings = self._sort_out(entries.values())
        yield from self._article_requests(findings.articles, AGAIN)
        frontier, none = self.crawl.frontier, "no address of an article now"
        for key, entry in entries.items():
            if key not in frontier.met and not frontier.too_old(entry):
                self.crawl.recorder.outcome(key, entry.url, Outcome.OFFSITE, none)

    def _failed(self, most: int | None) -> list[Unread]:
        """Give the articles that are to be tried again; doors and listings are asked anyway."""
        failed = self.crawl.recorder.failed(most)
        article, relocate = self.crawl.portal.article, self.crawl.territory.relocate
        return [one for one in failed if article.search(target_of(relocate(one.url)))]

    def _next_door(self) -> Iterator[scrapy.Request]:
        door = self._walk.next()
        if door:
            yield self._door_request(door, page=1)
            return
        for listing in self._walk.listings:
            url = urljoin(self.crawl.territory.root + "/", listing.path)
            if self.crawl.frontier.meet(self.crawl.portal.page_key(url)):
                yield self._request(url, self.on_listing, LISTING, depth=0)
        if self.crawl.run.params.url:  # the address that a person named is asked in any case
            yield from self._follow([Entry(self.crawl.run.params.url)], depth=0)

    def _door_request(self, door: Door, page: int) -> scrapy.Request:
        url = self._door_url(door, page)
        key = target_of(url)
        self.crawl.frontier.meet(key)
        self._walk.asked += 1
        self._walk.pages += 1
        request = self._request(url, self.on_door, DOOR, door=door, page=page)
        state = self.crawl.recorder.recall([key]).get(key)
        if state and state.etag:
            request.headers["If-None-Match"] = state.etag
        if state and state.last_modified:
            request.headers["If-Modified-Since"] = state.last_modified
        return request

    async def on_door(
        self, response: Response, door: Door, page: int
    ) -> AsyncIterator[scrapy.Request]:
        """Read a feed, a sitemap or a page of the posts API."""
        requests: list[scrapy.Request]
        if self._patience.wanted(response):
            requests = [await pause_and_ask_again(self, response)]
        elif response.status == HTTPStatus.OK:
            self.crawl.answered = True
            requests = list(self._read_door(response, door, page))
            requests += self._door_page_read()
        else:
            self._walk.informed |= response.status == HTTPStatus.NOT_MODIFIED
            self.crawl.answered |= response.status == HTTPStatus.NOT_MODIFIED
            self._note_door(door_row(response, *status_outcome(response.status)), door, page)
            requests = self._door_page_read()
        for request in requests:
            yield request
        await self._settle()

    def _read_door(self, response: Response, door: Door, page: int) -> Iterator[scrapy.Request]:
        try:
            said = READERS[door.kind](response.body, response.url)
        except Reject as error:
            fault = f"{error.code}: {error}"
            self._note_door(door_row(response, Outcome.BAD_CONTENT, fault), door, page)
            return
        row = door_row(response, Outcome.DOOR, f"{len(said.entries)} entries")
        self._note_door(with_validators(row, response), door, page)
        findings = self._sort_out(replace(one, door=door.kind) for one in said.entries)
        self.crawl.tally.shown(row.key, findings.documents, findings.overlap, door.kind)
        yield from self._article_requests(findings.articles, door.kind)
        self._walk.heard(door, entries=len(said.entries), overlap=findings.overlap)
        yield from self._behind(door, page, said, findings)

    def _note_door(self, row: OutcomeRow, door: Door, page: int) -> None:
        self.crawl.recorder.door(row)
        if page == 1:  # the API answers 400 past its end
            self.crawl.tally.door(door.kind, row.url, row.outcome, row.detail)

    def _behind(
        self, door: Door, page: int, said: Announcement, findings: Findings
    ) -> Iterator[scrapy.Request]:
        """Ask for the door pages behind this one, as far as they may hold anything new."""
        full = door.kind == "wp_json" and len(said.entries) >= WP_PAGE
        if full and (not findings.overlap or self.crawl.backfill) and self._is_new(door, page + 1):
            yield self._door_request(door, page + 1)
        territory = self.crawl.territory
        for address in said.further:
            url = territory.relocate(address)
            further = Door(door.kind, url)
            if SIDE_MAPS.search(url) or territory.refusal(url) or not self._is_new(further, 1):
                continue
            yield self._door_request(further, page=1)

    def _is_new(self, door: Door, page: int) -> bool:
        """Tell whether a door page may still be asked: an index may lead to itself, or for ever."""
        key = target_of(self._door_url(door, page))
        return key not in self.crawl.frontier.met and self._walk.asked < DOOR_PAGES

    def _door_url(self, door: Door, page: int) -> str:
        path = door.path.replace("{page}", str(page))
        return urljoin(self.crawl.territory.root + "/", path)

    def _door_page_read(self) -> list[scrapy.Request]:
        """Go on to the next door once the last page of this one has been read."""
        self._walk.pages -= 1
        return [] if self._walk.pages else list(self._next_door())

    # ---- listings

    async def on_listing(self, response: Response, depth: int) -> AsyncIterator[scrapy.Request]:
        """Take the links of a listing page; go on while it leads to anything new."""
        url = asked_url(response)
        key = self.crawl.portal.page_key(url)
        if self._patience.wanted(response):
            yield await pause_and_ask_again(self, response)
        elif response.status != HTTPStatus.OK:
            self._note_listing(key, url, *status_outcome(response.status))
        else:
            self.crawl.answered = True
            page = page_of(response, self.crawl.portal.id, self.crawl.now())
            cleaned = await self.crawl.clean(page, key)
            if self._patience.refused(cleaned.outcome, response):
                yield await pause_and_ask_again(self, response)
                return
            # noted together: a page that counts as read has told where it leads
            requests = [*self._follow([Entry(x) for x in cleaned.links], depth, key, url)]
            self._note_listing(key, url, *listing_outcome(cleaned))
            for request in requests:
                yield request
        await self._settle()

    def _note_listing(self, key: str, url: str, outcome: Outcome, detail: str) -> None:
        self.crawl.recorder.outcome(key, url, outcome, detail)
        self.crawl.tally.listing(outcome, detail)

    def _follow(
        self, entries: Iterable[Entry], depth: int, page: str = "", source: str = ""
    ) -> Iterator[scrapy.Request]:
        """Go on from the links of a page: of a listing, whose key is ``page``, or of ``source``."""
        findings = self._sort_out(entries)
        if source:
            # a page of a calendar leads to more of the same, which is no find
            found = bool(findings.fresh - {shape_of(source)})
            self.crawl.frontier.fruit.note(source, found=found)
        own = page if depth <= 1 else ""  # what lies deeper moves on with each new article
        self.crawl.tally.shown(own, findings.documents, findings.overlap)
        yield from self._article_requests(findings.articles, "")
        first_look = depth == 0 and not self._walk.informed
        anything_new = findings.articles or (self.crawl.run.params.slice and findings.over_limit)
        left = self.crawl.resumed and not findings.overlap
        if anything_new or first_look or left or self.crawl.backfill:
            yield from self._listing_requests(findings.listings, depth + 1)
        else:  # they may be met again on a page that does lead to something new
            self.crawl.frontier.forget(findings.listings)

    def _listing_requests(self, urls: Iterable[str], depth: int) -> Iterator[scrapy.Request]:
        """Ask for listing pages; a backfill leaves those beyond its slice to its next run."""
        for url in urls:
            self._listings += 1
            beyond = self.crawl.run.params.slice and self._listings > LISTING_SLICE
            if self.crawl.backfill:
                key = self.crawl.portal.page_key(url)
                outcome = Outcome.OVER_LIMIT if beyond else Outcome.NOT_REACHED
                self.crawl.recorder.outcome(key, url, outcome, UNREAD_LISTING)
            if not (self.crawl.backfill and beyond):
                yield self._request(url, self.on_listing, LISTING, depth=depth)

    # ---- articles

    def _sort_out(self, entries: Iterable[Entry]) -> Findings:
        findings = self.crawl.frontier.sort_out(entries)
        for key, url, outcome, detail in findings.passed:
            self.crawl.recorder.outcome(key, url, outcome, detail, findings.told.get(key))
        return findings

    def _article_requests(
        self, articles: Iterable[Candidate], door: str, priority: int = ARTICLE
    ) -> Iterator[scrapy.Request]:
        for article in articles:
            url = article.entry.url
            self.crawl.recorder.outcome(article.key, url, Outcome.NOT_REACHED, told=article.entry)
            yield self._request(url, self.on_article, priority, candidate=article, door=door)

    async def on_article(
        self, response: Response, candidate: Candidate, door: str
    ) -> AsyncIterator[scrapy.Request]:
        """Judge and clean an article page, and record what it turned out to be."""
        if self._patience.wanted(response):
            yield await pause_and_ask_again(self, response)
            return
        key = self._key_that_answered(response, candidate, door)
        if key is None:
            return
        page = page_of(response, self.crawl.portal.id, self.crawl.now())
        told_by, listed = candidate.entry.door, candidate.entry.published_at
        if listed and told_by in self.crawl.portal.dated_doors:
            page = replace(page, listed_at=listed, listed_from=told_by)
        if response.status != HTTPStatus.OK:
            outcome, detail = status_outcome(response.status)
            self.crawl.recorder.outcome(key, page.url, outcome, detail)
            self._count_article(key, page.url, candidate, Cleaned(outcome, detail), door)
            self._note_asked(candidate, key, outcome, page.url)
        else:
            self.crawl.answered = True
            witness = self.crawl.tally.wants_witness()
            cleaned = await self.crawl.clean(page, key, witness=witness)
            if self._patience.refused(cleaned.outcome, response):
                yield await pause_and_ask_again(self, response)
                return
            if cleaned.draft and self.crawl.portal.attachment_text:
                held = self._held_files(key)
                draft = await with_texts(cleaned.draft, self.crawl, self.crawler, held)
                cleaned = replace(cleaned, draft=draft)
            self.crawl.recorder.page(key, page, cleaned.outcome, cleaned.reason, cleaned.draft)
            self._count_article(key, page.url, candidate, cleaned, door)
            self._note_asked(candidate, key, cleaned.outcome, page.url)
            if cleaned.outcome is Outcome.LISTING:
                links = [Entry(url) for url in cleaned.links]
                for request in self._follow(links, depth=1, source=page.url):
                    yield request
            else:
                self.crawl.frontier.fruit.note(page.url, found=cleaned.draft is not None)
        await self._settle()

    def _held_files(self, key: str) -> set[str]:
        """Give the files of an article that is read again which were asked for before."""
        again = key in self.crawl.tally.held
        return self.crawl.recorder.files_of(key) if again else set()

    def _count_article(
        self, key: str, url: str, candidate: Candidate, cleaned: Cleaned, door: str
    ) -> None:
        rules, fresh = self.crawl.portal.rules, door != AGAIN
        self.crawl.tally.article(key, url, candidate, cleaned, rules, fresh=fresh)

    def _key_that_answered(self, response: Response, candidate: Candidate, door: str) -> str | None:
        """Give the key of the page that answered, or None if its URL has ended elsewhere."""
        asked, final = candidate.entry.url, response.url
        if "redirect_urls" not in response.meta:
            return candidate.key
        recorder, portal = self.crawl.recorder, self.crawl.portal
        if not portal.article.search(target_of(final)):
            why = f"redirects to {final}, no article address"
            recorder.outcome(candidate.key, asked, Outcome.SOFT_404, why)
            gone = Cleaned(Outcome.SOFT_404, why)
            self._count_article(candidate.key, asked, candidate, gone, door)
            return None
        key = portal.document_key(final)
        if key == candidate.key:
            return key
        past = recorder.recall([key]).get(key)
        if self.crawl.frontier.meet(key) and not (past and past.outcome in HELD):
            return key
        recorder.outcome(candidate.key, asked, Outcome.KNOWN, f"redirects to {final}")
        return None

    def _note_asked(self, candidate: Candidate, key: str, outcome: Outcome, final: str) -> None:
        """Name the outcome of an address for which another one answered.

        It counts as known only once the article has come: else nothing would lead there again.
        """
        if key != candidate.key:
            outcome = Outcome.KNOWN if outcome is Outcome.FETCHED else outcome
            url = candidate.entry.url
            self.crawl.recorder.outcome(candidate.key, url, outcome, f"redirects to {final}")

    # ---- requests and answers

    def _request(self, url: str, callback: Any, priority: int, **kwargs: Any) -> scrapy.Request:  # noqa: ANN401 - Scrapy's callbacks take what they are sent
        return scrapy.Request(
            url,
            callback=callback,
            errback=self.on_error,
            priority=priority,
            dont_filter=True,  # the frontier decides on each address once
            cb_kwargs=kwargs,
            meta={"asked": url},
        )

    def on_error(self, failure: Failure) -> Iterator[scrapy.Request]:
        """Name the outcome of an address that could not be fetched, then go on with the doors."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        assert failure.value is not None
        outcome, detail = fault_outcome(failure.value)
        asked = str(request.meta["asked"])
        candidate: Candidate | None = request.cb_kwargs.get("candidate")
        if candidate:
            key = candidate.key
            door = request.cb_kwargs["door"]
            self._count_article(key, asked, candidate, Cleaned(outcome, detail), door)
        elif request.callback == self.on_listing:
            key = self.crawl.portal.page_key(asked)
            self.crawl.tally.listing(outcome, detail)
        else:
            key = target_of(asked)
            if request.callback == self.on_door and request.cb_kwargs["page"] == 1:
                self.crawl.tally.door(request.cb_kwargs["door"].kind, asked, outcome, detail)
        self.crawl.recorder.outcome(key, asked, outcome, detail)
        self.crawl.last_fault = f"{asked}: {detail}"
        logger.warning("%s: %s: %s", asked, outcome, detail)
        if request.callback == self.on_probe:
            self.crawl.fault = f"{asked} cannot be read: {detail}"
        elif request.callback == self.on_door:
            yield from self._door_page_read()

    async def _settle(self) -> None:
        if self.crawl.recorder.full:
            await self.crawl.recorder.flush()
        if self._patience.over:
            self.crawl.fault = "the portal refuses every page; it is left alone until the next run"
            raise CloseSpider("blocked")
