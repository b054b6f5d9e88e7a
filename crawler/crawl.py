"""Everything one run of one portal holds while it lasts."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from config.traces import span
from crawler.doorbell import Doorbell
from crawler.network.addresses import Territory, is_loopback
from crawler.network.certificate import certificate_fault
from crawler.network.turns import Turns
from crawler.recorder import Recorder
from crawler.registry import find_portal, portal_ids, site_portal
from crawler.room import Room
from crawler.survey.frontier import SurveyFrontier
from crawler.tally import Tally
from crawler.trouble import CERTIFICATE, trouble_of
from crawler.walk.frontier import Frontier
from pipelines.clean.isolated import IsolatedCleaner
from pipelines.records import Outcome
from pipelines.store.engine import open_store
from pipelines.store.past_runs import cut_short, settled_at
from pipelines.store.portals import register_portal
from pipelines.store.walks import begin_walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy import Request
    from sqlalchemy import Connection

    from config.settings import Settings
    from crawler.portal import Door, Portal
    from crawler.walk.candidates import Findings
    from crawler.walk.doors import Entry
    from pipelines.health.facts import RunFacts
    from pipelines.records import Cleaned, Page
    from pipelines.store.engine import Store
    from pipelines.store.runs import Run

logger = logging.getLogger(__name__)

OWN_FAULT = "broke the crawl"
LISTING_PAGES = {"backfill": 50_000}  # of a whole walk
LISTING_PAGES_A_RUN = 500
ARTICLES_A_RUN = 50_000  # 28 hours at two seconds a page


class Crawl:
    """The state of one run: portal, territory, frontier, recorder and cleaner.

    ``fault`` is set when the run cannot go on, as one sentence for the operator; ``trouble`` is its
    cause, as a code and a sentence; ``answered`` once the portal has given any page;
    ``last_fault`` is the last address that could not be fetched; ``trace`` is the context of the
    run's own span; ``crawl_delay`` is the longest Crawl-delay, in seconds, that a robots.txt has
    asked for. ``resumed``: a run since the last
    complete one was cut short, so that something new may lie behind what is known.
    """

    def __init__(self, settings: Settings, store: Store, run: Run) -> None:
        self.settings = settings
        self.store = store
        self.run = run
        self.fault = ""
        self.trouble = ("", "")
        self.last_fault = ""
        self.trace = ""
        self.crawl_delay = 0.0
        self.answered = False
        self.settled = False
        self.resumed = False
        shared = settings.turns_url != settings.store_url
        self.turns = Turns(open_store(settings.turns_url) if shared else store)
        self.tally = Tally(settings.witness_share)
        self.backfill = run.kind == "backfill"
        self.cleaner = IsolatedCleaner(settings.clean_timeout)
        self.portal = self._portal()
        self.probe_url = run.params.url if self._unknown_family else ""
        self.recorder = Recorder(
            store,
            run.id,
            run.portal,
            folder=settings.snapshot_folder,
            doorbell=Doorbell(settings.broker, settings.ingest_batch),
            clock=self.now,
            ill=lambda: self.tally.shows_nothing,
        )
        self.room = Room(store, self.recorder, settings.inbox_bound)
        self._take_over(self.portal)

    @property
    def _unknown_family(self) -> bool:
        return bool(self.run.params.url) and self.run.portal not in portal_ids()

    def _portal(self) -> type[Portal]:
        if self._unknown_family:
            return site_portal(self.run.params.url, self.run.params.family or "generic")
        return find_portal(self.run.portal)

    def adopt(self, family: str) -> None:
        """Go on as a site of ``family``, found by looking at its first page."""
        logger.info("%s looks like %s", self.probe_url, family)
        self._take_over(site_portal(self.run.params.url, family))

    def is_of_unknown_cms(self) -> bool:
        """Take the site for one of an unknown CMS where its family's addresses have led nowhere.

        Old versions, and modules of others, have the marks of a CMS but addresses of their own. A
        survey tells what its family finds, and where no listing came nothing is known of them.
        """
        params, known = self.run.params, self.portal.family != "generic"
        whole = self.probe_url and self.run.kind != "survey" and not (params.only or params.rest)
        read = any(outcome is Outcome.LISTING for outcome, _ in self.tally.front_ends)
        if known and whole and read and not (self.fault or self.frontier.articles):
            self.adopt("generic")
            return True
        return False

    def _take_over(self, portal: type[Portal]) -> None:
        self.portal = portal
        self.territory = Territory(portal, self.run.params.base_url)
        with self.store.begin() as conn:
            register_portal(
                conn,
                self.run.portal,
                self.now(),
                name=portal.name,
                family=portal.family,
                unit=portal.unit,
            )
            settled = settled_at(conn, self.run.portal, self.run.section)
            self.resumed = cut_short(conn, self.run.portal, settled)
            walked = self._walked(conn)
        self.settled = settled is not None
        frontier = SurveyFrontier if self.run.kind == "survey" else Frontier
        self.frontier = frontier(
            portal,
            self.territory,
            self.recorder,
            now=self.now(),
            settled_at=settled,
            limit=self.article_limit,
            until=self.until,
            max_pages=LISTING_PAGES.get(self.run.kind, LISTING_PAGES_A_RUN),
            walked=walked,
        )

    def _walked(self, conn: Connection) -> set[str]:
        """Give the listing pages that the backfill has read in its earlier runs.

        The front pages of the doors are read each time: they tell whether the portal answers.
        """
        if not self.backfill:
            return set()
        fronts = {
            self.portal.page_key(urljoin(self.territory.root + "/", door.path))
            for door in self.doors
            if door.kind == "listing"
        }
        return begin_walk(conn, self.run.portal, self.run.section, self.run.id) - fronts

    @property
    def article_limit(self) -> int:
        """Give how many article pages the run may ask; the next one goes on with the rest."""
        params = self.run.params
        return params.limit or params.slice or ARTICLES_A_RUN

    @property
    def until(self) -> date | None:
        """Give the first day whose articles are wanted, or None for all of them."""
        day = self.run.params.until
        return date.fromisoformat(day) if day else None

    @property
    def doors(self) -> Sequence[Door]:
        """Give the doors of the run: the portal's own, or those of the section it was asked for."""
        return self.portal.doors_of(self.run.section)

    @property
    def delay(self) -> float:
        """Give the seconds between two requests; below the floor only on this machine."""
        wanted = self.run.params.delay
        if wanted is None:
            wanted = self.portal.delay
        floor = 0.0 if is_loopback(self.territory.root) else self.settings.min_delay
        return max(wanted, floor, self.crawl_delay)

    @property
    def emptiness(self) -> str:
        """Say what is wrong with a crawl that came to its end with nothing; "" if it has something.

        Zero is not success: a portal that is away or has moved must not look like a quiet one.
        """
        if not self.answered:
            return f"{self.territory.root} gave no page; last: {self.last_fault or 'no answer'}"
        params, tally = self.run.params, self.tally
        # what an earlier run has left over was met by that one; a run for the rest has no other
        shown = self.frontier.articles and (params.rest or not tally.shows_nothing)
        if not (shown or tally.unchanged or params.only):
            return (
                f"no address of an article was met on {self.territory.root}; "
                f"gomtin probe {self.territory.root} shows what it holds"
            )
        return ""

    def now(self) -> datetime:
        """Give the time in UTC."""
        return datetime.now(UTC)

    async def leave_alone(self, request: Request, seconds: float, reason: str) -> None:
        """Let no process ask the host of ``request`` for so many seconds, as Turns says.

        Without a delay, as at a replica on this machine, nobody takes turns.
        """
        if self.delay:
            await self.turns.leave_alone(request, seconds, reason)

    def sort_out(self, entries: Iterable[Entry]) -> Findings:
        """Sort the links of a page, and note the outcomes of those that go no further."""
        findings = self.frontier.sort_out(entries)
        for key, url, outcome, detail in findings.passed:
            self.recorder.outcome(key, url, outcome, detail, findings.told.get(key))
        return findings

    def facts(self) -> RunFacts:
        """Give what the run measured of its portal.

        Behind what a backfill finds new nothing known is expected: it is compared with no crawl.
        """
        params = self.run.params
        bounded = params.rest or params.until or params.url or self.run.section
        partial = self.frontier.full or bool(bounded)
        return self.tally.facts(
            whole=(self.backfill or not self.settled) and not partial,
            settled=self.settled and not self.backfill,
            trouble=self.trouble,
        )

    async def look_into_fault(self) -> None:
        """Name the cause of ``fault``, where there is one, from all that the run has met."""
        root = self.territory.root
        ends = self.tally.front_ends, self.tally.article_ends
        if OWN_FAULT in self.fault:
            self.trouble = "fault", self.fault
            return
        self.trouble = trouble_of(self.fault, root, *ends)
        if self.trouble[0] == CERTIFICATE:
            said = await asyncio.to_thread(certificate_fault, root)
            self.trouble = CERTIFICATE, f"{root} has a bad certificate: {said or 'not verified'}"
        self.fault = self.trouble[1]

    async def clean(self, page: Page, key: str, *, witness: bool = False) -> Cleaned:
        """Judge and clean ``page`` in the process that can be ended when it hangs.

        A page whose process was killed is tried once more: it may not have been the page's fault.
        ``witness``: have it read twice.
        """
        address = self.portal.canonical_url(page.url)
        for _ in range(2):
            with span("clean", page.trace) as cleaning:
                cleaned = await self.cleaner.clean(
                    page,
                    self.portal.rules,
                    canonical_url=address,
                    document_key=key,
                    unit=self.portal.unit,
                    witness=witness,
                )
                cleaning.tell({"gomtin.outcome": cleaned.outcome.value})
            if not cleaned.reason.startswith("clean.crashed:-"):
                break
        return cleaned
