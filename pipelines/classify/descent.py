"""The linear support vector machine that is trained: dual coordinate descent in NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ROUNDS = 60
_LEAST = 1e-9  # the length of a row without words
_ENOUGH = 0.02  # the largest step of a round, below which nothing is learned any more


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows of length 1: for each document its columns (ascending) and their values."""

    columns: Sequence[NDArray[np.int32]]
    values: Sequence[NDArray[np.float32]]
    width: int

    def part(self, chosen: Sequence[int] | NDArray[np.int64]) -> Rows:
        """Give some of the rows."""
        columns = [self.columns[at] for at in chosen]
        return Rows(columns, [self.values[at] for at in chosen], self.width)

    def within(self, known: Rows) -> Rows:
        """Give the rows as one who has met only ``known`` reads them: other words do not count.

        A model leaves out words that it never met, so that the others weigh more; rows that keep
        them have smaller margins than a new text gets, and probabilities fitted on them promise
        too much.
        """
        met = np.zeros(self.width, dtype=np.bool_)
        met[np.concatenate(known.columns)] = True
        kept = [met[columns] for columns in self.columns]
        columns = [one[chosen] for one, chosen in zip(self.columns, kept, strict=True)]
        values = [one[chosen] for one, chosen in zip(self.values, kept, strict=True)]
        lengths = [max(float(np.linalg.norm(one)), _LEAST) for one in values]
        scaled = [one / np.float32(long) for one, long in zip(values, lengths, strict=True)]
        return Rows(columns, scaled, self.width)

    def margins(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the margin of every row for every output; the last weight is the bias."""
        rows = zip(self.columns, self.values, strict=True)
        found = [value @ weights[column] for column, value in rows]
        margins: NDArray[np.float32] = np.asarray(found, dtype=np.float32) + weights[-1]
        return margins


def descend(
    rows: Rows, signs: NDArray[np.float32], cost: NDArray[np.float32], seed: int = 1
) -> NDArray[np.float32]:
    """Fit one separating plane an output, (width + 1, outputs), the bias in the last row.

    ``signs`` are +1 and -1, ``cost`` the price of a wrong answer, both (rows, outputs). Squared
    hinge loss, dual coordinate descent as LIBLINEAR does it (Hsieh et al., ICML 2008), except that
    one visit of a row moves it in all outputs at once.
    """
    order = np.random.default_rng(seed)
    weights = np.zeros((rows.width + 1, signs.shape[1]), dtype=np.float32)
    alphas = np.zeros_like(signs)
    slack = 0.5 / cost
    # a row has length 1 and the bias column adds 1
    steepness = 2.0 + slack
    for _ in range(_ROUNDS):
        largest = 0.0
        for at in order.permutation(len(rows.columns)):
            column, value, sign = rows.columns[at], rows.values[at], signs[at]
            own = weights[column]
            alpha = alphas[at]
            gradient = sign * (value @ own + weights[-1]) - 1.0 + alpha * slack[at]
            moved = np.maximum(alpha - gradient / steepness[at], 0.0)
            step = (moved - alpha) * sign
            size = float(np.abs(step).max())
            if size > 0.0:
                alphas[at] = moved
                weights[column] = own + value[:, None] * step
                weights[-1] += step
                largest = max(largest, size)
        if largest < _ENOUGH:
            break
    return weights
