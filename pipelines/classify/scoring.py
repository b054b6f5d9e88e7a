"""How good answers are: F1 by value, and how far their probabilities can be believed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_BINS = 10


def f1_by_value(
    truth: Sequence[Collection[str]], given: Sequence[Collection[str]]
) -> dict[str, float]:
    """Give F1 of every value that stands in the truth or in the answers."""
    right, wanted, said = Counter[str](), Counter[str](), Counter[str]()
    for true, told in zip(truth, given, strict=True):
        right.update(set(true) & set(told))
        wanted.update(set(true))
        said.update(set(told))
    return {v: 2 * right[v] / (wanted[v] + said[v]) for v in sorted(wanted | said)}


def macro_f1(truth: Sequence[Collection[str]], given: Sequence[Collection[str]]) -> float:
    """Give the mean F1 over the values of the truth."""
    known = {value for true in truth for value in true}
    found = f1_by_value(truth, given)
    return sum(found[value] for value in known) / len(known)


def calibration_error(chances: Sequence[float], right: Sequence[bool]) -> float:
    """Give the expected calibration error: mean gap of chance and share right, in 10 equal bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for chance, hit in zip(chances, right, strict=True):
        bins.setdefault(min(int(chance * _BINS), _BINS - 1), []).append((chance, hit))
    gaps = (abs(sum(c for c, _ in one) - sum(h for _, h in one)) for one in bins.values())
    return sum(gaps) / len(chances)
