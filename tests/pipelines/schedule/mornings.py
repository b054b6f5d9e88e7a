"""A portal that publishes from nine to ten on working days."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipelines.codec import VIETNAM

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
