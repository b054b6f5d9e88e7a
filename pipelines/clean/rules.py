"""What makes a CMS family's page readable, as data: selectors, date formats, no-article markers.

Selectors are in the dialect of selectolax's lexbor engine; ``selector@attribute`` reads an
attribute instead of the text, ``html selector`` looks outside the article's scope, too. A family
module holds one ``PageRules``; a redesign adds a dated version in front (``redesigned``) and keeps
the old one in ``older``, with its recorded page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pipelines.codec import VIETNAM

if TYPE_CHECKING:
    from datetime import datetime


NUMBER = re.compile(r"(\d{1,3}(?: \d{3})+(?!\d)|\d[\d.,]*)")


@dataclass(frozen=True, slots=True)
class DateRule:
    """Where a publication time stands and how it is written.

    ``name`` is what ``published_from`` says. ``order`` and ``zone`` are the portal's, never guessed
    from one value: the same product prints D/M on one portal and M/D on another.
    """

    name: str
    selector: str
    reader: Literal["printed", "machine"] = "printed"
    order: Literal["dmy", "mdy"] = "dmy"
    zone: str = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class CounterRule:
    """Where a counter stands; group 1 of ``pattern`` is the number in the element's text.

    ``parent`` reads the element around the match: an icon's number stands beside it.
    """

    name: Literal["views", "comments", "rating", "rating_votes", "rating_points"]
    selector: str
    pattern: re.Pattern[str] = NUMBER
    parent: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """Evidence of what a page is: at least ``least`` matches of ``selector``.

    ``text``, where given, must be found in the text of a match for it to count.
    """

    selector: str
    least: int = 1
    text: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class PageRules:
    """The rules of one family, or of one dated version of it.

    Tuples of selectors are tried in order; the first that matches with text wins. ``title`` and
    ``body`` are required: without both a page is no article. ``scope`` limits title, lead, date,
    author, captions and counters to the article's own element (empty or not found: the document).

    ``body_pick``: which of several matches of a body selector, the one with the most text or the
    first. ``drop`` is taken out of the body before it is read. ``head_image`` finds pictures
    outside the body, whose captions count unless they repeat the title. ``lead_prefix`` is cut
    from the lead. ``dated_address`` finds year, month and day (groups y, m, d) of the publication
    in the page's address, for pages that print none. ``not_authors`` matches a displayed author
    that is an account, no person.

    The markers are asked in the order blocked, login, soft_404, other: on the whole page where no
    title and body were found (then ``gallery`` and ``listing``, too), else only in the body and of
    the page's own element (``body.attachment``). ``since`` is the first day (ISO) on which fetched
    pages look like this version.
    """

    family: str
    title: tuple[str, ...]
    body: tuple[str, ...]
    scope: tuple[str, ...] = ()
    scope_required: bool = False
    lead: tuple[str, ...] = ()
    body_pick: Literal["first", "longest"] = "first"
    drop: tuple[str, ...] = ()
    head_image: tuple[str, ...] = ()
    dates: tuple[DateRule, ...] = ()
    dated_address: re.Pattern[str] | None = None
    author: tuple[str, ...] = ()
    not_authors: re.Pattern[str] | None = None
    source: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    counters: tuple[CounterRule, ...] = ()
    attachments: tuple[str, ...] = ()
    lead_prefix: re.Pattern[str] | None = None
    blocked: tuple[Marker, ...] = ()
    login: tuple[Marker, ...] = ()
    soft_404: tuple[Marker, ...] = ()
    other: tuple[Marker, ...] = ()
    listing: tuple[Marker, ...] = ()
    gallery: tuple[Marker, ...] = ()
    since: str = ""
    older: tuple[PageRules, ...] = ()

    def versions(self, fetched_at: datetime) -> tuple[PageRules, ...]:
        """Give the versions in the order in which a page that was fetched then is read by them.

        Newest first; those that begin after the page was fetched come last, lest a redesign's
        selectors find something else on the pages from before it.
        """
        if not self.older:
            return (self,)
        day = fetched_at.astimezone(VIETNAM).date().isoformat()
        return tuple(sorted((self, *self.older), key=lambda version: version.since > day))

    def redesigned(self, since: str, **changes: Any) -> PageRules:  # noqa: ANN401 - as ``but``
        """Give these rules as of a redesign of the site, with the fields that it changes.

        ``since`` is its day (ISO): pages that were fetched before are read by the older versions.
        """
        return replace(self, since=since, older=(self, *self.older), **changes)

    def but(self, **changes: Any) -> PageRules:  # noqa: ANN401 - each field has its own type
        """Give these rules with fields changed: how a portal's file departs from its family."""
        return replace(self, **changes)
