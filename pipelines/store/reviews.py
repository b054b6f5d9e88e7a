"""What people said of articles' labels, and which articles they should be asked about next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, cast, delete, func, select

from pipelines.classify.labelled import Labelled
from pipelines.store.articles import read_articles
from pipelines.store.engine import ingest_lock
from pipelines.store.indexing import tell_labels
from pipelines.store.schema import articles, labels, reviews

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

PERSON = "person"
RANDOM, UNSURE = "random", "unsure"
_SCATTER = 2_654_435_761  # Knuth's multiplier: spreads ids over all values without pattern
_RANGE = 1_000_003
_HELD = 3  # every third story examines instead of teaching


@dataclass(frozen=True, slots=True)
class Review:
    """One answer of a person on one axis, beside what the machine had told and how sure it was."""

    article_id: int
    axis: str
    values: tuple[str, ...]
    told: tuple[str, ...]
    probability: float
    drawn: str


def next_to_review(
    conn: Connection, axis: str, limit: int, *, seed: int, portal: str = ""
) -> list[tuple[int, str]]:
    """Give articles that nobody reviewed on this axis, as (id, how it was drawn).

    Half are drawn at random, so that accuracy and calibration can be told from them; half are those
    of which the machine was least sure.
    """
    seen = select(reviews.c.article_id).where(reviews.c.axis == axis)
    first = (labels.c.axis == axis) & labels.c.article_id.not_in(seen)
    query = select(labels.c.article_id).where(first).group_by(labels.c.article_id)
    if portal:
        query = query.join(articles, articles.c.id == labels.c.article_id)
        query = query.where(articles.c.portal == portal)
    doubtful = query.order_by(func.max(labels.c.probability), labels.c.article_id).limit(limit)
    scattered = cast(labels.c.article_id % _RANGE, BigInteger) * _SCATTER % (_RANGE + seed)
    drawn = list(conn.execute(query.order_by(scattered).limit(limit)).scalars())
    least = list(conn.execute(doubtful).scalars())
    found: dict[int, str] = {}
    for at_random, unsure in zip(drawn, least, strict=True):
        found.setdefault(unsure, UNSURE)
        found.setdefault(at_random, RANDOM)
    return list(found.items())[:limit]


def save_review(conn: Connection, one: Review, now: datetime) -> None:
    """Keep a person's answer; from now on it is the article's label on this axis.

    Call it first in a transaction: it lets no ingest in, whose events would come in between.
    """
    ingest_lock(conn)
    mine = (reviews.c.article_id == one.article_id) & (reviews.c.axis == one.axis)
    conn.execute(delete(reviews).where(mine))
    row = {"article_id": one.article_id, "axis": one.axis, "values": list(one.values)}
    row |= {"told": list(one.told), "probability": one.probability, "drawn": one.drawn}
    conn.execute(reviews.insert(), row | {"reviewed_at": now})
    place = (labels.c.article_id == one.article_id) & (labels.c.axis == one.axis)
    before = conn.execute(select(labels.c.value, labels.c.position).where(place)).all()
    conn.execute(delete(labels).where(place))
    row = {"article_id": one.article_id, "axis": one.axis, "probability": 1.0, "how": PERSON}
    row |= {"version": f"{now:%Y-%m-%d}"}
    ranked = enumerate(one.values, min((label.position for label in before), default=0))
    conn.execute(labels.insert(), [row | {"value": v, "position": at} for at, v in ranked])
    if {label.value for label in before} != set(one.values):
        tell_labels(conn, [one.article_id], now)


def all_reviews(conn: Connection) -> list[Review]:
    """Give every answer, in the order in which it was given."""
    columns = [reviews.c[name] for name in Review.__slots__]
    rows = conn.execute(select(*columns).order_by(reviews.c.reviewed_at, reviews.c.article_id))
    return [
        Review(row[0], row[1], tuple(row[2]), tuple(row[3]), row.probability, row.drawn)
        for row in rows
    ]


def reviewed_articles(conn: Connection, given: Sequence[Review]) -> dict[int, Labelled]:
    """Give reviewed articles by id as lessons; copies of one text share their story."""
    by_article: dict[int, dict[str, tuple[str, ...]]] = {}
    for one in given:
        by_article.setdefault(one.article_id, {})[one.axis] = one.values
    found = {}
    for article in read_articles(conn, list(by_article)):
        said = by_article[article.id]
        kind, level = (said.get(axis, ("",))[0] for axis in ("kind", "level"))
        topics, held = said.get("topic", ()), article.story_id % _HELD == 0
        story = f"story {article.story_id}"
        found[article.id] = Labelled(article.draft, story, topics, kind, level, held=held)
    return found
