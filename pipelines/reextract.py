"""Clean the kept snapshots again by today's rules, and show or store what comes out differently.

A re-extraction is no revision: the publisher changed nothing, gomtin reads the same bytes better.
So it takes the place of the newest revision's draft, and what follows from the text (search text,
sketch, labels) is made again. An article stays in its story.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select, update

from pipelines.arrival import Prepared
from pipelines.codec import draft_from_json, draft_to_json
from pipelines.latecomers import latecomers, take_in
from pipelines.records import Outcome
from pipelines.store import archive
from pipelines.store.engine import ingest_lock
from pipelines.store.faults import Missing
from pipelines.store.outbox import emit
from pipelines.store.portals import known_portals
from pipelines.store.rows import article_values, dated_at
from pipelines.store.schema import articles, revisions
from pipelines.store.snapshots import read_page, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Row, Select

    from pipelines.latecomers import Clean
    from pipelines.records import Draft
    from pipelines.store.engine import Store

# The identity of the article, and what belongs to the fetch: new rules do not change them.
KEPT = ("url", "canonical_url", "portal", "document_key", "fetched_at", "counters")
_PART = 200
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Change:
    """One field that today's rules read differently, in its JSON form."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """What re-extraction finds for one article; ``article_id`` None: for a page that was none.

    ``outcome`` FETCHED: it is an article still, with ``changes``. Any other outcome: by today's
    rules the page is none (``reason`` says why), or its snapshot cannot be read; such an article
    is shown and left as it is.
    """

    article_id: int | None
    url: str
    outcome: Outcome
    reason: str
    changes: tuple[Change, ...]
    applied: bool

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "article": self.article_id,
            "url": self.url,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "applied": self.applied,
            "changes": [
                {"field": one.field, "before": one.before, "after": one.after}
                for one in self.changes
            ],
        }

    def describe(self) -> str:
        """Give it as lines for a person."""
        name = "new article" if self.article_id is None else f"article {self.article_id}"
        head = f"{name}  {self.url}"
        if self.outcome is not Outcome.FETCHED:
            return f"{head}\n  now {self.outcome.value}: {self.reason}; the article is kept"
        lines = [
            f"  {one.field}: {_short(one.before)} -> {_short(one.after)}" for one in self.changes
        ]
        return "\n".join([head, *lines])


def reextract(
    store: Store,
    folder: Path,
    clean: Clean,
    *,
    portal: str | None,
    apply: bool,
    now: datetime,
) -> Iterator[Difference]:
    """Yield every article that today's rules read differently; ``apply`` also stores it.

    Pages that become articles by today's rules come last. ``clean`` is given the page and the
    portal's id. Articles without a snapshot are passed over.
    """
    with store.read() as conn:
        units = {name: one.unit for name, one in known_portals(conn).items()}
    for row in _rows(store, portal):
        found = _difference(store, folder, clean, row)
        if found is None:
            continue
        difference, values = found
        if apply and values is not None:
            prepared = Prepared.of(draft_from_json(values), units.get(row.portal, ""))
            difference = replace(difference, applied=_apply(store, row, difference, prepared, now))
        yield difference
    for name, late in latecomers(store, folder, clean, portal):
        applied = apply and take_in(store, name, late, now)
        yield from (_new(page, draft, applied=applied) for page, draft in late)


def _new(page: Row[Any], draft: Draft, *, applied: bool) -> Difference:
    changes = (Change("title", None, draft.title), Change("body", None, list(draft.body)))
    reason = f"reextract.was:{page.outcome.value}"
    return Difference(None, page.url, Outcome.FETCHED, reason, changes, applied)


def _rows(store: Store, portal: str | None) -> Iterator[Row[Any]]:
    """Give the newest revision of every article that has a snapshot, a part at a time."""
    query = _newest()
    if portal is not None:
        query = query.where(articles.c.portal == portal)
    last = 0
    while True:
        with store.read() as conn:
            part = conn.execute(query.where(articles.c.id > last).limit(_PART)).all()
        if not part:
            return
        yield from part
        last = part[-1].id


def _newest() -> Select[Any]:
    current = and_(
        revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision
    )
    names = ("id", "portal", "sketch", "story_id", "first_seen_at")
    columns = [articles.c[name] for name in names]
    return (
        select(*columns, revisions.c.number, revisions.c.snapshot_id, revisions.c.draft)
        .join(revisions, current)
        .where(revisions.c.snapshot_id.is_not(None))
        .order_by(articles.c.id)
    )


def _difference(
    store: Store, folder: Path, clean: Clean, row: Row[Any]
) -> tuple[Difference, dict[str, Any] | None] | None:
    """Clean one article's snapshot again; None: it comes out the same."""
    url = row.draft["url"]
    try:
        with store.read() as conn:
            ref = snapshot(conn, row.snapshot_id)
        cleaned = clean(read_page(folder, ref), row.portal)
    except Missing as error:
        reason = f"{error.code}: {error}"
        return Difference(row.id, url, Outcome.FAILED, reason, (), applied=False), None
    if cleaned.draft is None:
        ended = Difference(row.id, url, cleaned.outcome, cleaned.reason, (), applied=False)
        return ended, None
    values = archive.lasting(draft_to_json(cleaned.draft), row.draft)
    values |= {name: row.draft[name] for name in KEPT}
    changes = _changes(row.draft, values)
    if not changes:
        return None
    return Difference(row.id, url, cleaned.outcome, cleaned.reason, changes, applied=False), values


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    )


def _apply(
    store: Store, row: Row[Any], difference: Difference, prepared: Prepared, now: datetime
) -> bool:
    """Put the new draft in the old one's place; False: a newer revision has come in between."""
    with store.begin() as conn:
        ingest_lock(conn)
        if not _replace_draft(conn, row, prepared):
            return False
        values = article_values(prepared)
        kept = {name: values[name] for name in values if name not in {"counters", "seen_at"}}
        dates = (prepared.draft.published_at, prepared.draft.event_date, row.first_seen_at)
        kept["dated_at"] = dated_at(*dates)
        conn.execute(update(articles).where(articles.c.id == row.id).values(kept))
        archive.drop_sketch(conn, row.id, row.sketch)
        archive.rewrite(conn, row.id, prepared)
        archive.refresh_stories(conn, [row.story_id], now)
        fields = [change.field for change in difference.changes]
        emit(conn, "article.reextracted", {"article_id": row.id, "changed": fields}, now)
    return True


def _replace_draft(conn: Connection, row: Row[Any], prepared: Prepared) -> bool:
    same = select(articles.c.revision).where(articles.c.id == row.id)
    if conn.execute(same).scalar() != row.number:
        return False
    place = and_(revisions.c.article_id == row.id, revisions.c.number == row.number)
    values = {"draft": prepared.payload, "content_hash": prepared.fingerprint.content_hash}
    conn.execute(update(revisions).where(place).values(values))
    return True


def _short(value: object) -> str:
    text = " / ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"
