"""The second witness: silent on sound pages, loud where the family's rules read something else."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from crawler.families import FAMILIES
from pipelines.clean import isolated
from pipelines.clean.isolated import IsolatedCleaner
from pipelines.clean.page import clean_page
from pipelines.clean.witness import bear_witness
from pipelines.records import Outcome, Page, Witness

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
RULES = FAMILIES["nukeviet"].rules
SENTENCES = (
    "Sáng 12/7, Ủy ban nhân dân phường tổ chức hội nghị sơ kết công tác sáu tháng đầu năm 2023.",
    "Hội nghị đánh giá kết quả thực hiện các chỉ tiêu kinh tế - xã hội của địa phương.",
    "Các đại biểu thảo luận về nhiệm vụ trọng tâm sáu tháng cuối năm và giải pháp thực hiện.",
    "Phát biểu tại hội nghị, lãnh đạo phường đề nghị các ban, ngành tiếp tục phối hợp chặt chẽ.",
)  # fmt: skip
PAGE = f"""<html><head><meta name="generator" content="NukeViet v4.5">
<title>Hội nghị sơ kết công tác sáu tháng đầu năm</title>
<meta property="og:type" content="article">
<meta property="og:title" content="Hội nghị sơ kết công tác sáu tháng đầu năm">
<meta property="article:published_time" content="2023-07-12T11:46:00+07:00">
</head><body><div class="news_column" itemtype="http://schema.org/NewsArticle">
<h1 class="title" itemprop="headline">Hội nghị sơ kết công tác sáu tháng đầu năm</h1>
<span class="h5">Thứ tư - 12/07/2023 11:46</span>
<div id="news-bodyhtml" class="bodytext">{"".join(f"<p>{one}</p>" for one in SENTENCES)}</div>
<p class="h5 text-right">Tác giả: Nguyễn Văn An</p></div></body></html>"""


def witness(html: str) -> Witness | None:
    page = Page("http://phuong.vn/tin/bai-1.html", html.encode(), NOW)
    return bear_witness(page, clean_page(page, RULES, document_key="1"))


def test_a_sound_page_is_compared_and_agreed_on() -> None:
    found = witness(PAGE)
    assert found is not None
    assert set(found.compared) >= {"outcome", "title", "body", "published_at"}
    assert found.differing == ()


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        (
            "title",
            'itemprop="headline">Hội nghị sơ kết công tác sáu tháng đầu năm',
            'itemprop="headline">Tin tức - Sự kiện',
        ),
        ("published_at", "12/07/2023 11:46", "07/12/2023 11:46"),  # month first, and it fits
        ("body", f"<p>{SENTENCES[1]}</p>", f'</div><div class="bodytext"><p>{SENTENCES[1]}</p>'),
    ],
)
def test_what_has_changed_under_the_rules_is_named(what: str, old: str, new: str) -> None:
    assert old in PAGE
    found = witness(PAGE.replace(old, new))
    assert found is not None
    assert what in found.differing


def test_a_page_that_the_rules_take_for_none_is_doubted() -> None:
    teasers = '<div class="news_column"><h3><a href="/x">Tin</a></h3></div>' * 3
    page = PAGE.replace('id="news-bodyhtml" class="bodytext"', "").replace("</body>", teasers)
    assert clean_page(Page("u", page.encode(), NOW), RULES).outcome is Outcome.LISTING
    assert witness(page) == Witness(("outcome",), ("outcome",))


@pytest.mark.parametrize(
    "html",
    [
        PAGE.replace("news-bodyhtml", "x").replace("bodytext", "y"),  # rescued: read so anyway
        '<html><head><title>Hãy đợi...</title></head><body class="floodblocker"></body></html>',
        "<html><body><p>ngắn</p></body></html>",
    ],
)
def test_where_there_is_nothing_to_compare_it_is_silent(html: str) -> None:
    assert witness(html) is None


def test_the_child_gives_it_where_it_is_asked_for() -> None:
    async def clean(*, asked: bool) -> Witness | None:
        with contextlib.closing(IsolatedCleaner(timeout=10.0)) as cleaner:
            page = Page("http://phuong.vn/tin/bai-1.html", PAGE.encode(), NOW)
            return (await cleaner.clean(page, RULES, document_key="1", witness=asked)).witness

    assert asyncio.run(clean(asked=False)) is None
    assert asyncio.run(clean(asked=True)) == witness(PAGE)


def test_a_second_reading_that_takes_too_long_loses_no_article(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(isolated, "WITNESSED", 2_000_000)
    # 0.1 s of work for the family's rules, more than 4 s for the generic path
    slow = PAGE.replace("</body>", "<p>một câu.</p>" * 55_000 + "</body>").encode()

    async def clean() -> None:
        with contextlib.closing(IsolatedCleaner(timeout=3.0)) as cleaner:
            page = Page("http://phuong.vn/tin/bai-1.html", slow, NOW)
            cleaned = await cleaner.clean(page, RULES, document_key="1", witness=True)
            assert cleaned.outcome is Outcome.FETCHED
            assert cleaned.witness is None

    asyncio.run(clean())


@pytest.mark.parametrize(
    ("printed", "signs"),
    [
        ("12/07/2023 11:46", ()),
        ("07/23/2023 11:46", ("date.order:07/23/2023 11:46",)),
        ("hôm qua", ()),
        ("07/23/2032 11:46", ()),  # not yet: no date at all
    ],
)
def test_a_date_that_fits_only_the_other_order_is_a_sign(
    printed: str, signs: tuple[str, ...]
) -> None:
    html = PAGE.replace("Thứ tư - 12/07/2023 11:46", printed)
    cleaned = clean_page(Page("http://phuong.vn/tin/bai-1.html", html.encode(), NOW), RULES)
    assert cleaned.signs == signs
