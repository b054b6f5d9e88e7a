"""Read the archive: articles with their history, their story and their labels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from pipelines.clean.names import Named
from pipelines.codec import VIETNAM, draft_from_json, draft_to_json
from pipelines.records import Label
from pipelines.store.dialect import chunks
from pipelines.store.schema import (
    NEWEST_REVISION,
    articles,
    labels,
    related,
    stories,
    story_members,
)
from pipelines.store.schema import (
    revisions as revisions_table,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, Connection, Row, RowMapping, Select

    from pipelines.records import Draft


SCHEMA = 1
"""The version of ``article_to_json``: raised when a field is renamed, removed or means another
thing; new fields come without."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the archive holds it: its newest draft and what was found about it.

    ``revised_at``: when its newest revision was made. ``gone_at``: since when its portal has it no
    longer; None while it is there.
    """

    id: int
    draft: Draft
    story_id: int
    revision: int
    content_hash: str
    labels: tuple[Label, ...]
    dated_at: datetime
    first_seen_at: datetime
    seen_at: datetime
    revised_at: datetime
    gone_at: datetime | None
    copy_kind: str
    named: Named


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


def get_article(conn: Connection, article_id: int) -> StoredArticle | None:
    """Give one article; None when there is none of that id."""
    found = read_articles(conn, [article_id])
    return found[0] if found else None


def read_articles(conn: Connection, ids: Sequence[int]) -> list[StoredArticle]:
    """Give the articles of these ids in their order; those that are not there are left out."""
    rows: dict[int, Row[Any]] = {}
    for part in chunks(ids):
        rows.update((row.id, row) for row in conn.execute(_WHOLE, {"ids": part}))
    found = labels_of(conn, list(rows))
    return [_article(rows[one], found) for one in ids if one in rows]


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
    return [_revision(row) for row in rows.mappings()]


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


def members_of(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    """Give the articles of these stories, each with its story."""
    member = story_members.c
    query = select(member.article_id, member.story_id)
    found = (conn.execute(query.where(member.story_id.in_(part))) for part in chunks(list(ids)))
    return {article_id: story_id for rows in found for article_id, story_id in rows}


def labels_of(conn: Connection, ids: Collection[int]) -> dict[int, tuple[Label, ...]]:
    """Give the labels of articles by id, in the order in which the classifier gave them."""
    found: defaultdict[int, list[Label]] = defaultdict(list)
    for part in chunks(list(ids)):
        for row in conn.execute(_LABELS, {"ids": part}):
            found[row[0]].append(Label(*row[1:]))
    return {article_id: tuple(found.get(article_id, ())) for article_id in ids}


def article_to_json(article: StoredArticle) -> dict[str, Any]:
    """Give the article record as programs read it: the draft's fields and what was found."""
    topics = [label.value for label in article.labels if label.axis == "topic"]
    kinds = [label.value for label in article.labels if label.axis == "kind"]
    draft = draft_to_json(article.draft)
    return (
        {"schema": SCHEMA, "id": article.id}
        | draft
        | _named_to_json(article, draft["documents"])
        | {
            "topics": topics,
            "kind": kinds[0] if kinds else None,
            "labels": [
                {name: getattr(label, name) for name in Label.__slots__} for label in article.labels
            ],
            "dated_at": article.dated_at.astimezone(VIETNAM).isoformat(),
            "content_hash": article.content_hash,
            "story_id": article.story_id,
            "copy_kind": article.copy_kind,
            "gone_at": article.gone_at.isoformat() if article.gone_at else None,
            "revision": article.revision,
        }
    )


def _named_to_json(article: StoredArticle, documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    named = article.named.to_json()
    issuers = named["issuers"]
    return {
        "documents": [one | {"issuer": issuers.get(one["number"])} for one in documents],
        "money_dong": named["dong"],
        "people": named["people"],
        "organisations": named["organisations"],
    }


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
        revised_at=row.revised_at,
        gone_at=row.gone_at if row.gone_at and row.gone_at >= row.seen_at else None,
        copy_kind=row.copy_kind,
        named=Named.from_json(row.named),
    )


def _revision(row: RowMapping) -> Revision:
    values = dict(row)
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
    return [Member(**row) for row in rows.mappings()]


def _related(conn: Connection, ids: Collection[int]) -> tuple[int, ...]:
    pairs = select(related.c.article_id, related.c.other_id).where(
        related.c.article_id.in_(ids) | related.c.other_id.in_(ids)
    )
    return tuple(sorted({one for pair in conn.execute(pairs) for one in pair} - set(ids)))


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# Made once: to make them, and the key by which SQLAlchemy knows them, takes as long as to read ten.
_WHOLE: Select[Any] = (
    select(
        *(articles.c[name] for name in ("id", "story_id", "revision", "content_hash")),
        *(articles.c[name] for name in ("counters", "named")),
        *(articles.c[name] for name in ("dated_at", "first_seen_at", "seen_at", "gone_at")),
        revisions_table.c.draft,
        revisions_table.c.seen_at.label("revised_at"),
        story_members.c.kind.label("copy_kind"),
    )
    .join(revisions_table, NEWEST_REVISION)
    .join(story_members, story_members.c.article_id == articles.c.id)
    .where(articles.c.id.in_(_IDS))
)
_LABELS = (
    select(labels.c.article_id, *(labels.c[name] for name in Label.__slots__))
    .where(labels.c.article_id.in_(_IDS))
    .order_by(labels.c.article_id, labels.c.position)
)
