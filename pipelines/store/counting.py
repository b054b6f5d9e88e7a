"""Count what answers a query: different texts, not pages, by when, where and what about."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from pipelines.classify.rules import UNSURE
from pipelines.clean.gazetteer import provinces_today
from pipelines.codec import VIETNAM
from pipelines.errors import Reject
from pipelines.plural import counted
from pipelines.search.known import about
from pipelines.store.dialect import chunks
from pipelines.store.finding import bounds, by_index, matching, matching_ids
from pipelines.store.named import NAMES, names_of
from pipelines.store.schema import articles, labels
from pipelines.store.sums import sums

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from pipelines.store.finding import ArticleQuery

PERIODS = {"year": 4, "month": 7, "day": 10}  # letters of a moment in ISO's form
LABELS = {"topic": "topic", "field": "topic", "kind": "kind", "level": "level"}
AXES = (*PERIODS, "portal", "province", *LABELS, *NAMES)
SUMMED = frozenset({*PERIODS, "portal", "topic", "kind", "level"})
"""Axes by which the database itself can count."""
NAMED = frozenset(NAMES)
NOWHERE = "nowhere"
"""The province of an article that lies in none."""
_UNDOUBTED = {"", UNSURE}

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """What has these values, one of each axis.

    ``stories`` are counted where their earliest article among those found stands, ``articles``
    each where it stands itself. With several topics, provinces or names a text counts under each.
    """

    values: Values
    stories: int
    articles: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts by value, the totals, and what bounds the trust in them.

    ``likely``: how many of the stories have the topic and kind that were asked for, by the
    probabilities of their labels. ``unsure``: stories beside them that answer everything else,
    but whose topic or kind is unsure. ``undated``: stories that print no date; they count on the
    day of their event, or when they were first seen.
    """

    counts: tuple[Count, ...]
    stories: int
    articles: int
    likely: float
    unsure: int
    undated: int

    def rest(self, end: int) -> dict[str, int]:
        """Give the number of rows from ``end`` on, and what they come to; they may overlap."""
        left = self.counts[end:]
        sums = {name: sum(getattr(one, name) for one in left) for name in ("stories", "articles")}
        return {"rows": len(left)} | sums

    def to_json(self, q: ArticleQuery, by: Sequence[str]) -> dict[str, Any]:
        """Give the tally as programs read it; ``by`` names the axes that were counted by.

        The limit and offset of ``q`` are those of rows.
        """
        end = len(self.counts) if q.limit is None else q.offset + q.limit
        counts = [
            dict(zip(by, one.values, strict=True))
            | {"stories": one.stories, "articles": one.articles}
            for one in self.counts[q.offset : end]
        ]
        totals = {"stories": self.stories, "articles": self.articles}
        trust = {"likely": round(self.likely, 1), "unsure": self.unsure, "undated": self.undated}
        rows = {"counts": counts, "rest": self.rest(end)} if by else {"counts": []}
        return totals | trust | {"also": q.also} | rows

    def caveats(self, q: ArticleQuery) -> Iterator[str]:
        """Say, a sentence each, how far the counts of what ``q`` asked for can be trusted."""
        yield from about(q)
        if {q.topic, q.kind} - _UNDOUBTED and self.stories:
            yield f"by their labels' probabilities about {self.likely:.0f} of them are right"
        if self.unsure:
            yield f"{self.unsure} more would answer but for a topic or kind that is unsure"
        if sum(one.articles for one in self.counts) > self.articles:
            yield "some stand in several rows, which so come to more than that"
        if self.undated:
            undated = counted(self.undated, "story", "stories")
            yield f"{undated} without a date: counted on the day of the event, or when first seen"


def axes_of(told: Iterable[str]) -> list[str]:
    """Read the names of axes, each text one or several between commas.

    Raise Reject("count.axis") for a name that is none.
    """
    axes = [name for text in told for one in text.split(",") if (name := one.strip().lower())]
    if unknown := [one for one in axes if one not in AXES]:
        raise Reject(
            "count.axis", f"nothing is counted by {unknown[0]}; there are {', '.join(AXES)}"
        )
    return axes


class _Seen(NamedTuple):
    """The earliest article of a story so far."""

    at: tuple[datetime, int]
    values: Sequence[Values]
    likely: float
    undated: bool


def tally(
    conn: Connection,
    q: ArticleQuery,
    by: Sequence[str] = (),
    tell: Callable[[int], object] = lambda _: None,
) -> Tally:
    """Count the stories and articles that answer a query, by the ``AXES`` that are named.

    ``tell`` is told how many have been counted so far. Raise Reject for a query that cannot be
    read.
    """
    if SUMMED.issuperset(by) and not by_index(q):
        return _summed(conn, q, by)
    apart = {"province": _provinces(conn, q)} if "province" in by else {}
    doubted = bool({q.topic, q.kind} - _UNDOUBTED)
    needed = _needed(q, by)
    stories: dict[int, _Seen] = {}
    places: Counter[Values] = Counter()
    total = 0
    for rows in matching(conn, q, _COLUMNS):
        ids = [row[0] for row in rows]
        labelled = _labels(conn, ids, needed)
        apart |= {axis: names_of(conn, axis, ids) for axis in by if axis in NAMES}
        for row in rows:
            article_id, story_id, dated_at, _, undated = row
            own = labelled.get(article_id, ())
            values = [*product(*(_values(axis, row, own, apart) for axis in by))]
            for one in values:
                places[one] += 1
            at, known = (dated_at, article_id), stories.get(story_id)
            if known is None or at < known.at:
                stories[story_id] = _Seen(at, values, _right(own, q) if doubted else 1.0, undated)
        total += len(rows)
        tell(total)
    texts = Counter(values for one in stories.values() for values in one.values)
    return Tally(
        tuple(
            Count(values, texts[values], places[values]) for values in _sorted(texts, places, by)
        ),
        len(stories),
        total,
        sum(one.likely for one in stories.values()),
        len(_unsure(conn, q) - stories.keys()),
        sum(one.undated for one in stories.values()),
    )


def _sorted(texts: Counter[Values], places: Counter[Values], by: Sequence[str]) -> list[Values]:
    """Sort by value, but names, of which there are many, the most named first."""
    found = sorted(places)
    if not NAMED.isdisjoint(by):
        found.sort(key=lambda values: (-texts[values], -places[values]))
    return found


def _summed(conn: Connection, q: ArticleQuery, by: Sequence[str]) -> Tally:
    found = sorted(sums(conn, by, PERIODS, bounds(conn, q)))
    if LABELS.keys().isdisjoint(by):
        parts = found
    else:  # a text with two topics stands under both
        parts = list(sums(conn, (), PERIODS, bounds(conn, q)))
    stories, undated = (sum(getattr(one, name) for one in parts) for name in ("stories", "undated"))
    counts = tuple(Count(one.values, one.stories, one.articles) for one in found)
    total = sum(one.articles for one in parts)
    return Tally(counts, stories, total, float(stories), 0, undated)


_COLUMNS = (
    articles.c.id,
    articles.c.story_id,
    articles.c.dated_at,
    articles.c.portal,
    articles.c.published_at.is_(None),
)


def _needed(q: ArticleQuery, by: Sequence[str]) -> set[str]:
    """Give the axes of the labels that must be read."""
    asked = {axis for axis, wanted in (("topic", q.topic), ("kind", q.kind)) if wanted}
    return asked | {LABELS[axis] for axis in by if axis in LABELS}


def _labels(
    conn: Connection, ids: Sequence[int], axes: Collection[str]
) -> Mapping[int, Sequence[Row[Any]]]:
    """Give the labels of these axes by article."""
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    query = select(*(labels.c[name] for name in ("article_id", *_OF_LABELS)))
    query = query.where(labels.c.axis.in_(axes)).order_by(labels.c.article_id, labels.c.position)
    for part in chunks(ids) if axes else ():
        for row in conn.execute(query.where(labels.c.article_id.in_(part))):
            found[row[0]].append(row)
    return found


_OF_LABELS = ("axis", "value", "probability", "how")


def _provinces(conn: Connection, q: ArticleQuery) -> Mapping[int, Values]:
    """Give for the articles that answer the provinces as which ``unit_today`` finds each."""
    found: defaultdict[int, Values] = defaultdict(tuple)
    for name in provinces_today():
        here = ", ".join(filter(None, (q.unit_today, name)))
        for ids in matching_ids(conn, replace(q, unit_today=here)):
            for one in ids:
                found[one] += (name,)
    return found


def _values(
    axis: str,
    row: Sequence[Any],
    own: Sequence[Row[Any]],
    apart: Mapping[str, Mapping[int, Values]],
) -> Collection[str]:
    article_id, _, dated_at, portal, _ = row
    if axis in PERIODS:
        return (dated_at.astimezone(VIETNAM).isoformat()[: PERIODS[axis]],)
    if axis == "portal":
        return (portal,)
    if axis == "province":
        return apart[axis].get(article_id, (NOWHERE,))
    if axis in NAMED:
        return apart[axis].get(article_id, ())
    found = [label.value for label in own if label.axis == LABELS[axis]] or [UNSURE]
    return {one.partition("/")[0] for one in found} if axis == "field" else found


def _right(own: Sequence[Row[Any]], q: ArticleQuery) -> float:
    """Give the probability that an article has the topic and kind that are asked for."""
    return _likely(own, "topic", q.topic) * _likely(own, "kind", q.kind)


def _likely(own: Sequence[Row[Any]], axis: str, wanted: str) -> float:
    """Give the probability that one of the labels is the one that was asked for; 1 for none.

    It is also 1 for "unsure", whose label has the probability of what it might be.
    """
    if wanted in _UNDOUBTED:
        return 1.0
    values = [f"{one}/" for one in wanted.split(",")]
    return max(
        1.0 if label.how == "person" else label.probability
        for label in own
        if label.axis == axis and any(f"{label.value}/".startswith(one) for one in values)
    )


def _unsure(conn: Connection, q: ArticleQuery) -> set[int]:
    """Give the stories that answer but for a topic or kind of which the classifier is unsure."""
    asked = [(one,) if one in _UNDOUBTED else (one, UNSURE) for one in (q.topic, q.kind)]
    others = [replace(q, topic=topic, kind=kind) for topic, kind in list(product(*asked))[1:]]
    story = [articles.c.story_id]
    return {row[0] for other in others for rows in matching(conn, other, story) for row in rows}
