"""Train a linear model of one axis, with probabilities that are kept."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.classify.calibrating import calibrate
from pipelines.classify.descent import Rows, descend
from pipelines.classify.features import NAME, RULE, SECTION, TITLE
from pipelines.classify.linear import Linear, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

_LEAST = 1e-9
_WITNESS = 4.0  # so much a section, which few of the texts to learn from have


@dataclass(frozen=True, slots=True)
class Method:
    """How a model is trained; the numbers were chosen by cross-validation (docs/measurements.md).

    ``features``: the most telling so many, of those in at least ``least`` texts. ``cost``: the
    price of a wrong answer. ``several``: a text may have several values. ``rules``, ``title``,
    ``names``: how much more than a word a rule's saying, a word of the title, a word with a capital
    weighs, before anything is learned. As they stand they are for thousands of texts; a few hundred
    short ones want each word, and stricter planes. ``alone``: how strongly each value is kept from
    hearing what the planes of the others say; infinite: it hears its own alone. ``folds``: of so
    many parts each is left out once, for the margins of texts that no plane has seen.
    """

    features: int = 100_000
    least: int = 3
    cost: float = 2.0
    several: bool = False
    rules: float = 1.0
    title: float = 1.5
    names: float = 1.5
    alone: float = math.inf
    folds: int = 5


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text to learn from: its features, its values, and the group that folds keep together.

    ``weight`` below 1 is for labels that a rule gave.
    """

    features: Counter[str]
    values: tuple[str, ...]
    group: str
    weight: float = 1.0


def train(lessons: Sequence[Lesson], method: Method) -> Linear:
    """Train on lessons; calibrate on what models say that did not see the text."""
    values = tuple(sorted({value for one in lessons for value in one.values}))
    signs = np.asarray(
        [[1.0 if value in one.values else -1.0 for value in values] for one in lessons],
        dtype=np.float32,
    )
    vocabulary = _vocabulary(lessons, method)
    rows = _rows(lessons, vocabulary)
    cost = np.asarray([[one.weight * method.cost] for one in lessons], dtype=np.float32)
    cost = np.broadcast_to(cost, signs.shape)
    unseen = np.zeros_like(signs)
    for held in _folds(lessons, method.folds):
        kept = np.setdiff1d(np.arange(len(lessons)), held)
        known = rows.part(kept)
        weights = descend(known, signs[kept], cost[kept])
        unseen[held] = rows.part(held).within(known).margins(weights)
    # what a rule said is no measure of how far to be believed
    trusted = np.asarray([one.weight >= 1.0 for one in lessons], dtype=np.float32)
    mixed, calibration = calibrate(unseen, signs, trusted, method.alone, several=method.several)
    return Linear.of(values, vocabulary, descend(rows, signs, cost) @ mixed, calibration)


def _vocabulary(lessons: Sequence[Lesson], method: Method) -> Vocabulary:
    """Choose the features that tell most about any value, and weigh them by their rarity."""
    texts = Counter(feature for one in lessons for feature in one.features)
    known = [feature for feature, count in texts.items() if count >= method.least]
    often = np.asarray([texts[feature] for feature in known], dtype=np.int64)
    told = _telling(lessons, known, often)
    ranked = sorted(zip(-told, known, strict=True))[: method.features]
    chosen = [feature for _, feature in ranked]
    counts = np.asarray([texts[feature] for feature in chosen], dtype=np.float32)
    rarity = np.log((1.0 + len(lessons)) / (1.0 + counts)) + 1.0
    rarity *= [_loudness(feature, method) for feature in chosen]
    columns = {feature: at for at, feature in enumerate(chosen)}
    return Vocabulary(columns, rarity.astype(np.float32))


def _loudness(feature: str, method: Method) -> float:
    """Give how much more than a word a feature weighs, before anything is learned."""
    if feature.startswith(SECTION):
        return _WITNESS
    return {RULE: method.rules, TITLE: method.title, NAME: method.names}.get(feature[0], 1.0)


def _telling(
    lessons: Sequence[Lesson], known: Sequence[str], texts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Give each feature's chi square with the value that it tells most about."""
    total = len(lessons)
    best = np.zeros(len(known))
    for value in {value for one in lessons for value in one.values}:
        own = [one for one in lessons if value in one.values]
        met = Counter(feature for one in own for feature in one.features)
        here = np.asarray([met[feature] for feature in known])
        share = len(own) / total
        apart = (here - texts * share) ** 2
        best = np.maximum(best, apart / (texts * share * (1.0 - share) + _LEAST))
    return best


def _rows(lessons: Sequence[Lesson], vocabulary: Vocabulary) -> Rows:
    pairs = [vocabulary.vector(one.features.elements()) for one in lessons]
    return Rows([pair[0] for pair in pairs], [pair[1] for pair in pairs], len(vocabulary.columns))


def _folds(lessons: Sequence[Lesson], parts: int) -> Collection[NDArray[np.int64]]:
    """Split into folds, one group never over two."""
    groups = sorted({one.group for one in lessons})
    order = np.random.default_rng(1).permutation(len(groups))
    fold_of = {group: int(at) % parts for group, at in zip(groups, order, strict=True)}
    folds = np.asarray([fold_of[one.group] for one in lessons])
    return [np.flatnonzero(folds == fold) for fold in range(parts)]
