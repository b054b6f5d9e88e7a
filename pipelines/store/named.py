"""The names that articles name, to be counted by: people, organisations and legal documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pipelines.search.spelt import shortened
from pipelines.store.dialect import chunks
from pipelines.store.schema import NEWEST_REVISION, articles, revisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

NAMES = ("person", "organisation", "document")
"""What one may count by, each article once under each name; an organisation's in short."""


def names_of(conn: Connection, axis: str, ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """Give the names of one sort by article; those without any are missing."""
    if axis == "document":
        query = select(articles.c.id, revisions.c.draft)
        query = query.join(revisions, NEWEST_REVISION)
    else:
        query = select(articles.c.id, articles.c.named)
    rows = (
        row for part in chunks(ids) for row in conn.execute(query.where(articles.c.id.in_(part)))
    )
    return {row[0]: names for row in rows if (names := tuple(dict.fromkeys(_told(axis, row[1]))))}


def _told(axis: str, found: dict[str, Any]) -> Iterator[str]:
    """Yield the names in what the archive keeps as JSON."""
    if axis == "document":
        yield from (
            " ".join(filter(None, (one["kind"], one["number"]))) for one in found["documents"]
        )
    elif axis == "person":
        yield from (one["name"] for one in found.get("people", ()))
    else:
        yield from map(shortened, found.get("organisations", ()))
