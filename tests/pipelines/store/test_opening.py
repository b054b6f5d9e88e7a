"""Quiet hours and holidays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.codec import VIETNAM
from pipelines.store.opening import BadHours, Quiet


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("quiet", "moment", "opens"),
    [
        ("", "2026-11-22 03:00", "2026-11-22 03:00"),
        ("22:00-05:00", "2026-11-22 21:59", "2026-11-22 21:59"),
        ("22:00-05:00", "2026-11-22 22:00", "2026-11-23 05:00"),
        ("22:00-05:00", "2026-11-22 00:30", "2026-11-22 05:00"),
        ("22:00-05:00", "2026-11-22 05:00", "2026-11-22 05:00"),
        ("22:00-05:00, 5:00-6:15", "2026-11-22 23:00", "2026-11-23 06:15"),
        ("11:30-13:00", "2026-11-22 12:59", "2026-11-22 13:00"),
    ],
)
def test_quiet_hours_end(quiet: str, moment: str, opens: str) -> None:
    assert Quiet.read(quiet).opens(at(moment)) == at(opens)


def test_a_moment_keeps_its_zone() -> None:
    moment = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # 22:00 in Vietnam
    opens = Quiet.read("22:00-05:00").opens(moment)
    assert (opens, opens.tzinfo) == (datetime(2026, 11, 22, 22, 0, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-02-15 21:59", "2026-02-15 21:59"),
        ("2026-02-16 08:00", "2026-02-21 05:00"),  # the five days of Tet, then quiet until five
        ("2026-09-02 10:00", "2026-09-03 05:00"),
    ],
)
def test_holidays_are_left_out(moment: str, opens: str) -> None:
    assert Quiet.read("22:00-05:00", holidays=True).opens(at(moment)) == at(opens)
    assert Quiet.read("").opens(at(moment)) == at(moment)


@pytest.mark.parametrize(
    "wrong", ["22-5", "22:00-24:30", "at night", "08:00-08:00", "00:00-12:00,12:00-00:00"]
)
def test_hours_that_cannot_be_kept_are_refused(wrong: str) -> None:
    with pytest.raises(BadHours):
        Quiet.read(wrong)
