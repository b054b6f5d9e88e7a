"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import pytest

from pipelines.wording import Passage, changes, passages


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("một hai ba", "một hai ba", []),
        ("có 1.240 hộ", "có 1.420 hộ", [Passage("", "1.240", "1.420")]),
        ("một ba", "một hai ba", [Passage("", "", "hai")]),
        ("một hai ba", "một\nba", [Passage("", "hai", "")]),
        ("", "mới", [Passage("", "", "mới")]),
    ],
)
def test_changes(before: str, after: str, changed: list[Passage]) -> None:
    assert changes(before, after) == changed
    cut = passages(before, after)
    assert [word for one in cut for word in f"{one.kept} {one.added}".split()] == after.split()
    assert [word for one in cut for word in f"{one.kept} {one.removed}".split()] == before.split()
