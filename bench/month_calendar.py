"""The clock of bench.month: that of all its processes, put forward to what is due next."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.fault_kinds import JUMPED_PATH
from bench.month_faults import BEGIN
from workers.start import utc_now

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class Calendar:
    """The time of all processes: the machine's, put forward by what stands in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = timedelta()
        self.forward(BEGIN)
        os.environ["JUMPED_CLOCK"] = str(file)
        os.environ["PYTHONPATH"] = f"{JUMPED_PATH}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"

    def now(self) -> datetime:
        """Give the time."""
        return utc_now() + self._ahead

    def seconds(self) -> float:
        """Give the time as a number."""
        return self.now().timestamp()

    def forward(self, to: datetime) -> None:
        """Put the time forward; one that is past already changes nothing."""
        self._ahead += max(to - self.now(), timedelta())
        draft = self._file.with_suffix(".new")
        draft.write_text(str(self._ahead.total_seconds()), "ascii")
        draft.replace(self._file)
