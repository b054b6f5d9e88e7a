"""Vietnam's public holidays: offices are closed, portals rest."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache


def is_holiday(day: date) -> bool:
    """Tell whether ``day`` is a public holiday in Vietnam, substituted days off included."""
    return day in _holidays(day.year)


def working_days(after: date, until: date) -> int:
    """Count the days behind ``after`` up to ``until`` that are no public holidays."""
    days = (after + timedelta(days=n + 1) for n in range((until - after).days))
    return sum(not is_holiday(day) for day in days)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - 0.1 s, for who asks for holidays

    return frozenset(country_holidays("VN", years=year))
