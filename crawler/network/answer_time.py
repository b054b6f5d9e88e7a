"""How long a crawl waits for the first byte of an answer: as its portal has shown to need."""

from __future__ import annotations

DOORS = 30.0  # seconds until the portal has answered at all: on robots.txt and doors all else hangs
MOST = 60.0
TIMES = 3  # as long as the slowest answer of the run so far


class AnswerTime:
    """The patience of one run: ``least`` seconds where the portal is quick, more where it is slow.

    A page that did not answer is asked again by later runs, each of which waits twice as long.
    """

    def __init__(self) -> None:
        self._slowest: float | None = None

    def heard(self, seconds: float) -> None:
        """Note how long an answer took to begin."""
        self._slowest = max(seconds, self._slowest or 0.0)

    def wait(self, least: float, failures: int = 0) -> float:
        """Give the seconds to wait for an address that did not answer ``failures`` times."""
        usual = DOORS if self._slowest is None else TIMES * self._slowest
        return min(max(least, usual) * 2.0 ** min(failures, 8), max(least, MOST))
