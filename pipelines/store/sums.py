"""Count in the database itself what needs neither words nor labels: in a fifth of the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, select

from pipelines.store.dialect import is_sqlite
from pipelines.store.schema import articles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection


class Sum(NamedTuple):
    """The articles with these values, and the stories whose first article has them."""

    values: tuple[str, ...]
    articles: int
    stories: int
    undated: int


def sums(
    conn: Connection,
    by: Sequence[str],
    periods: Mapping[str, int],
    bounds: Sequence[ColumnElement[bool]],
) -> Iterator[Sum]:
    """Yield the sums of the articles within ``bounds`` by portal and ``periods``."""
    age = articles.c.dated_at, articles.c.id
    earliest = func.row_number().over(partition_by=articles.c.story_id, order_by=age) == 1
    day = _day(conn)
    values = [
        articles.c.portal if one == "portal" else func.substr(day, 1, periods[one]) for one in by
    ]
    seen = (
        select(
            *(value.label(f"value{n}") for n, value in enumerate(values)),
            case((earliest, 1), else_=0).label("first"),
            case((and_(earliest, articles.c.published_at.is_(None)), 1), else_=0).label("undated"),
        )
        .where(*bounds)
        .subquery()
    )
    named = [seen.c[f"value{n}"] for n in range(len(by))]
    totals = func.count(), func.sum(seen.c.first), func.sum(seen.c.undated)
    for *own, count, stories, undated in conn.execute(select(*named, *totals).group_by(*named)):
        if count:
            yield Sum(tuple(own), count, int(stories), int(undated))


def _day(conn: Connection) -> ColumnElement[str]:
    """Give an article's day in Vietnam, which has been seven hours ahead since 1975."""
    if is_sqlite(conn):
        return func.date(articles.c.dated_at, "+7 hours")
    return func.to_char(func.timezone("Asia/Ho_Chi_Minh", articles.c.dated_at), "YYYY-MM-DD")
