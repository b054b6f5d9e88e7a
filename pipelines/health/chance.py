"""How likely so many bad pages are if nothing has changed: the beta-binomial tail."""

from __future__ import annotations

from math import exp, lgamma


def chance(bad: int, pages: int, share: float, known: int) -> float:
    """Give the chance of so many bad pages or more, if nothing has changed.

    The usual ``share`` is not better known than the ``known`` pages tell that it was learned from.
    """
    sick, well = share * known, (1 - share) * known
    before = _ln_beta(sick, well)
    return sum(
        exp(_ln_choose(pages, n) + _ln_beta(sick + n, well + pages - n) - before)
        for n in range(bad, pages + 1)
    )


def _ln_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _ln_choose(n: int, k: int) -> float:
    """Give the logarithm: of 2,000 pages the number itself is too large."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
