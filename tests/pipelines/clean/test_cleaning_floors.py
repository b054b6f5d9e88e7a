"""The family path holds what it has reached on the recorded pages."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bench.clean import measure, recorded
from bench.clean_methods import family

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))


def test_recorded_pages_are_no_fewer() -> None:
    samples = recorded()
    articles = [sample for sample in samples if sample.body]
    assert len(articles) >= FLOORS["articles"]
    assert len(samples) - len(articles) >= FLOORS["others"]
    assert sum(len(sample.captions) for sample in articles) >= FLOORS["captions"]


def test_family_path_keeps_its_quality() -> None:
    samples = recorded()
    score = measure(family, samples)
    articles = sum(bool(sample.body) for sample in samples)
    assert score.f1 >= FLOORS["f1"]
    assert score.lost <= FLOORS["lost"]
    assert score.foreign <= FLOORS["foreign"]
    assert score.refused == len(samples) - articles
    assert (score.titles, score.days, score.authors) == (articles,) * 3
    assert score.pairs == sum(len(sample.captions) for sample in samples)
