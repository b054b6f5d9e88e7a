"""The days that listings print beside their links."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipelines.clean.listed import days_beside

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
FIRST, SECOND = "Xã Tân Lập sửa đường", "Ấp Bình An mở lớp"


def days(html: str) -> dict[str, str]:
    found = days_beside(LexborHTMLParser(html.encode()), "http://x.vn/", AT)
    return {url.removeprefix("http://x.vn"): f"{day:%Y-%m-%d %H:%M %z}" for url, day in found}


def entry(path: str, name: str, day: str) -> str:
    return f"<li><a href='{path}'>{name}</a> <span>{day}</span></li>"


@pytest.mark.parametrize(
    "entry_of",
    [
        "<li><a href='{0}'>{1}</a> <i>({2})</i></li>",
        "<div><div>Đăng ngày {2}</div><p><a href='{0}'>{1}</a></p></div>",
        "<tr><td><a href='{0}'><img></a></td><td><a href='{0}'>{1}</a></td><td>{2}</td></tr>",
        "<div><a href='/tin'>Tin tức</a><a href='{0}'>{1}</a><span>{2} 08:15</span></div>",
        "<a href='{0}'><h3>{1}</h3><span>{2}</span></a>",
        "<a href='{0}'>{1}</a><br><i>({2})</i><br>",
        "<p>{2}</p><p><a href='{0}'>{1}</a></p>",
    ],
)
def test_each_entry_has_its_own_day(entry_of: str) -> None:
    rows = [("/a-1", FIRST, "12/05/2025"), ("/a-2", SECOND, "03/04/2024")]
    html = "".join(entry_of.format(*row) for row in rows)
    wrapped = f"<table>{html}</table>" if html.startswith("<tr") else f"<div>{html}</div>"
    found = days(f"<body><a href='/'>Trang chủ</a>{wrapped}</body>")
    assert found == {"/a-1": "2025-05-12 00:00 +0700", "/a-2": "2024-04-03 00:00 +0700"}


@pytest.mark.parametrize(
    "beside",
    [
        "Ngày ban hành: 12/05/2025",
        "Hôm nay: 23/11/2026",
        "Thứ hai, 23/11/2026",
        "12/05/2025 13/05/2027 là thời gian của hội nghị toàn tỉnh về việc này",
        "<b>12/05/2025</b><b>14/05/2025</b>",
        "31/12/2030",
        "",
    ],
)
def test_what_is_not_the_day_of_an_entry_is_left_out(beside: str) -> None:
    other = entry("/a-2", SECOND, "03/04/2024")
    html = f"<ul><li><a href='/a-1'>{FIRST}</a> <span>{beside}</span></li>{other}</ul>"
    assert days(html) == {"/a-2": "2024-04-03 00:00 +0700"}


def test_days_that_could_be_either_neighbours_are_left_out() -> None:
    html = (
        f"<div><p>01/02/2025</p><a href='/a'>{FIRST}</a><p>02/02/2025</p><a href='/b'>{SECOND}</a>"
    )
    assert days(f"{html}<p>03/02/2025</p></div>") == {}


def test_a_day_in_a_headline_is_of_what_it_tells_of() -> None:
    name = "Lịch tiếp công dân ngày 12/05/2025 của xã"
    assert days(
        f"<ul><li><a href='/a'>{name}</a></li>{entry('/b', SECOND, '03/04/2024')}</ul>"
    ) == {"/b": "2024-04-03 00:00 +0700"}
