"""Standing pages of a portal: its title tells one, or the menu that leads to an undated page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.families.dotnetnuke import RULES
from pipelines.clean.page import clean_page
from pipelines.clean.standing import is_named_so
from pipelines.records import Outcome, Page

TEXT = (
    "Xã nằm ở phía đông của huyện, có diện tích tự nhiên 2.845 ha và dân số 14.620 người.",
    "Trước năm 1975, vùng đất này là căn cứ của lực lượng cách mạng ở địa phương.",
    "Sau ngày thống nhất, người dân khai hoang, đào kênh và dựng lại làng xóm từ đầu.",
)
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
MENU = "<li><a href='/'>Trang chủ</a></li><li><a href='/dat-va-nguoi'>Đất và người</a></li>"


def outcome(title: str, menu: str, *, day: str = "", url: str = "http://x.vn/dat-va-nguoi") -> str:
    texts = "".join(f"<p>{text}</p>" for text in TEXT)
    head = f"<h1>{title}</h1><div class='ngay'>{day}</div>"
    body = f"<ul class='m'>{menu}<li><a href='/tin'>Tin</a></li></ul><div>{head}{texts}</div>"
    cleaned = clean_page(Page(url, f"<html><body>{body}</body></html>".encode(), AT), None)
    return cleaned.reason or cleaned.outcome.value


@pytest.mark.parametrize(
    ("title", "undated", "dated"),
    [
        ("Giới thiệu chung", True, True),
        ("Chức năng, nhiệm vụ", True, True),
        ("Cơ cấu tổ chức của Sở Xây dựng", True, False),
        ("Giới thiệu về xã Tân Lập", True, False),
        ("Giới thiệu sách mới tháng 11", False, False),
        ("Liên hệ chặt chẽ với nhân dân", False, False),
        ("Giới thiệu hội sách xuân ở Tân Lập", False, False),
        ("Giới thiệu đoàn viên ưu tú với Đảng", False, False),
        ("Giới thiệu hội phụ nữ xã", True, False),
    ],
)
def test_titles_that_name_a_standing_page(title: str, *, undated: bool, dated: bool) -> None:
    assert is_named_so(title, dated=False) is undated
    assert is_named_so(title, dated=True) is dated


@pytest.mark.parametrize(
    ("menu", "day", "wanted"),
    [
        (MENU, "", "judge.menu"),
        (MENU, "12/05/2025", "fetched"),
        ("", "", "fetched"),
        ("<li><a href='/dat-va-nguoi'>Xem tiếp</a></li>", "", "fetched"),
        ("<li><a href='/dat-va-nguoi#top'>Đất</a></li>", "", "fetched"),
        (
            "<li><a href='/dat-va-nguoi'>Vùng đất và con người Tân Lập hôm nay</a></li>",
            "",
            "fetched",
        ),
        (MENU.replace("Đất và", "Vùng đất và con"), "", "judge.menu"),
    ],
)
def test_an_undated_page_to_which_its_menu_leads_is_no_article(
    menu: str, day: str, wanted: str
) -> None:
    assert outcome("Vùng đất và con người xã Tân Lập", menu, day=day) == wanted


def test_a_standing_page_that_a_family_shows_as_news_is_no_article() -> None:
    texts = "".join(f"<p>{text}</p>" for text in TEXT)
    html = (
        f"<body><ul>{MENU}</ul><span id='dnn_lblTitle'>Đất và người xã Tân Lập</span>"
        f"<div id='dnn_lblContent'>{texts}</div></body>"
    )
    cleaned = clean_page(Page("http://x.vn/dat-va-nguoi", html.encode(), AT), RULES)
    assert (cleaned.outcome, cleaned.reason) == (Outcome.NOT_ARTICLE, "judge.menu")
