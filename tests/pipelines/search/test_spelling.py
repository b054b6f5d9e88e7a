from __future__ import annotations

import pytest

from pipelines.search.spelling import spellings


@pytest.mark.parametrize(
    ("query", "others"),
    [
        ("kĩ thuật", ["kỹ thuật", "ki thuat"]),
        ("2 tỷ", ["2 tỉ", "2 ty"]),
        ("Mỹ Tho", ["Mĩ Tho", "My Tho"]),
        ("hộ 1250", ["hộ 1.250", "ho 1250"]),
        ("1.250.000", ["1250000"]),
        ("1,250", ["1250"]),
        ("2026 9/6 1250/NQ", []),
        ("chuyển đỗi số", ["chuyen doi so"]),
        ("quy hoach", []),
        ("thi ly", ["thi li"]),
    ],
)
def test_what_was_asked_in_vain_is_spelt_otherwise(query: str, others: list[str]) -> None:
    assert list(spellings(query)) == others
