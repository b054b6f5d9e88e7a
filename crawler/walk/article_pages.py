"""What the answer to an article's address becomes: a draft, or the outcome that says why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from crawler.network.answers import page_of, status_outcome
from crawler.walk.attachments import with_texts
from crawler.walk.frontier import HELD, UNASKED, target_of
from crawler.walk.time_order import later_page
from crawler.walk.twins import Twins
from pipelines.clean.listed import DOOR
from pipelines.records import Cleaned, Outcome
from pipelines.store.pages import COPY_OF, LEADS_TO

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.crawl import Crawl
    from crawler.walk.candidates import Candidate
    from pipelines.records import Draft, Page


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The page that answered for an article's address, and its key: another one's, redirected."""

    candidate: Candidate
    key: str
    page: Page

    def ends_listing(self, cleaned: Cleaned) -> bool:
        """Tell the last page of a listing, which may show too few entries to look like one."""
        thin = cleaned.outcome in {Outcome.THIN, Outcome.NOT_ARTICLE}
        return thin and later_page(self.key) is not None


class ArticlePages:
    """Judges, cleans and records the article pages of one run."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._came: set[str] = set()
        self._copies: dict[str, list[Candidate]] = {}  # by the key that they name: not yet read
        self._twins = Twins(crawl.recorder.same_text)

    def answered(self, response: Response, candidate: Candidate) -> ArticlePage | None:
        """Give the page that answered, or None if the address has ended elsewhere."""
        key = candidate.key
        if "redirect_urls" in response.meta:
            found = self._key_that_answered(response.url, candidate)
            if found is None:
                return None
            key = found
        page = page_of(response, self._crawl.portal.id, self._crawl.now())
        told_by, listed = candidate.entry.door, candidate.entry.published_at
        if listed is None and (listed := self._crawl.frontier.days.get(candidate.key)):
            told_by = DOOR
        if listed and told_by in self._crawl.portal.dated_doors:
            page = replace(page, listed_at=listed, listed_from=told_by)
        return ArticlePage(candidate, key, page)

    async def clean(self, found: ArticlePage) -> Cleaned:
        """Judge and clean a page; one that came with another status than 200 is not looked at."""
        if found.page.status != HTTPStatus.OK:
            return Cleaned(*status_outcome(found.page.status))
        self._crawl.answered = True
        witness = self._crawl.tally.wants_witness()
        return await self._crawl.clean(found.page, found.key, witness=witness)

    async def keep(self, found: ArticlePage, cleaned: Cleaned, crawler: Crawler) -> None:
        """Record what a page turned out to be, its draft with the texts of its files."""
        crawl, key, page = self._crawl, found.key, found.page
        if found.candidate.control:
            self._look(found.candidate, page.url, cleaned)
            return
        if page.status != HTTPStatus.OK:
            crawl.recorder.outcome(key, page.url, cleaned.outcome, cleaned.reason)
        elif twin := self._twin(found, cleaned.draft):
            crawl.recorder.outcome(key, page.url, Outcome.KNOWN, COPY_OF + twin)
            crawl.frontier.fruit.note(page.url, found=False)
            self._note_asked(found, Outcome.KNOWN)
            return
        else:
            if cleaned.draft and crawl.portal.attachment_text:
                held = crawl.recorder.files_of(key) if key in crawl.tally.held else set()
                draft = await with_texts(cleaned.draft, crawl, crawler, held)
                cleaned = replace(cleaned, draft=draft)
            title = self._stored_title(found)
            crawl.recorder.page(key, page, cleaned.outcome, cleaned.reason, cleaned.draft, title)
            if cleaned.outcome is not Outcome.LISTING:  # that one is known by where it leads
                crawl.frontier.fruit.note(page.url, found=cleaned.draft is not None)
        if cleaned.draft:
            self._came.add(key)
            self._note_copies(key, page.url)
        self._count(key, page.url, found.candidate, cleaned)
        self._note_asked(found, cleaned.outcome)

    def _twin(self, found: ArticlePage, draft: Draft | None) -> str:
        """Give the address whose article a page shows; one that the archive holds stays its own."""
        twin = self._twins.of(found.key, draft) if draft else ""
        return "" if twin and self._crawl.recorder.titles([found.key]) else twin

    def names_another(self, found: ArticlePage, cleaned: Cleaned) -> list[Candidate] | None:
        """Give what to ask in place of a copy that names the article's own address; else None.

        It counts as known only once that has come. One that has failed before, or names a copy
        itself, is not waited for: the page is kept as it is.
        """
        crawl, draft, asked = self._crawl, cleaned.draft, found.candidate
        if asked.control:
            return None
        stated = crawl.territory.relocate(draft.canonical_url) if draft else ""
        key = crawl.portal.document_key(stated)
        unstated = draft is not None and draft.canonical_url == crawl.portal.canonical_url(
            found.page.url
        )
        own = unstated or key == found.key or found.key in self._copies
        if draft is None or crawl.portal.rules is not None or own:
            return None
        past = crawl.recorder.recall([key]).get(key)
        if past and past.outcome not in HELD | UNASKED:
            return None
        findings = crawl.sort_out([replace(asked.entry, url=stated)])
        if key not in findings.documents:
            return None
        self._copies.setdefault(key, []).append(asked)
        if key in self._came or (past and past.outcome in HELD):
            self._note_copies(key, stated)
        return findings.articles

    def _note_copies(self, key: str, url: str) -> None:
        for copy in self._copies.pop(key, ()):
            self._crawl.recorder.outcome(copy.key, copy.entry.url, Outcome.KNOWN, COPY_OF + url)

    def failed(self, candidate: Candidate, asked: str, outcome: Outcome, detail: str) -> None:
        """Record an address that led to no page of an article."""
        if candidate.control:
            self._look(candidate, asked, Cleaned(outcome, detail))
            return
        self._count(candidate.key, asked, candidate, Cleaned(outcome, detail))
        self._crawl.recorder.outcome(candidate.key, asked, outcome, detail)

    def _look(self, candidate: Candidate, url: str, cleaned: Cleaned) -> None:
        """Count what an article of the archive shows now; the archive keeps what it has.

        Where the portal is ill, it would be revised to nonsense, or called gone.
        """
        self._count(candidate.key, url, candidate, cleaned)
        why = f"looked at again: {cleaned.outcome}"
        self._crawl.recorder.outcome(candidate.key, url, Outcome.KNOWN, why)

    def _key_that_answered(self, final: str, candidate: Candidate) -> str | None:
        crawl, asked = self._crawl, candidate.entry.url
        if not crawl.portal.article.search(target_of(final)):
            why = f"redirects to {final}, no article address"
            self.failed(candidate, asked, Outcome.SOFT_404, why)
            return None
        key = crawl.portal.document_key(final)
        if key == candidate.key:
            return key
        past = crawl.recorder.recall([key]).get(key)
        if crawl.frontier.meet(key) and not (past and past.outcome in HELD):
            return key
        crawl.recorder.outcome(candidate.key, asked, Outcome.KNOWN, LEADS_TO + final)
        return None

    def _stored_title(self, found: ArticlePage) -> str:
        """Give the title that the archive has of an article read again; "" for a new one."""
        asked, key = found.candidate, found.key
        again = asked.again or asked.entry.modified_at
        return self._crawl.recorder.titles([key]).get(key, "") if again else ""

    def _count(self, key: str, url: str, candidate: Candidate, cleaned: Cleaned) -> None:
        self._crawl.tally.article(key, url, candidate, cleaned, self._crawl.portal.rules)

    def _note_asked(self, found: ArticlePage, outcome: Outcome) -> None:
        """Name the outcome of an address for which another one answered.

        It counts as known only once the article has come: else nothing would lead there again.
        """
        asked = found.candidate
        if found.key != asked.key:
            outcome = Outcome.KNOWN if outcome is Outcome.FETCHED else outcome
            why = LEADS_TO + found.page.url
            self._crawl.recorder.outcome(asked.key, asked.entry.url, outcome, why)
