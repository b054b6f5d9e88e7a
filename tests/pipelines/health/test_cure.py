"""What a person types when a portal is not well, and since when it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.health.cure import cure, unwell_since
from pipelines.health.finding import Finding
from pipelines.health.standing import NOT_RUN, Situation
from pipelines.store.runs import Run, RunParams, RunState

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENDED, JUDGED = NOW - 3 * HOUR, NOW - 30 * HOUR
RUN = Run(
    id=7, portal="tuag", section="", kind="incremental", state=RunState.DONE, params=RunParams(),
    owner="", attempts=1, lease_until=None, created_at=ENDED, started_at=ENDED,
    fetched_at=ENDED, finished_at=ENDED, error="",
)  # fmt: skip
READ = Situation(RUN, due_at=NOW + HOUR, judged_run=7, judged_since=JUDGED)
FAILED = replace(RUN, state=RunState.FAILED, error="the host is away")
QUEUED = replace(RUN, state=RunState.QUEUED, finished_at=None, fetched_at=None)


def found(*codes: str) -> tuple[Finding, ...]:
    return tuple(Finding(code, "broken", "", 1.0, 8, (), "said") for code in codes)


@pytest.mark.parametrize(
    ("known", "command", "since"),
    [
        (READ, "", None),
        (replace(READ, findings=found("selector.body")), "gomtin check tuag", JUDGED),
        (replace(READ, findings=found("page.refused")), "gomtin failures --portal tuag", JUDGED),
        (replace(READ, findings=found("walk.gap")), "gomtin crawl tuag --backfill", JUDGED),
        (replace(READ, findings=found("site.snapshot.unwritable")), "gomtin doctor", JUDGED),
        (replace(READ, findings=found(NOT_RUN, "door.rss")), "gomtin check tuag", JUDGED),
        (replace(READ, last_run=FAILED), "gomtin check tuag", ENDED),
        (
            replace(READ, last_run=FAILED, judged_run=6, findings=found("page.gone")),
            "gomtin check tuag",
            ENDED,
        ),
        (replace(READ, last_run=QUEUED), "gomtin doctor", ENDED),
        (replace(READ, due_at=NOW - HOUR), "gomtin doctor", NOW - HOUR),
        (Situation(None), "gomtin schedule set tuag", None),
        (Situation(None, due_at=NOW - HOUR), "gomtin doctor", None),
        (replace(READ, paused_until=NOW + HOUR), "gomtin schedule resume tuag", None),
    ],
)  # fmt: skip
def test_the_command_fits_what_is_wrong(
    known: Situation, command: str, since: datetime | None
) -> None:
    assert (cure("tuag", known, NOW), unwell_since(known, NOW)) == (command, since)
