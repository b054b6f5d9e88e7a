"""Names that a reader may ask for: what is not one is refused, with the nearest."""

from __future__ import annotations

import pytest

from pipelines.errors import Reject
from pipelines.search.known import require_known
from pipelines.store.finding import ArticleQuery


@pytest.mark.parametrize(
    "name",
    [
        "",
        "An Giang",
        "tỉnh An Giang",
        "an giang",
        "xã Óc Eo",
        "Quận 05",
        "TP.HCM",
        "Óc Eo, An Giang",
    ],
)
def test_places_by_any_of_their_names(name: str) -> None:
    assert require_known(ArticleQuery(unit=name, unit_today=name)).unit == name


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Giang", "no place Giang; nearest: An Giang, Bắc Giang"),
        ("An Giang, Giag", "no place Giag"),
        ("An Giag", "nearest: An Giang"),
        ("xyzzy", "no place xyzzy$"),
    ],
)
def test_a_place_that_is_none_is_refused(name: str, hint: str) -> None:
    with pytest.raises(Reject, match=hint) as caught:
        require_known(ArticleQuery(unit=name))
    assert caught.value.code == "unit.unknown"


def test_a_leaf_of_the_taxonomy_is_named_in_full() -> None:
    assert require_known(ArticleQuery(topic="dan_van")).topic == "he_thong_chinh_tri/dan_van"
    with pytest.raises(Reject, match="dan_van"):
        require_known(ArticleQuery(topic="dan_von"))
