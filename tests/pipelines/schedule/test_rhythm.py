"""The rhythm of a portal, and the visits that follow from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from pipelines.codec import VIETNAM
from pipelines.schedule.rhythm import CELL, WEEK, Bounds, learn, plan_week

MONDAY = datetime(2026, 11, 16, tzinfo=VIETNAM)
WEEKS = 12
SINCE = MONDAY - timedelta(weeks=WEEKS)
HOUR = timedelta(hours=1)


def mornings(per_day: int = 4) -> list[datetime]:
    """Publish from nine to ten on every working day."""
    return [
        SINCE + timedelta(days=day, hours=9, minutes=60 * i / per_day)
        for day in range(7 * WEEKS)
        if day % 7 < 5
        for i in range(per_day)
    ]


def rate_at(rate: tuple[float, ...], day: int, hour: int) -> float:
    return sum(rate[day * 144 + hour * 6 :][:6])


def test_a_rhythm_is_learned_from_what_was_published() -> None:
    rhythm = learn(mornings(), SINCE, MONDAY)
    assert rhythm.known == 20 * WEEKS
    assert rhythm.per_week == pytest.approx(20, rel=0.1)
    assert rhythm.busiest() == (9, 9)
    assert rate_at(rhythm.rate, 2, 9) > 20 * rate_at(rhythm.rate, 2, 15)
    assert rate_at(rhythm.rate, 2, 9) > 10 * rate_at(rhythm.rate, 6, 9)


def test_without_any_article_the_hours_of_an_office_are_believed() -> None:
    rhythm = learn([], MONDAY, MONDAY)
    assert rhythm.known == 0
    assert rate_at(rhythm.rate, 1, 10) > 5 * rate_at(rhythm.rate, 1, 2)


def test_what_is_long_ago_weighs_less() -> None:
    evenings = [moment + 10 * HOUR for moment in mornings()[-100:]]
    mixed = learn([*mornings()[:-100], *evenings], SINCE, MONDAY)
    assert rate_at(mixed.rate, 1, 19) > rate_at(mixed.rate, 1, 9)


def test_times_to_come_are_not_believed() -> None:
    assert learn([MONDAY + HOUR], SINCE, MONDAY).known == 0


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


def test_of_articles_without_an_hour_their_number_and_their_days_are_learned() -> None:
    days = [moment.replace(hour=0) for moment in mornings() if moment.weekday() == 2]
    rhythm = learn([], SINCE, MONDAY, days=days)
    assert rhythm.known == 4 * WEEKS
    assert rhythm.per_week == pytest.approx(4, rel=0.2)
    assert rate_at(rhythm.rate, 2, 9) > 2 * rate_at(rhythm.rate, 3, 9)
    assert rate_at(rhythm.rate, 2, 9) > 5 * rate_at(rhythm.rate, 2, 2)


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
