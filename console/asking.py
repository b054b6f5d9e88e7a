"""What readers ask the console for, and the choices that its form offers."""

from __future__ import annotations

from datetime import date, datetime, time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field

from pipelines.classify.choice import choices
from pipelines.classify.rules import UNSURE
from pipelines.classify.taxonomy import taxonomy
from pipelines.codec import VIETNAM
from pipelines.errors import Reject
from pipelines.search.known import require_known
from pipelines.store.finding import ArticleQuery
from pipelines.store.portals import known_portals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request
    from sqlalchemy import Connection

MOST = 200
"""Articles in one answer."""

FURTHEST = 2**31
"""Answers that may be skipped: more than an archive holds, and less than a database counts."""

# a form sends "" for a field that was left empty; date.min begins in the year 0 of UTC
Day = Annotated[
    Annotated[date, Field(gt=date.min)] | None, BeforeValidator(lambda told: told or None)
]


class Filters(BaseModel, extra="forbid"):
    """What ``/articles`` and ``/count`` are asked for; empty fields ask for nothing."""

    q: str = ""
    portal: str = ""
    topic: str = ""
    kind: str = ""
    unit: str = ""
    unit_today: str = ""
    person: str = ""
    document: str = ""
    since: Day = None
    until: Day = None
    limit: int = Field(default=50, ge=1, le=MOST)
    offset: int = Field(default=0, ge=0, lt=FURTHEST)

    @property
    def query(self) -> ArticleQuery:
        """Give the query of the archive, one answer longer than what is shown."""
        return ArticleQuery(
            self.q, self.portal, self.topic, self.unit,
            _midnight(self.since), _midnight(self.until), self.limit + 1, self.offset,
            self.kind, self.person, self.document, unit_today=self.unit_today,
        )  # fmt: skip

    def with_(self, **changed: str | int | date) -> str:
        """Write the query string of the same question with some fields changed."""
        return urlencode(self.model_copy(update=changed).model_dump(exclude_defaults=True))


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
    """Tell whether a person asks, who wants a page."""
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
