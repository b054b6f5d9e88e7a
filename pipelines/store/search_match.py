"""Write what the word index is asked for, as FTS5 and as PostgreSQL's GIN understand it."""

from __future__ import annotations

from itertools import chain, product
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Integer, and_, bindparam, cast, func, select, text, union

from pipelines.store.schema import search_texts
from pipelines.store.search_rows import hashes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, FromClause
    from sqlalchemy.sql.elements import TextClause

    from pipelines.search.tokens import Tokens

_MATCH = text("search_words MATCH :words")


def sqlite_match(tokens: Tokens, span: Sequence[str], without: Sequence[str]) -> TextClause:
    """Ask FTS5 for ``tokens``, one of ``span`` if there are any, and none of ``without``."""
    # FTS5 walks along the first list and looks into the others: the shortest comes first
    spans = [_any_of(map(_quoted, span))] if span else []
    every = map(_quoted, tokens.every)
    groups = (_any_of(map(_all_of, group)) for group in tokens.either)
    wanted = " AND ".join((*spans, *every, *groups))
    if without:
        wanted = f"({wanted}) NOT {_any_of(map(_quoted, without))}"
    return _MATCH.bindparams(words=wanted)


def postgres_match(
    tokens: Tokens, span: Sequence[str], without: Sequence[str]
) -> ColumnElement[bool]:
    """Ask PostgreSQL for the same."""
    matched = _having(search_texts, tokens, span)
    if not without:
        return matched
    other = search_texts.alias("other")  # the index knows what has a token, not what has none
    those = select(other.c.id).where(_having(other, tokens, without))
    return and_(matched, search_texts.c.id.not_in(those))


def _having(rows: FromClause, tokens: Tokens, any_of: Sequence[str]) -> ColumnElement[bool]:
    """Ask for ``tokens`` and one of ``any_of``, if there are any.

    Each combination of sets is a look into the index of its own: PostgreSQL, which knows nothing
    about frequencies here, would read the words of what one look finds to compare them once more.
    """
    single = [[one[0] for one in group] for group in tokens.either if _is_single(group)]
    several = [group for group in tokens.either if not _is_single(group)]
    some = [one for one in (any_of, *single) if one]
    arms = [[*tokens.every, *chain(*sets)] for sets in product(*several)]
    if len(arms) == 1:
        return _fits(rows, arms[0], some)
    each = search_texts.alias("each")
    return rows.c.id.in_(union(*(select(each.c.id).where(_fits(each, arm, some)) for arm in arms)))


def _fits(
    rows: FromClause, every: Sequence[str], some: Sequence[Sequence[str]]
) -> ColumnElement[bool]:
    all_of = [_keys(rows, "@>", every)] if every else []
    return and_(*all_of, *(_keys(rows, "&&", one) for one in some))


def _is_single(group: Sequence[Sequence[str]]) -> bool:
    return all(len(one) == 1 for one in group)


def _keys(rows: FromClause, operator: str, tokens: Sequence[str]) -> ColumnElement[bool]:
    """Ask for articles with all of the tokens, "@>", or with any of them, "&&"."""
    listed = cast(bindparam("words", hashes_of(tokens), unique=True), ARRAY(Integer))
    return func.search_keys(rows.c.words).bool_op(operator)(listed)


def _quoted(token: str) -> str:
    return f'"{token}"'


def _all_of(tokens: Sequence[str]) -> str:
    return f"({' AND '.join(map(_quoted, tokens))})"


def _any_of(terms: Iterable[str]) -> str:
    return f"({' OR '.join(terms)})"
