"""Counting over the web: how many different texts answer, each count a link to its articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from console.asking import ROWS, Counted, Filters, offered, understood
from console.pages import page
from pipelines.classify.rules import UNSURE
from pipelines.errors import Reject
from pipelines.store.counting import AXES, NOWHERE, PERIODS, axes_of, tally
from pipelines.store.finding import missing
from pipelines.store.named import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.archive import Archive
    from pipelines.store.counting import Count


@dataclass(frozen=True, slots=True)
class Line:
    """A count and the query string of its articles; "" where no filter asks for them."""

    count: Count
    articles: str

    def named(self, by: Sequence[str]) -> list[tuple[str, str]]:
        """Give each value with its axis."""
        return list(zip(by, self.count.values, strict=True))


def counts(archive: Archive) -> APIRouter:
    """Make ``/count``: ``by`` names axes; the filters are those of ``/articles``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/count")
    def as_page(filters: Annotated[Counted, Query()]) -> Response:
        axes: list[str] = []
        found, wrong, lacking = None, "", ""
        caveats: Sequence[str] = ()
        with archive.read() as conn:
            try:
                axes = axes_of(filters.by)
                query = understood(conn, filters)
                filters = filters.named_by(query)
                found = tally(conn, query, axes)
                lacking, caveats = missing(conn, query), list(found.caveats(query))
            except Reject as error:
                wrong = str(error)
            choices = offered(conn)
        end = filters.offset + filters.limit
        shown = found.counts[filters.offset : end] if found else ()
        return page(
            "count.html",
            HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK,
            filters=filters,
            offered=choices,
            axes=AXES,
            by=axes,
            periods=PERIODS,
            found=found,
            missing=lacking,
            caveats=caveats,
            lines=[Line(one, _link(filters, axes, one)) for one in shown],
            rest=found.rest(end) if found else {"rows": 0},
            further=filters.next(len(found.counts)) if found else "",
            most=max((one.stories for one in found.counts), default=0) if found else 0,
            wrong=wrong,
        )

    return router


def _link(filters: Counted, by: Sequence[str], count: Count) -> str:
    """Write the query string of the articles behind a count."""
    narrower: dict[str, str | date | int] = {"limit": ROWS, "offset": 0}
    for axis, value in sorted(zip(by, count.values, strict=True)):  # a field before its topics
        fields = _filter(filters, axis, value)
        if not fields:
            return ""
        narrower |= fields
    return filters.with_(**narrower)


def _filter(filters: Filters, axis: str, value: str) -> dict[str, str | date]:
    """Give the fields of the filters that ask for a value of an axis; {} where none does."""
    if axis in PERIODS:
        since, until = _span(value)
        return {
            "since": max(since, filters.since or since),
            "until": min(until, filters.until or until),
        }
    if axis == "province" and value != NOWHERE:
        return {"unit_today": ", ".join(filter(None, (filters.unit_today, value)))}
    if axis in {"portal", "kind"}:
        return {axis: value}
    if axis in NAMES and not getattr(filters, axis):  # of each only one
        return {axis: value}
    # only one topic can be asked for, and a field takes all of its topics along
    fits = axis == "field" or (axis == "topic" and (value == UNSURE or "/" in value))
    return {"topic": value} if fits and not filters.topic else {}


def _span(period: str) -> tuple[date, date]:
    """Give the first day of "2026", "2026-11" or "2026-11-22", and the day after its last."""
    year, month, day = (*map(int, period.split("-")), 0, 0)[:3]
    start = date(year, month or 1, day or 1)
    if day:
        return start, start + timedelta(days=1)
    return start, date(year + (month or 12) // 12, month % 12 + 1, 1)
