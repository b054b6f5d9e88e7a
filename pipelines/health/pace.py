"""Judge whether a portal publishes at its pace: a silence is a holiday, or a broken door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from pipelines.health.finding import Finding
from pipelines.schedule.holidays import is_holiday, working_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

WATCHED_DAYS = 90  # before the newest article: what is usual
FEWEST_DAYS = 10  # with articles among them, or nothing is known to be usual
LEAST_QUIET = 3  # days that are never too long
WEEK = 7  # days
TOO_LONG = 2  # times the longest pause so far
REMEMBERED = 400  # days: the last Tet is among them
NEWSROOM = 5  # articles a day: so many are no office's that has somebody on duty at weekends
FREE_DAYS, KEPT = 8, 0.9  # days off that have to be known, and the share of them with articles
SATURDAY = 5


class Pace(Protocol):
    """What the portal's file says of its pace."""

    @property
    def new_per_week(self) -> tuple[int, int]:
        """Give the fewest and most new articles of a week."""
        ...


@dataclass(frozen=True, slots=True)
class Published:
    """When a portal's articles were published: days with any, newest first; those of a week.

    ``a_day`` is how many came on average of the watched days.
    """

    days: Sequence[date]
    this_week: int
    a_day: float = 0.0


def pace_findings(published: Published, bounds: Pace, today: date) -> list[Finding]:
    """Name a silence that is longer than any, and a week outside the bounds of the file.

    Public holidays do not count, before and now: at Tet every office rests for a week and more.
    They do for a newsroom, which has published on days off, and on each holiday that is known.
    """
    found = []
    if published.days and (quiet := _silence(published, today)):
        found.append(_finding("new.silence", quiet))
    least, most = bounds.new_per_week
    said = f"{published.this_week} new articles in 7 days, its file expects {least}-{most}"
    if published.this_week > most:
        found.append(_finding("new.many", said, level="degraded"))
    elif published.this_week < least:
        worked = working_days(today - timedelta(days=WEEK), today)
        if published.this_week < least * worked / WEEK:
            found.append(_finding("new.few", said))
    return found


def _silence(published: Published, today: date) -> str:
    days = published.days
    known = [day for day in days if (days[0] - day).days <= WATCHED_DAYS]
    whole = (today - known[0]).days
    if len(known) < FEWEST_DAYS or whole <= LEAST_QUIET:
        return ""
    length = _whole_days if _never_rests(published) else working_days
    longest = max(length(day, later) for later, day in pairwise(known))
    quiet = length(known[0], today)
    if quiet <= max(LEAST_QUIET, TOO_LONG * longest):
        return ""
    rest = " (holidays not counted)" if quiet < whole else ""
    return f"nothing new for {quiet} days{rest}, it never paused for more than {longest} before"


def _whole_days(after: date, until: date) -> int:
    return (until - after).days


def _never_rests(published: Published) -> bool:
    """Tell a newsroom, which publishes on holidays as on other days off, from an office."""
    if published.a_day < NEWSROOM:
        return False
    newest, oldest, worked = published.days[0], published.days[-1], set(published.days)
    span = [newest - timedelta(days=n) for n in range((newest - oldest).days + 1)]
    holidays = [day for day in span if is_holiday(day)]
    free = [*holidays, *(day for day in span if day.weekday() >= SATURDAY)]
    kept = sum(day in worked for day in free)
    whole = len(free) >= FREE_DAYS and kept >= KEPT * len(free)
    return whole and bool(holidays) and worked.issuperset(holidays)


def _finding(code: str, text: str, level: str = "late") -> Finding:
    return Finding(code, level, "new", 1.0, 0, (), text)
