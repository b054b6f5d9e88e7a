"""Places in the order of time: written into an address, and read from it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.errors import Reject
from pipelines.store.paging import Place


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 11, 22, 3, 0, 0, 5, UTC), "1795316400000005.7"),
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "-1000000.7"),
    ],
)
def test_a_place_is_read_as_it_was_written(at: datetime, written: str) -> None:
    assert str(Place(at, 7)) == written
    assert Place.read(written) == Place(at, 7)


@pytest.mark.parametrize("text", ["", "7", "x.7", "1.x", "1.7 ", "999999999999999999.1", "٣.٣"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(Reject, match="is no place among the articles"):
        Place.read(text)
