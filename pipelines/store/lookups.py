"""What an arriving batch asks the archive before it is placed: a few statements for all of it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select, text

from pipelines.codec import VIETNAM
from pipelines.dedupe.index import HOT, count_hits
from pipelines.dedupe.normal import file_names
from pipelines.dedupe.verify import Text
from pipelines.records import Precision
from pipelines.store.dialect import chunks, is_sqlite
from pipelines.store.schema import NEWEST_REVISION, articles, pages, revisions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

SAME_TEXTS = 20


@dataclass(frozen=True, slots=True)
class Known:
    """A stored article as far as it takes to tell what an arriving draft is to it."""

    id: int
    portal: str
    document_key: str
    canonical_url: str
    title: str
    author: str | None
    published_at: datetime | None
    published_precision: Precision
    story_id: int
    revision: int
    content_hash: str
    files: str
    sketch: bytes
    first_seen_at: datetime
    seen_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as a portal shows it at one address: when it appeared, its files and pictures."""

    key: str
    url: str
    at: datetime | None
    files: str
    images: frozenset[str]


def known_articles(conn: Connection, wanted: Collection[tuple[str, str, str]]) -> list[Known]:
    """Give the articles that are one of ``wanted``: (portal, document key, canonical URL), by id.

    An article is found by either, its document key first in the caller's judgement.
    """
    by_portal: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for portal, key, address in wanted:
        by_portal[portal].append((key, address))
    found: list[Known] = []
    for portal, pairs in by_portal.items():
        for part in chunks(pairs):
            keys, addresses = zip(*part, strict=True)
            asked = {"portal": portal, "keys": keys, "addresses": addresses}
            found += [_known(row) for row in conn.execute(_KNOWN, asked).mappings()]
    return sorted(found, key=attrgetter("id"))


def articles_by_hash(conn: Connection, hashes: Collection[str]) -> dict[str, list[tuple[int, int]]]:
    """Give (article id, story id) by content hash, the oldest article first."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for part in chunks(list(hashes)):
        for content_hash, article_id, story_id in conn.execute(_BY_HASH, {"hashes": part}):
            found[content_hash].append((article_id, story_id))
    return {content_hash: sorted(pairs) for content_hash, pairs in found.items()}


def same_text(conn: Connection, portal: str, digest: str) -> list[Shown]:
    """Give the portal's articles with this content hash, those aside that it has taken down.

    The first are enough: what has the same words at more addresses is no article's.
    """
    of_page = and_(pages.c.portal == articles.c.portal, pages.c.key == articles.c.document_key)
    query = (
        select(
            pages.c.key, pages.c.url, articles.c.published_at, articles.c.files, revisions.c.draft
        )
        .join(articles, of_page)
        .join(revisions, NEWEST_REVISION)
        .where(
            articles.c.portal == portal,
            articles.c.content_hash == digest,
            or_(articles.c.gone_at.is_(None), articles.c.gone_at < articles.c.seen_at),
        )
        .order_by(articles.c.id)
        .limit(SAME_TEXTS)
    )
    return [
        Shown(key, url, at, files, file_names(draft["images"]))
        for key, url, at, files, draft in conn.execute(query)
    ]


def sketch_hits(
    conn: Connection, asked: Sequence[tuple[Sequence[int], int]]
) -> list[dict[int, int]]:
    """Count for every (hashes, least) how many of the hashes each stored article shares.

    Articles with fewer than ``least`` are left out, and hashes that stand in more than HOT
    articles do not count. One query for all.
    """
    wanted = sorted({value for hashes, _ in asked for value in hashes})
    if not wanted:
        return [{} for _ in asked]
    query, given = (
        (_SHARING_SQLITE, json.dumps(wanted)) if is_sqlite(conn) else (_SHARING_POSTGRES, wanted)
    )
    rows = conn.execute(query, {"hashes": given})
    found = {value: json.loads(ids) if isinstance(ids, str) else ids for value, ids in rows}
    # counted here: to count in SQL takes longer than to hand all ids over
    counted = [(count_hits(hashes, found), least) for hashes, least in asked]
    return [{n: count for n, count in one.items() if count >= least} for one, least in counted]


def texts_of(conn: Connection, ids: Collection[int]) -> dict[int, Text]:
    """Give the words of stored articles as they stand now."""
    found: dict[int, Text] = {}
    for part in chunks(list(ids)):
        for article_id, draft in conn.execute(_TEXTS, {"ids": part}):
            found[article_id] = text_of(draft)
    return found


def text_of(draft: Mapping[str, Any]) -> Text:
    """Give the words of a draft in its JSON form."""
    mark = draft["dateline"] or draft["source"] or ""
    return Text(draft["title"], tuple(draft["body"]), mark)


def stories_of(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    """Give the story of each article."""
    found: dict[int, int] = {}
    for part in chunks(list(ids)):
        found.update((row.id, row.story_id) for row in conn.execute(_STORIES, {"ids": part}))
    return found


def attachments_of(conn: Connection, portal: str, document_key: str) -> set[str]:
    """Give the addresses of the files that a stored article links to and that were asked for."""
    mine = and_(articles.c.portal == portal, articles.c.document_key == document_key)
    query = select(revisions.c.draft).join(articles, NEWEST_REVISION).where(mine)
    draft = conn.execute(query).scalar_one_or_none()
    return {one["url"] for one in draft["attachments"] if one.get("outcome")} if draft else set()


def published_days(conn: Connection, portal: str, keys: Collection[str]) -> dict[str, date]:
    """Give the days in Vietnam on which stored articles were published, by document key.

    Unknown keys, and articles that print no date, are left out.
    """
    key, at = articles.c.document_key, articles.c.published_at
    query = select(key, at).where(articles.c.portal == portal, at.is_not(None))
    found: dict[str, date] = {}
    for part in chunks(list(keys)):
        rows = conn.execute(query.where(key.in_(part)))
        found.update(
            (row.document_key, row.published_at.astimezone(VIETNAM).date()) for row in rows
        )
    return found


def draft_values(conn: Connection, article_id: int) -> dict[str, Any]:
    """Give an article's newest draft in its JSON form."""
    query = (
        select(revisions.c.draft).join(articles, NEWEST_REVISION).where(articles.c.id == article_id)
    )
    values: dict[str, Any] = conn.execute(query).scalar_one()
    return values


def _known(values: RowMapping) -> Known:
    return Known(
        **(dict(values) | {"published_precision": Precision(values["published_precision"])})
    )


def _among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


# Made once: to make such a statement anew costs more than to run it.
_KNOWN = select(*(articles.c[name] for name in Known.__slots__)).where(
    articles.c.portal == bindparam("portal"),
    _among(articles.c.document_key, "keys") | _among(articles.c.canonical_url, "addresses"),
)
_BY_HASH = select(articles.c.content_hash, articles.c.id, articles.c.story_id).where(
    _among(articles.c.content_hash, "hashes")
)
_TEXTS = (
    select(articles.c.id, revisions.c.draft)
    .join(revisions, NEWEST_REVISION)
    .where(_among(articles.c.id, "ids"))
)
_STORIES = select(articles.c.id, articles.c.story_id).where(_among(articles.c.id, "ids"))

# Which articles have each hash. A hot hash costs at most HOT + 1 steps in the index, however often
# it stands there. LATERAL fixes the order, whatever the planner believes about the table's size.
_SHARING_SQLITE = text(f"""
    SELECT asked.value, (
        SELECT json_group_array(article_id) FROM
            (SELECT article_id FROM sketches WHERE hash = asked.value LIMIT {HOT + 1})
    )
    FROM json_each(:hashes) AS asked
""")  # noqa: S608 - put together from constants
_SHARING_POSTGRES = text(f"""
    SELECT asked.hash, found.ids
    FROM unnest(CAST(:hashes AS int[])) AS asked (hash)
    CROSS JOIN LATERAL (
        SELECT array_agg(few.article_id) AS ids FROM
            (SELECT article_id FROM sketches WHERE hash = asked.hash LIMIT {HOT + 1}) AS few
    ) AS found
    WHERE cardinality(found.ids) <= {HOT}
""")  # noqa: S608 - put together from constants
