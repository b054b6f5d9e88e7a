from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.entities import byline, documents, money, split_dateline
from pipelines.records import Document


@pytest.mark.parametrize(
    ("line", "author", "source"),
    [
        ("TRUNG HIẾU", "TRUNG HIẾU", None),
        ("Tin, ảnh: TRUNG HIẾU", "TRUNG HIẾU", None),
        ("Tin, ảnh: H.T", "H.T", None),
        ("Bài và ảnh: Thanh Sơn", "Thanh Sơn", None),
        ("Tin: Ngọc Hân - Ảnh: Văn Đức", "Ngọc Hân", None),
        ("Tác giả bài viết: Quỳnh Yên", "Quỳnh Yên", None),
        ("Tác giả: Văn phòng UBND xã", "Văn phòng UBND xã", None),
        ("Thực hiện: HẠNH CHÂU – THU THẢO", "HẠNH CHÂU – THU THẢO", None),
        ("N.H - T.V", "N.H - T.V", None),
        ("Theo Vietnamnet", None, "Vietnamnet"),
        ("(Theo TTXVN/Báo Tin tức)", None, "TTXVN/Báo Tin tức"),
        ("Nguồn tin: Báo Tây Ninh", None, "Báo Tây Ninh"),
        ("Nguồn: baocanhan.vn", None, "baocanhan.vn"),
    ],
)
def test_credit_lines(line: str, author: str | None, source: str | None) -> None:
    found = byline(line)
    assert found is not None
    assert (found.author, found.source) == (author, source)


@pytest.mark.parametrize(
    "line",
    [
        "Theo đó, các địa phương triển khai kế hoạch",
        "KẾT LUẬN",
        "HỘI NGHỊ",
        "Nội dung",
        "Ảnh: T.H",
        "Tác giả: Admin",
        "Tin ảnh: Phường Lang Biên tổ chức lễ giỗ danh nhân lần thứ bảy",
        "Quang cảnh hội nghị",
        "",
        "Đồng chí Nguyễn Văn A phát biểu tại hội nghị.",
    ],
)
def test_no_credit_lines(line: str) -> None:
    assert byline(line) is None


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Đoàn Ti Vi (Ban Tuyên giáo Thành ủy)", "Đoàn Ti Vi (Ban Tuyên giáo Thành ủy)"),
        ("Minh Thư", "Minh Thư"),
        ("Kết luận", None),
        ("Ban Biên tập xin cảm ơn", None),
    ],
)
def test_a_bare_name_is_a_credit_only_at_the_end(line: str, author: str | None) -> None:
    assert byline(line) is None
    found = byline(line, last=True)
    assert (found.author if found else None) == author


@pytest.mark.parametrize(
    ("text", "dateline", "rest"),
    [
        ("(TUAG)- Sáng 13/12, xã họp.", "TUAG", "Sáng 13/12, xã họp."),
        ("(BTN) - Chiều 5/6", "BTN", "Chiều 5/6"),
        ("(CTO) – Chiều 5/6", "CTO", "Chiều 5/6"),
        ("TTĐT - Sáng 5/6", "TTĐT", "Sáng 5/6"),
        ("CTTĐT - Ngày 5/6", "CTTĐT", "Ngày 5/6"),
        ("YênBái - Chiều 5/6", "YênBái", "Chiều 5/6"),
        ("(Thanhuytphcm.vn) - Sáng", "Thanhuytphcm.vn", "Sáng"),
        ("(Cổng TTĐT tỉnh AG)- Sáng", "Cổng TTĐT tỉnh AG", "Sáng"),
        ("(ĐTO) Sáng 5/6", "ĐTO", "Sáng 5/6"),
        ("\xa0-\xa0Sáng 9-6", None, "Sáng 9-6"),
        ("UBND - Sáng 5/6", None, "UBND - Sáng 5/6"),
        ("COVID-19 - nỗi lo", None, "COVID-19 - nỗi lo"),
        ("VN-Index mất 5 điểm", None, "VN-Index mất 5 điểm"),
        ("PGS-TS Lê Văn An nói", None, "PGS-TS Lê Văn An nói"),
        ("TTĐT- Sáng 5/6", "TTĐT", "Sáng 5/6"),
        ("TTĐT–Sáng 5/6", "TTĐT", "Sáng 5/6"),
        ("(2021 - 2023) xã họp", None, "(2021 - 2023) xã họp"),
        ("Sáng 5/6, xã họp.", None, "Sáng 5/6, xã họp."),
    ],
)
def test_datelines(text: str, dateline: str | None, rest: str) -> None:
    assert split_dateline(text) == (dateline, rest)


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
    ("text", "sums"),
    [
        ("tổng kinh phí trên4 tỷ đồng, trị giá 3 tỷ đồng.", ["4 tỷ đồng", "3 tỷ đồng"]),
        ("trao 50 triệu đồng và 50 triệu đồng", ["50 triệu đồng", "50 triệu đồng"]),
        ("giá 50.000 đồng/kg, 500.000đ", ["50.000 đồng", "500.000 đ"]),
        ("1 tỷ 200 triệu đồng", ["1 tỷ 200 triệu đồng"]),
        ("2,5 triệu USD; 1,2 nghìn tỷ đồng", ["2,5 triệu USD", "1,2 nghìn tỷ đồng"]),
        ("từ 3-5 triệu đồng; 30triệu đồng", ["3-5 triệu đồng", "30 triệu đồng"]),
        ("5 đồng chí, 15 triệu đồng bào, 20 đồng, 300 đồng hồ, 2 Đồng Tháp", []),
    ],
)
def test_sums_of_money(text: str, sums: list[str]) -> None:
    assert list(money(text)) == sums


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    documents(text)
    money(text)
    byline(text, last=True)
    _, rest = split_dateline(text)
    assert split_dateline(text)[1] == rest
