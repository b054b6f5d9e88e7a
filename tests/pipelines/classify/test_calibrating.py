from __future__ import annotations

import math

import numpy as np
import pytest

from pipelines.classify.calibrating import calibrate

RANDOM = np.random.default_rng(7)
TRUTH = RANDOM.integers(0, 3, 600)
SIGNS = np.where(TRUTH[:, None] == np.arange(3), 1.0, -1.0).astype(np.float32)
NOISE = RANDOM.normal(size=(600, 3)).astype(np.float32)
# the plane of the last value tells nothing; that a text is neither of the others tells it
BLIND = np.where([True, True, False], SIGNS + 0.5 * NOISE, NOISE).astype(np.float32)
ALL = np.ones(600, np.float32)


def right(alone: float, *, several: bool) -> float:
    mixed, line = calibrate(BLIND, SIGNS, ALL, alone, several=several)
    return float((line.chances(BLIND @ mixed).argmax(axis=1) == TRUTH).mean())


@pytest.mark.parametrize("several", [False, True], ids=["one", "several"])
def test_a_value_whose_own_plane_is_blind_hears_the_others(*, several: bool) -> None:
    assert right(1.0, several=several) > 0.9 > right(math.inf, several=several)


def test_a_value_kept_alone_hears_its_own_plane() -> None:
    mixed, _ = calibrate(BLIND, SIGNS, ALL, math.inf, several=False)
    assert np.array_equal(mixed, np.eye(3))
    nearly, _ = calibrate(BLIND, SIGNS, ALL, 1e6, several=False)
    assert nearly == pytest.approx(np.eye(3), abs=0.01)


@pytest.mark.parametrize("alone", [1.0, math.inf])
def test_what_is_promised_is_kept(alone: float) -> None:
    margins = (SIGNS + 2.0 * NOISE).astype(np.float32)
    mixed, line = calibrate(margins, SIGNS, ALL, alone, several=False)
    promised = line.chances(margins @ mixed).mean(axis=0)
    assert promised == pytest.approx(np.bincount(TRUTH) / 600, abs=0.02)


def test_what_is_not_trusted_is_not_heard() -> None:
    trusted = np.r_[np.ones(300), np.zeros(300)].astype(np.float32)
    lying = np.concatenate([SIGNS[:300], -SIGNS[300:]])
    _, line = calibrate(BLIND, lying, trusted, math.inf, several=False)
    _, same = calibrate(BLIND[:300], SIGNS[:300], ALL[:300], math.inf, several=False)
    assert line.slope == pytest.approx(same.slope, rel=1e-3)
