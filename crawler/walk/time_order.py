"""Where a listing has come to the day at which a backfill ends: its later pages in their order.

Links carry no dates. A backfill that ends at a day therefore asks the later pages of each listing
one after another, each once the articles of the one before have been read, and ends a listing
whose pages have shown only older articles for a while. Nothing ends that is not seen to go back in
time: a pinned or misdated article, a page that dates too few, or a listing in another order only
makes the walk longer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

PAGE_NUMBER = re.compile(
    r"((?:page(?:index|number|num|no)?|trang|cur|pindex|start|[?&/]p[gn]?)[-=/])(\d{1,9})(?!\d)",
    re.IGNORECASE,
)
OLD_IN_A_ROW = 3  # pages
LEAST_DATED = 3  # articles of a page, and at least half of them


def later_page(key: str) -> tuple[str, int] | None:
    """Give the listing and the number of one of its later pages; None for any other page's key."""
    found = list(PAGE_NUMBER.finditer(key))
    if len(found) != 1:
        return None
    start, end = found[0].span(2)
    return f"{key[:start]}#{key[end:]}", int(found[0][2])


@dataclass(slots=True)
class Listing:
    """The later pages of one listing that wait for their turn, and what the last one has shown.

    ``shown`` are the articles of all its pages: what stands beside each page says nothing of one.
    ``page`` are those of the page that is being read (None: it has not come), ``oldest`` is the
    oldest day of the one before it, ``old`` counts the pages in a row that are older than the day.
    """

    waiting: list[tuple[int, str, str]] = field(default_factory=list)
    busy: bool = False
    page: set[str] | None = None
    shown: set[str] = field(default_factory=set)
    oldest: date | None = None
    old: int = 0


class TimeOrder:
    """Holds the later pages of listings back, and tells which are due and which need not be asked.

    ``until`` is the first day that is wanted; ``stored_days`` gives the days on which articles of
    the archive were published, by key.
    """

    def __init__(
        self, until: date, stored_days: Callable[[Collection[str]], Mapping[str, date]]
    ) -> None:
        self._until = until
        self._stored_days = stored_days
        self._listings: defaultdict[str, Listing] = defaultdict(Listing)
        self._reading: set[str] = set()
        self._days: dict[str, date | None] = {}

    def hold(self, key: str, url: str) -> bool:
        """Keep a later page until its turn; False for the page of any other address."""
        place = later_page(key)
        if place is None:
            return False
        heappush(self._listings[place[0]].waiting, (place[1], key, url))
        return True

    def shows(self, key: str, documents: set[str]) -> None:
        """Note the articles that a page shows."""
        if place := later_page(key):
            listing = self._listings[place[0]]
            listing.page = documents - listing.shown
            listing.shown |= documents

    def failed(self, key: str) -> None:
        """Note that a page could not be read."""
        if place := later_page(key):
            self._listings[place[0]].page = set()

    def asked(self, key: str) -> None:
        """Note that an article is to be read."""
        self._reading.add(key)

    def read(self, key: str, day: date | None) -> None:
        """Note that an article's address has come to its end, and when it was published."""
        self._reading.discard(key)
        self._days[key] = day

    def judge(self) -> None:
        """Judge the pages whose articles have all been read."""
        for listing in self._listings.values():
            if listing.page is not None and not listing.page & self._reading:
                self._judge(listing, listing.page)

    def due(self) -> Iterator[tuple[str, str]]:
        """Give key and address of the pages whose turn it is now, one of each listing."""
        for listing in self._listings.values():
            if listing.waiting and not listing.busy and listing.old < OLD_IN_A_ROW:
                listing.busy = True
                yield heappop(listing.waiting)[1:]

    def too_old(self) -> Iterator[tuple[str, str]]:
        """Give key and address of the pages that need not be asked, each once."""
        for listing in self._listings.values():
            while listing.waiting and listing.old >= OLD_IN_A_ROW:
                yield heappop(listing.waiting)[1:]

    def _judge(self, listing: Listing, page: set[str]) -> None:
        """Count a page whose articles have been read, if it is older than the day and the last."""
        listing.busy, listing.page = False, None
        unread = page - self._days.keys()
        found = {**(self._stored_days(unread) if unread else {}), **self._days}
        days = [day for key in page if (day := found.get(key)) is not None]
        if len(days) < max(LEAST_DATED, len(page) / 2) or max(days) >= self._until:
            listing.old = 0
        elif listing.old and listing.oldest and max(days) > listing.oldest:
            listing.old = 1  # it jumps: it may be in any order
        else:
            listing.old += 1
        listing.oldest = min(days, default=None)
