"""When a lease is over, on a clock that may be put forward or back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement

# A lease that reaches further ahead than any that is given is the trace of a clock that was put
# back; so is a moment of the past that lies further ahead.
LONGEST = timedelta(minutes=10)


def has_lapsed(until: datetime | None, now: datetime) -> bool:
    """Tell whether a lease that was given is over."""
    return until is not None and not now <= until <= now + LONGEST


def lapsed(until: Column[datetime], now: datetime) -> ColumnElement[bool]:
    """Choose the rows whose lease was given and is over."""
    return or_(until < now, put_back(until, now))


def put_back(moment: Column[datetime], now: datetime) -> ColumnElement[bool]:
    """Choose the rows whose moment was noted before the clock was put back."""
    return moment > now + LONGEST
