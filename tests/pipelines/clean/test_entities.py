from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.entities import byline, split_dateline


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


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    byline(text, last=True)
    _, rest = split_dateline(text)
    assert split_dateline(text)[1] == rest
