"""Put articles into the word index, and take them out.

Each article has one row in ``search_texts``. In SQLite the row's id leads to a contentless FTS5
table; a rewritten article gets a new row, and what stays behind in FTS5 leads nowhere. PostgreSQL
keeps hashes of the tokens in the row, out of line, so that the rows stay narrow.
"""

from __future__ import annotations

import sqlite3
from array import array
from typing import TYPE_CHECKING
from zlib import crc32

from sqlalchemy import delete, select, text

from pipelines.plural import counted
from pipelines.search.words import VERSION, label_tokens, when_tokens
from pipelines.store.dialect import is_sqlite, next_ids
from pipelines.store.positions import left, position
from pipelines.store.schema import search_texts, search_triples

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from pipelines.records import Label
    from pipelines.search.entry import Indexed

VERSION_TASK = "search.version"
ANEW_TASK = "reindex"
"""Up to which article the index has been made anew, until it is whole."""
PIECE = 2_000
"""Pages of SQLite's index that are packed in one transaction, which takes 0.2 s."""

_ANY = select(search_texts.c.id).limit(1)
# one statement without a result, as ``unwaited`` wants it
_NOTE_VERSION = text("""
    INSERT INTO progress (task, position, state)
    SELECT :task, :version, '{}' WHERE NOT EXISTS (SELECT 1 FROM search_texts)
    ON CONFLICT (task) DO UPDATE SET position = excluded.position
""")
_INSERT_TRIPLES = search_triples.insert().inline()  # else one row alone would give back its id


def add_words(
    conn: Connection,
    rows: Sequence[tuple[int, Indexed, datetime]],
    labelled: Mapping[int, Iterable[Label]],
) -> None:
    """Put articles into the index: (article id, what it is found by, when it is told of).

    ``labelled``: their labels by id, which are tokens too. The first one tells which tokens the
    index holds.
    """
    conn.execute(_NOTE_VERSION, {"task": VERSION_TASK, "version": VERSION})
    own = {
        n: {token for one in few for token in label_tokens(one.axis, one.value)}
        for n, few in labelled.items()
    }
    made = [
        (n, int(told.timestamp()), " ".join((found.tokens, *when_tokens(told), *own[n])))
        for n, found, told in rows
    ]
    triples = [{"article_id": n, "packed": found.triples} for n, found, _ in rows]
    conn.execute(_INSERT_TRIPLES, triples)
    if is_sqlite(conn):
        (ids,) = next_ids(conn, (search_texts, len(made)))
        numbered = [(row_id, *one) for row_id, one in zip(ids, made, strict=True)]
        conn.exec_driver_sql(
            "INSERT INTO search_texts (id, article_id, dated) VALUES (?, ?, ?)",
            [(row_id, n, dated) for row_id, n, dated, _ in numbered],
        )
        conn.exec_driver_sql(
            "INSERT INTO search_words (rowid, words) VALUES (?, ?)",
            [(row_id, words) for row_id, *_, words in numbered],
        )
    else:
        conn.exec_driver_sql(
            "INSERT INTO search_texts (article_id, dated, words) VALUES (%s, %s, %s)",
            [(n, dated, hashes_of(words.split(" "))) for n, dated, words in made],
        )


def hashes_of(tokens: Iterable[str]) -> str:
    """Write the hashes of tokens, signed 32-bit numbers, as PostgreSQL reads an array."""
    unsigned = array("I", [crc32(token.encode()) for token in tokens])
    return "{" + str(array("i", unsigned.tobytes()).tolist())[1:-1] + "}"


def drop_words(conn: Connection, ids: Collection[int]) -> None:
    """Take articles out of the index."""
    for one in (search_texts, search_triples):
        conn.execute(delete(one).where(one.c.article_id.in_(ids)))


def begin_anew(conn: Connection) -> None:
    """Empty the index."""
    conn.execute(delete(search_texts))
    conn.execute(delete(search_triples))
    if is_sqlite(conn):
        conn.exec_driver_sql("INSERT INTO search_words (search_words) VALUES ('delete-all')")


def is_of_today(conn: Connection) -> bool:
    """Tell whether the index holds the tokens that this gomtin asks for."""
    return position(conn, VERSION_TASK) == VERSION or conn.execute(_ANY).first() is None


def unindexed(conn: Connection) -> int:
    """Count the articles that no search finds, for the index is still being made anew."""
    return 0 if position(conn, ANEW_TASK) is None else left(conn, ANEW_TASK)


def shortfall(conn: Connection) -> str:
    """Say what the index lacks; "" where it is whole."""
    if not is_of_today(conn):
        return "the word index is of another gomtin: what it did not know yet is not found"
    lacking = unindexed(conn)
    return f"not in the word index yet: {counted(lacking, 'article')}" if lacking else ""


def pack(conn: Connection, *, first: bool) -> bool:
    """Bring SQLite's parts of the index together, a piece at a time; tell whether any is left.

    All at once would lock the archive for longer than a writer waits. ``first``: the first piece,
    which chooses the parts.
    """
    if not is_sqlite(conn):
        return False
    raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    before, pages = raw.total_changes, -PIECE if first else PIECE
    merge = "INSERT INTO search_words (search_words, rank) VALUES ('merge', ?)"
    conn.exec_driver_sql(merge, (pages,))
    return raw.total_changes - before > 1  # SQLite's own sign that there was something to do
