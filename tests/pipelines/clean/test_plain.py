from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.plain import clean_text
from pipelines.records import Cleaned, Outcome, Precision

if TYPE_CHECKING:
    from pipelines.records import Draft

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def clean(text: str, url: str = "https://xa.angiang.gov.vn/tin/mot-bai-viet.html") -> Cleaned:
    return clean_text(text, url=url, portal="thu", fetched_at=NOW)


def draft(text: str) -> Draft:
    cleaned = clean(text)
    assert cleaned.outcome is Outcome.FETCHED, cleaned.reason
    assert cleaned.draft is not None
    return cleaned.draft


def captions(article: Draft) -> list[str]:
    return [caption.text for caption in article.captions]


LEAD = "Chiều 18/5, Đảng ủy xã Bình Mỹ tổ chức lễ ký kết chương trình phối hợp với xã Bình Long."
SECOND = (
    "Tại buổi lễ, hai đơn vị thống nhất 5 nội dung phối hợp, trong đó tập trung tuyên truyền, vận"
    " động nhân dân tham gia xây dựng nông thôn mới; hỗ trợ 120 triệu đồng cất 2 căn nhà."
)
THIRD = (
    "Bí thư Đảng ủy xã đề nghị các chi bộ triển khai Kế hoạch số 12-KH/ĐU ngày 3/4/2024, gắn với"
    " phong trào thi đua “Dân vận khéo”."
)
TITLE = "Đảng ủy xã Bình Mỹ và xã Bình Long ký kết chương trình phối hợp năm 2024"

WORDPRESS = f"""{TITLE}

{LEAD}

Ký kết chương trình phối hợp giữa hai xã Bình Mỹ và Bình Long

{SECOND}

Đại diện hai đơn vị trao biên bản đã ký
Các đại biểu chụp ảnh lưu niệm
Tặng nhà cho hộ nghèo ấp Bình Thành

{THIRD}

Scroll to Top"""

SHAREPOINT = f"""Skip Ribbon Commands
Skip to main content

Công tác Đảng

Chào mừng quý vị đến với Cổng thông tin điện tử xã Bình Mỹ!
Công tác Đảng
Thứ 2, Ngày 20/05/2024, 08:15
{TITLE}
Cỡ chữ: Font size: Giảm (A-) Mặc định (A) Tăng (A+)
20/05/2024 | Mai Lan

(BMO)- {LEAD}

le-ky-ket-1.jpg
Quang cảnh lễ ký kết

{SECOND}

le-ky-ket-2.jpgle-ky-ket-3.jpg

Hai xã trao biên bản phối hợp năm 2024

{THIRD}

MAI LAN

Lượt người xem:  Views:   1.204
Manage PermissionsManage Permissions
|
Version HistoryVersion History

Tiêu đề

Hình ảnh

Nội dung

Tác giả

Approval Status

Attachments

Content Type: Tin Tức
Version:
Created at by
Last modified at by"""

NUKEVIET = f"""{TITLE}

Thứ hai - 20/05/2024 08:15 412 3

{LEAD}

{TITLE}

{SECOND}

{THIRD}

Tác giả bài viết: Mai Lan

Tổng số điểm của bài viết là: 45 trong 10 đánh giá

Xếp hạng: 4.5 - 10 phiếu bầu
Click để đánh giá bài viết

 Ý kiến bạn đọc

Thống kê truy cập
  • Đang truy cập12
  • Tổng lượt truy cập94,104
Bạn đã không sử dụng Site, Bấm vào đây để duy trì trạng thái đăng nhập. Thời gian chờ: 60 giây"""

LIFERAY = f"""Xuất bản thông tin

null {TITLE}

Chi tiết bài viết Tin tức

{TITLE}

{LEAD}

{SECOND}

{THIRD}

Lê Mai (Ban Tuyên giáo Huyện ủy)"""

FCK = f"""{TITLE}

20/05/2024 - 08:15

\xa0-\xa0{LEAD}

A A

Quang cảnh lễ ký kết

Bí thư Đảng ủy xã Bình Mỹ phát biểu tại buổi lễ

{SECOND}

{THIRD}

Tin, ảnh: MAI LAN"""

PAGES = {
    "wordpress": WORDPRESS,
    "sharepoint": SHAREPOINT,
    "nukeviet": NUKEVIET,
    "liferay": LIFERAY,
    "fck": FCK,
}


@pytest.mark.parametrize("family", PAGES)
def test_every_cms_gives_the_same_article(family: str) -> None:
    article = draft(PAGES[family])
    assert article.family == family
    assert article.title == TITLE
    assert article.summary == LEAD
    assert article.body == (LEAD, SECOND, THIRD)
    assert article.event_date == date(2024, 5, 18)
    assert article.money == ("120 triệu đồng",)
    assert [(d.kind, d.number, d.date) for d in article.documents] == [
        ("Kế hoạch", "12-KH/ĐU", date(2024, 4, 3))
    ]


@pytest.mark.parametrize(
    ("family", "published", "precision"),
    [
        ("wordpress", None, Precision.NONE),
        ("sharepoint", "2024-05-20T08:15:00+07:00", Precision.MINUTE),
        ("nukeviet", "2024-05-20T08:15:00+07:00", Precision.MINUTE),
        ("liferay", None, Precision.NONE),
        ("fck", "2024-05-20T08:15:00+07:00", Precision.MINUTE),
    ],
)
def test_publication_times(family: str, published: str | None, precision: Precision) -> None:
    article = draft(PAGES[family])
    at = article.published_at.isoformat() if article.published_at else None
    assert (at, article.published_precision) == (published, precision)
    assert article.published_from == ("text:date_line" if published else None)


@pytest.mark.parametrize(
    ("family", "author", "section", "dateline"),
    [
        ("wordpress", None, None, None),
        ("sharepoint", "Mai Lan", "Công tác Đảng", "BMO"),
        ("nukeviet", "Mai Lan", None, None),
        ("liferay", "Lê Mai (Ban Tuyên giáo Huyện ủy)", None, None),
        ("fck", "MAI LAN", None, None),
    ],
)
def test_credits_and_sections(
    family: str, author: str | None, section: str | None, dateline: str | None
) -> None:
    article = draft(PAGES[family])
    assert (article.author, article.section, article.dateline) == (author, section, dateline)


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (
            "wordpress",
            [
                "Ký kết chương trình phối hợp giữa hai xã Bình Mỹ và Bình Long",
                "Đại diện hai đơn vị trao biên bản đã ký",
                "Các đại biểu chụp ảnh lưu niệm",
                "Tặng nhà cho hộ nghèo ấp Bình Thành",
            ],
        ),
        ("sharepoint", ["Quang cảnh lễ ký kết", "Hai xã trao biên bản phối hợp năm 2024"]),
        ("nukeviet", []),
        ("liferay", []),
        (
            "fck",
            ["Quang cảnh lễ ký kết", "Bí thư Đảng ủy xã Bình Mỹ phát biểu tại buổi lễ"],
        ),
    ],
)
def test_captions_are_kept_apart(family: str, expected: list[str]) -> None:
    assert captions(draft(PAGES[family])) == expected


def test_counters_are_numbers() -> None:
    assert draft(SHAREPOINT).counters == {"views": 1204}
    assert draft(NUKEVIET).counters == {
        "views": 412,
        "comments": 3,
        "rating": 4.5,
        "rating_votes": 10,
        "rating_points": 45,
    }


MENU = "\n".join(f"  • Mục số {number}" for number in range(9))
WHOLE_PAGE = f"""Cổng thông tin điện tử xã Bình Mỹ
  • Trang chủ
{MENU}
Thứ sáu, 20/11/2026, 10:00
  • Trang chủ
  • Tin tức
  • Dân vận
{TITLE}
Thứ hai, 20/05/2024 08:15
{LEAD}
{SECOND}
Tin liên quan
Xã Bình Phú ra mắt tổ công nghệ số
{THIRD}
Kết quả đạt được
  • Hiến 2.000 m2 đất làm đường giao thông nông thôn;
  • Xây mới 3 cây cầu.
Theo Báo An Giang
Các tin khác
Xã Bình Phú ra mắt tổ công nghệ số (18/05/2024)
Xã Bình Chánh họp mặt học sinh giỏi (17/05/2024)
Cơ quan chủ quản: UBND xã Bình Mỹ. Giấy phép số 5/GP-STTTT."""


def test_a_whole_page_with_menus_clock_and_related_boxes() -> None:
    article = draft(WHOLE_PAGE)
    assert article.title == TITLE
    assert article.section == "Dân vận"
    assert article.source == "Báo An Giang"
    assert article.published_at == datetime.fromisoformat("2024-05-20T08:15:00+07:00")
    assert article.body == (
        LEAD,
        SECOND,
        THIRD,
        "Kết quả đạt được",
        "Hiến 2.000 m2 đất làm đường giao thông nông thôn;",
        "Xây mới 3 cây cầu.",
    )


def test_month_first_is_read_where_nothing_else_fits() -> None:
    article = draft(f"{TITLE}\n5/30/2024 8:15 AM\n{LEAD}\n{SECOND}")
    assert article.published_at == datetime.fromisoformat("2024-05-30T08:15:00+07:00")


def test_a_title_may_end_like_a_sentence() -> None:
    article = draft(f"{TITLE}.\n{LEAD}\n{SECOND}")
    assert (article.title, article.body) == (f"{TITLE}.", (LEAD, SECOND))


def test_keywords_become_tags() -> None:
    article = draft(f"{TITLE}\n{LEAD}\n{SECOND}\nTừ khóa: dân vận, nông thôn mới")
    assert article.tags == ("dân vận", "nông thôn mới")
    assert article.body == (LEAD, SECOND)


def test_a_photographer_belongs_to_the_caption() -> None:
    article = draft(f"{TITLE}\n{LEAD}\nQuang cảnh lễ ký kết\nẢnh: T.H\n{SECOND}")
    assert captions(article) == ["Quang cảnh lễ ký kết Ảnh: T.H"]


LISTING = "\n".join(
    f"Xã số {n} tổ chức hội nghị sơ kết công tác dân vận\n1{n}/05/2024 08:15\n"
    f"Sáng 1{n}/5, xã số {n} tổ chức hội nghị sơ kết 6 tháng đầu năm.\nXem thêm"
    for n in range(7)
)


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        ("", Outcome.EMPTY, "page.empty"),
        (" \n\t\xa0", Outcome.EMPTY, "page.empty"),
        ("x" * 2_000_001, Outcome.TOO_LARGE, "bounds.text:2000001:0"),
        ("|\n" * 20_001, Outcome.TOO_LARGE, "bounds.text:40002:20001"),
        ("\x00\x01\x02" * 50, Outcome.BAD_CONTENT, "content.not_text"),
        ("\ufffd\ufffdn b\ufffdi vi\ufffdt", Outcome.BAD_CONTENT, "content.not_text"),
        ("<!DOCTYPE html><html><body>a</body></html>", Outcome.BAD_CONTENT, "content.markup"),
        (
            "Thµnh ñy lµm viÖc víi c¸c ngµnh vµ nh©n d©n cña huyÖn ®Ó ®­îc nghe",
            Outcome.BAD_ENCODING,
            "encoding.tcvn3",
        ),
        (
            "Hãy đợi...\nHệ thống đang từ chối truy cập của bạn. Hãy đợi 59 giây",
            Outcome.BLOCKED,
            "blocked.flood",
        ),
        (
            "Just a moment...\nChecking your browser before accessing.",
            Outcome.CHALLENGE,
            "challenge.text",
        ),
        (
            "Thông báo lỗi\nTrang bạn tìm kiếm không tồn tại hoặc đã bị xóa.",
            Outcome.SOFT_404,
            "judge.soft_404",
        ),
        (
            "Đăng nhập\nTên đăng nhập\nMật khẩu\nBạn cần đăng nhập để xem trang này.",
            Outcome.LOGIN,
            "judge.login",
        ),
        (LISTING, Outcome.LISTING, "judge.listing:7"),
        (
            f"{MENU}\n{TITLE}\n08/05/2024 08:15\n{LEAD}\n«\n1\n2\n»",
            Outcome.LISTING,
            "judge.listing:pager",
        ),
        (
            f"{MENU}\nLỗi truy cập 404\n{LEAD}\n{SECOND * 4}",
            Outcome.SOFT_404,
            "judge.title_404",
        ),
        ("Trang chủ\nGiới thiệu\nLiên hệ", Outcome.THIN, "judge.thin:2"),
        ("\n".join(["Một đề mục nữa"] * 20), Outcome.NOT_ARTICLE, "plain.no_running_text"),
    ],
)
def test_what_is_no_article_has_a_name(text: str, outcome: Outcome, reason: str) -> None:
    cleaned = clean(text)
    assert (cleaned.outcome, cleaned.reason, cleaned.draft) == (outcome, reason, None)


@given(st.text(max_size=400))
def test_any_text_ends_in_an_outcome(text: str) -> None:
    cleaned = clean(text)
    assert (cleaned.outcome is Outcome.FETCHED) == (cleaned.draft is not None)


@given(st.permutations(FCK.split("\n\n")), st.integers(0, 200))
def test_any_order_and_cut_ends_in_an_outcome(parts: list[str], cut: int) -> None:
    cleaned = clean("\n".join(parts)[cut:])
    if cleaned.draft:
        assert cleaned.draft.title
        assert cleaned.draft.body
