"""Find articles: by their words, by what they name and by what was found about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import Text, select, tuple_, type_coerce

from pipelines.search.query import Wanted, parse
from pipelines.search.words import (
    LEAD,
    TITLE,
    document_token,
    label_token,
    person_token,
    portal_token,
    unit_token,
)
from pipelines.store.articles import read_articles
from pipelines.store.dialect import chunks
from pipelines.store.outbox import articles_since
from pipelines.store.schema import NEWEST_REVISION, articles, revisions, search_texts
from pipelines.store.search_index import all_ranked, ranked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from pipelines.search.query import Asked
    from pipelines.store.articles import StoredArticle

CHUNK = 200
"""Articles that are read at a time."""


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """What a reader asks for; empty fields ask for nothing.

    ``query``: words that stand in title or text, "in quotation marks" side by side; written
    without marks they match words with any. ``unit``: an administrative unit that the article
    names or that its portal belongs to, old or new, with or without its kind; several, separated
    by commas, must all be there; ``unit_today``: the same by what its territory is called today, An
    Giang of 2023 with Kiên Giang. ``person``: a full name. ``document``: a legal document's number.
    ``topic`` takes its sub-topics along. ``since`` (included) and ``until`` (excluded) bound the
    publication time; of an article that prints none the day of its event; without either the
    first sight. ``limit`` None: all. ``since_event``: only what later events tell of.
    """

    query: str = ""
    portal: str = ""
    topic: str = ""
    unit: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = 50
    offset: int = 0
    kind: str = ""
    person: str = ""
    document: str = ""
    since_event: int = 0
    unit_today: str = ""

    @property
    def asked(self) -> Asked | None:
        """Give the words that are asked for; raise Reject for a query that cannot be read."""
        return parse(self.query) if self.query else None


def search(conn: Connection, q: ArticleQuery) -> list[StoredArticle]:
    """Give the articles that match every field of the query, in the order of ``stream``."""
    return list(stream(conn, q))


def stream(conn: Connection, q: ArticleQuery) -> Iterator[StoredArticle]:
    """Yield the articles that match every field of the query, without holding them all.

    Where words are asked for, those that have them in the title come first, then those in which
    they stand side by side, then those that have them in the summary. Otherwise, and among equals,
    the newest come first. Raise Reject for a query that cannot be read.
    """
    asked = q.asked
    wanted = _wanted(q, asked)
    found = _answers(conn, q, asked, wanted) if wanted.tokens else _newest(conn, q)
    end = None if q.limit is None else q.offset + q.limit
    return islice(found, q.offset, end)


def matching(conn: Connection, q: ArticleQuery) -> Iterator[Sequence[int]]:
    """Yield the ids of all articles that match, a part at a time and in no order."""
    asked = q.asked
    if tokens := _wanted(q, asked).tokens:
        filters = _filters(conn, q, search_texts.c.article_id)
        ids: Sequence[int] = all_ranked(conn, Wanted(tokens), filters, (q.since, q.until))
    else:
        ids = conn.execute(select(articles.c.id).where(*_bounds(conn, q))).scalars().all()
    for part in map(list, chunks(ids)):
        if asked is None or asked.exact:
            yield part
        else:
            yield _with_phrases(conn, part, asked)


def _wanted(q: ArticleQuery, asked: Asked | None) -> Wanted:
    """Give the tokens to look up; none: no token is asked for.

    The words of titles and summaries have no pairs, those of summaries no marks: the article's
    count. What another token implies is left out: each has a list to be read.
    """
    named = _named(q)
    if asked is None:
        return Wanted(tuple(named))
    words = asked.words
    tokens = (*asked.tokens(), *named)
    others = tuple(one for one in tokens if one not in words)
    title = (TITLE + word for word in words)
    lead = (LEAD + word for word in replace(asked, marked=False).words)
    places = (*title, *others), (*lead, *(tokens if asked.marked else others))
    beside = (*asked.beside, *(tokens if asked.marked else others)) if asked.beside else ()
    return Wanted(tokens, places, beside)


def _named(q: ArticleQuery) -> list[str]:
    named = [unit_token(part) for part in q.unit.split(",") if part.strip()]
    named += [unit_token(part, today=True) for part in q.unit_today.split(",") if part.strip()]
    named += [document_token(q.document)] if q.document else []
    named += [person_token(q.person)] if q.person else []
    named += [label_token("topic", q.topic)] if q.topic else []
    named += [label_token("kind", q.kind)] if q.kind else []
    return [*named, portal_token(q.portal)] if q.portal else named


def _answers(
    conn: Connection, q: ArticleQuery, asked: Asked | None, wanted: Wanted
) -> Iterator[StoredArticle]:
    """Yield what the index finds; a longer phrase is looked up in the articles themselves."""
    filters, span = _filters(conn, q, search_texts.c.article_id), (q.since, q.until)
    sure = asked is None or asked.exact
    end = None if q.limit is None else q.offset + q.limit
    most = None if end is None else end if sure else 3 * end
    seen = 0
    while True:
        ids: Sequence[int]
        ids, whole = (
            (all_ranked(conn, wanted, filters, span), True)
            if most is None
            else ranked(conn, wanted, filters, span, most)
        )
        for part in chunks(ids[seen:], min(CHUNK, end or CHUNK)):
            answering = part if sure or asked is None else _with_phrases(conn, part, asked)
            yield from read_articles(conn, list(answering))
        if sure or whole or most is None:
            return
        seen, most = len(ids), 4 * most


def _with_phrases(conn: Connection, ids: Sequence[int], asked: Asked) -> list[int]:
    """Give those articles whose texts answer, in their order; nothing else is read of them."""
    kept = type_coerce(revisions.c.draft, Text)
    query = select(articles.c.id, kept).join(revisions, NEWEST_REVISION)
    rows = conn.execute(query.where(articles.c.id.in_(ids)))
    found = {article_id for article_id, draft in rows if asked.answers(draft)}
    return [one for one in ids if one in found]


def _newest(conn: Connection, q: ArticleQuery) -> Iterator[StoredArticle]:
    """Yield the articles from the newest to the oldest, a part at a time."""
    wanted = _bounds(conn, q)
    order = (articles.c.dated_at.desc(), articles.c.id.desc())
    older: list[ColumnElement[bool]] = []
    size = CHUNK if q.limit is None else min(CHUNK, q.offset + q.limit)
    while size:
        query = select(articles.c.id).where(*wanted, *older).order_by(*order).limit(size)
        part = read_articles(conn, conn.execute(query).scalars().all())
        yield from part
        if len(part) < size:
            return
        place = (part[-1].dated_at, part[-1].id)
        older = [tuple_(articles.c.dated_at, articles.c.id) < place]


def _bounds(conn: Connection, q: ArticleQuery) -> list[ColumnElement[bool]]:
    wanted = _filters(conn, q, articles.c.id)
    if q.since is not None:
        wanted.append(articles.c.dated_at >= q.since)
    if q.until is not None:
        wanted.append(articles.c.dated_at < q.until)
    return wanted


def _filters(
    conn: Connection, q: ArticleQuery, article_id: ColumnElement[int]
) -> list[ColumnElement[bool]]:
    return [article_id.in_(articles_since(conn, q.since_event))] if q.since_event else []
