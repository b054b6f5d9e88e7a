"""The memory of every URL met, and the one outcome that each has in a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, delete, func, not_, or_, select, update

from pipelines.records import ARTICLE_OUTCOMES, Outcome
from pipelines.store.dialect import chunks, insert, per_dialect
from pipelines.store.positions import position, remember
from pipelines.store.schema import outcomes, pages, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.dialects.sqlite import Insert

FORGOTTEN = "outcomes.forgotten"
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
# They say nothing new of the page: what was known of it stays.
UNASKED = (Outcome.OVER_LIMIT, Outcome.NOT_REACHED)
UNTOUCHED = (Outcome.KNOWN, Outcome.NOT_MODIFIED, *UNASKED)
# A run that stored an article stays the one that stored it, also when it meets the URL again
# after its crawler was killed and started anew.
KEPT = (Outcome.STORED, Outcome.COPY, Outcome.REVISED)

# They may pass by themselves: the page is asked again, with growing pauses, so many times in all.
TRANSIENT = (Outcome.CHALLENGE, Outcome.BLOCKED, Outcome.TIMED_OUT, Outcome.FAILED)
MISSING = (Outcome.GONE, Outcome.SOFT_404)  # where the portal shows it all the same, it may be ill
TRIES = 10
PAUSED = 3  # failures in a row after which an hour passes before the next try

UNREAD_LISTING = "listing"
"""The detail of a listing page that was met and not read: a backfill goes on from there."""
COPY_OF = "a copy of "
"""The detail of an address that shows an article once more, before the article's own address."""
LEADS_TO = "redirects to "
"""The detail of an address that leads to another one, before that."""
_OPEN = pages.c.outcome.in_(UNASKED)


@dataclass(frozen=True, slots=True)
class PageState:
    """What is known of a URL: its last outcome that said something, and its validators.

    ``failures`` counts the runs in a row in which it failed for a cause that may pass, or was
    missing.
    """

    key: str
    url: str
    outcome: Outcome
    detail: str
    etag: str
    last_modified: str
    checked_at: datetime
    document_key: str
    failures: int
    listed_at: datetime | None
    listed_from: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """The end of one URL in a run; ``detail`` is the reason's code with its detail.

    ``listed_at``: the publication time that a door told of it, ``listed_from`` which kind of door.
    """

    key: str
    url: str
    outcome: Outcome
    detail: str = ""
    etag: str = ""
    last_modified: str = ""
    document_key: str = ""
    listed_at: datetime | None = None
    listed_from: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that was met and not asked, and what a door told of it."""

    key: str
    url: str
    listed_at: datetime | None
    listed_from: str


def known_pages(conn: Connection, portal: str, keys: Collection[str]) -> dict[str, PageState]:
    """Give what is known of the portal's pages by key; unknown keys are left out."""
    columns = [pages.c[name] for name in PageState.__slots__]
    found: dict[str, PageState] = {}
    for part in chunks(list(keys)):
        rows = conn.execute(select(*columns).where(pages.c.portal == portal, pages.c.key.in_(part)))
        found.update((row.key, PageState(*row)) for row in rows)
    return found


def unfinished(
    conn: Connection, portal: str, limit: int, *, listings: bool = False
) -> list[Unread]:
    """Give what earlier runs met but did not come to ask, the oldest first.

    Articles, or ``listings``.
    """
    columns = [pages.c[name] for name in Unread.__slots__]
    query = select(*columns).where(*_open(portal, listings=listings))
    rows = conn.execute(query.order_by(pages.c.checked_at).limit(limit))
    return [Unread(*row) for row in rows]


def may_try_again(failures: int, checked_at: datetime, now: datetime) -> bool:
    """Tell whether a page that failed so often in a row is to be asked once more.

    The first two times the next run does, then after an hour, two, four and so on up to a day; what
    has failed TRIES times is left to a person.
    """
    hours = min(2.0 ** (failures - PAUSED), 24.0) if failures >= PAUSED else 0.0
    return failures < TRIES and now - checked_at >= timedelta(hours=hours)


def failed_pages(conn: Connection, portal: str, limit: int, now: datetime) -> list[Unread]:
    """Give what is to be tried again, the longest ago first."""
    names = (*Unread.__slots__, "failures", "checked_at")
    query = select(*(pages.c[name] for name in names)).where(
        pages.c.portal == portal, pages.c.outcome.in_(TRANSIENT), pages.c.failures < TRIES
    )
    rows = conn.execute(query.order_by(pages.c.checked_at).limit(limit))
    return [
        Unread(*row[: len(Unread.__slots__)])
        for row in rows
        if may_try_again(row.failures, row.checked_at, now)
    ]


def failed_before(conn: Connection, portal: str, moment: datetime) -> dict[str, str]:
    """Give key and address of what failed before then, and was not asked since."""
    mine = pages.c.portal == portal, pages.c.outcome.in_(TRANSIENT), pages.c.checked_at < moment
    rows = conn.execute(select(pages.c.key, pages.c.url).where(*mine))
    return {row.key: row.url for row in rows}


def forget(conn: Connection, portal: str, keys: Collection[str]) -> None:
    """Forget that these pages were ever asked."""
    for part in chunks(sorted(keys)):
        conn.execute(delete(pages).where(pages.c.portal == portal, pages.c.key.in_(part)))


def ask_for_copies(conn: Connection, portal: str, urls: Collection[str]) -> None:
    """Let the copies of what stood at these addresses be asked again.

    Where it is gone the article may live on there; where it has other words they may be another's.
    """
    for part in chunks(sorted(urls)):
        conn.execute(
            update(pages)
            .where(
                pages.c.portal == portal,
                pages.c.outcome == Outcome.KNOWN,
                pages.c.detail.in_([COPY_OF + url for url in part]),
            )
            .values(outcome=Outcome.NOT_REACHED, detail="")
        )


def count_unfinished(conn: Connection, portal: str, *, listings: bool = False) -> int:
    """Count what earlier runs met but did not come to ask: articles, or listings."""
    query = select(func.count()).select_from(pages).where(*_open(portal, listings=listings))
    return conn.execute(query).scalar_one()


def _open(portal: str, *, listings: bool) -> tuple[ColumnElement[bool], ...]:
    listing = pages.c.detail == UNREAD_LISTING
    return pages.c.portal == portal, _OPEN, listing if listings else ~listing


def record_outcomes(
    conn: Connection, run_id: int, portal: str, rows: Sequence[OutcomeRow], now: datetime
) -> None:
    """Write what became of URLs: exactly one outcome a (run, key), and the page's memory.

    A later outcome replaces the earlier one of the same run, with two exceptions: "known",
    "not_modified", "over_limit" and "not_reached" replace nothing that says more, and an article
    outcome stays.
    """
    # In one order everywhere: two transactions that write the same rows must not cross.
    latest = {row.key: row for row in sorted(rows, key=lambda row: row.key)}
    if not latest:
        return
    conn.execute(
        _upsert_outcome(conn),
        [
            {"run_id": run_id, "key": row.key, "url": row.url, "outcome": row.outcome}
            | {"detail": row.detail, "at": now}
            for row in latest.values()
        ],
    )
    conn.execute(
        _upsert_page(conn),
        [
            {"portal": portal, "key": row.key, "url": row.url, "outcome": row.outcome}
            | {"detail": row.detail, "etag": row.etag, "last_modified": row.last_modified}
            | {"document_key": row.document_key, "checked_at": now}
            | {"failures": int(row.outcome in TRANSIENT + MISSING)}
            | {"listed_at": row.listed_at, "listed_from": row.listed_from}
            for row in latest.values()
        ],
    )


def forget_met(conn: Connection, before: datetime, limit: int = 500) -> int:
    """Delete what runs that ended before then met beside articles; give how many runs that were.

    A visit meets the same hundred addresses again and again, and ``pages`` knows what they were
    last. What a run made of articles stays, and all of a backfill, whose walk may go on. Runs go in
    the order in which they ended, a short one before a long one that began earlier.
    """
    ended, since = runs.c.finished_at, _EPOCH + _TICK * (position(conn, FORGOTTEN) or 0)
    old = select(ended).where(ended > since, ended < before).order_by(ended).limit(limit)
    moments = conn.execute(old).scalars().all()
    if moments:
        visits = select(runs.c.id).where(ended > since, ended <= moments[-1])
        visits = visits.where(runs.c.kind != "backfill")
        others = outcomes.c.outcome.not_in(tuple(ARTICLE_OUTCOMES))
        conn.execute(delete(outcomes).where(outcomes.c.run_id.in_(visits), others))
        remember(conn, FORGOTTEN, (moments[-1] - _EPOCH) // _TICK)
    return len(moments)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a delivered draft."""

    run_id: int
    portal: str
    key: str
    url: str
    outcome: Outcome
    detail: str
    article_id: int
    document_key: str


def settle(conn: Connection, rows: Sequence[Settled], now: datetime) -> None:
    """Turn "fetched" into what ingest has found; the pages keep their validators.

    What cleaning had to say of a page stays: that a selector of its family found nothing.
    """
    if not rows:
        return
    in_order = sorted(rows, key=lambda row: (row.run_id, row.key))
    names = ("run_id", "key", "url", "outcome", "detail", "article_id")
    ends = [{name: getattr(row, name) for name in names} | {"at": now} for row in in_order]
    conn.execute(_settle_outcome(conn), ends)
    in_order = sorted(rows, key=lambda row: (row.portal, row.key))  # as record_outcomes
    names = ("portal", "key", "url", "outcome", "detail", "document_key")
    met = [{name: getattr(row, name) for name in names} | {"checked_at": now} for row in in_order]
    conn.execute(_settle_page(conn), met)


@per_dialect
def _settle_outcome(conn: Connection) -> Insert:
    statement = insert(conn, outcomes)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["run_id", "key"],
        set_={name: new[name] for name in ("outcome", "article_id", "at")}
        | {"detail": _telling(outcomes.c.detail, new.detail)},
        where=replaces(new.outcome, outcomes.c.outcome),
    )


def _telling(noted: ColumnElement[str], new: ColumnElement[str]) -> ColumnElement[str]:
    return case((noted.startswith("clean."), noted), else_=new)


@per_dialect
def _settle_page(conn: Connection) -> Insert:
    statement = insert(conn, pages)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["portal", "key"],
        set_={name: new[name] for name in ("outcome", "document_key")}
        | {"detail": _telling(pages.c.detail, new.detail)},
    )


@per_dialect
def _upsert_outcome(conn: Connection) -> Insert:
    statement = insert(conn, outcomes)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["run_id", "key"],
        set_={name: new[name] for name in ("url", "outcome", "detail", "at")},
        where=replaces(new.outcome, outcomes.c.outcome),
    )


def replaces(new: ColumnElement[Outcome], old: ColumnElement[Outcome]) -> ColumnElement[bool]:
    """Say in SQL whether a later outcome of the same URL in a run takes the earlier one's place."""
    says_more = or_(not_(_one_of(new, UNTOUCHED)), _one_of(old, UNTOUCHED))
    return and_(says_more, or_(not_(_one_of(old, KEPT)), _one_of(new, KEPT)))


def _one_of(column: ColumnElement[Outcome], wanted: Sequence[Outcome]) -> ColumnElement[bool]:
    """Spell IN as comparisons: SQLAlchemy allows no IN where many rows are written at once."""
    return or_(*(column == outcome for outcome in wanted))


@per_dialect
def _upsert_page(conn: Connection) -> Insert:
    statement = insert(conn, pages)
    new = statement.excluded
    # what was asked and shows a known article, or leads there, is settled, unless it holds its own
    asked = or_(*(new.detail.startswith(start) for start in (COPY_OF, LEADS_TO)))
    own = _one_of(pages.c.outcome, (Outcome.FETCHED, Outcome.DEAD_LETTER, *ARTICLE_OUTCOMES))
    led = and_(
        new.outcome == Outcome.KNOWN,
        or_(_one_of(pages.c.outcome, UNASKED), and_(asked, not_(own))),
    )
    told = or_(not_(_one_of(new.outcome, UNTOUCHED)), led)
    names = ("url", "outcome", "detail", "etag", "last_modified")
    values = {name: case((told, new[name]), else_=pages.c[name]) for name in names}
    values["document_key"] = case(
        (new.document_key != "", new.document_key), else_=pages.c.document_key
    )
    counted = case((_one_of(new.outcome, TRANSIENT + MISSING), pages.c.failures + 1), else_=0)
    values["failures"] = case((told, counted), else_=pages.c.failures)
    listed = new.listed_at.is_not(None)
    for name in ("listed_at", "listed_from"):
        values[name] = case((listed, new[name]), else_=pages.c[name])
    checked = not_(_one_of(new.outcome, (Outcome.KNOWN, *UNASKED)))
    values["checked_at"] = case((checked, new.checked_at), else_=pages.c.checked_at)
    return statement.on_conflict_do_update(index_elements=["portal", "key"], set_=values)
