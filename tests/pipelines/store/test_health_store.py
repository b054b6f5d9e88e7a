"""How a portal stands is kept: events once for each change, and no flapping, on both stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from crawler.portal import Expectations
from pipelines.health.facts import Count, RunFacts
from pipelines.store.health import SILENT, health_of, note_run, past_runs
from pipelines.store.outbox import unrelayed
from pipelines.store.overview import overview
from pipelines.store.runs import RunParams, claim_run, complete_runs, create_run, finish_fetch
from pipelines.store.schedule import Timing, set_slot
from pipelines.store.schema import run_facts
from workers.clock import health_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft
    from pipelines.store.engine import Store
    from pipelines.store.health import Health
    from tests.conftest import Desk

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BODY = "selector.body"


class Runs:
    """Ends runs of one portal, an hour apart, with given facts."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = START

    def end(self, facts: RunFacts) -> Health:
        self.now += timedelta(hours=1)
        with self.store.begin() as conn:
            complete_runs(conn, self.now)
            run = create_run(conn, "tuag", "incremental", RunParams(), self.now)
            claim_run(conn, run, "test", self.now, 60)
            finish_fetch(conn, run, "test", self.now)
            complete_runs(conn, self.now)
            return note_run(conn, run, "tuag", facts, Expectations(), self.now)

    def events(self) -> list[tuple[str, Any]]:
        with self.store.read() as conn:
            return [(one.type, one.payload) for one in unrelayed(conn, 1_000)]


@pytest.fixture
def runs(store: Store) -> Runs:
    return Runs(store)


def pages(bad: int, number: int = 8) -> RunFacts:
    urls = tuple(f"https://tuag.example/{n}" for n in range(min(3, bad)))
    return RunFacts(measures={BODY: Count(number, bad, urls)}, new=number)


AWAY = RunFacts(trouble=("away", "the portal does not answer"))


def test_one_event_tells_of_a_change_and_one_of_its_end(runs: Runs) -> None:
    assert runs.end(pages(0)).state == "well"
    assert runs.end(pages(8)).state == "degraded"
    first = runs.now
    for facts in (pages(8), RunFacts(), pages(1, 2), pages(8)):
        assert runs.end(facts).state == "degraded"
    assert runs.end(pages(0)).state == "well"
    assert runs.end(pages(0)).state == "well"
    (_, fell), (kind, rose) = runs.events()
    assert (fell["portal"], fell["code"], fell["field"]) == ("tuag", BODY, "body")
    assert (fell["share"], len(fell["examples"])) == (1.0, 3)
    assert fell["reason"].startswith("the body selector finds nothing on 8 of 8 pages")
    assert kind == "portal.recovered"
    assert (rose["since"], rose["codes"]) == (first.isoformat(), [BODY])


def test_a_second_fault_is_told_of_while_the_first_lasts(runs: Runs) -> None:
    runs.end(pages(8))
    both = RunFacts(measures={**pages(8).measures, "fill.published_at": Count(8, 8)}, new=8)
    assert [one.code for one in runs.end(both).findings] == [BODY, "fill.published_at"]
    runs.end(RunFacts(trouble=("gone", "the portal answers 404")))
    told = [(kind, load["code"]) for kind, load in runs.events()]
    assert told == [("portal.degraded", code) for code in (BODY, "fill.published_at", "site.gone")]


def test_a_portal_that_is_away_and_back_keeps_its_older_faults(runs: Runs) -> None:
    runs.end(pages(8))
    once = runs.end(AWAY)
    assert (once.state, [one.code for one in once.findings]) == ("degraded", [BODY])
    away = runs.end(AWAY)
    assert (away.state, away.findings[0].text) == ("broken", "the portal does not answer")
    assert [one.code for one in away.findings] == ["site.away", BODY]
    assert runs.end(AWAY).findings == away.findings
    back = runs.end(RunFacts())
    assert (back.state, [one.code for one in back.findings]) == ("degraded", [BODY])


def test_facts_are_kept_as_far_as_they_are_learned_from(runs: Runs, store: Store) -> None:
    runs.end(pages(0))
    for _ in range(SILENT + 5):
        runs.end(RunFacts())
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(run_facts)).scalar() == SILENT + 1
        assert past_runs(conn, "tuag")[-1].facts == pages(0)
        assert health_of(conn)["tuag"].findings == ()


def test_a_portal_that_is_not_run_is_told_of_once_and_recovers_when_it_runs(
    runs: Runs, store: Store
) -> None:
    runs.end(pages(0))
    with store.begin() as conn:
        set_slot(conn, "tuag", runs.now, timing=Timing(every_seconds=3600))
    check = health_step(store)
    for minutes in (50, 100, 160):
        check(runs.now + timedelta(minutes=minutes))
    assert [(kind, load["code"]) for kind, load in runs.events()] == [
        ("portal.degraded", "run.late")
    ]
    with store.read() as conn:
        (status,) = overview(conn, runs.now + timedelta(minutes=160))
    assert status.standing.state == "late"
    assert status.standing.reason == "not run for 2 h, due 100 min ago: is gomtin up?"
    runs.end(RunFacts())
    assert runs.events()[-1][0] == "portal.recovered"


def test_a_silence_is_judged_once_the_portal_has_published_while_it_was_read(
    runs: Runs, desk: Desk, make_draft: Callable[..., Draft]
) -> None:
    days = [START - timedelta(days=9 + n) for n in range(15)]
    drafts = [
        make_draft(document_key=f"{n}", title=f"Hội nghị {n}", published_at=day)
        for n, day in enumerate(days)
    ]
    desk.bring(*drafts)
    runs.now += timedelta(days=7)  # as long as it must be known
    nothing = RunFacts(settled=True)
    assert runs.end(nothing).state == "well"
    runs.end(RunFacts(settled=True, new=2, known=8))
    after = runs.end(nothing)
    assert (after.state, after.findings[0].text) == (
        "late",
        "nothing new for 15 days (holidays not counted), it never paused for more than 1 before",
    )  # fmt: skip
