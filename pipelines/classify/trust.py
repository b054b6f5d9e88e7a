"""How far a portal's probabilities can be believed, learned from what people said of them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from pipelines.classify.models import Trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ENOUGH = 30
"""Reviewed articles of a portal from which on it is judged by itself."""
_DRAW = 5.0  # how strongly a portal is drawn to the common line, in articles
_STEPS = 500
_RATE = 0.5
_EDGE = 0.01


def learn_trust(
    told: Iterable[tuple[str, str, float, bool]],
) -> dict[tuple[str, str], Trust]:
    """Fit a line over the log odds for every (portal, axis) with enough reviewed articles.

    ``told`` are (portal, axis, the probability that was told, whether it was right), of articles
    drawn at random.
    """
    by_place: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    for portal, axis, chance, right in told:
        by_place[portal, axis].append((chance, right))
    return {place: _fit(pairs) for place, pairs in by_place.items() if len(pairs) >= ENOUGH}


def _fit(pairs: Sequence[tuple[float, bool]]) -> Trust:
    """Fit by gradient descent, drawn to slope 1 and offset 0."""
    slope, offset = 1.0, 0.0
    odds = []
    for chance, right in pairs:
        known = min(max(chance, _EDGE), 1.0 - _EDGE)
        odds.append((math.log(known / (1.0 - known)), right))
    for _ in range(_STEPS):
        wrong = [1.0 / (1.0 + math.exp(-slope * x - offset)) - right for x, right in odds]
        tilt = sum(miss * x for miss, (x, _) in zip(wrong, odds, strict=True))
        slope -= _RATE * (tilt + _DRAW * (slope - 1.0)) / len(odds) / 4
        offset -= _RATE * (sum(wrong) + _DRAW * offset / 4) / len(odds)
    return Trust(slope, offset)
