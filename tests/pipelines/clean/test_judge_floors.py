"""The judge names every kind of page of an unknown system as well as it has once done."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.clean_looks import HALVES
from bench.judge import measure, rates

if TYPE_CHECKING:
    from collections import Counter

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))["judge"]
OUTCOMES = [name for name in FLOORS["tuned"] if name != "pages"]


@cache
def counted(half: str) -> Counter[tuple[str, str]]:
    return measure(half)[0]


@pytest.mark.parametrize("half", HALVES)
def test_pages_are_no_fewer(half: str) -> None:
    assert counted(half).total() >= FLOORS[half]["pages"]
    assert set(OUTCOMES) == {want for want, _ in counted(half)}


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("half", HALVES)
def test_outcome_keeps_precision_and_recall(half: str, outcome: str) -> None:
    _, precision, recall = rates(counted(half), outcome)
    least_precision, least_recall = FLOORS[half][outcome]
    assert precision >= least_precision
    assert recall >= least_recall
