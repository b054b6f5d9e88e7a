from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.documents import asked, documents, forms
from pipelines.records import Document


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Kế hoạch số 71-KH/TU ngày 11/11/2021 của Thành ủy",
            [("Kế hoạch", "71-KH/TU", date(2021, 11, 11))],
        ),
        ("Chỉ thị số 06-CT/TU, ngày 24-5-2021", [("Chỉ thị", "06-CT/TU", date(2021, 5, 24))]),
        ("Luật số 42/2013/QH13", [("Luật", "42/2013/QH13", None)]),
        ("theo Nghị quyết 117/NQ-CP của Chính phủ", [("Nghị quyết", "117/NQ-CP", None)]),
        ("Nghị quyết số 28- NQ/TW của Đảng", [("Nghị quyết", "28-NQ/TW", None)]),
        ("Kế hoạch số 12 – KH / HU", [("Kế hoạch", "12-KH/HU", None)]),
        ("Quyết định 18 / QĐ - UBND", [("Quyết định", "18/QĐ-UBND", None)]),
        ("Nghị định số 38/2022/NĐ- CP", [("Nghị định", "38/2022/NĐ-CP", None)]),
        ("dài 12 - 15 km, rộng 3 / 4", []),
        (
            "Thông tư liên tịch số 19/2012/TTLT-BTC-BKHĐT",
            [("Thông tư liên tịch", "19/2012/TTLT-BTC-BKHĐT", None)],
        ),
        (
            "quyết định số 54/2023/QĐ-UBND, ngày 12 tháng 5 năm 2023",
            [("Quyết định", "54/2023/QĐ-UBND", date(2023, 5, 12))],
        ),
        ("thực hiện 983-QĐ/TU", [("Quyết định", "983-QĐ/TU", None)]),
        ("Quyết định 80/QĐ ngày 5/6/2023", [("Quyết định", "80/QĐ", date(2023, 6, 5))]),
        ("Công văn số 1234/UBND-NC", [("Công văn", "1234/UBND-NC", None)]),
        (
            "Chỉ thị 05-CT/TW và nhắc lại Chỉ thị 05-CT/TW ngày 15/5/2016",
            [("Chỉ thị", "05-CT/TW", date(2016, 5, 15))],
        ),
        ("Quyết định số 1/QĐ-TTg ngày 31/2/2020", [("Quyết định", "1/QĐ-TTg", None)]),
        ("dịch COVID-19, tuyến QL-91/2, ngày 24/7, tỷ lệ 24/7", []),
    ],
)
def test_documents(text: str, found: list[tuple[str | None, str, date | None]]) -> None:
    assert documents(text) == tuple(Document(*one) for one in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("theo Nghị định 95/2024 của Chính phủ", [("Nghị định", "95/2024")]),
        ("học tập Nghị quyết 57, Chỉ thị 05.", [("Nghị quyết", "57"), ("Chỉ thị", "05")]),
        ("Nghị quyết số 18 khóa XII", [("Nghị quyết", "18")]),
        ("nghị quyết số 36a về chính quyền điện tử", [("Nghị quyết", "36a")]),
        ("nghị quyết 54 giúp thành phố", [("Nghị quyết", "54")]),
        ("QĐ 1719, NQ số 54", [("Quyết định", "1719"), ("Nghị quyết", "54")]),
        ("Đề án 06 và Quyết định 1719 của Thủ tướng", [("Đề án", "06"), ("Quyết định", "1719")]),
        ("quyết định 4674 của Bộ trưởng", [("Quyết định", "4674")]),
        ("Thông tư 22 (ngày 20-7-2021)", [("Thông tư", "22")]),
        ("Kế hoạch số 9: ba việc", [("Kế hoạch", "9")]),
        # counts of things, years and figures
        ("kế hoạch 5 năm, Kế hoạch 12 tháng, kế hoạch 2024", []),
        ("quyết định 12 nội dung, hướng dẫn 20 hộ, thông báo 15 lớp", []),
        ("Báo cáo 10 năm thực hiện, Nghị quyết 5 năm, Nghị quyết 2021", []),
        ("Nghị định 1.250 trang, vượt kế hoạch 52%, Thông tư 01-04", []),
        # laws are called by name and year
        ("Luật Đất đai năm 2024.", [("Luật", "Đất đai 2024")]),
        ("Luật Phòng, chống tham nhũng 2018", [("Luật", "Phòng, chống tham nhũng 2018")]),
        ("Bộ Luật Hình sự 2015, Luật Nhà ở (sửa đổi) 2023",
         [("Bộ luật", "Hình sự 2015"), ("Luật", "Nhà ở 2023")]),
        ("Luật sửa đổi một số điều của Luật Giá 2012", [("Luật", "Giá 2012")]),
        ("Luật Luật sư 2006", [("Luật", "Luật sư 2006")]),
        ("Luật Đất đai có hiệu lực từ năm 2024; Luật và Nghị quyết năm 2023",
         [("Luật", "Đất đai")]),
        ("Trường Đại học Luật Hà Nội 2019, Công ty Luật An Phú 2020, kỷ luật 2021", []),
        # ... or by name alone, where that is a law's
        ("luật Đất đai, Luật phòng, chống tham nhũng và Bộ luật Hình sự.",
         [("Luật", "Đất đai"), ("Luật", "phòng, chống tham nhũng"), ("Bộ luật", "Hình sự")]),
        ("Luật Nhà ở 2023; Luật Nhà ở, Luật Giá 2012, Luật Giá 2023 và Luật Giá",
         [("Luật", "Nhà ở 2023"), ("Luật", "Giá 2012"), ("Luật", "Giá 2023"), ("Luật", "Giá")]),
        ("Luật Tiếp công dân số 42/2013/QH13; Luật Tiếp công dân", [("Luật", "42/2013/QH13")]),
        ("Luật Hoà giải ở cơ sở, Luật Phòng chống ma tuý",
         [("Luật", "Hoà giải ở cơ sở"), ("Luật", "Phòng chống ma tuý")]),
        ("Luật Giá trị bản thân, Đạo luật Đầu tư Canada, Luật Phá sản của Mỹ, kỷ luật Lao động",
         []),
        ("Công ước về Luật Biển năm 1982, ngành Luật Thương mại, Luật xây dựng mức phí", []),
        ("Hiến pháp năm 2013 và Hiến pháp", [("Hiến pháp", "2013")]),
        ("theo Hiến pháp, pháp luật; Hiến pháp Mỹ", [(None, "Hiến pháp")]),
        # what goes on in a list
        ("Thông tư số 33/2019 và 25/2021 của Bộ",
         [("Thông tư", "33/2019"), ("Thông tư", "25/2021")]),
        ("Thông tư 3/2024/TT-BTC và 04/2024",
         [("Thông tư", "3/2024/TT-BTC"), ("Thông tư", "04/2024")]),
        ("Nghị quyết 18, 19 của Trung ương", [("Nghị quyết", "18"), ("Nghị quyết", "19")]),
        ("Nghị quyết 18, 25 xã và 12 huyện; Chỉ thị 05, ngày 15",
         [("Nghị quyết", "18"), ("Chỉ thị", "05")]),
        # what stands between kind and number
        ("Luật Tiếp công dân số 42/2013/QH13", [("Luật", "42/2013/QH13")]),
        ("công văn hỏa tốc số 2845/BHXH-VP", [("Công văn", "2845/BHXH-VP")]),
        # a short number of the one document that it fits
        ("Nghị định 95/2024/NĐ-CP; Nghị định 95/2024 và Nghị định 95",
         [("Nghị định", "95/2024/NĐ-CP")]),
        ("Nghị quyết 57 nêu rõ: Nghị quyết số 57-NQ/TW", [("Nghị quyết", "57-NQ/TW")]),
        ("Nghị quyết 57-NQ/TW, Kết luận 57", [("Nghị quyết", "57-NQ/TW"), ("Kết luận", "57")]),
        ("Quyết định 5/QĐ-TTg, Quyết định 05/QĐ-UBND; Quyết định 05",
         [("Quyết định", "5/QĐ-TTg"), ("Quyết định", "05/QĐ-UBND"), ("Quyết định", "05")]),
        ("Nghị định 15/2020/NĐ-CP thay Nghị định 15/2013",
         [("Nghị định", "15/2020/NĐ-CP"), ("Nghị định", "15/2013")]),
    ],
)  # fmt: skip
def test_short_numbers_and_names(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.number) for one in documents(text)] == found


@pytest.mark.parametrize(
    "kind",
    [
        "Nghị quyết", "Nghị quyết liên tịch", "Chỉ thị", "Chỉ Thị", "Thông tư", "Thông Tư",
        "Nghị định", "Pháp lệnh", "Công điện", "Kế hoạch", "Quyết định", "Kết luận", "Hướng dẫn",
        "Thông báo", "Công văn", "Báo cáo", "Chương trình", "Tờ trình", "Đề án", "Đề Án",
        "Quy định", "Quy chế", "Luật", "Thông tri", "Quyết nghị", "Sắc lệnh", "Văn bản hợp nhất",
        "Văn bản", "Chương trình hành động số", "Chương trình phối hợp số:", "Kế hoạch Số",
    ],
)  # fmt: skip
def test_a_short_number_is_seen_behind_each_kind(kind: str) -> None:
    assert [one.number for one in documents(f"theo {kind} 05 của tỉnh")] == ["05"]


def test_a_short_number_gives_its_date_to_the_document_that_it_is() -> None:
    (one,) = documents("Chỉ thị 05-CT/TW được quán triệt; Chỉ thị 05 (ngày 15/5/2016) nêu")
    assert one == Document("Chỉ thị", "05-CT/TW", date(2016, 5, 15))


def test_a_day_that_another_short_number_brought_counts() -> None:
    whole, dated = "Nghị định 95/2024/NĐ-CP ngày 1/1/2024", "Nghị định 095/2024 ngày 2/2/2024"
    found = documents(f"{whole}; {dated}; Nghị định 95/2024")
    assert [(one.number, one.date) for one in found] == [
        ("95/2024/NĐ-CP", date(2024, 1, 1)),
        ("95/2024", date(2024, 2, 2)),
    ]


@pytest.mark.parametrize(
    ("kind", "number", "issuer", "question"),
    [
        ("Nghị định", "95/2024/NĐ-CP", None, "95/2024/NĐ-CP"),
        ("Nghị định", "95/2024/NĐ-CP", None, "Nghị định 95/2024"),
        ("Nghị định", "95/2024/NĐ-CP", None, "nghị định số 95"),
        ("Nghị định", "95/2024/NĐ-CP", None, "95/2024"),
        ("Nghị định", "95/2024", "Chính phủ", "95/2024/NĐ-CP"),
        ("Nghị quyết", "57", "Bộ Chính trị", "Nghị quyết số 57-NQ/TW"),
        ("Quy định", "144", "Bộ Chính trị", "144-QĐ/TW"),
        ("Nghị quyết", "28-NQ/TW", None, "nghị quyết số 28-nq/tw ngày 25/10/2017"),
        ("Quyết định", "1234/QĐ-UBND", None, "quyết định 1234/qđ-ubnd"),
        ("Chỉ thị", "05-CT/TƯ", None, "5-CT/TW"),
        ("Chỉ thị", "05", None, "Chỉ thị số 05"),
        ("Kế hoạch", "71-KH/TU", None, "kế hoạch 71"),
        ("Luật", "Đất đai 2024", None, "Luật Đất đai năm 2024"),
        ("Luật", "Đất đai 2024", None, "Luật Đất đai"),
        (None, "Hiến pháp", None, "Hiến pháp"),
        (None, "2106/UBND-GD", None, "2106/UBND-GD"),
    ],
)
def test_a_document_is_found_under_each_of_its_forms(
    kind: str | None, number: str, issuer: str | None, question: str
) -> None:
    called = {form.lower() for form in forms(Document(kind, number, None), issuer)}
    assert asked(question).lower() in called


@pytest.mark.parametrize(
    ("kind", "number", "issuer", "question"),
    [
        ("Thông tư", "22/2021", None, "22/2021/TT-BGDĐT"),  # each ministry has its own
        ("Nghị quyết", "57", None, "57-NQ/TW"),
        ("Kết luận", "57-KL/TW", None, "Nghị quyết 57"),
        ("Kế hoạch", "71-KH/TU", None, "71"),
        ("Luật", "Đất đai 2013", None, "Luật Đất đai 2024"),
    ],
)
def test_what_is_not_sure_stays_as_written(
    kind: str, number: str, issuer: str | None, question: str
) -> None:
    assert asked(question) not in forms(Document(kind, number, None), issuer)


@given(st.text(max_size=120), st.sampled_from(["Nghị quyết số ", "Luật ", "QĐ ", ""]))
def test_any_text_is_read(text: str, before: str) -> None:
    for one in documents(before + text):
        assert one.number
        assert forms(one, None)
    asked(before + text)
