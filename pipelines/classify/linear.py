"""A linear model of one axis: what it weighs, how sure it is, and which words decided."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

_LEVELS = 127  # a weight is kept as a signed byte times its output's scale


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that a model knows, with the weight of their rarity."""

    columns: Mapping[str, int]
    rarity: NDArray[np.float32]

    def vector(self, features: Iterable[str]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Turn a text's features into a row of length 1: (columns in order, values).

        A value is (1 + log of how often) times rarity.
        """
        met = np.fromiter(map(self.columns.get, features, repeat(-1)), dtype=np.int32)
        met = np.sort(met[met >= 0])
        first = np.flatnonzero(np.diff(met, prepend=-1))
        columns, counts = met[first], np.diff(first, append=len(met))
        weighed = (np.float32(1.0) + np.log(counts.astype(np.float32))) * self.rarity[columns]
        length = np.sqrt(np.sum(weighed * weighed))
        return columns, weighed / length if length else weighed


@dataclass(frozen=True, slots=True)
class Calibration:
    """How margins become probabilities: chance of value v = slope[v] x margin + offset[v].

    ``several``: each value has a chance of its own (sigmoid); else they share one (softmax).
    """

    slope: NDArray[np.float32]
    offset: NDArray[np.float32]
    several: bool

    def chances(self, margins: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the probability of every value, for one row of margins or many."""
        logits = margins * self.slope + self.offset
        if self.several:
            return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Linear:
    """One axis: its values, its words, a byte of weight for each pair of them."""

    values: tuple[str, ...]
    vocabulary: Vocabulary
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    calibration: Calibration

    @classmethod
    def of(
        cls,
        values: tuple[str, ...],
        vocabulary: Vocabulary,
        weights: NDArray[np.float32],
        calibration: Calibration,
    ) -> Self:
        """Make a model of trained weights, (features + 1, values), the bias in the last row."""
        own, bias = weights[:-1], weights[-1]
        scale = np.maximum(np.abs(own).max(axis=0, initial=0.0), 1e-9) / _LEVELS
        rounded = np.rint(own / scale).astype(np.int8)
        return cls(values, vocabulary, rounded, scale.astype(np.float32), bias, calibration)

    def margins(self, features: Iterable[str]) -> NDArray[np.float32]:
        """Weigh a text's features for every value."""
        columns, values = self.vocabulary.vector(features)
        weighed = values @ self.weights[columns].astype(np.float32)
        return np.asarray(weighed * self.scale + self.bias, dtype=np.float32)

    def chances(self, features: Iterable[str]) -> dict[str, float]:
        """Give the probability of every value."""
        found = self.calibration.chances(self.margins(features))
        return dict(zip(self.values, map(float, found), strict=True))

    def reasons(self, features: Iterable[str], value: str, most: int) -> list[tuple[str, float]]:
        """Give the features that spoke most for a value, with what each added to its margin."""
        known = list(features)
        columns, values = self.vocabulary.vector(known)
        at = self.values.index(value)
        spoke = values * self.weights[columns, at] * self.scale[at]
        added = dict(zip(columns.tolist(), spoke.tolist(), strict=True))
        names = {self.vocabulary.columns.get(feature): feature for feature in known}
        ranked = sorted(added, key=lambda column: -added[column])[:most]
        return [(names[column], added[column]) for column in ranked if added[column] > 0]
