"""Find articles: by their words, by what they name and by what was found about them."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, select, tuple_, type_coerce

from pipelines.errors import Reject
from pipelines.search.filters import filter_tokens
from pipelines.search.query import parse
from pipelines.search.tokens import Wanted
from pipelines.search.words import LEAD, TITLE
from pipelines.store.articles import read_articles
from pipelines.store.dialect import chunks
from pipelines.store.outbox import articles_since
from pipelines.store.schema import NEWEST_REVISION, articles, revisions, search_texts
from pipelines.store.search_index import (
    all_ranked,
    ranked,
    unranked,
    with_tokens,
    with_triples,
)
from pipelines.store.search_rows import shortfall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

    from pipelines.search.query import Asked
    from pipelines.store.articles import StoredArticle
    from pipelines.store.paging import Place

CHUNK = 200
"""Articles that are read at a time."""
NEAR, FAR = 4, 100
"""Times as many that may have a phrase are taken where too few of the first have it: at least, and
where none has."""
MOST_LOOKED_AT = 2_000
"""Articles that may have a phrase of which it is looked at a time whether they do."""
MOST_IDS = 10_000
"""Ids that are read at a time."""
LAST = datetime.max.replace(tzinfo=UTC) - timedelta(seconds=1)
"""The last moment behind which there is another second."""


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """What a reader asks for; empty fields ask for nothing.

    ``query``: words that stand in title or text, "in quotation marks" side by side, -"so" not
    there; written without marks they match words with any. ``unit``: an administrative unit
    that the article names or that its portal belongs to, old or new, with or without its kind;
    several, separated by commas, must all be there; ``unit_today``: the same by what its
    territory is called today, An Giang of 2023 with Kiên Giang. ``person``: a full name.
    ``organisation``: an organisation with its place. ``document``: a legal document's number.
    ``topic`` takes its sub-topics along; of several, and of several kinds, with commas between
    them, one must be there. ``since`` (included) and ``until`` (excluded) bound the publication
    time; of an article that prints none the day of its event; without either the first sight.
    ``limit`` None: all. ``since_event``: only what later events tell of.
    ``newest``: the newest come first whatever words are asked for; ``after`` goes on behind a
    place in that order.
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
    organisation: str = ""
    document: str = ""
    since_event: int = 0
    unit_today: str = ""
    newest: bool = False
    after: Place | None = None

    @property
    def asked(self) -> Asked | None:
        """Give the words that are asked for; raise Reject for a query that cannot be read."""
        return parse(self.query) if self.query else None

    @property
    def also(self) -> dict[str, tuple[str, ...]]:
        """Give by what was typed how else it is looked for."""
        return dict(self.asked.also) if self.asked else {}


def search(conn: Connection, q: ArticleQuery) -> list[StoredArticle]:
    """Give the articles that match every field of the query, in the order of ``stream``."""
    return list(stream(conn, q))


def stream(conn: Connection, q: ArticleQuery) -> Iterator[StoredArticle]:
    """Yield the articles that match every field of the query, without holding them all.

    In the order of ``answers``, without those of the offset and beyond the limit.
    """
    wanted = islice(answers(conn, q), q.offset, _end(q))
    while part := list(islice(wanted, CHUNK)):
        yield from read_articles(conn, part)


def answers(conn: Connection, q: ArticleQuery) -> Iterator[int]:
    """Yield the ids of what matches, from the first on; what lies beyond the limit may be missing.

    Where words are asked for, those that have them in the title come first, then those in which
    they stand side by side, then those that have them in the summary. Otherwise, and among equals,
    and where ``newest`` or ``after`` say so, the newest come first. Raise Reject for a query that
    cannot be read.
    """
    asked = q.asked
    wanted = _wanted(q, asked)
    return _by_words(conn, q, asked, wanted) if wanted.tokens else _newest(conn, q)


def answers_before(conn: Connection, q: ArticleQuery, ids: Sequence[int]) -> set[int]:
    """Tell which of these articles answer before the place behind which the query goes on."""
    if q.after is None:
        return set()
    asked = q.asked
    wanted = _wanted(q, asked)
    behind = q.after.behind(articles.c.dated_at, articles.c.id)
    query = select(articles.c.id).where(~behind, *bounds(conn, replace(q, after=None)))
    before: set[int] = set()
    for part in chunks(ids):
        found = list(conn.execute(query.where(articles.c.id.in_(part))).scalars())
        if found and wanted.tokens:
            found = with_tokens(conn, wanted, found)
        if asked is not None and not asked.exact:
            found = list(_with_phrases(conn, found, asked))
        before.update(found)
    return before


def _end(q: ArticleQuery) -> int | None:
    return None if q.limit is None else q.offset + q.limit


def by_index(q: ArticleQuery) -> bool:
    """Tell whether the word index is asked."""
    return bool(_wanted(q, q.asked).tokens)


def missing(conn: Connection, q: ArticleQuery) -> str:
    """Say what the word index may not find, and the cure; "" where all is found, or it rests."""
    said = shortfall(conn) if by_index(q) else ""
    return f"{said}; gomtin reindex makes it whole" if said else ""


def matching(
    conn: Connection, q: ArticleQuery, columns: Sequence[ColumnElement[Any]]
) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield columns of all articles that match, a part at a time and in no order."""
    if by_index(q):
        for part in matching_ids(conn, q):
            yield conn.execute(select(*columns).where(articles.c.id.in_(part))).all()
    else:
        query = select(*columns).where(*bounds(conn, q))
        yield from conn.execute(query, execution_options={"yield_per": MOST_IDS}).partitions()


def matching_ids(conn: Connection, q: ArticleQuery) -> Iterator[Sequence[int]]:
    """Yield the ids of all articles that have what the index knows, a part at a time."""
    asked = q.asked
    filters = _filters(conn, q, search_texts.c.article_id)
    ids = unranked(conn, _wanted(q, asked), filters, (q.since, q.until))
    for part in map(list, chunks(ids)):
        sure = asked is None or asked.exact
        yield part if sure or asked is None else list(_with_phrases(conn, part, asked))


def _wanted(q: ArticleQuery, asked: Asked | None) -> Wanted:
    """Give the tokens to look up; none: no token is asked for.

    Raise Reject where it is only said what must not be there.
    """
    named = filter_tokens(q)
    if asked is None:
        return Wanted(named)
    if not asked.groups:
        if not named:
            cure = "add a word that must, or a filter, as a portal, topic, place or person"
            raise Reject("query.empty", f"{q.query} only says what must not be there; {cure}")
        return Wanted(named, without=asked.unwanted)
    tokens = asked.tokens() + named
    if q.newest or q.after:
        return Wanted(tokens, without=asked.unwanted)
    places = tuple(asked.tokens(place) + named for place in (TITLE, LEAD))
    beside = asked.beside
    return Wanted(tokens, places, beside + named if beside else beside, asked.unwanted)


def _by_words(
    conn: Connection, q: ArticleQuery, asked: Asked | None, wanted: Wanted
) -> Iterator[int]:
    """Yield what the index finds; a longer phrase is looked up in the articles themselves."""
    filters, span = _filters(conn, q, search_texts.c.article_id), (q.since, q.until)
    if q.after:
        columns = search_texts.c.dated, search_texts.c.article_id
        filters.append(q.after.behind(*columns, whole_seconds=True))
        end_of_second = min(q.after.at, LAST) + timedelta(seconds=1)
        span = q.since, min(q.until or end_of_second, end_of_second)
    sure = asked is None or asked.exact
    end = _end(q)
    most = None if end is None else end if sure else 3 * end
    seen = found = 0
    while True:
        ids: Sequence[int]
        ids, whole = (
            (all_ranked(conn, wanted, filters, span), True)
            if most is None
            else ranked(conn, wanted, filters, span, most)
        )
        new = ids[seen:]
        for one in new if sure or asked is None else _with_phrases(conn, new, asked, end):
            found += 1
            yield one
        if sure or whole or end is None or most is None:
            return
        seen, most = len(ids), most * min(FAR, max(NEAR, 2 * end // max(1, found)))


def _with_phrases(
    conn: Connection, ids: Sequence[int], asked: Asked, few: int | None = None
) -> Iterator[int]:
    """Yield those articles whose texts answer, in their order; nothing else is read of them.

    ``few``: so many are wanted at most. Of those that have a spelling which the index knows whole
    nothing is read.
    """
    sure = asked.sure
    kept = type_coerce(revisions.c.draft, Text)
    query = select(articles.c.id, kept).join(revisions, NEWEST_REVISION)
    done, size = 0, min(CHUNK, few or CHUNK)
    while part := ids[done : done + size]:
        done, size = done + size, min(MOST_LOOKED_AT, 4 * size)
        known = set(with_tokens(conn, Wanted(sure.tokens()), part)) if sure else set()
        likely = with_triples(conn, part, asked.triples) if asked.triples else part
        for some in chunks(likely, min(CHUNK, few or CHUNK)):
            unread = [one for one in some if one not in known]
            rows = conn.execute(query.where(articles.c.id.in_(unread))) if unread else ()
            found = {article_id for article_id, draft in rows if asked.answers(draft)}
            yield from (one for one in some if one in known or one in found)


def _newest(conn: Connection, q: ArticleQuery) -> Iterator[int]:
    """Yield the articles from the newest to the oldest, a part at a time."""
    order = (articles.c.dated_at.desc(), articles.c.id.desc())
    query = select(articles.c.id).where(*bounds(conn, q)).order_by(*order)
    if q.since_event:  # for each part all the events would be read
        rows = conn.execute(query, execution_options={"yield_per": CHUNK})
        yield from array("q", rows.scalars())
        return
    older: list[ColumnElement[bool]] = []
    size = min(MOST_IDS, q.offset + q.limit) if q.limit is not None else MOST_IDS
    while size:
        part = conn.execute(query.where(*older).limit(size)).scalars().all()
        yield from part
        if len(part) < size:
            return
        last = select(articles.c.dated_at, articles.c.id).where(articles.c.id == part[-1])
        older = [tuple_(articles.c.dated_at, articles.c.id) < conn.execute(last).one()]


def bounds(conn: Connection, q: ArticleQuery) -> list[ColumnElement[bool]]:
    """Give what a query without words asks of the articles."""
    wanted = _filters(conn, q, articles.c.id)
    if q.since is not None:
        wanted.append(articles.c.dated_at >= q.since)
    if q.until is not None:
        wanted.append(articles.c.dated_at < q.until)
    if q.after is not None:
        wanted.append(q.after.behind(articles.c.dated_at, articles.c.id))
    return wanted


def _filters(
    conn: Connection, q: ArticleQuery, article_id: ColumnElement[int]
) -> list[ColumnElement[bool]]:
    return [article_id.in_(articles_since(conn, q.since_event))] if q.since_event else []
