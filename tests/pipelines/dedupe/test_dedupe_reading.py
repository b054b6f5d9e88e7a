"""A text as it is compared: what is read chunk by chunk is what its syllables are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dedupe.normal import body_syllables, content_hash, fold, syllables
from pipelines.dedupe.reading import CODE, Text, distinct, read, windows
from pipelines.dedupe.sketch import fingerprint

# What joins, parts or vanishes inside a word, and what only looks like white space.
LETTERS = "aoủ Đ12.,/_-\n\t\u00a0\u00ad\u0085\u0301\u0323\u200b\u2028\ufeff"
TEXTS = st.text(st.sampled_from(LETTERS) | st.characters(codec="utf-8"))


@settings(max_examples=200, deadline=None)
@given(title=TEXTS, body=st.lists(TEXTS))
def test_chunks_have_the_syllables_of_the_whole(title: str, body: list[str]) -> None:
    written = syllables(title) + body_syllables(body)
    found = read(Text(title, tuple(body)))
    assert found.folded.split() == fold(written)
    assert found.title_count == len(syllables(title))
    assert len(found.codes) == CODE * len(found.shape) == CODE * len(written)
    assert [letter in b"AB" for letter in found.shape] == [one[0].isupper() for one in written]
    assert fingerprint(title, body).content_hash == content_hash(title, body)


def test_figures_and_names_stand_between_masked_words() -> None:
    one = read(Text("", ("Ngày 09/06 tại trụ sở xã Tân Hòa nay có 12.362 hộ. Ông Lê Văn Bảy kể",)))
    other = read(Text("", ("Ngày 10/07 tại trụ sở xã An Bình nay có 990 hộ. Ông Võ Văn Tư kể",)))
    assert [*one.figures().values()] == [["96"], ["12362"]]
    assert [len(name) // CODE for few in one.names().values() for name in few] == [2, 4]
    assert one.figures().keys() == other.figures().keys()
    assert one.names().keys() == other.names().keys()
    assert one.names() != other.names()


def test_windows_and_what_is_distinct() -> None:
    codes = bytes(range(4 * CODE))
    assert windows(codes, 3) == [codes[: 3 * CODE], codes[CODE:]]
    assert [windows(codes, 4), windows(codes, 9), windows(b"", 3)] == [[codes], [codes], []]
    for numbers in ([], [7], [3, 2**64 - 1, 3, 0, 2**64 - 1]):
        assert distinct(np.array(numbers, np.uint64)).tolist() == sorted(set(numbers))
