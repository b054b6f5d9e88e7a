"""Name the one command that a person types next when a portal is not well, and since when it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.health.standing import FRESH, PAUSED, not_run, standing

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.health.standing import Situation

LOOK_CLOSER = "gomtin check {}"
COMMANDS = {  # by the beginning of a finding's code; for all others one looks at the site first
    "site.snapshot": "gomtin doctor",
    "page.": "gomtin failures --portal {}",
    "walk.gap": "gomtin crawl {} --backfill",
}


def cure(portal: str, known: Situation, now: datetime) -> str:
    """Give the command; "" for a portal that is well."""
    state = standing(known, now).state
    if state == FRESH:
        return ""
    if state == PAUSED:
        return f"gomtin schedule resume {portal}"
    if known.last_run is None and known.due_at is None:
        return f"gomtin schedule set {portal}"
    if not_run(known, now):
        return "gomtin doctor"
    first = "" if known.failed else known.open[0].code
    fitting = (said for code, said in COMMANDS.items() if first.startswith(code))
    return next(fitting, LOOK_CLOSER).format(portal)


def unwell_since(known: Situation, now: datetime) -> datetime | None:
    """Tell since when; None for a portal that is well, that is paused or never was read."""
    state, run = standing(known, now).state, known.last_run
    if state in {FRESH, PAUSED} or run is None:
        return None
    if not_run(known, now):
        return run.created_at if run.state == "queued" else known.due_at
    return run.finished_at if known.failed else known.judged_since
