"""Articles that stand in the state from which a page's scripts start."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.clean.page import clean_page
from pipelines.records import Outcome, Page

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
TITLE = "Xã Tân Lập khởi công tuyến đường liên ấp dài bốn cây số"
TEXT = (
    "Sáng 12/5, xã Tân Lập khởi công tuyến đường nối ấp Bình An với ấp Tân Hòa, dài bốn cây số.",
    "Nhân dân hai ấp đã hiến hơn 3.000 mét vuông đất và góp 420 ngày công cho tuyến đường này.",
)
POST: dict[str, Any] = {
    "id": 5,
    "title": TITLE,
    "content": "".join(f"<p>{text}</p>" for text in TEXT),
    "publishedAt": "2025-05-12T01:30:00.000Z",
    "author": {"name": "Minh Khôi"},
}


def page(state: object, shown: str = "<p>Đang tải...</p>") -> Page:
    held = json.dumps({"props": {"pageProps": state}}).replace("</", "<\\/")
    script = f"<script id='__NEXT_DATA__' type='application/json'>{held}</script>"
    html = f"<html><body><div id='__next'>{shown}</div>{script}</body></html>"
    return Page("http://x.vn/tin/khoi-cong", html.encode(), AT)


@pytest.mark.parametrize(
    ("told", "minute"),
    [
        ({}, "2025-05-12 08:30"),
        ({"publishedAt": 1747013400}, "2025-05-12 08:30"),
        ({"publishedAt": 1747013400000}, "2025-05-12 08:30"),
        ({"publishedAt": 10**30}, None),
        ({"publishedAt": 10**400}, None),
        ({"publishedAt": None, "author": "Minh Khôi"}, None),
    ],
)
def test_the_one_article_of_a_state_is_read(told: dict[str, Any], minute: str | None) -> None:
    others = [{"title": "Tin khác trong ngày của xã", "slug": "a"}]
    draft = clean_page(page({"post": POST | told, "related": others}), None).draft
    assert draft is not None
    assert (draft.title, draft.body, draft.author) == (TITLE, TEXT, "Minh Khôi")
    at = draft.published_at
    assert (f"{at:%Y-%m-%d %H:%M}" if at else None) == minute


def test_a_lead_beside_the_text_is_kept_and_one_that_repeats_it_is_not() -> None:
    lead = "Tuyến đường mới giúp học sinh hai ấp đến trường gần hơn ba cây số mỗi ngày."
    for description, wanted in ((lead, (lead, *TEXT)), (TEXT[0][:60], TEXT)):
        draft = clean_page(page({"post": POST | {"description": description}}), None).draft
        assert draft is not None
        assert draft.body == wanted


@pytest.mark.parametrize(
    "state",
    [
        {"items": [POST, POST | {"title": "Tin khác", "content": POST["content"] + "<p>x</p>"}]},
        {"post": {"title": TITLE, "content": "Đang cập nhật."}},
        {"post": {"content": POST["content"]}},
        {"site": {"name": "Trang thông tin xã Tân Lập", "description": " ".join(TEXT)}},
        [[[[[]]]]],
        None,
    ],
)
def test_a_state_without_an_article_of_its_own_is_none(state: object) -> None:
    assert clean_page(page(state), None).outcome is not Outcome.FETCHED


def test_what_the_page_itself_shows_comes_first() -> None:
    shown = f"<h1>{TITLE} hôm nay</h1>" + "".join(f"<p>{text}</p>" for text in TEXT)
    draft = clean_page(page({"post": POST}, shown), None).draft
    assert draft is not None
    assert draft.title == f"{TITLE} hôm nay"
