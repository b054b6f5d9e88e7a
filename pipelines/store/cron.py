"""Cron lines: when a slot that has one is due, in Vietnam's time."""

from __future__ import annotations

from datetime import datetime

from croniter import CroniterError, croniter

from pipelines.codec import VIETNAM
from pipelines.errors import GomtinError

CRON_FIELDS = 5  # minute, hour, day, month, weekday


class BadSlot(GomtinError):  # noqa: N818 - names the input, not a failure
    """A slot has neither a period nor a readable cron line."""


def next_by_cron(line: str, now: datetime) -> datetime:
    """Give the next moment of a five-field cron line, read in Vietnam's time; raise BadSlot."""
    if not line.startswith("@") and len(line.split()) != CRON_FIELDS:
        # croniter takes seconds and years as well; a year that is over would end the schedule
        raise BadSlot("slot.cron", f"{line!r} is not a cron line of {CRON_FIELDS} fields")
    try:
        found = croniter(line, now.astimezone(VIETNAM)).get_next(datetime)
    except CroniterError as error:
        raise BadSlot("slot.cron", f"{line!r} is not a cron line: {error}") from error
    if not isinstance(found, datetime):
        raise BadSlot("slot.cron", f"{line!r} has no next time")
    return found
