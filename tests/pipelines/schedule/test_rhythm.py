"""The rhythm of a portal, learned from what it has published."""

from __future__ import annotations

import pytest

from pipelines.schedule.rhythm import DAY, learn
from pipelines.schedule.rhythm import HOUR as CELLS
from tests.pipelines.schedule.mornings import HOUR, MONDAY, SINCE, WEEKS, mornings


def rate_at(rate: tuple[float, ...], day: int, hour: int) -> float:
    return sum(rate[day * DAY + hour * CELLS :][:CELLS])


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


def test_of_articles_without_an_hour_their_number_and_their_days_are_learned() -> None:
    days = [moment.replace(hour=0) for moment in mornings() if moment.weekday() == 2]
    rhythm = learn([], SINCE, MONDAY, days=days)
    assert rhythm.known == 4 * WEEKS
    assert rhythm.per_week == pytest.approx(4, rel=0.2)
    assert rate_at(rhythm.rate, 2, 9) > 2 * rate_at(rhythm.rate, 3, 9)
    assert rate_at(rhythm.rate, 2, 9) > 5 * rate_at(rhythm.rate, 2, 2)
