"""Fit how margins become probabilities, on margins of texts that the planes did not learn from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.classify.linear import Calibration

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_STEPS = 400
_RATE = 0.1
_DRAW = 3.0
_BEST = 3  # of a text's values, chosen by nested cross-validation (docs/measurements.md)


def calibrate(
    margins: NDArray[np.float32],
    signs: NDArray[np.float32],
    trusted: NDArray[np.float32],
    alone: float,
    *,
    several: bool,
) -> tuple[NDArray[np.float32], Calibration]:
    """Fit how planes are mixed, (outputs, outputs), and slope and offset of the mixed margins.

    The likelihood of the truth is made greatest. Each plane was learned against all the rest; that
    a text lies on the right side of two, or of none, tells more where a value hears the others'
    margins too, unless ``alone`` is infinite.
    """
    outputs = margins.shape[1]
    share = trusted[:, None] / trusted.sum()
    if several:
        # Fitted on all, the many that are out of the question set the slope, and not those that
        # come as answers.
        best = np.sort(margins, axis=1)[:, -_BEST:][:, :1]
        share = share * (margins >= best)
    truth = (signs > 0).astype(np.float32)
    start = np.zeros(2 + outputs + (outputs**2 if math.isfinite(alone) else 0))
    start[0] = 2.0
    draw = 1.0 / float(trusted.sum())
    task = _Task(margins, truth, share, _DRAW * draw, alone * draw, several)
    return _told(_fit(task.gradient, start), outputs, several=several)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is fitted, and how strongly it is drawn to the plain line.

    One slope and one offset serve all values, so that few texts suffice; how a value differs from
    them, and what it hears of the others, is drawn to 0 where there is little to go by.
    """

    margins: NDArray[np.float32]
    truth: NDArray[np.float32]
    share: NDArray[np.float32]
    draw: float
    alone: float
    several: bool

    def gradient(self, given: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the slope of the loss for each number: slope, offset, own offsets, what is heard."""
        outputs = self.margins.shape[1]
        mixed, line = _told(given, outputs, several=self.several)
        wrong = (line.chances(self.margins @ mixed) - self.truth) * self.share
        own = wrong.sum(axis=0) + self.draw * given[2 : 2 + outputs]
        heard = given[2 + outputs :]
        if heard.size:
            heard = (self.margins.T @ wrong).ravel() + self.alone * heard
        return np.concatenate([[(wrong * self.margins).sum(), wrong.sum()], own, heard])


def _told(
    given: NDArray[np.float64], outputs: int, *, several: bool
) -> tuple[NDArray[np.float32], Calibration]:
    """Read the numbers that are fitted."""
    slope, offset = given[0], given[1] + given[2 : 2 + outputs]
    mixed = np.eye(outputs)
    if given.size > 2 + outputs:
        mixed += given[2 + outputs :].reshape(outputs, outputs) / slope
    line = Calibration(np.full(outputs, slope, np.float32), offset.astype(np.float32), several)
    return mixed.astype(np.float32), line


def _fit(
    gradient: Callable[[NDArray[np.float64]], NDArray[np.float64]], given: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Follow the gradient down: Adam, with steps that shrink to nothing."""
    mean, square = np.zeros_like(given), np.zeros_like(given)
    for step in range(1, _STEPS + 1):
        found = gradient(given)
        mean = 0.9 * mean + 0.1 * found
        square = 0.999 * square + 0.001 * found**2
        scaled = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        given = given - _RATE * scaled * (1 - step / _STEPS)
    return given
