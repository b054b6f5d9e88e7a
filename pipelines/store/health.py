"""How every portal stands, and the facts of its runs from which that is judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import delete, func, select

from pipelines.codec import VIETNAM
from pipelines.health.doubt import in_doubt
from pipelines.health.facts import RunFacts
from pipelines.health.finding import Bounds, Finding, Past
from pipelines.health.pace import (
    LEAST_QUIET,
    REMEMBERED,
    WATCHED_DAYS,
    Pace,
    Published,
    pace_findings,
)
from pipelines.health.verdict import judge
from pipelines.health.watched import rank_of
from pipelines.store.dialect import insert, is_sqlite
from pipelines.store.outbox import emit
from pipelines.store.schema import articles, portal_health, portals, run_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Column, Connection, Row

TELLING, SILENT = 100, 20  # runs with article pages, and without, from which is learned
WEEK = timedelta(days=7)
WELL = "well"
LEVELS = ("broken", "degraded", "late")


@dataclass(frozen=True, slots=True)
class Health:
    """How a portal stands by its runs: "well", "late", "degraded" or "broken", since when, why.

    ``run_id`` is the last run that was judged, which brought ``new`` articles.
    """

    portal: str
    state: str
    since: datetime
    run_id: int
    new: int
    findings: tuple[Finding, ...]


class Expected(Bounds, Pace, Protocol):
    """All that a portal's file says of a healthy run."""


def note_run(
    conn: Connection, run_id: int, portal: str, facts: RunFacts, bounds: Expected, now: datetime
) -> Health:
    """Keep a run's facts, judge them, and tell of what has changed in the caller's transaction.

    Each new finding is an event ``portal.degraded``; ``portal.recovered`` comes when none is left.
    """
    before = _locked(conn, portal)
    known = before.findings if before else ()
    past = past_runs(conn, portal)
    verdict = judge(facts, past, bounds, frozenset(one.code for one in known))
    found = [*verdict.findings]
    if _watched(facts, past) and _known_since(conn, portal) <= now - WEEK:
        today = now.astimezone(VIETNAM).date()
        paces = pace_findings(_published(conn, portal, now), bounds, today)
        found += [one for one in paces if one.code not in bounds.accepted]
    _keep(conn, run_id, portal, facts, [one.code for one in verdict.findings])
    open_ = [*found, *(one for one in known if one.code in verdict.unknown)]
    return _change(conn, before, Health(portal, "", now, run_id, facts.new, tuple(open_)), now)


def wants_others(conn: Connection, portal: str, facts: RunFacts, bounds: Bounds) -> bool:
    """Tell whether a run should look at articles of the archive to know how its portal stands."""
    known = health_of(conn).get(portal)
    codes = frozenset(one.code for one in known.findings) if known else frozenset()
    return in_doubt(facts, past_runs(conn, portal), bounds, codes)


def note_missed(
    conn: Connection, portal: str, run_id: int, finding: Finding, now: datetime
) -> None:
    """Open a finding of a portal that was not run, and tell of it once."""
    before = _locked(conn, portal)
    known = before.findings if before else ()
    if finding.code not in {one.code for one in known}:
        new = before.new if before else 0
        _change(conn, before, Health(portal, "", now, run_id, new, (*known, finding)), now)


def _change(conn: Connection, before: Health | None, after: Health, now: datetime) -> Health:
    """Write how a portal stands now, and tell of what is new and of the end of all."""
    open_ = sorted(
        after.findings, key=lambda one: (LEVELS.index(one.level), rank_of(one.code), -one.share)
    )
    state = open_[0].level if open_ else WELL
    since = before.since if before and before.state == state else now
    after = replace(after, state=state, since=since, findings=tuple(open_))
    _write(conn, after, now)
    where = {"portal": after.portal, "run_id": after.run_id}
    old = {one.code for one in before.findings} if before else set()
    for one in open_:
        if one.code not in old:
            told = one.to_json() | {"examples": list(one.examples), "reason": one.text}
            emit(conn, "portal.degraded", where | told, now)
    if before and old and not open_:
        was = {"was": before.state, "since": before.since.isoformat(), "codes": sorted(old)}
        emit(conn, "portal.recovered", where | was, now)
    return after


def _watched(facts: RunFacts, past: Sequence[Past]) -> bool:
    """Tell whether the portal's pace can be judged: it published while it was being read."""
    reads = facts.settled and not facts.whole and not facts.trouble[0]
    return reads and any(run.facts.new and not run.facts.whole for run in past)


def _known_since(conn: Connection, portal: str) -> datetime:
    since = select(portals.c.first_seen_at).where(portals.c.id == portal)
    known: datetime = conn.execute(since).scalar_one()
    return known


def _published(conn: Connection, portal: str, now: datetime) -> Published:
    days = _days(conn, portal, now)
    if not days:
        return Published((), 0)
    first = max(days[-1], days[0] - timedelta(days=WATCHED_DAYS))
    watched = _count_since(conn, portal, _midnight(first)) / ((days[0] - first).days + 1)
    return Published(days, _count_since(conn, portal, now - WEEK), watched)


def _days(conn: Connection, portal: str, now: datetime) -> list[date]:
    """Give the days with articles, the newest first: no others where that is no silence yet.

    A newspaper has tens of thousands of articles a year: each day is asked for by the index.
    """
    days: list[date] = []
    newest = select(func.max(articles.c.dated_at)).where(articles.c.portal == portal)
    before = newest
    while latest := conn.execute(before).scalar():
        days.append(latest.astimezone(VIETNAM).date())
        quiet = (now.astimezone(VIETNAM).date() - days[0]).days
        if quiet <= LEAST_QUIET or (days[0] - days[-1]).days > REMEMBERED:
            break
        before = newest.where(articles.c.dated_at < _midnight(days[-1]))
    return days


def _count_since(conn: Connection, portal: str, moment: datetime) -> int:
    mine = articles.c.portal == portal, articles.c.dated_at >= moment
    return int(conn.execute(select(func.count()).where(*mine)).scalar_one())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def health_of(conn: Connection) -> Mapping[str, Health]:
    """Give how every judged portal stands, by its id."""
    rows = conn.execute(select(*_columns()).order_by(portal_health.c.portal))
    return {row.portal: _health(row) for row in rows}


def _locked(conn: Connection, portal: str) -> Health | None:
    """Give how a portal stands; nobody else changes it in this transaction."""
    query = select(*_columns()).where(portal_health.c.portal == portal)
    if not is_sqlite(conn):
        query = query.with_for_update()
    row = conn.execute(query).one_or_none()
    return None if row is None else _health(row)


def _columns() -> list[Column[Any]]:
    return [portal_health.c[name] for name in Health.__slots__]


def _health(row: Row[Any]) -> Health:
    findings = tuple(map(Finding.from_json, row.findings))
    return Health(row.portal, row.state, row.since, row.run_id, row.new, findings)


def past_runs(conn: Connection, portal: str) -> list[Past]:
    """Give the facts of the portal's latest runs, the newest first."""
    table = run_facts
    query = select(table.c.facts, table.c.alarms).where(table.c.portal == portal)
    rows = conn.execute(query.order_by(table.c.run_id.desc()))
    return [Past(RunFacts.from_json(row.facts), frozenset(row.alarms)) for row in rows]


def _write(conn: Connection, health: Health, now: datetime) -> None:
    values: dict[str, Any] = {"portal": health.portal, "state": health.state, "at": now}
    values |= {"since": health.since, "run_id": health.run_id, "new": health.new}
    values["findings"] = [one.to_json() for one in health.findings]
    statement = insert(conn, portal_health).values(values)
    conn.execute(statement.on_conflict_do_update(index_elements=["portal"], set_=values))


def _keep(conn: Connection, run_id: int, portal: str, facts: RunFacts, alarms: list[str]) -> None:
    """Keep the facts with as many earlier ones as are learned from."""
    table = run_facts
    telling = facts.new > 0 or facts.whole
    values = {"run_id": run_id, "portal": portal, "telling": telling}
    values |= {"facts": facts.to_json(), "alarms": alarms}
    statement = insert(conn, table).values(values)
    conn.execute(statement.on_conflict_do_update(index_elements=["run_id"], set_=values))
    for kind, most in ((True, TELLING), (False, SILENT)):
        same = (table.c.portal == portal) & (table.c.telling == kind)
        kept = select(table.c.run_id).where(same).order_by(table.c.run_id.desc()).limit(most)
        conn.execute(delete(table).where(same, table.c.run_id.not_in(kept)))
