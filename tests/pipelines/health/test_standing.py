"""Fresh, late, degraded, broken, paused: which, and why in one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from bench.schedule_world import START as DRAWN_FROM
from bench.schedule_world import publish
from crawler.portal import Expectations
from pipelines.codec import VIETNAM
from pipelines.health.finding import Finding
from pipelines.health.pace import Published, pace_findings
from pipelines.health.standing import NOT_RUN, Situation, standing
from pipelines.schedule.holidays import is_holiday
from pipelines.store.runs import Run, RunParams, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RUN = Run(
    id=7, portal="tuag", section="", kind="incremental", state=RunState.DONE, params=RunParams(),
    owner="", attempts=1, lease_until=None, created_at=NOW - 3 * HOUR, started_at=NOW - 3 * HOUR,
    fetched_at=NOW - 3 * HOUR, finished_at=NOW - 3 * HOUR, error="",
)  # fmt: skip
READ = Situation(RUN, due_at=NOW + HOUR, judged_run=7, newest_at=NOW - 50 * HOUR)
FAILED = replace(RUN, state=RunState.FAILED, error="the host is away")
QUEUED = replace(RUN, state=RunState.QUEUED, finished_at=None, fetched_at=None)


def finding(code: str, level: str, text: str) -> Finding:
    return Finding(code, level, "", 1.0, 8, (), text)


NOTHING = "read 3 h ago: nothing new, the newest is 2 days old"
BODY = finding("selector.body", "degraded", "the body selector finds nothing on 8 of 8 pages")
WALL = finding("site.challenge", "broken", "https://tuag.vn shows a challenge wall")
QUIET = finding("new.silence", "late", "nothing new for 9 days, it never paused for more than 2")
MISSED = finding(NOT_RUN, "late", "not run for 3 h")


@pytest.mark.parametrize(
    ("known", "state", "reason"),
    [
        (READ, "fresh", NOTHING),
        (replace(READ, new=4), "fresh", "read 3 h ago: 4 new or changed articles"),
        (replace(READ, new=1), "fresh", "read 3 h ago: 1 new or changed article"),
        (
            replace(READ, findings=(QUIET,)),
            "late",
            f"read 3 h ago and should have found something: {QUIET.text}",
        ),
        (replace(READ, findings=(BODY,)), "degraded", BODY.text),
        (replace(READ, findings=(WALL, BODY)), "broken", f"{WALL.text}; and 1 more"),
        (replace(READ, last_run=FAILED, findings=(WALL,)), "broken", WALL.text),
        (replace(READ, last_run=FAILED), "broken", "run 7: the host is away"),
        (
            replace(READ, last_run=FAILED, judged_run=6, findings=(BODY,)),
            "broken",
            "run 7: the host is away",
        ),
        (Situation(None), "late", "not run yet; nothing schedules it"),
        (Situation(None, due_at=NOW + 2 * HOUR), "fresh", "not run yet; first due in 2 h"),
        (Situation(None, due_at=NOW - 2 * HOUR), "late", "not run yet; first due 2 h ago"),
        (
            replace(READ, due_at=NOW - HOUR, findings=(BODY,)),
            "late",
            "not run for 3 h, due 60 min ago: is gomtin up?",
        ),
        (replace(READ, due_at=NOW - HOUR / 6), "fresh", NOTHING),
        (replace(READ, last_run=QUEUED), "late", "not run: run 7 waits for 3 h"),
        (
            replace(READ, last_run=replace(QUEUED, created_at=NOW), findings=(MISSED,)),
            "fresh",
            "run 7 waits to be taken; gomtin up does it",
        ),
        (
            replace(READ, last_run=replace(QUEUED, state=RunState.RUNNING)),
            "fresh",
            "being read now, by run 7",
        ),
        (
            replace(READ, paused_until=NOW + 24 * HOUR, pause_reason="site moves"),
            "paused",
            "paused until 2026-11-23 10:00: site moves",
        ),
        (
            replace(READ, paused_until=datetime(9000, 1, 1, tzinfo=UTC), pause_reason="overloaded"),
            "paused",
            "paused until it is resumed: overloaded",
        ),
        (replace(READ, paused_until=NOW - HOUR), "fresh", NOTHING),
    ],
)  # fmt: skip
def test_a_portal_stands_as_its_situation_says(known: Situation, state: str, reason: str) -> None:
    found = standing(known, NOW)
    assert (found.state, found.reason) == (state, reason)


TODAY = date(2026, 11, 22)


def every(step: int, quiet: int, number: int = 20) -> list[date]:
    return [TODAY - timedelta(days=quiet + step * n) for n in range(number)]


@pytest.mark.parametrize(
    ("days", "this_week", "bounds", "codes"),
    [
        (every(1, 1), 6, (0, 500), []),
        (every(1, 3), 4, (0, 500), []),  # a weekend with a holiday
        (every(1, 4), 3, (0, 500), ["new.silence"]),
        (every(7, 14), 0, (0, 500), []),
        (every(7, 15), 0, (0, 500), ["new.silence"]),
        (every(1, 40, number=9), 0, (0, 500), []),  # too few to know
        ([], 0, (0, 500), []),
        (every(1, 1), 6, (7, 500), ["new.few"]),
        (every(1, 1), 600, (0, 500), ["new.many"]),
    ],
)
def test_a_pace_is_judged_by_the_portals_own_pauses_and_its_file(
    days: list[date], this_week: int, bounds: tuple[int, int], codes: list[str]
) -> None:
    found = pace_findings(Published(days, this_week), Expectations(new_per_week=bounds), TODAY)
    assert [one.code for one in found] == codes


TET = date(2027, 2, 4), date(2027, 2, 10)  # the public holidays of that year
OFFICE = tuple(TET[0] - timedelta(days=n) for n in range(1, 60))
AFTER = tuple(TET[1] + timedelta(days=n) for n in range(4, 0, -1))


@pytest.mark.parametrize(
    ("days", "this_week", "today", "said"),
    [
        (OFFICE, 0, TET[1], []),  # an office is closed, and a newspaper may be
        (OFFICE, 0, TET[1] + timedelta(days=3), ["0 new"]),
        (OFFICE, 0, TET[1] + timedelta(days=4),
         ["nothing new for 4 days (holidays not counted), it never paused for more", "0 new"]),
        ((*AFTER, *OFFICE), 8, TET[1] + timedelta(days=8),  # Tet is no pause to get used to
         ["nothing new for 4 days, it never paused for more than 1", "8 new"]),
        (OFFICE, 28, TET[0] + timedelta(days=1), []),
        (OFFICE, 24, TET[0] + timedelta(days=1), ["24 new"]),
    ],
)  # fmt: skip
def test_holidays_are_no_silence_of_offices(
    days: Sequence[date], this_week: int, today: date, said: list[str]
) -> None:
    bounds = Expectations(new_per_week=(35, 500))
    found = [one.text for one in pace_findings(Published(days, this_week), bounds, today)]
    assert len(found) == len(said)
    assert all(text.startswith(begin) for text, begin in zip(found, said, strict=True))


YEAR = range(7, 27)  # seeds


def told(
    rhythm: str, seed: int, keeps: float, a_day: float, breaks: date | None = None
) -> list[date]:
    """Live from months before Tet to a month after it; give the days on which silence is told.

    ``keeps`` is the share of articles that appear on public holidays; from ``breaks`` on none does.
    """
    dice = Random(seed)
    shift = datetime(2026, 11, 2, tzinfo=VIETNAM) - DRAWN_FROM
    drawn = [(at + shift).date() for at in publish(rhythm, seed)]
    days = [day for day in drawn if not is_holiday(day) or dice.random() < keeps]
    days = [day for day in days if breaks is None or day < breaks]
    found = []
    for n in range(40):
        today = TET[0] + timedelta(days=n - 5)
        known = sorted({day for day in days if day <= today}, reverse=True)
        if pace_findings(Published(known, 5, a_day), Expectations(), today):
            found.append(today)
    return found


def test_no_office_is_called_silent_at_tet_and_a_newsroom_is_in_the_midst_of_it() -> None:
    for rhythm, keeps, a_day in (("committee", 0.0, 3.6), ("newspaper", 0.4, 36)):
        assert [told(rhythm, seed, keeps, a_day) for seed in YEAR] == [[]] * len(YEAR)
    for rhythm, keeps, a_day in (("newspaper", 0.0, 36), ("newspaper", 0.4, 4)):  # an office
        assert not any(
            day <= TET[1] for seed in YEAR for day in told(rhythm, seed, keeps, a_day, TET[0])
        )
    late = [told("newspaper", seed, 0.4, 36, TET[0])[0] - TET[0] for seed in YEAR]
    assert set(late) == {timedelta(days=3)}
