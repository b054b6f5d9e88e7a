"""Write what a run met into the store: drafts with their snapshots, and one outcome a URL."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from pipelines.records import Outcome
from pipelines.store.health import wants_others
from pipelines.store.inbox import Delivery, deliver_all
from pipelines.store.lookups import attachments_of, published_days, same_text
from pipelines.store.pages import (
    OutcomeRow,
    ask_for_copies,
    failed_pages,
    known_pages,
    record_outcomes,
    unfinished,
)
from pipelines.store.rechecks import due_rechecks, mark_gone, newest_articles, titles_of
from pipelines.store.runs import note_progress
from pipelines.store.snapshots import SnapshotWriter, record_snapshots

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from crawler.doorbell import Doorbell
    from crawler.walk.doors import Entry
    from pipelines.health.facts import RunFacts
    from pipelines.health.finding import Bounds
    from pipelines.records import Draft, Page
    from pipelines.store.engine import Store
    from pipelines.store.lookups import Shown
    from pipelines.store.pages import PageState, Unread
    from pipelines.store.snapshots import SnapshotRef

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

# Half of the systems answer 200 for what they have no more, or lead to their front page.
TAKEN_DOWN = frozenset({Outcome.GONE, Outcome.SOFT_404})
FLUSH_ROWS = 25
READ_PATIENCE = 10.0  # seconds: shorter than a lease, so that the run stays ours
CROWDED_ROWS = 10_000  # a door may name thousands of addresses at once
LEFT_OVER = 5_000  # a run of earlier leftovers is long enough
RECHECKS = 50  # a run: the rest is due in the next
MOST_RETITLED = 500  # drafts that are held in memory to a run's end: some 10 MB


@dataclass(frozen=True, slots=True)
class Note:
    """One outcome that is not yet committed, with the snapshot and the draft of its page.

    ``title`` is the one that the archive has of an article that is read again.
    """

    row: OutcomeRow
    snapshot: SnapshotRef | None = None
    draft: Draft | None = None
    trace: str = ""
    title: str = ""

    @property
    def retitled(self) -> bool:
        """Tell whether the page now has another title than the archive."""
        return self.draft is not None and self.title not in {"", self.draft.title}

    def with_old_title(self) -> Note:
        """Give the note with the title that the archive has."""
        assert self.draft is not None
        return replace(self, draft=replace(self.draft, title=self.title))


class Recorder:
    """Collects outcomes and commits them in batches: drafts, snapshots and outcomes together.

    A crash between two commits loses only pages that no outcome speaks of; the next run asks for
    them again. Validators of doors (ETag, Last-Modified) are written at the very end, so that a
    run cut short is not answered with "304 Not Modified" afterwards. What an ``ill`` portal has no
    more it has not taken down.
    """

    def __init__(
        self,
        store: Store,
        run_id: int,
        portal: str,
        *,
        folder: Path,
        doorbell: Doorbell,
        clock: Callable[[], datetime],
        ill: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._run_id = run_id
        self._portal = portal
        self._snapshots = SnapshotWriter(folder, portal, run_id)
        self._doorbell = doorbell
        self._clock = clock
        self._ill = ill
        self._waiting: list[Note] = []
        self._doors: list[OutcomeRow] = []
        self._retitled: list[Note] = []
        self._lock = asyncio.Lock()
        self._progressed = False

    def recall(self, keys: Sequence[str]) -> Mapping[str, PageState]:
        """Give what earlier runs remember of ``keys``."""
        return self._ask(lambda conn: known_pages(conn, self._portal, keys))

    def left_over(self, most: int) -> list[Unread]:
        """Give what earlier runs met but did not come to ask."""
        limit = min(most, LEFT_OVER)
        return self._ask(lambda conn: unfinished(conn, self._portal, limit))

    def failed(self, most: int) -> list[Unread]:
        """Give what failed in earlier runs and is to be tried again."""
        now, limit = self._clock(), min(most, LEFT_OVER)
        return self._ask(lambda conn: failed_pages(conn, self._portal, limit, now))

    def open_listings(self, most: int) -> list[Unread]:
        """Give the listing pages that earlier runs met and did not read."""
        return self._ask(lambda conn: unfinished(conn, self._portal, most, listings=True))

    def files_of(self, key: str) -> set[str]:
        """Give the addresses of a stored article's files that were asked for."""
        return self._ask(lambda conn: attachments_of(conn, self._portal, key))

    def same_text(self, digest: str) -> list[Shown]:
        """Give the stored articles with this content hash that the portal still has."""
        return self._ask(lambda conn: same_text(conn, self._portal, digest))

    def days_of(self, keys: Collection[str]) -> dict[str, date]:
        """Give the days on which stored articles were published, by key."""
        return self._ask(lambda conn: published_days(conn, self._portal, keys))

    def due_rechecks(self, days: Sequence[int]) -> dict[str, str]:
        """Give key and address of articles that are to be read again at these ages."""
        now = self._clock()
        return self._ask(lambda conn: due_rechecks(conn, self._portal, days, now, RECHECKS))

    def newest(self, most: int) -> dict[str, str]:
        """Give key and address of the newest articles of the archive."""
        return self._ask(lambda conn: newest_articles(conn, self._portal, most))

    def titles(self, keys: Collection[str]) -> dict[str, str]:
        """Give the titles of stored articles, by key."""
        return self._ask(lambda conn: titles_of(conn, self._portal, keys))

    def wants_others(self, facts: RunFacts, bounds: Bounds) -> bool:
        """Tell whether articles of the archive are to be looked at beside what the run read."""
        return self._ask(lambda conn: wants_others(conn, self._portal, facts, bounds))

    def _ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Ask the store, again and again where it is being restarted.

        This holds the event loop: only what was on its way when the store went away comes here,
        all else waits for room.
        """
        limit = time.monotonic() + READ_PATIENCE
        while True:
            try:
                with self._store.read() as conn:
                    return question(conn)
            except OperationalError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.1)

    def outcome(
        self, key: str, url: str, outcome: Outcome, detail: str = "", told: Entry | None = None
    ) -> None:
        """Note the outcome of an address that brought no draft, and what a door ``told`` of it."""
        row = OutcomeRow(key, url, outcome, detail)
        if told and told.published_at:
            row = replace(row, listed_at=told.published_at, listed_from=told.door)
        self._waiting.append(Note(row))

    def page(
        self,
        key: str,
        page: Page,
        outcome: Outcome,
        detail: str = "",
        draft: Draft | None = None,
        title: str = "",
    ) -> None:
        """Note a fetched page: its bytes become a snapshot, its draft an inbox row.

        Where the archive has another ``title``, it waits for what the run's end says of it; where
        too many wait, the archive's stays for this time.
        """
        row = OutcomeRow(key, page.url, outcome, detail)
        if page.listed_at:
            row = replace(row, listed_at=page.listed_at, listed_from=page.listed_from)
        note = Note(row, self._snapshots.append(page), draft, page.trace, title)
        if note.retitled and len(self._retitled) >= MOST_RETITLED:
            note = note.with_old_title()
        (self._retitled if note.retitled else self._waiting).append(note)

    def settle_titles(self, repeated: Collection[str]) -> None:
        """Let the pages with other titles go on; those at ``repeated`` addresses keep the old ones.

        A title that is also another page's or the section's is the portal's fault, no correction.
        """
        settled, self._retitled = self._retitled, []
        self._waiting += [
            note.with_old_title() if note.row.url in repeated else note for note in settled
        ]

    def door(self, row: OutcomeRow) -> None:
        """Note a door that was read; its validators count only once the run has ended well."""
        self._waiting.append(Note(replace(row, etag="", last_modified="")))
        if row.etag or row.last_modified:
            self._doors.append(row)

    @property
    def full(self) -> bool:
        """Tell whether enough waits for a commit."""
        return len(self._waiting) >= FLUSH_ROWS

    @property
    def crowded(self) -> bool:
        """Tell whether so much waits that the store must be away or full."""
        return len(self._waiting) >= CROWDED_ROWS

    async def flush(self) -> None:
        """Commit what waits and ring for it, while the event loop stays free.

        Where the store does not answer, the notes wait for the next flush.
        """
        try:
            await self._flush()
        except SQLAlchemyError as error:
            logger.warning("the store takes nothing at present: %s", error)

    async def _flush(self) -> None:
        async with self._lock:
            # Taken in the loop's own thread: a note added while another takes them would be lost.
            if waiting := self._take():
                try:
                    await asyncio.to_thread(self.write, waiting)
                except SQLAlchemyError:
                    self._waiting[:0] = waiting
                    raise

    def commit(self) -> None:
        """Commit what waits, then ring for the new drafts."""
        self.write(self._take())

    def write(self, notes: Sequence[Note]) -> None:
        """Commit these notes, then ring for their drafts."""
        self._doorbell.ring(self._write(notes))

    def _take(self) -> list[Note]:
        waiting, self._waiting = self._waiting, []
        return waiting

    async def close(self, *, complete: bool) -> None:
        """Commit the rest; ``complete`` runs also keep the validators of their doors.

        Raise SQLAlchemyError when the store still does not answer: the run has not ended then.
        """
        if complete:
            self._waiting.extend(Note(row) for row in self._doors)
        await self._flush()
        self.release()

    def release(self) -> None:
        """Close the snapshot file."""
        self._snapshots.close()

    def _write(self, waiting: Sequence[Note]) -> list[int]:
        now = self._clock()
        run_id, portal = self._run_id, self._portal
        last = {note.row.key: note.row for note in waiting}
        kept = [(note, note.snapshot) for note in waiting if note.snapshot is not None]
        missing = [row.key for row in last.values() if row.outcome in TAKEN_DOWN]
        gone = [] if self._ill() else missing
        with self._store.begin() as conn:
            mark_gone(conn, portal, gone, now)  # first: it may wait for an ingest's lock
            snapshots = record_snapshots(conn, [ref for _, ref in kept], run_id, portal, now)
            drafts = [
                Delivery(note.row.key, note.draft, snapshot, note.trace)
                for (note, _), snapshot in zip(kept, snapshots, strict=True)
                if note.draft
            ]
            ids = deliver_all(conn, run_id, portal, drafts, now)
            if ids and not self._progressed:
                note_progress(conn, run_id)
            record_outcomes(conn, run_id, portal, list(last.values()), now)
            ask_for_copies(conn, portal, [last[key].url for key in gone])
        for row in last.values():
            facts = {"url": row.url, "outcome": row.outcome.value, "code": row.detail}
            logger.info("%s %s", row.outcome, row.url, extra=facts)
        self._progressed |= bool(ids)
        return ids
