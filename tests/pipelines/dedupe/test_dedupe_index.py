"""Finding the stored article: candidates, formulas, and which of several matches is taken."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from bench.dedupe_articles import COMMUNES
from pipelines.dedupe.index import (
    HOT,
    MOST_CANDIDATES,
    MemoryIndex,
    match,
    needed_hits,
    shortlist,
)
from pipelines.dedupe.sketch import Fingerprint, fingerprint
from pipelines.dedupe.verify import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.dedupe_newsroom import Article


class Archive:
    """Stored texts with their index."""

    def __init__(self, *texts: Text) -> None:
        self.index = MemoryIndex()
        self.texts = dict(enumerate(texts))
        self.read: list[int] = []
        for at, text in self.texts.items():
            self.index.add(at, fingerprint(text.title, text.body).hashes)

    def load(self, ids: Sequence[int]) -> Mapping[int, Text]:
        self.read += ids
        return {at: self.texts[at] for at in ids if at in self.texts}

    def find(self, text: Text) -> tuple[int, str] | None:
        found = match(fingerprint(text.title, text.body), text, self.index, self.load)
        return (found.article_id, found.verdict.kind) if found else None


def _text(made: Article) -> Text:
    return Text(made.title, made.body)


@pytest.fixture
def texts() -> list[Text]:
    rng = random.Random(7)
    return [_text(COMMUNES.story(rng)) for _ in range(30)]


def test_candidates_come_with_most_hits_first() -> None:
    index = MemoryIndex()
    index.add(1, [10, 11, 12])
    index.add(2, [10, 11, 12, 13])
    index.add(3, [10])
    assert index.candidates([10, 11, 12, 13], 3) == [(2, 4), (1, 3)]
    assert index.candidates([10], 1) == [(1, 1), (2, 1), (3, 1)]
    assert index.candidates([99], 1) == []


def test_a_formula_finds_nothing() -> None:
    index = MemoryIndex()
    for at in range(HOT + 1):
        index.add(at, [10, 11, 12])
    index.add(HOT + 1, [20, 21, 22])
    assert index.candidates([10, 11, 12, 20, 21, 22], 3) == [(HOT + 1, 3)]


def test_each_text_finds_itself(texts: list[Text]) -> None:
    archive = Archive(*texts)
    assert [archive.find(text) for text in texts] == [(at, "identical") for at in range(30)]


def test_an_identical_text_is_taken_before_an_excerpt(texts: list[Text]) -> None:
    whole = texts[0]
    part = Text(whole.title, whole.body[:-2])
    assert Archive(whole, part).find(part) == (1, "identical")
    assert Archive(part, whole).find(whole) == (1, "identical")


def test_the_first_of_equals_is_taken(texts: list[Text]) -> None:
    assert Archive(texts[0], texts[0]).find(texts[0]) == (0, "identical")


def test_a_related_text_is_named_when_nothing_joins(texts: list[Text]) -> None:
    one, other = texts[0], texts[1]
    half = Text(one.title, (*one.body[: len(one.body) * 2 // 3], *other.body))
    found = Archive(one).find(half)
    assert found is not None
    assert found[1] == "related"


def test_a_new_text_finds_nothing(texts: list[Text]) -> None:
    assert Archive(*texts[1:]).find(texts[0]) is None


def test_a_text_without_words_is_never_matched() -> None:
    short = Text("Thông báo", ("Nội dung như tệp đính kèm.",))
    archive = Archive(short)
    assert archive.find(short) is None
    assert archive.read == []


def test_a_candidate_that_is_gone_is_passed_over(texts: list[Text]) -> None:
    archive = Archive(*texts)
    del archive.texts[3]
    assert archive.find(texts[3]) is None


@pytest.mark.parametrize(
    ("hashes", "shingles", "needed"),
    [
        (12, 20, 2),
        (13, 416, 2),
        (14, 448, 3),
        (100, 3200, 15),
        (1, 12, 1),
    ],
)
def test_needed_hits(hashes: int, shingles: int, needed: int) -> None:
    assert needed_hits(Fingerprint("", tuple(range(hashes)), shingles)) == needed


def test_shortlist_is_short() -> None:
    fp = Fingerprint("", tuple(range(30)), 480)
    found = [(at, at % 30) for at in range(100)]
    kept = shortlist(fp, found)
    assert len(kept) == MOST_CANDIDATES
    assert kept[:4] == [(29, 29), (59, 29), (89, 29), (28, 28)]
    assert shortlist(fp, [(1, 2)]) == []
