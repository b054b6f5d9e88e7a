"""Count in the database itself what needs no words: in a fifth of the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, select

from pipelines.classify.rules import UNSURE
from pipelines.store.dialect import is_sqlite
from pipelines.store.schema import articles, labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause


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
    """Yield the sums of the articles within ``bounds`` by portal, ``periods`` and axes of labels.

    An article counts under each of its labels of an axis, under "unsure" where it has none.
    """
    age = articles.c.dated_at, articles.c.id
    earliest = func.dense_rank().over(partition_by=articles.c.story_id, order_by=age) == 1
    tables, values = _values(conn, by, periods)
    seen = (
        select(
            *(value.label(f"value{n}") for n, value in enumerate(values)),
            case((earliest, 1), else_=0).label("first"),
            case((and_(earliest, articles.c.published_at.is_(None)), 1), else_=0).label("undated"),
        )
        .select_from(tables)
        .where(*bounds)
        .subquery()
    )
    named = [seen.c[f"value{n}"] for n in range(len(by))]
    totals = func.count(), func.sum(seen.c.first), func.sum(seen.c.undated)
    for *own, count, stories, undated in conn.execute(select(*named, *totals).group_by(*named)):
        if count:
            yield Sum(tuple(own), count, int(stories), int(undated))


def _values(
    conn: Connection, by: Sequence[str], periods: Mapping[str, int]
) -> tuple[FromClause, list[ColumnElement[str]]]:
    """Give what the values of the axes are read from, and each as it is selected."""
    tables: FromClause = articles
    values: list[ColumnElement[str]] = []
    for axis in by:
        if axis == "portal":
            values.append(articles.c.portal)
        elif axis in periods:
            values.append(func.substr(_day(conn), 1, periods[axis]))
        else:
            own = labels.alias()
            mine = and_(own.c.article_id == articles.c.id, own.c.axis == axis)
            tables = tables.outerjoin(own, mine)
            values.append(func.coalesce(own.c.value, UNSURE))
    return tables, values


def _day(conn: Connection) -> ColumnElement[str]:
    """Give an article's day in Vietnam, which has been seven hours ahead since 1975."""
    if is_sqlite(conn):
        seconds = func.substr(articles.c.dated_at, 1, 19)  # SQLite would round the last of a day up
        return func.date(seconds, "+7 hours")
    return func.to_char(func.timezone("Asia/Ho_Chi_Minh", articles.c.dated_at), "YYYY-MM-DD")
