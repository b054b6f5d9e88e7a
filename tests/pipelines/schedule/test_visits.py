"""The visits of a week that follow from a rhythm."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from pipelines.schedule.rhythm import CELL, WEEK, Rhythm, learn
from pipelines.schedule.visits import IMPATIENCE, LATE, LATENESS, Bounds, plan_week
from tests.pipelines.schedule.mornings import HOUR, MONDAY, SINCE, WEEKS, mornings


@pytest.mark.parametrize("visits", [7, 28, 168])
def test_a_plan_keeps_its_bounds(visits: int) -> None:
    bounds = Bounds(timedelta(minutes=30), timedelta(days=2), visits, timedelta())
    plan = plan_week(learn(mornings(), SINCE, MONDAY), MONDAY, bounds)
    steps = [later - sooner for sooner, later in pairwise((MONDAY, *plan.visits))]
    assert len(plan.visits) <= visits
    assert len(plan.visits) >= 0.75 * visits
    assert min(steps[:-1]) >= bounds.floor  # the last visit ends the week
    assert max(steps) <= bounds.ceiling
    assert plan.visits[-1] == MONDAY + WEEK * CELL


@pytest.mark.parametrize("ceiling", [timedelta(hours=4), timedelta(days=1)])
def test_no_visit_is_planned_where_it_is_closed(ceiling: timedelta) -> None:
    tuesday, friday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)

    def closed(at: datetime) -> bool:
        return at.hour >= 22 or at.hour < 5 or tuesday <= at < friday

    rhythm, bounds = learn(mornings(), SINCE, MONDAY), Bounds(ceiling=ceiling)
    plan = plan_week(rhythm, MONDAY, bounds, closed)
    *visits, end = plan.visits
    assert not any(map(closed, visits))
    assert friday + 5 * HOUR <= min(one for one in visits if one >= tuesday) <= friday + 9 * HOUR
    assert end == MONDAY + WEEK * CELL
    assert plan.wait > plan_week(rhythm, MONDAY, bounds).wait + 5 * HOUR  # three days of five


def visits_of(published: list[datetime], worth: timedelta) -> int:
    return len(plan_week(learn(published, SINCE, MONDAY), MONDAY, Bounds(worth=worth)).visits)


def test_who_publishes_more_is_visited_more_often() -> None:
    half_hour = timedelta(minutes=30)
    nothing, few, some, many = (
        visits_of(published, half_hour)
        for published in ([], mornings(1), mornings(4), mornings(16))
    )
    assert nothing <= 14  # in twelve weeks: twice a day
    assert 1.5 * nothing < few < some < many < 7 * 48
    assert many > 2 * few
    assert visits_of(mornings(), half_hour) > 1.5 * visits_of(mornings(), 4 * half_hour)


def test_visits_crowd_where_articles_are_expected() -> None:
    plan = plan_week(learn(mornings(), SINCE, MONDAY), MONDAY, Bounds(visits=28))
    crowded = [visit for visit in plan.visits if 9 <= visit.hour < 11 and visit.weekday() < 5]
    assert len(crowded) > len(plan.visits) / 3  # of 28; an even spread has 2 there
    even = timedelta(weeks=1) / 28 / 2
    assert plan.wait < even / 4
    waits = [next(v for v in plan.visits if v >= moment) - moment for moment in this_week()]
    assert sum(waits, timedelta()) / len(waits) < even / 4


def this_week() -> list[datetime]:
    return [
        moment + timedelta(weeks=WEEKS) for moment in mornings() if moment < SINCE + 7 * 24 * HOUR
    ]


def steps_of(visits: tuple[datetime, ...]) -> list[int]:
    return [(visit - MONDAY) // CELL for visit in visits]


def cost(rhythm: Rhythm, steps: list[int], bounds: Bounds) -> float:
    """Add up what a plan costs, article by article, in cells of waiting."""
    assert bounds.worth is not None
    total, coming = len(steps) * (bounds.worth / CELL), iter(steps)
    visit = next(coming)
    for cell in range(WEEK):
        while visit <= cell:
            visit = next(coming)
        wait = visit - cell - 0.5
        total += rhythm.rate[cell] * wait * (1 + wait * CELL / IMPATIENCE)
        if bounds.within and (visit - cell) * CELL > bounds.within:
            total += rhythm.rate[cell] * LATENESS * (bounds.within / CELL)
    return total


@pytest.mark.parametrize("within", [None, HOUR, 3 * HOUR])
def test_no_visit_less_more_or_elsewhere_is_cheaper(within: timedelta | None) -> None:
    bounds = Bounds(CELL, WEEK * CELL, worth=timedelta(hours=2), within=within)
    rhythm = learn(mornings(), SINCE, MONDAY)
    steps = steps_of(plan_week(rhythm, MONDAY, bounds).visits)
    least = cost(rhythm, steps, bounds)
    rng = np.random.default_rng(7)
    for at, more in zip(
        rng.integers(0, len(steps) - 1, 60), rng.integers(1, WEEK, 60), strict=True
    ):
        rest = steps[:at] + steps[at + 1 :]
        for other in (rest, [*rest, steps[at] - 1], [*rest, steps[at] + 1], [*steps, int(more)]):
            assert cost(rhythm, sorted(other), bounds) >= least - 1e-6


@pytest.mark.parametrize(("within", "most"), [(30 * timedelta(minutes=1), 60), (3 * HOUR, 24)])
def test_a_stated_delay_is_kept_by_few_visits(within: timedelta, most: int) -> None:
    plan = plan_week(learn(mornings(), SINCE, MONDAY), MONDAY, Bounds(worth=None, within=within))
    assert plan.late <= LATE
    assert len(plan.visits) <= most  # every half hour would be 336, every three hours 56
    waits = [next(v for v in plan.visits if v >= moment) - moment for moment in this_week()]
    assert max(waits) <= within


def test_a_delay_that_quiet_hours_forbid_is_kept_outside_of_them() -> None:
    rhythm = learn([moment + 12 * HOUR for moment in mornings()], SINCE, MONDAY)
    bounds = Bounds(worth=None, within=HOUR)
    plan = plan_week(rhythm, MONDAY, bounds, lambda at: at.hour >= 21)
    assert plan.late > 0.5
    assert len(plan.visits) < len(plan_week(rhythm, MONDAY, bounds).visits)


def test_a_stated_delay_does_not_go_beyond_the_visits_allowed() -> None:
    rhythm = learn(mornings(), SINCE, MONDAY)
    plan = plan_week(rhythm, MONDAY, Bounds(visits=14, worth=None, within=HOUR / 2))
    assert len(plan.visits) <= 14
    assert plan.late > LATE
