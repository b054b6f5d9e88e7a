"""How every portal stands, and the facts of its runs from which that is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from pipelines.health.facts import RunFacts
from pipelines.health.verdict import Finding, Past, judge
from pipelines.store.dialect import insert
from pipelines.store.outbox import emit
from pipelines.store.schema import portal_health, run_facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from pipelines.health.verdict import Bounds

TELLING, SILENT = 100, 20  # runs with article pages, and without, from which is learned
WELL = "well"
LEVELS = ("broken", "degraded", "late")


@dataclass(frozen=True, slots=True)
class Health:
    """How a portal stands by its runs: "well", "late", "degraded" or "broken", since when, why."""

    portal: str
    state: str
    since: datetime
    run_id: int
    findings: tuple[Finding, ...]

    @property
    def reason(self) -> str:
        """Give the gravest finding as a sentence, and how many more there are."""
        if not self.findings:
            return ""
        more = len(self.findings) - 1
        return self.findings[0].text + (f"; and {more} more" if more else "")


def note_run(
    conn: Connection, run_id: int, portal: str, facts: RunFacts, bounds: Bounds, now: datetime
) -> Health:
    """Keep a run's facts, judge them, and tell of what has changed in the caller's transaction.

    Each new finding is an event ``portal.degraded``; ``portal.recovered`` comes when none is left.
    """
    before = health_of(conn).get(portal)
    known = before.findings if before else ()
    verdict = judge(facts, past_runs(conn, portal), bounds, frozenset(one.code for one in known))
    open_ = [*verdict.findings, *(one for one in known if one.code in verdict.unknown)]
    open_.sort(key=lambda one: (LEVELS.index(one.level), -one.share))
    state = open_[0].level if open_ else WELL
    since = before.since if before and before.state == state else now
    after = Health(portal, state, since, run_id, tuple(open_))
    _write(conn, after, now)
    _keep(conn, run_id, portal, facts, [one.code for one in verdict.findings])
    old = {one.code for one in known}
    for one in open_:
        if one.code not in old:
            told = one.to_json() | {"examples": list(one.examples), "reason": one.text}
            emit(conn, "portal.degraded", {"portal": portal, "run_id": run_id} | told, now)
    if before and known and not open_:
        was = {"was": before.state, "since": before.since.isoformat(), "codes": sorted(old)}
        emit(conn, "portal.recovered", {"portal": portal, "run_id": run_id} | was, now)
    return after


def health_of(conn: Connection) -> Mapping[str, Health]:
    """Give how every judged portal stands, by its id."""
    table = portal_health
    names = ("portal", "state", "since", "run_id", "findings")
    rows = conn.execute(select(*(table.c[name] for name in names)).order_by(table.c.portal))
    return {
        portal: Health(portal, state, since, run_id, tuple(map(Finding.from_json, findings)))
        for portal, state, since, run_id, findings in rows
    }


def past_runs(conn: Connection, portal: str) -> list[Past]:
    """Give the facts of the portal's latest runs, the newest first."""
    table = run_facts
    query = select(table.c.facts, table.c.alarms).where(table.c.portal == portal)
    rows = conn.execute(query.order_by(table.c.run_id.desc()))
    return [Past(RunFacts.from_json(row.facts), frozenset(row.alarms)) for row in rows]


def _write(conn: Connection, health: Health, now: datetime) -> None:
    values: dict[str, Any] = {"portal": health.portal, "state": health.state, "at": now}
    values |= {"since": health.since, "run_id": health.run_id}
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
