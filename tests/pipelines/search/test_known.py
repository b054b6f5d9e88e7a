"""Names that a reader may ask for: what is not one is refused, with the nearest."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.errors import Reject
from pipelines.search.known import about_places, require_known
from pipelines.store.finding import ArticleQuery


@pytest.mark.parametrize(
    "name",
    [
        "",
        "An Giang",
        "tỉnh An Giang",
        "an giang",
        "xã Óc Eo",
        "Quận 5",
        "tinh an giang",
        "xa oc eo",
        "Thừa Thiên - Huế",
        "Óc Eo, An Giang",
    ],
)
def test_places_by_any_of_their_names(name: str) -> None:
    assert require_known(ArticleQuery(unit=name, unit_today=name)).unit == name


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("quận 01", "quận 1"),
        ("Quận 05,TP.HCM", "quận 5, thành phố Hồ Chí Minh"),
        ("tp hcm", "thành phố Hồ Chí Minh"),
        ("TP. Cần Thơ", "thanh pho can tho"),
        ("tx tan chau", "thi xa tan chau"),
        ("Huyện ủy Châu Thành", "Châu Thành"),
        ("tỉnh ủy an giang", "tỉnh An Giang"),
    ],
)
def test_a_place_in_short_is_looked_for_in_full(said: str, place: str) -> None:
    known = require_known(ArticleQuery(unit=said, unit_today=said))
    assert (known.unit, known.unit_today) == (place, place)


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


def test_a_number_too_long_to_be_read_is_no_place() -> None:
    with pytest.raises(Reject, match="there is no place quận 9"):
        require_known(ArticleQuery(unit=f"quận {'9' * 5_000}"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"unit": "An Giang", "unit_today": "An Giang"}, ""),
        (
            {"unit": "huyện Châu Thành"},
            (
                '"huyện Châu Thành" is the name of 10 places, and all count;'
                ' narrower: "huyện Châu Thành, tỉnh An Giang"'
            ),
        ),
        ({"unit": "Châu Thành, An Giang"}, ""),
        (
            {"unit": "ben tre"},
            (
                '"ben tre" is the name of 3 places (tỉnh Bến Tre; thành phố Bến Tre, tỉnh Bến Tre;'
                ' phường Bến Tre, tỉnh Vĩnh Long), and all count; narrower: "tỉnh Bến Tre"'
            ),
        ),
        (
            {"unit_today": "Kiên Giang"},
            '"Kiên Giang" is no place of today: its land is tỉnh An Giang',
        ),
        (
            {"unit_today": "huyện Châu Thành"},
            '"huyện Châu Thành" is no place of today: its land is in 5 provinces',
        ),
    ],
)
def test_a_name_of_several_places_or_of_none_today_is_told_of(
    asked: dict[str, Any], said: str
) -> None:
    assert " ".join(about_places(ArticleQuery(**asked))) == said


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("dan_van,", "he_thong_chinh_tri/dan_van"),
        ("dân vận, y_te", "he_thong_chinh_tri/dan_van,van_hoa_xa_hoi/y_te"),
        (
            "Xây dựng Đảng: tổ chức, cán bộ, đảng viên",
            "he_thong_chinh_tri/to_chuc_dang",
        ),
        ("he_thong_chinh_tri/dan_van", "he_thong_chinh_tri/dan_van"),
        ("dan_van", "he_thong_chinh_tri/dan_van"),
        ("dân vận", "he_thong_chinh_tri/dan_van"),
        ("Dan van", "he_thong_chinh_tri/dan_van"),
        ("Xây dựng Đảng: dân vận", "he_thong_chinh_tri/dan_van"),
        ("kinh_te", "kinh_te"),
        ("Văn hoá - xã hội", "van_hoa_xa_hoi"),
        ("unsure", "unsure"),
        ("", ""),
    ],
)
def test_topics_by_any_of_their_names(said: str, topic: str) -> None:
    assert require_known(ArticleQuery(topic=said)).topic == topic


@pytest.mark.parametrize(
    ("axis", "said", "near"),
    [
        ("topic", "dan_von", ["dan_van (Xây dựng Đảng: dân vận)"]),
        ("topic", "kinh_te/dan_van", ["dan_van (Xây dựng Đảng: dân vận)"]),
        ("topic", "thuế", ["tai_chinh (Tài chính, ngân hàng, thuế)"]),
        (
            "topic",
            "van hoa",
            ["van_hoa_xa_hoi (Văn hóa - xã hội)", "van_hoa_the_thao (Văn hóa, thể thao, báo chí)"],
        ),
        ("kind", "hoi_ngi", ["hoi_nghi (Hội nghị, họp)"]),
        ("kind", "unsur", ["unsure"]),
    ],
)
def test_a_label_that_is_none_is_refused_with_those_near(
    axis: str, said: str, near: list[str]
) -> None:
    assert _refusal(axis, said) == [f"there is no {axis} {said}; nearest:", *near]


@pytest.mark.parametrize(("axis", "count"), [("topic", 27), ("kind", 21)])
def test_all_labels_are_told_where_none_is_near(axis: str, count: int) -> None:
    first, *all_ = _refusal(axis, "nosuch")
    assert first == f"there is no {axis} nosuch; there are:"
    assert len(all_) == count
    assert max(map(len, all_)) < 78
    for one in all_:
        require_known(_asked(axis, one.partition(" ")[0]))


def _asked(axis: str, said: str) -> ArticleQuery:
    return ArticleQuery(topic=said) if axis == "topic" else ArticleQuery(kind=said)


def _refusal(axis: str, said: str) -> list[str]:
    """Give the lines of the answer to a label that is none."""
    with pytest.raises(Reject) as caught:
        require_known(_asked(axis, said))
    assert caught.value.code == f"{axis}.unknown"
    return [line.strip(" ,") for line in str(caught.value).splitlines()]


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("", ""),
        ("Lê Văn Bình", "Lê Văn Bình"),
        ("ông Lê Văn Bình", "Lê Văn Bình"),
        ("Bí thư Tỉnh ủy Lê Văn Bình", "Lê Văn Bình"),
        ("le van binh", "le van binh"),
    ],
)
def test_a_person_by_the_name_with_or_without_a_title(typed: str, person: str) -> None:
    assert require_known(ArticleQuery(person=typed)).person == person
