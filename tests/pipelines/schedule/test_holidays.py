"""Public holidays, and the days between two that are none."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.schedule.holidays import is_holiday, working_days


@pytest.mark.parametrize(
    ("day", "off"),
    [(date(2026, 1, 1), True), (date(2026, 2, 17), True), (date(2026, 11, 22), False)],
)
def test_holidays_of_vietnam_are_known(day: date, *, off: bool) -> None:
    assert is_holiday(day) is off


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (date(2026, 11, 20), date(2026, 11, 23), 3),
        (date(2027, 2, 3), date(2027, 2, 10), 0),  # Tết
        (date(2026, 12, 31), date(2027, 1, 2), 1),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
    ],
)
def test_days_that_are_no_holidays_are_counted(after: date, until: date, days: int) -> None:
    assert working_days(after, until) == days
