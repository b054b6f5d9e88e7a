"""The filter of a text's triples: it never leaves out what is there, and leaves out most others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from pipelines.search.triples import UNKNOWN, hashed, may_have, pack, triples

MOST_WRONG = 0.12

WORDS = some.lists(some.text("abcđê", min_size=1, max_size=3), max_size=40)


def test_three_words_side_by_side() -> None:
    assert list(triples(["dan", "van", "kheo", "o"])) == ["dan_van_kheo", "van_kheo_o"]
    assert list(triples(["dan", "van"])) == []


@given(WORDS)
def test_what_is_there_is_never_left_out(words: list[str]) -> None:
    found = set(triples(words))
    assert all(may_have(pack(found), [hashed(one)]) for one in found)
    assert not found or may_have(pack(found), map(hashed, found))


def test_what_is_not_there_is_left_out_as_a_rule() -> None:
    packed = pack({f"word{n}" for n in range(500)})
    wrong = sum(may_have(packed, [hashed(f"other{n}")]) for n in range(2_000))
    assert wrong < MOST_WRONG * 2_000
    assert not may_have(pack(()), [hashed("other")])
    assert may_have(UNKNOWN, [hashed("other")])
