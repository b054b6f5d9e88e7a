"""Let every Python process that has this folder on its path tell another time than the machine.

The seconds to add stand in the file that ``JUMPED_CLOCK`` names and may change at any moment; the
monotonic clock is left as it is, as by a real jump.
"""

from __future__ import annotations

import copyreg
import datetime as dt
import os
import time
from pathlib import Path

OFFSET = Path(os.environ["JUMPED_CLOCK"])
_true_time = time.time
_TrueDatetime = dt.datetime


def offset() -> float:
    """Give the seconds to add."""
    return float(OFFSET.read_text("ascii"))


class JumpedDatetime(dt.datetime):
    """A datetime whose ``now`` is off."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> JumpedDatetime:
        """Give the time of the jumped clock."""
        return cls.fromtimestamp(time.time(), tz)


# Libraries in C (psycopg's) make moments of the true class, which pickle no longer finds.
copyreg.pickle(_TrueDatetime, lambda one: (JumpedDatetime.fromisoformat, (one.isoformat(),)))
vars(time)["time"] = lambda: _true_time() + offset()
vars(dt)["datetime"] = JumpedDatetime
