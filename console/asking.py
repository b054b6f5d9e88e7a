"""What readers ask the console for, and the choices that its form offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field

from pipelines.classify.choice import choices
from pipelines.classify.rules import UNSURE
from pipelines.classify.taxonomy import taxonomy
from pipelines.codec import VIETNAM
from pipelines.errors import Reject
from pipelines.search.known import require_known
from pipelines.store.counting import AXES
from pipelines.store.finding import ArticleQuery
from pipelines.store.paging import Place
from pipelines.store.portals import known_portals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import Request
    from sqlalchemy import Connection

    from pipelines.store.articles import StoredArticle

SHOWN, MOST = 50, 200
"""Articles in one answer: unless told, and at most."""

ROWS, MOST_ROWS, LAST_ROW = 1_000, 10_000, 10_000_000
"""Rows of a count in one answer: unless told, at most, and what may be skipped."""

FURTHEST = 10_000
"""Answers that may be skipped: to know the next ones, all these are found again."""

HINTS = {
    "q": 'words that all stand in the article, "in quotation marks" side by side, -"so" not there',
    "portal": "a portal's id",
    "topic": "a topic or a field of topics, by its id or Vietnamese name; any of several, with"
    " commas between them; or unsure",
    "kind": "a kind of text, by its id or Vietnamese name; any of several; or unsure",
    "unit": "an administrative unit by its name on the day of the article; several, between commas",
    "unit_today": "a unit as it is today, with all that lies in it",
    "person": "a full name, with or without titles",
    "organisation": "an office or body with its place, as UBND tỉnh An Giang, in short or in full",
    "document": "a document's number, as 71-KH/TU",
    "since": "the first day of publication, as 2026-11-23",
    "until": "the day after the last, as 2026-11-24",
    "order": "best or newest: what comes first where words are asked for",
    "limit": f"a number of articles from 1 to {MOST}",
    "offset": f"a number of best answers to skip, at most {FURTHEST}; beyond, order=newest goes on",
    "after": "the place where an earlier answer ended, from its next",
    "rows": f"a number of rows from 1 to {MOST_ROWS}",
    "by": f"what is counted by, between commas or several times: {', '.join(AXES)}",
}

# a form sends "" for a field that was left empty; date.min begins in the year 0 of UTC
Day = Annotated[
    Annotated[date, Field(gt=date.min)] | None, BeforeValidator(lambda told: told or None)
]


class Filters(BaseModel, extra="forbid"):
    """What articles are asked for by; empty fields ask for nothing."""

    q: str = Field("", description=HINTS["q"])
    portal: str = Field("", description=HINTS["portal"])
    topic: str = Field("", description=HINTS["topic"])
    kind: str = Field("", description=HINTS["kind"])
    unit: str = Field("", description=HINTS["unit"])
    unit_today: str = Field("", description=HINTS["unit_today"])
    person: str = Field("", description=HINTS["person"])
    organisation: str = Field("", description=HINTS["organisation"])
    document: str = Field("", description=HINTS["document"])
    since: Day = Field(None, description=HINTS["since"])
    until: Day = Field(None, description=HINTS["until"])

    @property
    def query(self) -> ArticleQuery:
        """Give the query of the archive."""
        return ArticleQuery(
            query=self.q, portal=self.portal, topic=self.topic, kind=self.kind,
            unit=self.unit, unit_today=self.unit_today,
            person=self.person, organisation=self.organisation, document=self.document,
            since=_midnight(self.since), until=_midnight(self.until), limit=None,
        )  # fmt: skip

    @property
    def narrows(self) -> bool:
        """Tell whether anything but words is asked for."""
        return bool(self.model_dump(exclude_defaults=True).keys() - {"q", "order", "by", *PAGING})

    def named_by(self, query: ArticleQuery) -> Self:
        """Name topics and kinds in full, as the form's choices do."""
        return self.model_copy(update={"topic": query.topic, "kind": query.kind})

    def with_(self, **changed: str | int | date) -> str:
        """Write the query string of the same question with some fields changed."""
        return urlencode(self.model_copy(update=changed).model_dump(exclude_defaults=True))


PAGING = ("limit", "offset", "after")


class Reading(Filters):
    """What a list of articles is asked for: the filters, and which part of the answers."""

    order: Literal["best", "newest"] = Field("best", description=HINTS["order"])
    limit: int = Field(SHOWN, description=HINTS["limit"], ge=1, le=MOST)
    offset: int = Field(0, description=HINTS["offset"], ge=0, le=FURTHEST)
    after: str = Field("", description=HINTS["after"])

    @property
    def whole(self) -> str:
        """Write the query string of all answers."""
        return self.with_(order="best", limit=SHOWN, offset=0, after="")

    @property
    def by_time(self) -> bool:
        """Tell whether the newest come first."""
        return self.order == "newest" or not self.q

    @property
    def query(self) -> ArticleQuery:
        """Give the query of the archive, one answer longer than what is shown."""
        if self.after and (self.offset or not self.by_time):
            cure = "with words order=newest makes it so; offset skips the best"
            raise Reject("query.after", f"after goes on from the newest back; {cure}")
        return replace(
            super().query, limit=self.limit + 1, offset=self.offset, newest=self.by_time,
            after=Place.read(self.after) if self.after else None,
        )  # fmt: skip

    def next(self, found: Sequence[StoredArticle]) -> str:
        """Write the query string of the answers behind those ``found``; "" where there are none."""
        if len(found) <= self.limit:
            return ""
        if not self.by_time:
            return self.with_(offset=self.offset + self.limit)
        last = found[self.limit - 1]
        return self.with_(after=str(Place(last.dated_at, last.id)), offset=0)

    @property
    def before(self) -> str | None:
        """Write the query string of what comes before; None where this is the beginning."""
        if self.after:
            return self.with_(after="")
        return self.with_(offset=max(0, self.offset - self.limit)) if self.offset else None


class Counted(Filters):
    """What is counted: the filters, and the axes."""

    by: list[str] = Field(default_factory=list, exclude=True, description=HINTS["by"])
    limit: int = Field(ROWS, description=HINTS["rows"], ge=1, le=MOST_ROWS)
    offset: int = Field(0, description="a number of rows to skip", ge=0, le=LAST_ROW)

    @property
    def query(self) -> ArticleQuery:
        """Give the query of the archive; its limit and offset are those of rows."""
        return replace(super().query, limit=self.limit, offset=self.offset)

    def next(self, rows: int) -> str:
        """Write the query string of the rows behind these, where there are so many; "" for none."""
        end = self.offset + self.limit
        by = urlencode([("by", one) for one in self.by])
        return f"{by}&{self.with_(offset=end)}" if end < rows else ""

    @property
    def articles(self) -> str:
        """Write the query string of the articles that are counted."""
        return self.with_(limit=ROWS, offset=0)


def understood(conn: Connection, filters: Filters) -> ArticleQuery:
    """Give the query of the archive.

    Raise Reject for a portal, topic, kind or place that is not known and for days that have nothing
    between them: no answer would pass for one.
    """
    known = known_portals(conn)
    if filters.portal and filters.portal not in known:
        near = get_close_matches(filters.portal, known)
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise Reject("portal.unknown", f"the archive knows no portal {filters.portal}{hint}")
    if filters.since and filters.until and filters.since >= filters.until:
        raise Reject("query.days", "since lies after until: nothing is between them")
    return require_known(filters.query)


def by_browser(request: Request) -> bool:
    """Tell whether a person asks, who wants a page; the API answers programs alone."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "")


def offered(conn: Connection) -> tuple[tuple[str, str, Mapping[str, str]], ...]:
    """Give what the form lets choose from: field, its name without a choice, names by value."""
    topics: dict[str, str] = {}
    for leaf, name in choices("topic").items():
        field = leaf.partition("/")[0]
        topics.setdefault(field, taxonomy().names[field])
        topics[leaf] = f"\N{EN DASH} {name}"
    unsure = {UNSURE: UNSURE}
    return (
        ("portal", "any portal", {one: one for one in known_portals(conn)}),
        ("topic", "any topic", topics | unsure),
        ("kind", "any kind of text", {**choices("kind"), **unsure}),
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), VIETNAM)
