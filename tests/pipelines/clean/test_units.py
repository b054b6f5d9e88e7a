from __future__ import annotations

from datetime import date

import pytest

from pipelines.clean.gazetteer import REFORM, ended_province, gazetteer, home_of
from pipelines.clean.units import LAST_BEFORE, find_units


@pytest.mark.parametrize(
    ("text", "home", "units"),
    [
        ("tỉnh An Giang Lê Văn Nưng", "", [("tỉnh An Giang", "tinh", "tỉnh An Giang")]),
        ("tỉnh Kiên Giang", "", [("tỉnh Kiên Giang", "tinh", "tỉnh An Giang")]),
        ("Tỉnh uỷ Tiền Giang", "", [("Tiền Giang", "tinh", "tỉnh Đồng Tháp")]),
        ("TP. HCM", "", [("TP. HCM", "tinh", "thành phố Hồ Chí Minh")]),
        ("tỉnh Thừa Thiên Huế", "", [("tỉnh Thừa Thiên Huế", "tinh", "thành phố Huế")]),
        ("tỉnh Thừa Thiên - Huế", "", [("tỉnh Thừa Thiên - Huế", "tinh", "thành phố Huế")]),
        (
            "TP Huế, tỉnh Thừa Thiên Huế",
            "",
            [
                ("TP Huế", "tinh", "thành phố Huế"),
                ("tỉnh Thừa Thiên Huế", "tinh", "thành phố Huế"),
            ],
        ),
        ("huyện Phú Quốc", "", [("huyện Phú Quốc", "huyen", None)]),
        ("thành phố Trùng Khánh", "", []),
        (
            "tỉnh Bà Rịa – Vũng Tàu",
            "",
            [("tỉnh Bà Rịa – Vũng Tàu", "tinh", "thành phố Hồ Chí Minh")],
        ),
        ("Thành ủy Hồng Ngự", "", [("Hồng Ngự", "huyen", None)]),
        ("Phường Hiệp Ninh", "", [("Phường Hiệp Ninh", "xa", "phường Tân Ninh, tỉnh Tây Ninh")]),
        (
            "phường An Thạnh, TP Hồng Ngự",
            "",
            [
                ("phường An Thạnh", "xa", "phường Hồng Ngự, tỉnh Đồng Tháp"),
                ("TP Hồng Ngự", "huyen", None),
            ],
        ),
        ("xã Thạnh Phú", "", [("xã Thạnh Phú", "xa", None)]),
        (
            "UBND xã Thạnh Phú",
            "Cờ Đỏ, Cần Thơ",
            [("xã Thạnh Phú", "xa", "xã Thạnh Phú, thành phố Cần Thơ")],
        ),
        # of five communes of that name, one lay in Kiên Giang and one in Tiền Giang
        (
            "xã Châu Thành, tỉnh Kiên Giang",
            "",
            [
                ("xã Châu Thành", "xa", "xã Châu Thành, tỉnh An Giang"),
                ("tỉnh Kiên Giang", "tinh", "tỉnh An Giang"),
            ],
        ),
        ("xã Châu Thành", "Tiền Giang", [("xã Châu Thành", "xa", "xã Châu Thành, tỉnh Đồng Tháp")]),
        # parents that stand bare behind a name
        (
            "xã Châu Thành, Kiên Giang",
            "",
            [("xã Châu Thành", "xa", "xã Châu Thành, tỉnh An Giang")],
        ),
        (
            "xã Thạnh Phú (Cờ Đỏ) đến thăm xã Thạnh Phú",
            "Cà Mau",
            [("xã Thạnh Phú", "xa", "xã Thạnh Phú, thành phố Cần Thơ")],
        ),
        ("xã Thạnh Phú (Đà Lạt)", "Cần Thơ", [("xã Thạnh Phú", "xa", None)]),
        (
            "Phường Hiệp Ninh - Tây Ninh",
            "",
            [("Phường Hiệp Ninh", "xa", "phường Tân Ninh, tỉnh Tây Ninh")],
        ),
        (
            "các xã Nam Sơn, Bắc Sơn và Hồng Kỳ",
            "Hà Nội",
            [
                ("xã Nam Sơn", "xa", "xã Trung Giã, thành phố Hà Nội"),
                ("Bắc Sơn", "xa", "xã Trung Giã, thành phố Hà Nội"),
                ("Hồng Kỳ", "xa", "xã Trung Giã, thành phố Hà Nội"),
            ],
        ),
        (
            "hai tỉnh Long An, Bến Tre và Công ty An Giang",
            "",
            [("tỉnh Long An", "tinh", "tỉnh Tây Ninh"), ("Bến Tre", "tinh", "tỉnh Vĩnh Long")],
        ),
        (
            "các quận 1, 3 và quận 5, phường 4, 5 lớp",
            "",
            [
                ("quận 1", "huyen", None),
                ("quận 3", "huyen", None),
                ("quận 5", "huyen", None),
                ("phường 4", "xa", None),
            ],
        ),
        ("xã Nghi Xuân (Nghi Lộc)", "", [("xã Nghi Xuân", "xa", "phường Vinh Lộc, tỉnh Nghệ An")]),
        ("TP Long Xuyên, Cần Thơ", "", [("TP Long Xuyên", "huyen", None)]),
        ("tỉnh An Giang, Kiên Giang", "", [("tỉnh An Giang", "tinh", "tỉnh An Giang")]),
        ("Quận 3 và quận 03", "", [("Quận 3", "huyen", None)]),
        ("văn hóa xã hội, tỉnh nhà, huyện bạn, xã Không Có Thật", "", []),
        ("xuống đường thị uy Tây Ninh", "", []),
    ],
)  # fmt: skip
def test_units_then_and_now(text: str, home: str, units: list[tuple[str, str, str | None]]) -> None:
    found = [(unit.written, unit.level, unit.today) for unit in find_units(text, home)]
    assert found == units


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("http://hiepninh.tayninh.gov.vn/vi/news/", "tây ninh"),
        ("https://www.angiang.dcs.vn/Lists/", "an giang"),
        ("https://baoangiang.com.vn/a-a1.html", "an giang"),
        ("https://hue.gov.vn/", "huế"),
        ("https://phuloc.thuathienhue.gov.vn/", "huế"),
        ("https://thue.gov.vn/", ""),
        ("", ""),
    ],
)
def test_a_host_may_name_the_province(url: str, home: str) -> None:
    assert home_of(url) == home


def test_the_gazetteer_covers_old_and_new_provinces() -> None:
    places = gazetteer().provinces
    assert len(places) == 63 + 1  # Huế by its older name too
    assert len({today for found in places.values() for one in found for today in one.today}) == 34


def test_a_name_of_many_districts_stays_open_and_old_provinces_are_communes_too() -> None:
    known = gazetteer()
    assert len({one.province for one in known.districts["châu thành"]}) > 5
    (unit,) = find_units("huyện Châu Thành họp")
    assert (unit.written, unit.level, unit.today) == ("huyện Châu Thành", "huyen", None)
    assert len(set(known.provinces) & set(known.communes)) > 20


def test_a_number_names_a_commune_of_each_district() -> None:
    (ward, _) = find_units("phường 2, TP. Tân An", day=date(2019, 5, 4))
    assert (ward.written, ward.name) == ("phường 2", None)


def test_a_unit_of_a_list_is_written_with_its_word_where_the_text_has_it() -> None:
    found = find_units("các huyện Tri Tôn, An Phú. Tại huyện An Phú, ")
    assert [one.written for one in found] == ["huyện Tri Tôn", "huyện An Phú"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # the word and name of a province behind a district tell it, whatever else the text names
        ("tỉnh Bến Tre; huyện Châu Thành, tỉnh Tiền Giang", "huyện Châu Thành, tỉnh Tiền Giang"),
        ("tỉnh Bến Tre; huyện Châu Thành (tỉnh Tiền Giang)", "huyện Châu Thành, tỉnh Tiền Giang"),
        ("huyện Giồng Riềng, tỉnh An Giang", "huyện Giồng Riềng, tỉnh Kiên Giang"),
        ("huyện Kỳ Sơn, tỉnh Hòa Bình", None),  # merged in 2020, which the gazetteer does not know
    ],
)
def test_a_district_lies_in_the_province_that_stands_behind_it(text: str, name: str | None) -> None:
    (unit,) = (one for one in find_units(text) if one.level == "huyen")
    assert unit.name == name


THANH_XUAN = "xã Thạnh Xuân, huyện Châu Thành A, tỉnh Hậu Giang"


@pytest.mark.parametrize(
    ("text", "day", "name", "today", "bounds"),
    [
        # a province that took in another one is not the one of that name before
        ("tỉnh An Giang", "2023-05-04", "tỉnh An Giang", "tỉnh An Giang", ("", "2025-06-30")),
        ("tỉnh An Giang", "2025-06-30", "tỉnh An Giang", "tỉnh An Giang", ("", "2025-06-30")),
        ("tỉnh An Giang", "2025-07-01", "tỉnh An Giang", "tỉnh An Giang", ("2025-07-01", "")),
        ("tỉnh An Giang", "", "tỉnh An Giang", "tỉnh An Giang", ("", "")),
        ("tỉnh Kiên Giang", "2023-05-04", "tỉnh Kiên Giang", "tỉnh An Giang", ("", "2025-06-30")),
        # told of after its end
        ("tỉnh Kiên Giang", "2026-05-04", "tỉnh Kiên Giang", "tỉnh An Giang", ("", "2025-06-30")),
        ("thành phố Hà Nội", "2023-05-04", "thành phố Hà Nội", "thành phố Hà Nội", ("", "")),
        ("huyện An Phú", "2023-05-04", "huyện An Phú, tỉnh An Giang", None, ("", "2025-06-30")),
        ("huyện Châu Thành", "2023-05-04", None, None, ("", "2025-06-30")),
        (
            "xã Thạnh Xuân, tỉnh Hậu Giang", "2023-05-04",
            THANH_XUAN, "xã Thạnh Xuân, thành phố Cần Thơ", ("", "2025-06-30"),
        ),
        (
            "xã Tân Hiệp, tỉnh Kiên Giang", "2026-05-04",
            "xã Tân Hiệp, tỉnh An Giang", "xã Tân Hiệp, tỉnh An Giang", ("2025-07-01", ""),
        ),
        # none was there on that day, and no later one is meant
        ("xã Tân Hiệp, tỉnh Kiên Giang", "2023-05-04", None, None, ("", "2025-06-30")),
        (
            "xã Thạnh Xuân", "2026-05-04",
            "xã Thạnh Xuân, thành phố Cần Thơ", "xã Thạnh Xuân, thành phố Cần Thơ",
            ("2025-07-01", ""),
        ),
    ],
)  # fmt: skip
def test_the_day_of_a_text_tells_which_unit_is_meant(
    text: str, day: str, name: str | None, today: str | None, bounds: tuple[str, str]
) -> None:
    unit = find_units(text, day=date.fromisoformat(day) if day else None)[0]
    found = tuple(one.isoformat() if one else "" for one in (unit.since, unit.until))
    assert (unit.name, unit.today, found) == (name, today, bounds)


@pytest.mark.parametrize(
    ("commune", "province"),
    [
        ("phường Rạch Giá, tỉnh An Giang", "tỉnh Kiên Giang"),
        ("phường Long Xuyên, tỉnh An Giang", None),  # An Giang goes on, with other bounds
        ("phường Rạch Giá", None),
        ("", None),
    ],
)
def test_a_commune_of_today_lay_in_a_province_that_ended(
    commune: str, province: str | None
) -> None:
    assert ended_province(commune) == province


def test_every_unit_was_there_on_one_side_of_the_reform_or_on_both() -> None:
    wanted = {"before": (True, False), "since": (False, True), "ever": (True, True)}
    for known in (gazetteer().provinces, gazetteer().communes):
        for one in (place for places in known.values() for place in places):
            assert (one.was_there(LAST_BEFORE), one.was_there(REFORM)) == wanted[one.era]
