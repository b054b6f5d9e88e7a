"""What other portals print around the same article: one table row a portal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.clean.plain import clean_text
from pipelines.records import Outcome

TITLE = "Xã Tân Hòa ra mắt mô hình tổ tự quản bảo vệ môi trường"
LEAD = "Sáng 6/8, Ủy ban MTTQ xã Tân Hòa tổ chức lễ ra mắt mô hình tổ tự quản bảo vệ môi trường."
BODY = "Tổ gồm 15 thành viên, mỗi tháng họp một lần, vận động người dân thu gom rác thải đúng giờ."
END = "Dịp này, Ủy ban MTTQ xã trao 10 thùng rác cho ấp Bình Lợi."

CLOCK = "Thứ tư, 11-3-26 01:50:02"


@pytest.mark.parametrize(
    ("above", "below", "dateline", "after", "expected"),
    [
        (
            ["Tin tức"],
            ["Thứ ba - 08/08/2023 23:02", "127 0"],
            "(PNS) - ",
            [],
            {"at": "2023-08-08T23:02", "dateline": "PNS", "views": 127, "section": "Tin tức"},
        ),
        (
            [],
            ["Được đăng: Thứ ba, 08 Tháng 8 2023 09:10", "Lượt xem: 24342"],
            "(TGAG)- ",
            ["Bài, ảnh: Hồng Nga", "Bài viết mới nhất", "Một bài khác nữa"],
            {"at": "2023-08-08T09:10", "dateline": "TGAG", "views": 24342, "author": "Hồng Nga"},
        ),
        (
            ["Lượt truy cập: 1.306"],
            ["08/08/2023 - 09:50", "313"],
            "",
            [],
            {"at": "2023-08-08T09:50", "views": 313},
        ),
        (
            [],
            ["Gửi lúc: 08/08/2023 15:42:27", "Lượt xem: 7370 |"],
            "",
            ["Theo Báo Thanh Hóa"],
            {"at": "2023-08-08T15:42:27", "views": 7370, "source": "Báo Thanh Hóa"},
        ),
        (
            [CLOCK],
            ["Cập nhật: Thứ ba, 08/08/2023 | 1:36:31 PM"],
            "YênBái - ",
            ["Thu Hà"],
            {"at": "2023-08-08T13:36:31", "dateline": "YênBái", "author": "Thu Hà"},
        ),
        ([], ["Thứ Ba, 8/8/2023"], "", [], {"at": "2023-08-08T00:00", "precision": "day"}),
        (
            [],
            ["08/08/2023", "8987 lượt xem"],
            "",
            ["(Theo TTXVN)"],
            {"at": "2023-08-08T00:00", "views": 8987, "source": "TTXVN"},
        ),
        (
            [CLOCK, "Thời sự"],
            ["08/08/2023 - 21:29"],
            "(CTO) - ",
            ["Tin, ảnh: H.T"],
            {"at": "2023-08-08T21:29", "dateline": "CTO", "author": "H.T", "section": "Thời sự"},
        ),
        (
            [],
            ["Thứ ba: 15:00 ngày 08/08/2023"],
            "(BTN) - ",
            ["Nguyễn An", "Tin liên quan", "Một đề mục khác", "Một đề mục nữa"],
            {"at": "2023-08-08T15:00", "dateline": "BTN", "author": "Nguyễn An"},
        ),
        (
            [],
            ["Ngày đăng/Publish date", "08/08/2023 | 12:00 AM", "Print", "Send email"],
            "",
            ["View count: 842", "Other News", "Một đề mục khác (07/08/2023)"],
            {"at": "2023-08-08T00:00", "precision": "day", "views": 842},
        ),
        ([], ["08/08/2023 3:25 CH"], "", [], {"at": "2023-08-08T15:25"}),
        ([], ["8/30/2023 10:00 AM"], "TTĐT - ", [], {"at": "2023-08-30T10:00", "dateline": "TTĐT"}),
        (
            ["Trang chủ » Tin tức » Môi trường"],
            ["Cập nhật lúc: 18:00 |08/08/2023"],
            "",
            ["GÓP Ý KIẾN", "Trả lời", "Email của bạn sẽ không được hiển thị công khai."],
            {"at": "2023-08-08T18:00", "section": "Môi trường"},
        ),
    ],
)
def test_portals_print_their_own_things_around_an_article(
    above: list[str],
    below: list[str],
    dateline: str,
    after: list[str],
    expected: dict[str, str | int | None],
) -> None:
    text = "\n\n".join([*above, TITLE, *below, dateline + LEAD, BODY, END, *after])
    cleaned = clean_text(text, url="", portal="", fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert cleaned.outcome is Outcome.FETCHED, cleaned.reason
    article = cleaned.draft
    assert article is not None
    assert article.title == TITLE
    assert article.body == (LEAD, BODY, END)
    assert article.captions == ()
    assert article.published_at is not None
    assert article.published_at.isoformat().startswith(str(expected["at"]))
    assert article.published_precision == expected.get("precision", article.published_precision)
    assert article.dateline == expected.get("dateline")
    assert article.author == expected.get("author")
    assert article.source == expected.get("source")
    assert article.section == expected.get("section")
    assert article.counters.get("views") == expected.get("views")
