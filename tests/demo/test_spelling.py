from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.content import Block, blocks_of
from demo.spelling import other_tone_placement, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đồng Tháp: Tổng kết 5 năm (2020-2025)", "dong-thap-tong-ket-5-nam-2020-2025"),
        ("“Dân vận khéo”", "dan-van-kheo"),
        ("  Ủy ban – Thuỷ lợi  ", "uy-ban-thuy-loi"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoà bình, thuỷ lợi, khoẻ", "hòa bình, thủy lợi, khỏe"),
        ("hòa bình, thủy lợi, Ủy ban", "hoà bình, thuỷ lợi, Uỷ ban"),
        ("của quý, múa, quỹ, toàn, hoàn", "của quý, múa, quỹ, toàn, hoàn"),
    ],
)
def test_tone_placement_moves_only_in_open_oa_oe_uy(text: str, expected: str) -> None:
    assert other_tone_placement(text) == expected


@given(st.text())
def test_tone_placement_keeps_letters_and_marks(text: str) -> None:
    def letters(value: str) -> list[str]:
        return sorted(unicodedata.normalize("NFD", value))

    assert letters(other_tone_placement(text)) == letters(text)


def test_blocks_of_a_text() -> None:
    chunks = ("Mở đầu\nhai dòng.", "![a.jpg b.jpg] Chú thích", "# Mục", "- Một", "| A | B")
    assert blocks_of("\n\n".join((*chunks, "@ x.pdf | Tệp"))) == (
        Block("p", "Mở đầu hai dòng."),
        Block("image", "Chú thích", ("a.jpg", "b.jpg")),
        Block("heading", "Mục"),
        Block("item", "Một"),
        Block("row", "A | B"),
        Block("file", "Tệp", ("x.pdf",)),
    )
