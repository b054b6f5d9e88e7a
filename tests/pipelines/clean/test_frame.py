"""Blocks that stand on a portal's listings are no part of its articles; formulas of notices are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from bench.clean_looks import HALVES, articles
from bench.judge import pages
from pipelines.clean import frame
from pipelines.clean.frame import Frames
from pipelines.clean.isolated import IsolatedCleaner
from pipelines.clean.page import clean_page
from pipelines.records import Outcome, Page

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
INVITATION = "Cộng tác viên có tin, bài hay xin gửi về hộp thư của trang trước 16 giờ mỗi ngày."
FORMULA = "Đề nghị các ấp, các ngành phối hợp thực hiện tốt nội dung thông báo này."
LEAD = "Ủy ban nhân dân xã thông báo lịch cắt điện, cắt nước và thu gom rác của xã trong tuần tới."
NEWS = [
    ("Xã thông báo lịch cắt điện để sửa chữa đường dây", "Điện lực cắt điện từ 8 giờ đến 11 giờ."),
    ("Xã thông báo lịch cắt nước để súc rửa đường ống", "Trạm cấp nước súc rửa ống từ 22 giờ đêm."),
    ("Xã thông báo lịch thu gom rác dịp nghỉ lễ sắp tới", "Xe thu gom rác chạy sớm hơn một giờ."),
    ("Xã thông báo lịch tiêm phòng dại cho chó, mèo nuôi", "Thú y xã tiêm phòng tại nhà văn hóa."),
]


def page(path: str, title: str, main: str, host: str = "xa.vn") -> Page:
    html = (
        f"<html><head><title>{title}</title></head><body><div class='khung'><div class='giua'>"
        f"{main}<div class='moi'><p>{INVITATION}</p></div></div></div></body></html>"
    )
    return Page(f"https://{host}{path}", html.encode(), NOW, encoding="utf-8")


def main(number: int) -> str:
    title, told = NEWS[number]
    texts = "".join(f"<p>{text}</p>" for text in (" ".join([told] * 9), told, FORMULA))
    return f"<h1>{title}</h1><div class='sapo'><p>{LEAD}</p></div><div class='than'>{texts}</div>"


def article(number: int, host: str = "xa.vn") -> Page:
    return page(f"/tin/{number}.html", NEWS[number][0], main(number), host)


def listing(first: str = "") -> Page:
    items = "".join(
        f"<div class='muc'><h3><a href='/tin/{at}.html'>{title}</a></h3>"
        f"<p>{told} Bấm vào đây để xem tiếp.</p></div>"
        for at, (title, told) in enumerate(NEWS)
    )
    return page("/tin/", "Tin tức", f"<h1>Tin tức</h1>{first}{items}")


def body(source: Page, frames: Frames) -> tuple[str, ...]:
    draft = clean_page(source, None, frames=frames).draft
    assert draft is not None
    return draft.body


def test_block_of_the_frame_is_known_by_the_listing() -> None:
    frames = Frames()
    assert INVITATION in body(article(0), frames)
    assert clean_page(listing(), None, frames=frames).outcome is Outcome.LISTING
    assert body(article(0), frames) == (LEAD, " ".join([NEWS[0][1]] * 9), NEWS[0][1], FORMULA)


def test_formula_of_many_notices_stays() -> None:
    frames = Frames()
    clean_page(listing(), None, frames=frames)
    for number in range(len(NEWS)):
        assert body(article(number), frames)[-1] == FORMULA
        assert body(article(number), frames)[0] == LEAD


def test_page_that_prints_the_article_bears_no_witness_of_it() -> None:
    frames = Frames()
    frames.learn("https://xa.vn/tin/", LexborHTMLParser(listing(main(0)).body))
    assert INVITATION in body(article(0), frames)
    assert INVITATION not in body(article(1), frames)


def test_portals_do_not_learn_from_each_other() -> None:
    frames = Frames()
    clean_page(listing(), None, frames=frames)
    assert INVITATION in body(article(0, host="khac.vn"), frames)


def test_title_that_pages_without_an_article_state_too_is_the_portals() -> None:
    frames, name = Frames(), "Cổng thông tin điện tử xã Tân Hòa"
    text = "".join(f"<p>{one}</p>" for one in (LEAD, " ".join([NEWS[0][1]] * 9)))
    shown = f"<div class='than'><font size='4'><b>{NEWS[0][0]}</b></font>{text}</div>"
    own = page("/xem.php?id=7", name, shown)
    untold = clean_page(own, None, frames=frames).draft
    assert untold
    assert untold.title == name
    for number in range(2):
        menu = f"<p><a href='/'>Trang chủ</a></p><p>{number} người đang xem</p>"
        clean_page(page(f"/muc-{number}", name, menu), None, frames=frames)
    draft = clean_page(own, None, frames=frames).draft
    assert draft
    assert draft.title == NEWS[0][0]
    assert NEWS[0][0] not in draft.body


def test_memory_is_bounded() -> None:
    frames, tree = Frames(), LexborHTMLParser(listing().body)
    for number in range(3 * frame.PORTALS):
        for path in range(2 * frame.PAGES):
            frames.learn(f"https://x{number}.vn/{path}", tree)
    assert len(frames._seen) == frame.PORTALS
    assert set(map(len, frames._seen.values())) == {frame.PAGES}


def test_cleaner_remembers_over_the_pages_of_a_run() -> None:
    cleaner = IsolatedCleaner(20)
    try:
        assert cleaner.clean_now(listing(), None).outcome is Outcome.LISTING
        draft = cleaner.clean_now(article(1), None).draft
    finally:
        cleaner.close()
    assert draft is not None
    assert INVITATION not in draft.body


@pytest.mark.parametrize("half", HALVES)
def test_no_article_of_the_looks_loses_a_line(half: str) -> None:
    frames = Frames()
    for one in pages(half):
        if one.kind in {"listing", "home"}:
            clean_page(one.page, None, frames=frames)
    for made in articles(half):
        assert len(body(made.page, frames)) == len(made.text.paragraphs)
