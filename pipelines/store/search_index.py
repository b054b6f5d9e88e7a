"""The word index of the archive: SQLite's FTS5 or PostgreSQL's full text, behind one set of tokens.

Each article has one row in ``search_texts``. In SQLite the row's id leads to a contentless FTS5
table; a rewritten article gets a new row, and what stays behind in FTS5 leads nowhere. PostgreSQL
keeps the tokens in the row, under a GIN index of their hashes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text

from pipelines.search.words import VERSION, when_tokens
from pipelines.store.dialect import is_sqlite
from pipelines.store.faults import StoreError
from pipelines.store.positions import position, remember
from pipelines.store.schema import search_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

MANY = 1_000
"""Answers that are fetched and sorted whole; where there are more, the newest are asked for."""
NEWEST = 100
"""Newest articles whose days begin the shortest span that is asked for alone."""
VERSION_TASK = "search.version"

_ALL_OF = text("search_keys(search_texts.words) @> search_keys(:words)")
_ANY_OF = text("search_keys(search_texts.words) && search_keys(:either)")

Hit = tuple[int, int]
"""When an article is told of (seconds since 1970) and its id."""


def add_words(conn: Connection, rows: Sequence[tuple[int, str, datetime]]) -> None:
    """Put new articles into the index: (article id, tokens, when it is told of)."""
    values = [
        {"article_id": article_id, "dated": int(told.timestamp())} for article_id, _, told in rows
    ]
    indexed = [" ".join((tokens, *when_tokens(told))) for _, tokens, told in rows]
    if is_sqlite(conn):
        statement = search_texts.insert().returning(search_texts.c.id, sort_by_parameter_order=True)
        ids = conn.execute(statement, values).scalars().all()
        conn.exec_driver_sql(
            "INSERT INTO search_words (rowid, words) VALUES (?, ?)",
            list(zip(ids, indexed, strict=True)),
        )
    else:
        both = zip(values, indexed, strict=True)
        conn.execute(search_texts.insert(), [row | {"words": words} for row, words in both])


def drop_words(conn: Connection, ids: Collection[int]) -> None:
    """Take articles out of the index."""
    conn.execute(delete(search_texts).where(search_texts.c.article_id.in_(ids)))


def ranked(
    conn: Connection,
    groups: Sequence[Sequence[str]],
    filters: Sequence[ColumnElement[bool]],
    span: tuple[datetime | None, datetime | None],
    most: int | None,
) -> list[int]:
    """Give the ids of the articles that have all tokens of the last group, the best ones first.

    Each group narrows the last one and ranks before the later ones; within one the newest come
    first. ``span`` bounds when the articles are told of: from (included) and until (excluded).
    """
    _require_current(conn)
    index = _Index(conn, [*filters, *_within(span)], span[1])
    everything = index.hits(groups[-1], MANY + 1)
    found: dict[int, None] = {}
    few = len(everything) <= MANY
    for group in groups:
        if few and not everything:
            break
        if group == groups[-1] and few:
            hits = everything
        else:
            hits = index.hits(group, MANY + 1) if few else index.newest(group, most)
        found.update((article_id, None) for _, article_id in sorted(hits, reverse=True))
        if most is not None and len(found) >= most:
            break
    return list(found)[:most]


def begin_anew(conn: Connection) -> None:
    """Empty the index."""
    conn.execute(delete(search_texts))
    if is_sqlite(conn):
        conn.exec_driver_sql("INSERT INTO search_words (search_words) VALUES ('delete-all')")


def finish(conn: Connection) -> None:
    """Note which tokens the index holds, and pack it."""
    remember(conn, VERSION_TASK, VERSION)
    if is_sqlite(conn):
        conn.exec_driver_sql("INSERT INTO search_words (search_words) VALUES ('optimize')")


def _require_current(conn: Connection) -> None:
    if position(conn, VERSION_TASK) not in {None, VERSION}:
        raise StoreError(
            "search.outdated",
            "the word index is of another gomtin; make it anew: gomtin reindex",
        )


def _within(span: tuple[datetime | None, datetime | None]) -> list[ColumnElement[bool]]:
    since, until = span
    column = search_texts.c.dated
    bounds = [column >= int(since.timestamp())] if since else []
    return [*bounds, column < int(until.timestamp())] if until else bounds


class _Index:
    """Asks for tokens under the same filters again and again."""

    def __init__(
        self, conn: Connection, filters: Sequence[ColumnElement[bool]], until: datetime | None
    ) -> None:
        self.conn = conn
        self.filters = filters
        self.until = until
        self._spans: list[tuple[str, ...]] | None = None

    def hits(self, tokens: Sequence[str], most: int) -> list[Hit]:
        """Give any ``most`` articles that have all tokens."""
        return self._fetch(self._query(tokens, ()).limit(most))

    def newest(self, tokens: Sequence[str], most: int | None) -> list[Hit]:
        """Give the newest articles that have all tokens.

        A frequent token would have to be sorted whole; it is asked for in growing spans of time,
        from the newest articles back.
        """
        if most is None:
            return self._fetch(self._query(tokens, ()))
        if len(few := self.hits(tokens, MANY + 1)) <= MANY:
            return few
        hits: list[Hit] = []
        for span in (*self.spans, ()):
            newest = (search_texts.c.dated.desc(), search_texts.c.article_id.desc())
            hits = self._fetch(self._query(tokens, span).order_by(*newest).limit(most))
            if len(hits) == most:
                break
        return hits

    @property
    def spans(self) -> list[tuple[str, ...]]:
        """Give the tokens of the newest weeks, months and years, one of each must stand there."""
        if self._spans is None:
            column = search_texts.c.dated
            query = select(column).order_by(column.desc()).limit(NEWEST)
            if self.until is not None:
                query = query.where(column < int(self.until.timestamp()))
            moments = [
                datetime.fromtimestamp(second, UTC) for second in self.conn.execute(query).scalars()
            ]
            kinds = zip(*map(when_tokens, moments), strict=True)
            self._spans = [tuple(dict.fromkeys(kind)) for kind in kinds]
        return self._spans

    def _query(self, tokens: Sequence[str], either: Sequence[str]) -> Select[Any]:
        if is_sqlite(self.conn):
            wanted = " AND ".join(f'"{token}"' for token in tokens)
            if either:
                wanted += " AND (" + " OR ".join(f'"{token}"' for token in either) + ")"
            rowids = "SELECT rowid FROM search_words WHERE search_words MATCH :words"
            matched = [text(f"search_texts.id IN ({rowids})").bindparams(words=wanted)]
        else:
            matched = [_ALL_OF.bindparams(words=" ".join(tokens))]
            matched += [_ANY_OF.bindparams(either=" ".join(either))] if either else []
        columns = (search_texts.c.dated, search_texts.c.article_id)
        return select(*columns).where(*matched, *self.filters)

    def _fetch(self, query: Select[Any]) -> list[Hit]:
        return [(row[0], row[1]) for row in self.conn.execute(query).all()]
