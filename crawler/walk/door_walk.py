"""The walk through a portal's doors: which is asked next, and what each of its pages leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.network.answers import status_outcome, with_validators
from crawler.portal import Door
from crawler.walk.doors import READERS
from crawler.walk.frontier import target_of
from pipelines.clean.judge import wall_in
from pipelines.errors import Reject
from pipelines.records import Cleaned, Outcome
from pipelines.store.pages import OutcomeRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrapy.http import Response

    from crawler.crawl import Crawl
    from crawler.walk.candidates import Candidate, Findings
    from crawler.walk.doors import Announcement

DOOR_PAGES = 1_000  # a run: 50,000 posts of an API
WP_PAGE = 50  # posts asked for at once; the API's own limit is 100
# Maps of sections, tags, people and fixed pages hold no articles.
SIDE_MAPS = re.compile(
    r"taxonom|categor|[-_]tag|users|author|posts-page|\.(?:about|siteterms|contact|page)\.",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DoorPage:
    """One page of a door, by its whole address; ``number`` counts from 1."""

    door: Door
    url: str
    number: int = 1

    @property
    def key(self) -> str:
        """Give its identity within the portal."""
        return target_of(self.url)


def announced(page: DoorPage, response: Response) -> Announcement | Cleaned:
    """Read what a door says, or what has come in its place: a wall may answer for it, with 200."""
    if response.status != HTTPStatus.OK:
        return Cleaned(*status_outcome(response.status))
    try:
        return READERS[page.door.kind](response.body, response.url)
    except Reject as error:
        wall = wall_in(response.body)
        return wall or Cleaned(Outcome.BAD_CONTENT, f"{error.code}: {error}")


class DoorWalk:
    """The order in which one run asks a portal's doors, and when it knows enough.

    Machine-readable doors come first, in the portal's order; ``informed`` is True once one of them
    has shown all that is new, and then the others are passed over, unless the walk is thorough.
    The ``listings`` among the doors are not asked here.
    """

    def __init__(self, crawl: Crawl, doors: Sequence[Door], *, thorough: bool) -> None:
        self._crawl = crawl
        self._machine = [door for door in doors if door.kind != "listing"]
        self.listings = [door for door in doors if door.kind == "listing"]
        self._thorough = thorough
        self.informed = False
        self._asked = 0
        self._unread = 0

    @property
    def between_doors(self) -> bool:
        """Tell whether every page that was asked has been read, so that the next door is due."""
        return self._unread == 0

    def next(self) -> DoorPage | None:
        """Give the first page of the next machine-readable door; None when listings are due."""
        if self.informed and not self._thorough:
            self._machine.clear()
        return self._ask(self._page(self._machine.pop(0))) if self._machine else None

    def validators(self, page: DoorPage) -> dict[str, str]:
        """Give the headers with which the page comes only where it has changed."""
        state = self._crawl.recorder.recall([page.key]).get(page.key)
        if state is None:
            return {}
        named = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        return {name: value for name, value in named.items() if value}

    def read(
        self, page: DoorPage, response: Response, said: Announcement | Cleaned
    ) -> tuple[list[Candidate], list[DoorPage]]:
        """Give the articles and the door pages that an answer leads to, and note what it was."""
        self._unread -= 1
        unchanged = response.status == HTTPStatus.NOT_MODIFIED
        self._crawl.answered |= unchanged or response.status == HTTPStatus.OK
        self.informed |= unchanged
        if isinstance(said, Cleaned):
            self._note(page, OutcomeRow(page.key, page.url, said.outcome, said.reason))
            return [], []
        row = OutcomeRow(page.key, page.url, Outcome.DOOR, f"{len(said.entries)} entries")
        self._note(page, with_validators(row, response))
        kind = page.door.kind
        findings = self._crawl.sort_out(replace(one, door=kind) for one in said.entries)
        self._crawl.tally.shown(page.key, findings.documents, findings.overlap, kind)
        # a feed shows only the newest, so it must overlap with what is known
        self.informed |= bool(said.entries) and (findings.overlap > 0 or kind != "feed")
        return findings.articles, list(self._behind(page, said, findings))

    def failed(self, page: DoorPage, outcome: Outcome, detail: str) -> None:
        """Note a page that brought no answer."""
        self._unread -= 1
        self._note(page, OutcomeRow(page.key, page.url, outcome, detail))

    def _note(self, page: DoorPage, row: OutcomeRow) -> None:
        self._crawl.recorder.door(row)
        if page.number == 1:  # the API answers 400 past its end
            self._crawl.tally.door(page.door.kind, row.url, row.outcome, row.detail)

    def _behind(self, page: DoorPage, said: Announcement, findings: Findings) -> Iterator[DoorPage]:
        """Ask for the door pages behind this one, as far as they may hold anything new."""
        full = page.door.kind == "wp_json" and len(said.entries) >= WP_PAGE
        wanted = self._crawl.backfill or not findings.overlap
        if full and wanted and not all(map(self._crawl.frontier.too_old, said.entries)):
            yield from self._ask_new(self._page(page.door, page.number + 1))
        territory = self._crawl.territory
        for address in said.further:
            url = territory.relocate(address)
            if not (SIDE_MAPS.search(url) or territory.refusal(url)):
                yield from self._ask_new(self._page(Door(page.door.kind, url)))

    def _ask_new(self, page: DoorPage) -> Iterator[DoorPage]:
        """Ask for a page unless the run has met it: an index may lead to itself, or for ever."""
        if page.key not in self._crawl.frontier.met and self._asked < DOOR_PAGES:
            yield self._ask(page)

    def _ask(self, page: DoorPage) -> DoorPage:
        self._crawl.frontier.meet(page.key)
        self._asked += 1
        self._unread += 1
        return page

    def _page(self, door: Door, number: int = 1) -> DoorPage:
        path = door.path.replace("{page}", str(number))
        return DoorPage(door, urljoin(self._crawl.territory.root + "/", path), number)
