"""Say of a portal in one word and one sentence how it stands at this moment.

Not run, ran and found nothing new, ran and should have found something: three different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.codec import VIETNAM
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.health.finding import Finding
    from pipelines.store.runs import Run

FRESH, LATE, DEGRADED, BROKEN, PAUSED = "fresh", "late", "degraded", "broken", "paused"
GRAVITY = (PAUSED, FRESH, LATE, DEGRADED, BROKEN)  # what needs somebody comes last
GRACE = timedelta(minutes=15)  # after which a due or queued run is late
FOREVER = 9000  # the year up to which an open pause lasts
NOT_RUN = "run.late"  # the code under which it is kept and told that a portal is not run
ENDED_BADLY = frozenset({"failed", "stopped"})


@dataclass(frozen=True, slots=True)
class Standing:
    """One of fresh, late, degraded, broken and paused, with the reason as a sentence."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a portal: its last run, its slot, and what its runs were judged to be.

    ``judged_run`` is the last run that was judged, with its ``findings``, the gravest first, and
    the number of ``new`` articles; ``judged_since``: since when they have been judged as gravely;
    ``newest_at`` is the time of the newest article.
    """

    last_run: Run | None
    due_at: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str = ""
    judged_run: int = 0
    findings: tuple[Finding, ...] = ()
    new: int = 0
    newest_at: datetime | None = None
    judged_since: datetime | None = None

    @property
    def open(self) -> list[Finding]:
        """Give what its runs showed; that it was not run is told by its slot."""
        return [one for one in self.findings if one.code != NOT_RUN]

    @property
    def failed(self) -> bool:
        """Tell whether its last run failed, and nothing that was found says why."""
        run = self.last_run
        if run is None or run.state not in ENDED_BADLY:
            return False
        return self.judged_run < run.id or not self.open


def standing(known: Situation, now: datetime) -> Standing:
    """Judge the portal's situation: what keeps it from being read comes first."""
    if known.paused_until and known.paused_until > now:
        until = known.paused_until.astimezone(VIETNAM)
        end = "it is resumed" if until.year >= FOREVER else f"{until:%Y-%m-%d %H:%M}"
        return Standing(PAUSED, f"paused until {end}: {known.pause_reason}")
    return not_run(known, now) or _ran(known, now)


def not_run(known: Situation, now: datetime) -> Standing | None:
    """Give the standing of a portal that was not read yet, or is not though due; else None."""
    run = known.last_run
    if run is None:
        if known.due_at is None:
            return Standing(LATE, "not run yet; nothing schedules it")
        state = FRESH if known.due_at > now - GRACE else LATE  # nothing is missed before it is due
        return Standing(state, f"not run yet; first due {_when(known.due_at, now)}")
    waiting = run.state == "queued"
    if waiting and now - run.created_at > GRACE:
        return Standing(LATE, f"not run: run {run.id} waits for {span(now - run.created_at)}")
    active = run.state in {"queued", "running", "fetched"}
    if not active and known.due_at and now - known.due_at > GRACE:
        last = span(now - _end(run))
        return Standing(LATE, f"not run for {last}, due {_when(known.due_at, now)}: is gomtin up?")
    return None


def _ran(known: Situation, now: datetime) -> Standing:
    run = known.last_run
    assert run is not None
    findings = known.open
    if known.failed:
        return Standing(BROKEN, f"run {run.id}: {run.error}")
    read = f"read {span(now - _end(run))} ago"
    if findings:
        return _found(findings, read)
    if run.state == "queued":
        return Standing(FRESH, f"run {run.id} waits to be taken; gomtin up does it")
    if run.state == "running":
        return Standing(FRESH, f"being read now, by run {run.id}")
    if known.new:
        new = counted(known.new, "new or changed article")
        return Standing(FRESH, f"{read}: {new}")
    newest = f", the newest is {span(now - known.newest_at)} old" if known.newest_at else ""
    return Standing(FRESH, f"{read}: nothing new{newest}")


def _found(findings: Sequence[Finding], read: str) -> Standing:
    first = findings[0]
    more = f"; and {len(findings) - 1} more" if findings[1:] else ""
    if first.code.startswith("new.") and first.level == LATE:
        return Standing(LATE, f"{read} and should have found something: {first.text}{more}")
    return Standing(first.level, first.text + more)


def span(length: timedelta) -> str:
    """Write a length of time in the one unit that fits: "4 min", "3 h", "12 days"."""
    minutes = max(0, int(length.total_seconds() // 60))
    if not minutes:
        return "under a minute"
    if minutes < 2 * 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60)} days"


def _when(moment: datetime, now: datetime) -> str:
    return f"{span(now - moment)} ago" if moment <= now else f"in {span(moment - now)}"


def _end(run: Run) -> datetime:
    return run.finished_at or run.fetched_at or run.started_at or run.created_at
