"""When the later pages of a listing are asked, and when they need not be."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from crawler.walk.time_order import OLD_IN_A_ROW, TimeOrder, later_page

if TYPE_CHECKING:
    from collections.abc import Sequence

UNTIL = date(2026, 1, 10)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("/tin/page-12/", ("/tin/page-#/", 12)),
        ("/category/su-kien/page/3/", ("/category/su-kien/page/#/", 3)),
        ("/?p=2", ("/?p=#", 2)),
        ("/tin?pageindex=7", ("/tin?pageindex=#", 7)),
        ("/tin?pagenumber=7", ("/tin?pagenumber=#", 7)),
        ("/web/btg/tin?com_liferay_x_cur=4", ("/web/btg/tin?com_liferay_x_cur=#", 4)),
        ("/tin?limitstart=20", ("/tin?limitstart=#", 20)),
        ("/van-ban/trang-5", ("/van-ban/trang-#", 5)),
        ("/tin/", None),
        ("/tin?cat=12", None),
        ("/page/2/?page=3", None),  # of which is it a page?
        ("/tin/page-" + "9" * 30, None),
    ],
)
def test_a_later_page_is_known_by_its_number(key: str, place: tuple[str, int] | None) -> None:
    assert later_page(key) == place


def walked(days: Sequence[Sequence[int | None]]) -> int:
    """Give how many of a listing's pages are asked whose articles are of these days of January."""
    order = TimeOrder(UNTIL, lambda _: {})
    for number in reversed(range(len(days))):
        assert order.hold(f"/tin/page-{number}/", f"http://a.vn/tin/page-{number}/")
    asked = 0
    while due := list(order.due()):
        ((key, _),) = due
        assert key == f"/tin/page-{asked}/"
        articles = {f"{asked}-{place}": day for place, day in enumerate(days[asked])}
        for one in articles:
            order.asked(one)
        order.shows(key, {*articles, "beside"})
        for one, day in articles.items():
            order.judge()
            assert not list(order.due())  # its articles are still being read
            order.read(one, date(2026, 1, day) if day else None)
        order.judge()
        asked += 1
    assert len(list(order.too_old())) == len(days) - asked
    return asked


OLD = [[9, 8, 8], [7, 7, 6], [6, 5, 5], [4, 3, 2], [1, 1, 1]]
YOUNG = [[30, 29, 28], [15, 14, 12]]


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (OLD, OLD_IN_A_ROW),
        (YOUNG + OLD, len(YOUNG) + OLD_IN_A_ROW),
        (YOUNG * 3, 6),
        ([[30, 1, 29], *OLD], 1 + OLD_IN_A_ROW),  # a pinned one
        ([OLD[0], OLD[1], [10, 6, 5], *OLD[2:]], 6),  # one of the day itself
        ([OLD[0], OLD[1], [9, 8, 8], *OLD], 6),  # back again: then three that fall
        ([[8, 9, 7], [9, 8, 7], [8, 9, 7], [9, 7, 8]], 4),  # in no order
        ([[9, None, None], [8, None, None], [7, None, None], [6, None, None]], 4),  # too few dates
        ([[9, 9, 9, *[None] * 4], [8] * 3, [7] * 3, [6] * 3, [5] * 3], 4),
        ([[9, 8], [7, 6], [5, 4], [3, 2]], 4),  # too short to tell
    ],
)
def test_a_listing_ends_after_pages_in_a_row_that_are_older_and_older(
    days: list[list[int | None]], asked: int
) -> None:
    assert walked(days) == asked


def test_a_page_that_failed_holds_no_listing_and_says_nothing_of_its_age() -> None:
    order = TimeOrder(UNTIL, lambda keys: dict.fromkeys(keys, date(2025, 1, 1)))
    for number in range(5):
        order.hold(f"/tin/page-{number}/", "")
    for number in range(5):
        ((key, _),) = order.due()
        if number == 1:
            order.failed(key)
        else:  # the archive knows these
            order.shows(key, {f"{number}-{place}" for place in range(3)})
        order.judge()
    assert not list(order.due())
