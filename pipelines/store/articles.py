"""Read the archive: articles with their history, their story and their labels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from pipelines.codec import draft_from_json, draft_to_json
from pipelines.records import Label
from pipelines.store import folding
from pipelines.store.dialect import chunks
from pipelines.store.schema import (
    articles,
    labels,
    related,
    search_texts,
    stories,
    story_members,
)
from pipelines.store.schema import (
    revisions as revisions_table,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from pipelines.records import Draft


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """What a reader asks for; empty fields ask for nothing.

    ``query`` and ``unit`` are found anywhere in the text, or in the names of its administrative
    units, old or new; written without marks they match words with any marks. ``topic`` takes its
    sub-topics along. ``since`` (included) and ``until`` (excluded) bound the publication time; of
    an article that prints none the day of its event; without either the first sight.
    """

    query: str = ""
    portal: str = ""
    topic: str = ""
    unit: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the archive holds it: its newest draft and what was found about it."""

    id: int
    draft: Draft
    story_id: int
    revision: int
    content_hash: str
    labels: tuple[Label, ...]
    dated_at: datetime
    first_seen_at: datetime
    seen_at: datetime
    copy_kind: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of an article's text; ``changed`` names the fields that made it a new one.

    ``kind``: "fetched" where the publisher's page was new, "re-extracted" where the rules were.
    """

    article_id: int
    number: int
    kind: str
    draft: Draft
    content_hash: str
    changed: tuple[str, ...]
    snapshot_id: int | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a story: how it came there.

    ``kind``: original, identical, republished, excerpt, extended or revised; ``matched``: the key
    that found it (content_hash, near), and ``matched_id`` the article that it was found by.
    """

    article_id: int
    portal: str
    title: str
    url: str
    published_at: datetime | None
    kind: str
    similarity: float
    matched: str
    matched_id: int | None


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that tell the same text; ``related`` are others that only resemble them."""

    id: int
    representative_id: int
    members: tuple[Member, ...]
    related: tuple[int, ...]


def search(conn: Connection, q: ArticleQuery) -> list[StoredArticle]:
    """Give the articles that match every field of the query, newest first."""
    query = _whole().where(*_conditions(q))
    newest = (articles.c.dated_at.desc(), articles.c.id.desc())
    query = query.order_by(*newest).limit(q.limit).offset(q.offset)
    return _articles(conn, conn.execute(query).all())


def get_article(conn: Connection, article_id: int) -> StoredArticle | None:
    """Give one article; None when there is none of that id."""
    found = _articles(conn, conn.execute(_whole().where(articles.c.id == article_id)).all())
    return found[0] if found else None


def find_by_url(conn: Connection, url: str) -> list[int]:
    """Give the ids of the articles whose canonical URL is ``url``."""
    query = select(articles.c.id).where(articles.c.canonical_url == url).order_by(articles.c.id)
    return list(conn.execute(query).scalars())


def count_articles(conn: Connection, portal: str | None = None) -> int:
    """Count the articles of one portal or of all."""
    query = select(func.count()).select_from(articles)
    if portal is not None:
        query = query.where(articles.c.portal == portal)
    return int(conn.execute(query).scalar_one())


def revisions(conn: Connection, article_id: int) -> list[Revision]:
    """Give every version of an article, the first one first."""
    table = revisions_table
    query = select(*(table.c[name] for name in Revision.__slots__))
    rows = conn.execute(query.where(table.c.article_id == article_id).order_by(table.c.number))
    return [_revision(row) for row in rows]


def story_of(conn: Connection, article_id: int) -> Story | None:
    """Give the story that an article belongs to; None when there is no such article."""
    mine = select(articles.c.story_id).where(articles.c.id == article_id).scalar_subquery()
    row = conn.execute(
        select(stories.c.id, stories.c.representative_id).where(stories.c.id == mine)
    ).one_or_none()
    if row is None:
        return None
    members = tuple(_members(conn, row.id))
    near = _related(conn, {member.article_id for member in members})
    return Story(row.id, row.representative_id, members, near)


def labels_of(conn: Connection, ids: Collection[int]) -> dict[int, tuple[Label, ...]]:
    """Give the labels of articles by id, in the order in which the classifier gave them."""
    found: defaultdict[int, list[Label]] = defaultdict(list)
    columns = [labels.c[name] for name in ("article_id", *Label.__slots__)]
    for part in chunks(list(ids)):
        query = select(*columns).where(labels.c.article_id.in_(part))
        for row in conn.execute(query.order_by(labels.c.article_id, labels.c.position)):
            found[row.article_id].append(Label(*row[1:]))
    return {article_id: tuple(found.get(article_id, ())) for article_id in ids}


def article_to_json(article: StoredArticle) -> dict[str, Any]:
    """Give the article record as programs read it: the draft's fields and what was found."""
    topics = [label.value for label in article.labels if label.axis == "topic"]
    kinds = [label.value for label in article.labels if label.axis == "kind"]
    return (
        {"id": article.id}
        | draft_to_json(article.draft)
        | {
            "topics": topics,
            "kind": kinds[0] if kinds else None,
            "labels": [
                {name: getattr(label, name) for name in Label.__slots__} for label in article.labels
            ],
            "content_hash": article.content_hash,
            "story_id": article.story_id,
            "copy_kind": article.copy_kind,
            "revision": article.revision,
        }
    )


def _whole() -> Select[Any]:
    current = and_(
        revisions_table.c.article_id == articles.c.id,
        revisions_table.c.number == articles.c.revision,
    )
    member = story_members.c.article_id == articles.c.id
    names = ("id", "story_id", "revision", "content_hash", "counters")
    times = ("dated_at", "first_seen_at", "seen_at")
    columns = [articles.c[name] for name in (*names, *times)]
    return (
        select(*columns, revisions_table.c.draft, story_members.c.kind.label("copy_kind"))
        .join(revisions_table, current)
        .join(story_members, member)
    )


def _conditions(q: ArticleQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if q.portal:
        wanted.append(articles.c.portal == q.portal)
    if q.since is not None:
        wanted.append(articles.c.dated_at >= q.since)
    if q.until is not None:
        wanted.append(articles.c.dated_at < q.until)
    if q.topic:
        below = labels.c.value.startswith(f"{q.topic}/", autoescape=True)
        named = and_(labels.c.axis == "topic", (labels.c.value == q.topic) | below)
        wanted.append(articles.c.id.in_(select(labels.c.article_id).where(named)))
    if q.query:
        wanted.append(_found_in_text(q.query))
    if q.unit:
        inside = search_texts.c.units.contains(folding.plain(q.unit), autoescape=True)
        wanted.append(articles.c.id.in_(select(search_texts.c.article_id).where(inside)))
    return wanted


def _found_in_text(query: str) -> ColumnElement[bool]:
    if folding.has_marks(query):
        inside = search_texts.c.marked.contains(folding.marked(query), autoescape=True)
    else:
        inside = search_texts.c.plain.contains(folding.plain(query), autoescape=True)
    return articles.c.id.in_(select(search_texts.c.article_id).where(inside))


def _articles(conn: Connection, rows: Sequence[Row[Any]]) -> list[StoredArticle]:
    found = labels_of(conn, [row.id for row in rows])
    return [_article(row, found) for row in rows]


def _article(row: Row[Any], found: Mapping[int, tuple[Label, ...]]) -> StoredArticle:
    return StoredArticle(
        id=row.id,
        # the newest counters are kept beside the text, which they are no version of
        draft=draft_from_json(row.draft | {"counters": row.counters}),
        story_id=row.story_id,
        revision=row.revision,
        content_hash=row.content_hash,
        labels=found[row.id],
        dated_at=row.dated_at,
        first_seen_at=row.first_seen_at,
        seen_at=row.seen_at,
        copy_kind=row.copy_kind,
    )


def _revision(row: Row[Any]) -> Revision:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    values["draft"] = draft_from_json(values["draft"])
    values["changed"] = tuple(values["changed"])
    return Revision(**values)


def _members(conn: Connection, story_id: int) -> list[Member]:
    own = [articles.c[name] for name in ("portal", "title", "published_at")]
    names = ("article_id", "kind", "similarity", "matched", "matched_id")
    columns = [*own, *(story_members.c[name] for name in names)]
    query = select(articles.c.canonical_url.label("url"), *columns).join(
        articles, articles.c.id == story_members.c.article_id
    )
    query = query.where(story_members.c.story_id == story_id)
    rows = conn.execute(query.order_by(story_members.c.article_id))
    return [Member(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def _related(conn: Connection, ids: Collection[int]) -> tuple[int, ...]:
    pairs = select(related.c.article_id, related.c.other_id).where(
        related.c.article_id.in_(ids) | related.c.other_id.in_(ids)
    )
    return tuple(sorted({one for pair in conn.execute(pairs) for one in pair} - set(ids)))
