"""Clean the kept snapshots again by today's rules, and show or store what comes out differently.

The publisher changed nothing, gomtin reads the same bytes better: so what is stored is a revision
of its own kind, "re-extracted", and what follows from the text (search text, sketch, labels) is
made again. An article stays in its story. Only ids are held in memory, however large the archive.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from pipelines.arrival import Prepared
from pipelines.codec import draft_from_json, draft_to_json
from pipelines.records import Outcome
from pipelines.reprocess.latecomers import drafts_of, take_in
from pipelines.store import archive
from pipelines.store.engine import ingest_lock
from pipelines.store.faults import Missing
from pipelines.store.kinship import settle_kinds
from pipelines.store.models import models_in_use
from pipelines.store.outbox import emit, emit_all
from pipelines.store.portals import known_portals
from pipelines.store.rows import article_values, dated_at
from pipelines.store.schema import NEWEST_REVISION, articles, revisions, snapshots
from pipelines.store.snapshots import SnapshotRef, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import ColumnElement, Row, Select

    from pipelines.reprocess.latecomers import Clean, Latecomer, Scope
    from pipelines.store.engine import Store

KIND = "re-extracted"
# The identity of the article, and what belongs to the fetch: new rules do not change them.
KEPT = ("url", "canonical_url", "portal", "document_key", "fetched_at", "counters")
PART = 200
_LOST = 1_000_000  # more than any change within a text: the article itself is none any more
_OTHER_FIELD = 200  # a title, date or author counts like a paragraph


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
    title: str
    outcome: Outcome
    reason: str
    changes: tuple[Change, ...] = ()
    applied: bool = False

    @property
    def weight(self) -> int:
        """Tell how much changes, in characters of text; lost text counts twice."""
        if self.outcome is not Outcome.FETCHED:
            return _LOST
        return sum(map(_weight, self.changes))

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "article": self.article_id,
            "url": self.url,
            "title": self.title,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "applied": self.applied,
            "changes": [
                {"field": one.field, "before": one.before, "after": one.after}
                for one in self.changes
            ],
        }


def _weight(change: Change) -> int:
    if not isinstance(change.after, list):
        return _OTHER_FIELD
    before, after = set(map(str, change.before or ())), set(map(str, change.after))
    return 2 * sum(map(len, before - after)) + sum(map(len, after - before))


def articles_in(store: Store, scope: Scope, after: int = 0) -> array[int]:
    """Give the ids above ``after`` of the articles in scope that have a snapshot, ascending."""
    query = _newest(articles.c.id).where(articles.c.id > after)
    query = query.where(*scope.conditions(articles.c.portal))
    with store.read() as conn:
        return array("q", conn.execute(query).scalars())


def reextract(
    store: Store, folder: Path, clean: Clean, ids: Sequence[int], now: datetime | None = None
) -> Iterator[tuple[int, Difference | None]]:
    """Yield each article's id, and what today's rules read differently in it (None: nothing).

    With ``now`` every difference is also stored, one article a transaction: an interruption leaves
    those before it stored, and read again they do not differ any more. ``clean`` is given the page
    and the portal's id.
    """
    with store.read() as conn:
        units = {name: one.unit for name, one in known_portals(conn).items()}
        models = models_in_use(conn)
    for row in _rows(store, ids):
        difference, values = _difference(folder, clean, row)
        if difference and values and now:
            prepared = Prepared.of(draft_from_json(values), units.get(row.portal, ""), models)
            difference = replace(difference, applied=_apply(store, row, difference, prepared, now))
        yield row.id, difference


def reextract_pages(
    store: Store, folder: Path, clean: Clean, ids: Sequence[int], now: datetime | None = None
) -> Iterator[tuple[int, Difference | None]]:
    """Yield each snapshot's id, and the article that its page has become (None: it is none still).

    ``ids`` are those of ``pages_in``: pages that were no article by the rules of their day. With
    ``now`` they go through the pipeline, in runs of their own.
    """
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        found = list(drafts_of(store, folder, clean, part))
        taken = take_in(store, found, now) if now else frozenset()
        late = {one.snapshot_id: one for one in found}
        for one in part:
            new = late.get(one)
            yield one, _new(new, applied=new.portal in taken) if new else None


def _new(late: Latecomer, *, applied: bool) -> Difference:
    draft = late.draft
    changes = (Change("title", None, draft.title), Change("body", None, list(draft.body)))
    reason = f"reextract.was:{late.outcome.value}"
    return Difference(None, late.url, draft.title, Outcome.FETCHED, reason, changes, applied)


def _rows(store: Store, ids: Sequence[int]) -> Iterator[Row[Any]]:
    """Give the newest revision of each article and where its snapshot lies, a part at a time."""
    own = [articles.c[name] for name in ("id", "portal", "sketch", "story_id", "first_seen_at")]
    version = [revisions.c[name] for name in ("number", "run_id", "snapshot_id", "draft")]
    place = [snapshots.c[name] for name in SnapshotRef.__slots__]
    query = _newest(*own, *version, *place)
    for start in range(0, len(ids), PART):
        with store.read() as conn:
            part = conn.execute(query.where(articles.c.id.in_(ids[start : start + PART]))).all()
        yield from part


def _newest(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(articles)
        .join(revisions, NEWEST_REVISION)
        .join(snapshots, snapshots.c.id == revisions.c.snapshot_id)
        .order_by(articles.c.id)
    )


def _difference(
    folder: Path, clean: Clean, row: Row[Any]
) -> tuple[Difference | None, dict[str, Any] | None]:
    """Clean one article's snapshot again; give what is shown of it and the new draft."""
    shown = Difference(row.id, row.draft["url"], row.draft["title"], Outcome.FAILED, "")
    place = SnapshotRef(*(getattr(row, name) for name in SnapshotRef.__slots__))
    try:
        cleaned = clean(read_page(folder, place), row.portal)
    except Missing as error:
        return replace(shown, reason=f"{error.code}: {error}"), None
    shown = replace(shown, outcome=cleaned.outcome, reason=cleaned.reason)
    if cleaned.draft is None:
        return shown, None
    values = archive.lasting(draft_to_json(cleaned.draft), row.draft)
    values |= {name: row.draft[name] for name in KEPT}
    changes = _changes(row.draft, values)
    return (replace(shown, changes=changes), values) if changes else (None, None)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    )


def _apply(
    store: Store, row: Row[Any], difference: Difference, prepared: Prepared, now: datetime
) -> bool:
    """Store the new draft as the next revision; False: another one has come in between."""
    fields = [change.field for change in difference.changes]
    with store.begin() as conn:
        ingest_lock(conn)
        same = select(articles.c.revision).where(articles.c.id == row.id)
        if conn.execute(same).scalar() != row.number:
            return False
        number = row.number + 1
        conn.execute(revisions.insert().values(_revision(row, number, fields, prepared, now)))
        values = article_values(prepared)
        kept = {name: values[name] for name in values if name not in {"counters", "seen_at"}}
        dates = (prepared.draft.published_at, prepared.draft.event_date, row.first_seen_at)
        kept |= {"dated_at": dated_at(*dates), "revision": number}
        conn.execute(update(articles).where(articles.c.id == row.id).values(kept))
        archive.drop_sketch(conn, row.id, row.sketch)
        archive.rewrite(conn, row.id, prepared, kept["dated_at"])
        archive.refresh_stories(conn, [row.story_id], now)
        told = {"article_id": row.id, "revision": number, "changed": fields}
        emit(conn, "article.reextracted", told, now)
        kin = settle_kinds(conn, [row.story_id], [], [row.id])
        emit_all(conn, [one.to_event() for one in kin], now)
    return True


def _revision(
    row: Row[Any], number: int, fields: Sequence[str], prepared: Prepared, now: datetime
) -> dict[str, Any]:
    return {
        "article_id": row.id,
        "number": number,
        "kind": KIND,
        "content_hash": prepared.fingerprint.content_hash,
        "changed": list(fields),
        "run_id": row.run_id,
        "snapshot_id": row.snapshot_id,
        "seen_at": now,
        "draft": prepared.payload,
    }
