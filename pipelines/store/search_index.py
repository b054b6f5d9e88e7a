"""Ask the word index of the archive: SQLite's FTS5 or PostgreSQL's GIN, behind one set of tokens.

What lies in it is told in search_rows.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, select, table

from pipelines.search.triples import may_have
from pipelines.search.words import when_tokens
from pipelines.store.dialect import is_sqlite
from pipelines.store.schema import search_texts
from pipelines.store.search_match import postgres_match, sqlite_match

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from pipelines.search.tokens import Tokens, Wanted

MANY = 500
"""Answers that are fetched and sorted whole, for each token that is asked for: as many take as long
as to look for one more token. Where there are more, the newest are asked for."""
NEWEST = 100
"""Newest articles whose days begin the shortest span that is asked for alone."""
OFTEN = 10
"""Answers in the shortest span that let more than ``MANY`` be expected."""
CACHE_KIB = 16 * 1024
"""What SQLite may keep of an archive that is searched. Its own 2 MB are full with the lists of ten
frequent words at 200,000 articles."""

_WORDS = table("search_words", column("rowid"))
# The sum keeps the planner from walking over search_texts and asking FTS5 row by row.
_ROW = search_texts.c.id == _WORDS.c.rowid + 0
_ROW_OF_ONE = search_texts.c.id == _WORDS.c.rowid
_TRIPLES = "SELECT article_id, packed FROM search_triples WHERE article_id IN"
_NEWEST_FIRST = (search_texts.c.dated.desc(), search_texts.c.article_id.desc())

Groups = tuple[tuple[tuple[int, ...], ...], ...]
"""Sets of hashes, of each group of which one will do."""
Hit = tuple[int, int]
"""When an article is told of (seconds since 1970) and its id."""


def with_triples(conn: Connection, ids: Sequence[int], groups: Groups) -> list[int]:
    """Give those of some articles in whose texts all triples of a set of each group may stand."""
    # numbers, written into the statement: thousands of parameters would take half of the time
    listed = ", ".join(map(str, map(int, ids)))
    rows = conn.exec_driver_sql(f"{_TRIPLES} ({listed})").all()
    found = {article_id for article_id, packed in rows if _fits(packed, groups)}
    return [one for one in ids if one in found]


def _fits(packed: bytes, groups: Groups) -> bool:
    return all(any(may_have(packed, one) for one in group) for group in groups)


def ranked(
    conn: Connection,
    wanted: Wanted,
    filters: Sequence[ColumnElement[bool]],
    span: tuple[datetime | None, datetime | None],
    most: int,
) -> tuple[list[int], bool]:
    """Give the ids of the articles that have all tokens, the best ones first.

    Among equals of ``wanted.steps`` the newest come first. ``span`` bounds when the articles are
    told of: from (included) and until (excluded). Give at least ``most`` of them, and whether
    they are all there are.
    """
    index = _Index(conn, filters, span, wanted.without)
    answers = index.newest(wanted.tokens, most)
    found: dict[int, None] = {}
    if not answers.hits:
        return [], True
    narrowed = cache(lambda place: index.narrowed(answers, place, most) if place else answers)
    beside = None
    for place, side_by_side in wanted.steps:
        hits = narrowed(place).hits
        if hits and side_by_side:
            beside = beside or index.beside(answers, side_by_side, most)
            there = narrowed(place)
            hits = index.both(there, beside, place + side_by_side, most) if place else beside.hits
        found.update((article_id, None) for _, article_id in hits)
        if len(found) >= most:
            break
    return list(found), answers.whole and len(found) == len(answers.hits)


def all_ranked(
    conn: Connection,
    wanted: Wanted,
    filters: Sequence[ColumnElement[bool]],
    span: tuple[datetime | None, datetime | None],
) -> array[int]:
    """Give all articles in the order of ``ranked``, in eight bytes each: there may be millions."""
    index = _Index(conn, filters, span, wanted.without)
    found = array("q")
    met: set[int] = set()
    for place, beside in wanted.steps:
        hits = index.stream(place + beside or wanted.tokens)
        new = array("q", (n for n in hits if n not in met))
        found += new
        if place or beside:
            met.update(new)
    return found


def unranked(
    conn: Connection,
    wanted: Wanted,
    filters: Sequence[ColumnElement[bool]],
    span: tuple[datetime | None, datetime | None],
) -> array[int]:
    """Give all articles in no order."""
    index = _Index(conn, filters, span, wanted.without)
    return array("q", index.stream(wanted.tokens, ordered=False))


def with_tokens(conn: Connection, wanted: Wanted, ids: Sequence[int]) -> list[int]:
    """Give those of a few articles that have all tokens and none of those unwanted."""
    few = [search_texts.c.article_id.in_(ids)]
    index = _Index(conn, few, (None, None), wanted.without, row=_ROW_OF_ONE)
    return list(index.stream(wanted.tokens, ordered=False))


def _within(span: tuple[datetime | None, datetime | None]) -> list[ColumnElement[bool]]:
    since, until = span
    column = search_texts.c.dated
    bounds = [column >= int(since.timestamp())] if since else []
    return [*bounds, column < int(until.timestamp())] if until else bounds


@dataclass(frozen=True, slots=True)
class _Found:
    """Answers, the newest first; ``whole``: there are no others; ``span``: where they lie."""

    hits: Sequence[Hit]
    whole: bool
    span: int = 0


class _Index:
    """Asks for tokens under the same filters again and again."""

    def __init__(
        self,
        conn: Connection,
        filters: Sequence[ColumnElement[bool]],
        span: tuple[datetime | None, datetime | None],
        without: Sequence[str],
        row: ColumnElement[bool] = _ROW,
    ) -> None:
        if is_sqlite(conn):
            conn.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        self.conn = conn
        self.filters = [*filters, *_within(span)]
        self.without = without
        self.row = row
        self.until = span[1]

    def stream(self, tokens: Tokens, *, ordered: bool = True) -> Iterator[int]:
        """Yield all articles that have all tokens, the newest first where they are ``ordered``."""
        query = self._query(tokens, ()).order_by(*(_NEWEST_FIRST if ordered else ()))
        return (row[1] for row in self.conn.execute(query, execution_options={"yield_per": MANY}))

    def every(self, tokens: Tokens) -> Sequence[Hit]:
        """Give all articles that have all tokens, which are not many, the newest first."""
        return sorted(self._fetch(self._query(tokens, ())), reverse=True)

    def newest(self, tokens: Tokens, most: int) -> _Found:
        """Give the newest articles that have all tokens.

        A frequent token's would take long to fetch and sort; they are asked for in growing spans
        of time, from the newest articles back.
        """
        if most > MANY * len(tokens):
            return self._older(tokens, 0, most, often=False)
        hits = self._newest(tokens, self.spans[0], most)
        if len(hits) == most:
            return _Found(hits, whole=False)
        return self._older(tokens, 1, most, often=len(hits) >= OFTEN)

    def narrowed(self, within: _Found, tokens: Tokens, most: int) -> _Found:
        """Do the same for tokens that only some of the articles ``within`` have.

        They lie in no shorter span, and are mostly so few that no span is needed.
        """
        if within.whole:
            return _Found(self.every(tokens), whole=True)
        return self._older(tokens, within.span, most, often=False)

    def beside(self, within: _Found, tokens: Tokens, most: int) -> _Found:
        """Do the same for words side by side.

        Two are mostly the syllables of one word: as frequent as both. More of them are not.
        """
        pairs = [token for token in tokens.every if "_" in token and ":" not in token]
        if within.whole or within.span or tokens.either or len(pairs) > 1:
            return self.narrowed(within, tokens, most)
        return self.newest(tokens, most)

    def both(self, one: _Found, other: _Found, tokens: Tokens, most: int) -> Sequence[Hit]:
        """Give the newest that two sets have in common, which are those with all ``tokens``."""
        if one.whole and other.whole:
            known = set(other.hits)
            return [hit for hit in one.hits if hit in known]
        few = one.whole or other.whole
        return self.every(tokens) if few else self.newest(tokens, most).hits

    def _older(self, tokens: Tokens, first: int, most: int, *, often: bool) -> _Found:
        """Look in the whole archive; what is there ``often`` in spans from ``first`` on."""
        many = max(MANY * len(tokens), most)
        some = [] if often else self._fetch(self._query(tokens, ()).limit(many + 1))
        if not often and len(some) <= many:
            return _Found(sorted(some, reverse=True), whole=True)
        for number in range(first, len(self.spans)):
            hits = self._newest(tokens, self.spans[number], most)
            if len(hits) == most:
                return _Found(hits, whole=False, span=number)
        hits = self._newest(tokens, (), most)
        return _Found(hits, whole=len(hits) < most, span=len(self.spans))

    def _newest(self, tokens: Tokens, span: Sequence[str], most: int) -> list[Hit]:
        return self._fetch(self._query(tokens, span).order_by(*_NEWEST_FIRST).limit(most))

    @cached_property
    def spans(self) -> list[tuple[str, ...]]:
        """Give the tokens of the newest weeks, months and years, one of each must stand there."""
        column = search_texts.c.dated
        query = select(column).order_by(column.desc()).limit(NEWEST)
        if self.until is not None:
            query = query.where(column < int(self.until.timestamp()))
        moments = [
            datetime.fromtimestamp(second, UTC) for second in self.conn.execute(query).scalars()
        ]
        kinds = zip(*map(when_tokens, moments), strict=True)
        return [tuple(dict.fromkeys(kind)) for kind in kinds] or [()]

    def _query(self, tokens: Tokens, span: Sequence[str]) -> Select[Any]:
        query = select(search_texts.c.dated, search_texts.c.article_id).where(*self.filters)
        if is_sqlite(self.conn):
            return query.where(self.row, sqlite_match(tokens, span, self.without))
        return query.where(postgres_match(tokens, span, self.without))

    def _fetch(self, query: Select[Any]) -> list[Hit]:
        return [(row[0], row[1]) for row in self.conn.execute(query).all()]
