"""When a portal may be asked: hours of the day and public holidays at which it is left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pipelines.codec import VIETNAM
from pipelines.errors import GomtinError
from pipelines.schedule.holidays import is_holiday

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")
LONGEST_REST = 30  # days: more than the longest run of holidays


class BadHours(GomtinError):  # noqa: N818 - names the input, not a failure
    """Quiet hours that cannot be read, or that leave no hour."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Spans of the day in Vietnam's time ("22:00-05:00"), and whether holidays are quiet too."""

    spans: tuple[tuple[time, time], ...] = ()
    holidays: bool = False

    @classmethod
    def read(cls, text: str, *, holidays: bool = False) -> Quiet:
        """Read "11:30-13:00, 22:00-05:00"; raise BadHours for anything else."""
        spans = []
        for part in filter(None, (one.strip() for one in text.split(","))):
            found = _SPAN.fullmatch(part)
            if not found:
                raise BadHours("slot.quiet", f"{part!r} is no span of hours; 22:00-05:00 is one")
            start, end = (time(int(found[i]), int(found[i + 1])) for i in (1, 3))
            if start == end:
                raise BadHours("slot.quiet", f"{part!r} leaves no hour of the day; pause instead")
            spans.append((start, end))
        quiet = cls(tuple(spans), holidays)
        midnight = datetime(2000, 1, 1, tzinfo=VIETNAM)
        if all(quiet._end(midnight + timedelta(minutes=m)) for m in range(1440)):
            raise BadHours("slot.quiet", f"{text!r} leaves no hour of the day; pause instead")
        return quiet

    def opens(self, moment: datetime) -> datetime:
        """Give ``moment`` (aware), or the first later moment that is not quiet, in its zone."""
        local = moment.astimezone(VIETNAM)
        for _ in range(LONGEST_REST * (1 + len(self.spans))):
            later = self._later(local)
            if later is None:
                return local.astimezone(moment.tzinfo)
            local = later
        return local.astimezone(moment.tzinfo)

    def _later(self, local: datetime) -> datetime | None:
        if self.holidays and is_holiday(local.date()):
            return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
        return self._end(local)

    def _end(self, local: datetime) -> datetime | None:
        """Give the end of the span that ``local`` falls into; None: into none."""
        at = local.time()
        for start, end in self.spans:
            over_midnight = start > end
            if start <= at < end or (over_midnight and (at >= start or at < end)):
                day = local.date() + timedelta(days=over_midnight and at >= start)
                return datetime.combine(day, end, local.tzinfo)
        return None
