"""Both paths hold what they have reached on the recorded pages and on our own."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bench.clean import measure
from bench.clean_looks import HALVES, articles
from bench.clean_methods import family, generic
from bench.clean_samples import from_looks, recorded
from pipelines.clean.page import clean_page

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


@pytest.mark.parametrize("half", HALVES)
def test_generic_path_keeps_its_quality(half: str) -> None:
    floors = FLOORS["looks"][half]
    samples = from_looks(half)
    score = measure(generic, samples)
    captions = sum(len(sample.captions) for sample in samples)
    assert len(samples) >= floors["pages"]
    assert captions >= floors["captions"]
    assert score.f1 >= floors["f1"]
    assert score.lost <= floors["lost"]
    assert score.foreign <= floors["foreign"]
    assert (score.titles, score.days, score.authors) == (len(samples),) * 3
    assert score.pairs == captions


@pytest.mark.parametrize("half", HALVES)
def test_lead_time_and_source_are_read_without_a_family(half: str) -> None:
    made = list(articles(half))
    assert len({one.look for one in made}) >= FLOORS["looks"][half]["looks"]
    for one in made:
        draft = clean_page(one.page, None).draft
        name = f"{one.look} {one.text.id}"
        assert draft is not None, name
        assert draft.summary is not None, name
        assert draft.summary in one.text.paragraphs[0], name  # the dateline is cut off
        assert draft.published_at is not None, name
        assert draft.published_at.replace(second=0) == one.published, name
        assert draft.source == (one.text.source or None), name
