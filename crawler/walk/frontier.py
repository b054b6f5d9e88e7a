"""Decide what a run asks next: which of the links it meets are new articles, which lead on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.network.traps import Fruit, shape_of, trap_in
from crawler.walk.candidates import Candidate, Findings
from crawler.walk.doors import Entry
from pipelines.clean.listed import DOOR
from pipelines.codec import VIETNAM
from pipelines.records import ARTICLE_OUTCOMES, Outcome
from pipelines.store.pages import MISSING, PAUSED, TRANSIENT, may_try_again

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from crawler.network.addresses import Territory
    from crawler.portal import Portal
    from crawler.walk.candidates import Memory, Remembered

# Pages that were no article are asked again after a week: portals fill empty pages later. What is
# missing and shown all the same is asked after an hour, two, four ...: a portal in maintenance
# would lose it.
REST = timedelta(days=7)
SECTION_REST = timedelta(days=1)  # listings where any address may be an article's
# An address that is remembered as known led to the article by another address.
HELD = ARTICLE_OUTCOMES | {Outcome.FETCHED, Outcome.DEAD_LETTER, Outcome.KNOWN}
TRAPS_NAMED = 100
UNASKED = {Outcome.NOT_REACHED, Outcome.OVER_LIMIT}
RESTING = {
    Outcome.LISTING, Outcome.NOT_ARTICLE, Outcome.THIN, Outcome.LOGIN, Outcome.SOFT_404,
    Outcome.GONE, Outcome.EMPTY, Outcome.TOO_LARGE, Outcome.BAD_ENCODING, Outcome.BAD_CONTENT,
    Outcome.OFFSITE, Outcome.PRIVATE_ADDRESS, Outcome.DENIED_BY_ROBOTS, Outcome.TRAP,
}  # fmt: skip


class Frontier:
    """The addresses one run has met; each is decided on once.

    ``settled_at`` is when the last complete crawl ended (None: this is the first); ``limit`` bounds
    the article pages that are asked (None: no bound), ``until`` is the day before which articles
    are passed over where a door dates them, ``max_pages`` the listing pages, so that a
    calendar or a language toggle cannot hold a run for ever; ``walked`` are the keys of those that
    earlier runs of the same walk have read; ``fruit`` is to be told what each
    page of links led to. ``articles`` counts the article
    addresses met, again and again met ones too, ``asked`` those that are asked; ``unsettled`` are
    the keys of those that the last complete crawl did not hold; ``days`` are those that listings
    print beside articles, by key: an address is often met first where no day is told.
    """

    def __init__(
        self,
        portal: type[Portal],
        territory: Territory,
        memory: Memory,
        *,
        now: datetime,
        settled_at: datetime | None = None,
        limit: int | None = None,
        until: date | None = None,
        max_pages: int = 500,
        walked: Iterable[str] = (),
    ) -> None:
        self.portal = portal
        self.territory = territory
        self._memory = memory
        self._now = now
        self._settled_at = settled_at
        self._limit = limit
        self._until = until
        self._max_pages = max_pages
        self.met: set[str] = set(walked)
        self._read_again: set[str] = set()
        self.unsettled: set[str] = set()
        self.days: dict[str, datetime] = {}
        self.asked = 0
        self.articles = 0
        self._pages = len(self.met)
        self._trapped = 0
        self.fruit = Fruit()

    def sort_out(self, entries: Iterable[Entry]) -> Findings:
        """Sort the links of a door or listing; each address counts the first time it is met."""
        findings = Findings()
        fresh: dict[str, Entry] = {}
        for entry in entries:
            self._place(entry, fresh, findings)
        findings.fresh = {shape_of(entry.url) for entry in fresh.values()}
        remembered = self._memory.recall(list(fresh)) if fresh else {}
        for key, entry in fresh.items():
            self._decide(key, entry, remembered.get(key), findings)
        return findings

    def again(self, known: Mapping[str, str], *, met: bool = False) -> list[Candidate]:
        """Take up pages by key and address, although they are known, as far as the limit allows.

        Those that this run has ``met`` on a page as well, where that is said. What a door has told
        of them holds still: some pages do not say when they are from.
        """
        found = []
        remembered = self._memory.recall(list(known)) if known else {}
        for key, address in known.items():
            url = self.territory.relocate(address)
            if self.full or self.territory.refusal(url) or self.portal.deny.search(target_of(url)):
                continue
            if self.meet(key) or met:
                self.asked += 1
                self._read_again.add(key)
                page = remembered.get(key)
                entry = Entry(url, page.listed_at, door=page.listed_from) if page else Entry(url)
                gone = page is not None and page.outcome in MISSING
                found.append(Candidate(key, entry, in_vain=gone, again=True))
        return found

    @property
    def full(self) -> bool:
        """Tell whether as many articles are asked as the run may ask."""
        return self._limit is not None and self.asked >= self._limit

    def meet(self, key: str) -> bool:
        """Mark ``key`` as met; tell whether this is the first time."""
        new = key not in self.met
        self.met.add(key)
        return new

    def too_old(self, entry: Entry) -> bool:
        """Tell whether a door dates an article before the day at which the run ends.

        What a listing tells is too weak to pass an article over.
        """
        if self._until is None or entry.published_at is None or entry.door == DOOR:
            return False
        return entry.published_at.astimezone(VIETNAM).date() < self._until

    def forget(self, urls: Iterable[str]) -> None:
        """Take back that these listing addresses were met: they were not followed."""
        keys = {self.portal.page_key(url) for url in urls}
        self._pages -= len(keys)
        self.met -= keys

    def _place(self, entry: Entry, fresh: dict[str, Entry], findings: Findings) -> None:
        url = self.territory.relocate(entry.url)
        if self.territory.refusal(url):
            return
        target = target_of(url)
        if self.portal.deny.search(target):
            return
        is_article = bool(self.portal.article.search(target))
        if trap := self._trap(url, is_article=is_article):
            self._pass_trap(url, trap, findings)
        elif is_article:
            key = self.portal.document_key(url)
            self.articles += 1
            findings.documents.add(key)
            if entry.door == DOOR and entry.published_at:
                self.days.setdefault(key, entry.published_at)
            if self.too_old(entry):
                return
            if self.meet(key):
                fresh[key] = replace(entry, url=url)
            elif key in self._read_again:  # known all the same, so the door reaches back to it
                findings.overlap += 1
        elif self.portal.listing.search(target):
            self._take_listing(url, findings)

    def _take_listing(self, url: str, findings: Findings) -> None:
        key = self.portal.page_key(url)
        if self._pages >= self._max_pages and key not in self.met:
            findings.beyond.append(url)
        elif self.meet(key):
            self._pages += 1
            findings.listings.append(url)

    def _trap(self, url: str, *, is_article: bool) -> str:
        """Say what is endless about ``url``; articles of a known CMS are judged by sight alone.

        Where a site is redesigned, page after page of one shape is no article: no trap, a fault.
        """
        if is_article and self.portal.rules is not None:
            return trap_in(url)
        return trap_in(url) or self.fruit.trap(url)

    def _pass_trap(self, url: str, trap: str, findings: Findings) -> None:
        """Name the first traps of a run: the others are the same again, without end."""
        key = self.portal.page_key(url)
        if self._trapped < TRAPS_NAMED and self.meet(key):
            self._trapped += 1
            findings.passed.append((key, url, Outcome.TRAP, trap))

    def _decide(self, key: str, entry: Entry, page: Remembered | None, findings: Findings) -> None:
        due = not page or self._due(entry, page)
        if page and due and self._is_listing_of_unknown(page):
            self.met.discard(key)
            self._take_listing(entry.url, findings)
            return
        if due or (page and page.outcome in HELD and not self._settled(page)):
            self.unsettled.add(key)
        if page and not due:
            findings.overlap += self._settled(page)
            findings.passed.append((key, entry.url, Outcome.KNOWN, page.outcome))
        elif self.full:
            findings.over_limit += 1
            findings.passed.append((key, entry.url, Outcome.OVER_LIMIT, f"limit {self._limit}"))
            findings.told[key] = entry
        else:
            self.asked += 1
            in_vain = page is not None and page.outcome not in HELD | UNASKED
            failures = page.failures if page else 0
            findings.articles.append(Candidate(key, entry, in_vain, failures))

    def _is_listing_of_unknown(self, page: Remembered) -> bool:
        """Tell a listing of an unknown system: its address may have the shape of an article's."""
        return page.outcome is Outcome.LISTING and self.portal.rules is None

    def _settled(self, page: Remembered) -> bool:
        """Tell whether the last complete crawl already held this page.

        What an interrupted run has left says nothing of what lies behind it.
        """
        if self._settled_at is None:
            return False
        return page.outcome in HELD and page.checked_at <= self._settled_at

    def _due(self, entry: Entry, page: Remembered) -> bool:
        if page.outcome in HELD:
            return entry.modified_at is not None and entry.modified_at > page.checked_at
        if page.outcome in RESTING:
            rest = SECTION_REST if self._is_listing_of_unknown(page) else REST
            soon = page.outcome in MISSING and may_try_again(
                page.failures + PAUSED - 1, page.checked_at, self._now
            )
            return soon or self._now - page.checked_at > rest
        return page.outcome not in TRANSIENT or may_try_again(
            page.failures, page.checked_at, self._now
        )


def target_of(url: str) -> str:
    """Give path and query of ``url``: what the patterns of a portal are searched in."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
