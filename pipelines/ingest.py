"""Turn waiting drafts into articles: each exactly once, however often and by whomever it is tried.

A batch is claimed in a transaction of its own, prepared and placed without a lock, and written in
one transaction that ends with its rows gone from the inbox. Where the archive has changed in the
meantime, that transaction places the batch anew. A process that dies in between leaves the rows
there; when their lease has expired, the next one takes them.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from pipelines.arrival import Arrival, Prepared, sketched
from pipelines.errors import GomtinError, Reject
from pipelines.ingest_trace import BatchTrace
from pipelines.origin import named_origin
from pipelines.placing import place, waves
from pipelines.records import Outcome
from pipelines.store import archive, lookups
from pipelines.store.engine import ingest_lock
from pipelines.store.inbox import claim, remove_rows, strike
from pipelines.store.models import models_in_use
from pipelines.store.outbox import last_article_event
from pipelines.store.portals import known_portals

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from pipelines.classify.models import Models
    from pipelines.dedupe.sketch import Fingerprint
    from pipelines.dedupe.verify import Text
    from pipelines.placing import Placed
    from pipelines.records import Draft
    from pipelines.store.engine import Store
    from pipelines.store.inbox import InboxRow
    from pipelines.store.lookups import Known
    from pipelines.store.portals import StoredPortal


T = TypeVar("T")

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Failure:
    """A draft that broke something; ``buried``: it is a dead letter now, else it is tried again."""

    inbox_id: int
    key: str
    code: str
    message: str
    buried: bool


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of a batch: articles by outcome, and what failed."""

    counts: Mapping[Outcome, int]
    failed: tuple[Failure, ...]


def ingest(
    store: Store, ids: Sequence[int], *, now: datetime, lease_seconds: float, max_attempts: int
) -> IngestReport:
    """Store the waiting drafts of ``ids``; those that are gone or leased to others are passed over.

    A draft that raises is rolled back with its batch, whose drafts are then stored one by one; it
    goes back to the inbox, and at its ``max_attempts``-th failure becomes a dead letter. A store
    that cannot be reached is nobody's fault: the error is raised, and the lease brings the drafts
    back.
    """
    with store.begin() as conn:
        rows = claim(conn, ids, now, lease_seconds)
        portals = known_portals(conn)
        models = models_in_use(conn)
    trace = BatchTrace(rows)
    arrivals, broken = _prepare(rows, portals, models, trace)
    placed: list[Placed] = []
    try:
        placed = _store(store, arrivals, now, trace)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - one draft must not stop the others
        if len(arrivals) == 1:
            broken[arrivals[0].row] = error
        else:
            placed = _one_by_one(store, arrivals, now, broken, trace)
    failed = [_fail(store, row, error, now, max_attempts) for row, error in broken.items()]
    _log(placed, failed, rows)
    trace.end(placed, broken)
    counts = Counter(one.outcome for one in placed)
    counts.update(Outcome.DEAD_LETTER for one in failed if one.buried)
    return IngestReport(dict(counts), tuple(failed))


def _log(placed: Sequence[Placed], failed: Sequence[Failure], rows: Sequence[InboxRow]) -> None:
    """Log what became of each draft."""
    for one in placed:
        row, url = one.arrival.row, one.prepared.draft.url
        facts = {"portal": row.portal, "run": row.run_id, "url": url, "outcome": one.outcome.value}
        log.info("%s %s", one.outcome, url, extra=facts)
    by_id = {row.id: row for row in rows}
    for failure in failed:
        row = by_id[failure.inbox_id]
        facts = {"portal": row.portal, "run": row.run_id, "url": row.key, "code": failure.code}
        facts["outcome"] = Outcome.DEAD_LETTER.value if failure.buried else Outcome.FETCHED.value
        log.warning("%s is not stored: %s", row.key, failure.message, extra=facts)


def _prepare(
    rows: Sequence[InboxRow],
    portals: Mapping[str, StoredPortal],
    models: Models,
    trace: BatchTrace,
) -> tuple[list[Arrival], dict[InboxRow, Exception]]:
    broken: dict[InboxRow, Exception] = {}

    def arrive(row: InboxRow) -> Arrival:
        draft, own = read[row]
        with trace.step("classify", [row]):
            prepared = Prepared.of(draft, portals[row.portal].unit, models, own)
            origin = named_origin(draft, portals.values())
        return Arrival(row, prepared, origin, trace.context(row))

    # all sketches first: what one has looked up the next one finds in the processor's cache
    read = _each(rows, _sketched, broken)
    return [*_each(read, arrive, broken).values()], broken


def _sketched(row: InboxRow) -> tuple[Draft, Fingerprint]:
    draft = row.draft
    return draft, sketched(draft)


def _each(
    rows: Iterable[InboxRow], work: Callable[[InboxRow], T], broken: dict[InboxRow, Exception]
) -> dict[InboxRow, T]:
    """Do one piece of work for every draft; those that it breaks on come into ``broken``."""
    done: dict[InboxRow, T] = {}
    for row in rows:
        try:
            done[row] = work(row)
        except Exception as error:  # noqa: BLE001 - one draft must not stop the others
            broken[row] = error
    return done


def _store(
    store: Store, arrivals: Sequence[Arrival], now: datetime, trace: BatchTrace
) -> list[Placed]:
    """Place and write a batch; rows that another process stored are left out."""
    if not arrivals:
        return []
    rows = [arrival.row for arrival in arrivals]
    with trace.step("dedupe", rows):
        foreseen = _foresee(store, waves(arrivals)[0])
    with trace.step("store", rows):
        return _write(store, arrivals, foreseen, now)


def _write(
    store: Store, arrivals: Sequence[Arrival], foreseen: _Foreseen, now: datetime
) -> list[Placed]:
    """Write a batch in one transaction, the only one of its kind at a time."""
    written: list[Placed] = []
    with store.begin() as conn:
        ingest_lock(conn)
        mine = remove_rows(conn, [arrival.row.id for arrival in arrivals])
        for wave in waves([arrival for arrival in arrivals if arrival.row.id in mine]):
            written += archive.write(conn, _place(conn, wave, foreseen), now)
    return written


@dataclass(frozen=True, slots=True)
class _Foreseen:
    """What a wave is to the archive as it stood when ``newest`` was its last article's event."""

    wave: Sequence[Arrival]
    newest: int
    known: Sequence[Known]
    placed: Sequence[Placed]


def _foresee(store: Store, wave: Sequence[Arrival]) -> _Foreseen:
    """Place a wave before the lock: asking and comparing take longer than writing."""
    with store.read() as conn:
        newest, known = last_article_event(conn), _known(conn, wave)
        return _Foreseen(wave, newest, known, place(wave, known, _Archive(conn)))


def _place(conn: Connection, wave: Sequence[Arrival], foreseen: _Foreseen) -> Sequence[Placed]:
    """Give what was foreseen where nothing was written since; else place the wave now.

    A new or changed text is an event: without one, new documents stay new. An article that was only
    met again is no event, but shows in what is known of it. Other events tell nothing: one may be
    there already whose number is higher than those of an article that is still being written.
    """
    as_foreseen = (wave, last_article_event(conn)) == (foreseen.wave, foreseen.newest)
    if as_foreseen and not foreseen.known:
        return foreseen.placed
    known = _known(conn, wave)
    if as_foreseen and known == foreseen.known:
        return foreseen.placed
    return place(wave, known, _Archive(conn))


def _known(conn: Connection, wave: Sequence[Arrival]) -> Sequence[Known]:
    """Give the stored articles that share a document key or address with an arrival."""
    wanted = {(*arrival.document, arrival.address[1]) for arrival in wave}
    return lookups.known_articles(conn, wanted)


def _one_by_one(
    store: Store,
    arrivals: Sequence[Arrival],
    now: datetime,
    broken: dict[InboxRow, Exception],
    trace: BatchTrace,
) -> list[Placed]:
    placed: list[Placed] = []
    for arrival in arrivals:
        try:
            placed += _store(store, [arrival], now, trace)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - one draft must not stop the others
            broken[arrival.row] = error
    return placed


def _fail(
    store: Store, row: InboxRow, error: Exception, now: datetime, max_attempts: int
) -> Failure:
    """Give a broken draft back for another attempt, or bury it after its last one."""
    code = error.code if isinstance(error, GomtinError) else "ingest.failed"
    said = str(error).partition("\n")[0]
    message = f"{type(error).__name__}: {said[:LONGEST_MESSAGE]}"
    strikes = 1 if isinstance(error, Reject) else max_attempts
    with store.begin() as conn:
        buried = strike(conn, row.id, code, message, now, strikes)
    return Failure(row.id, row.key, code, message, buried)


class _Archive:
    """What placing asks, answered from one connection."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def by_hash(self, hashes: Collection[str]) -> Mapping[str, Sequence[tuple[int, int]]]:
        """Give (article id, story id) by content hash, oldest first."""
        return lookups.articles_by_hash(self.conn, hashes)

    def hits(self, asked: Sequence[tuple[Sequence[int], int]]) -> Sequence[Mapping[int, int]]:
        """Give for every (hashes, least) how many of them are in common, by article."""
        return lookups.sketch_hits(self.conn, asked)

    def texts(self, ids: Collection[int]) -> Mapping[int, Text]:
        """Give the words of stored articles."""
        return lookups.texts_of(self.conn, ids)

    def stories(self, ids: Collection[int]) -> Mapping[int, int]:
        """Give the story of stored articles."""
        return lookups.stories_of(self.conn, ids)
