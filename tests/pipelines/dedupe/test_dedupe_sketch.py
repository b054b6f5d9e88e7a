"""The sketch: what it keeps, how much, and that stored sketches stay readable."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedupe.sketch import FRACTION, LEAST, VERSION, fingerprint

WORDS = st.lists(st.integers(0, 10_000).map(lambda n: f"tiếng{n}"), min_size=1, max_size=600)


def _lines(words: list[str]) -> list[str]:
    return [" ".join(words[at : at + 40]) for at in range(0, len(words), 40)]


def test_a_stored_sketch_stays_readable() -> None:
    """Pinned: if this changes, raise VERSION, as sketches in the archive have to be made again."""
    made = fingerprint(
        "Lễ khánh thành cầu Tân Hòa",
        ["Sáng 5/3, xã Tân Hòa khánh thành cây cầu dài 42 mét do bà con góp công xây dựng."],
    )
    assert VERSION == 2
    assert made.shingle_count == 17
    assert made.hashes[:3] == (-1810095046, -1653436318, -1529598977)
    assert made.content_hash[:16] == "546064553fe904e1"


@given(WORDS)
def test_size_and_range(words: list[str]) -> None:
    made = fingerprint("", _lines(words))
    assert all(-(2**31) <= value < 2**31 for value in made.hashes)
    assert list(made.hashes) == sorted(set(made.hashes))
    assert min(LEAST, made.shingle_count) <= len(made.hashes) + 1
    assert len(made.hashes) <= max(LEAST, made.shingle_count)


def test_a_thirty_second_is_kept() -> None:
    rng = random.Random(5)
    words = [f"tiếng{rng.randrange(10**6)}" for _ in range(32_000)]
    share = len(fingerprint("", _lines(words)).hashes) / 32_000
    assert share == pytest.approx(1 / FRACTION, rel=0.1)


@given(WORDS)
def test_a_longer_text_keeps_the_hashes_of_its_part(words: list[str]) -> None:
    """Sketches are nested: what a long enough part keeps below the limit, the whole keeps too."""
    words = [*words, *(f"đoạn{at}" for at in range(700))]
    part = fingerprint("", _lines(words))
    whole = fingerprint("", [*_lines(words), "một câu khác hẳn nối vào cuối bài cho dài thêm"])
    if len(part.hashes) > LEAST:
        assert set(part.hashes) <= set(whole.hashes)


@pytest.mark.parametrize(
    ("title", "body", "substantial"),
    [
        ("", (), False),
        ("Thông báo", ("Nội dung xem tệp đính kèm.",), False),
        (
            "Thông báo",
            ("Mời bà con xem nội dung đầy đủ trong tệp đính kèm theo dưới đây nhé.",),
            True,
        ),
    ],
)
def test_substantial(title: str, body: tuple[str, ...], *, substantial: bool) -> None:
    assert fingerprint(title, body).substantial is substantial
