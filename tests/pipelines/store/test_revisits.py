"""After an outage a portal is visited again soon, if it is on an adaptive schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.portal import Expectations
from pipelines.health.facts import RunFacts
from pipelines.store.health import note_run
from pipelines.store.revisits import revisit
from pipelines.store.runs import RunParams, create_run, stop_run
from pipelines.store.schedule import Timing, get_slot, set_slot

if TYPE_CHECKING:
    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # ten in Vietnam
DAY = timedelta(days=1)
ADAPTIVE = Timing()


@pytest.mark.parametrize(
    ("troubles", "timing", "planned", "minutes"),
    [
        (["away"], ADAPTIVE, DAY, 15),
        (["timeout", "failing"], ADAPTIVE, DAY, 30),
        (["away"] * 9, ADAPTIVE, DAY, 480),
        (["away"], ADAPTIVE, DAY / 144, 10),  # it comes sooner in any case
        (["away", ""], ADAPTIVE, DAY, 1_440),
        (["challenge"], ADAPTIVE, DAY, 1_440),
        (["snapshot.unwritable"] * 2, ADAPTIVE, DAY, 30),
        ([], ADAPTIVE, DAY, 1_440),
        (["away"], Timing(every_seconds=86_400), DAY, 1_440),
        (["away"], Timing(quiet="10:00-11:00"), DAY, 60),
    ],
)
def test_the_next_visit_comes_soon_after_an_outage(
    store: Store, troubles: list[str], timing: Timing, planned: timedelta, minutes: int
) -> None:
    with store.begin() as conn:
        set_slot(conn, "tuag", NOW, timing, first_at=NOW + planned)
        for trouble in troubles:
            run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
            facts = RunFacts(trouble=(trouble, "it is so"))
            note_run(conn, run_id, "tuag", facts, Expectations(), NOW)
            stop_run(conn, run_id, NOW, "")
        revisit(conn, "tuag", "", NOW)
        revisit(conn, "other", "", NOW)
        next_at = get_slot(conn, "tuag").next_at
    assert next_at == NOW + timedelta(minutes=minutes)
