"""The files of a new portal: ids, spider text within 15 lines, names of recorded pages, dates."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.recorded.recordings import record_pages
from crawler.recorded.scaffold import (
    class_name,
    new_id,
    scaffold,
    site_name,
    spider_text,
    unknown_of,
)
from crawler.registry import site_portal
from crawler.survey.date_guess import DateSample, guess_dates
from crawler.survey.survey import Survey, Visit
from pipelines.clean.dates import parse_printed
from pipelines.clean.isolated import IsolatedCleaner
from pipelines.errors import Reject
from pipelines.records import Draft, Outcome, Page

if TYPE_CHECKING:
    from crawler.portal import Portal

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOST = "http://ward.example.vn"
FEED = b"<rss version='2.0'><channel><item><link>http://ward.example.vn/a</link></item></channel></rss>"
ROOT = Path(__file__).parents[3]


def visit(path: str, outcome: Outcome, body: bytes = b"<p>") -> Visit:
    return Visit(path, HOST + path, outcome, "", Page(HOST + path, body, NOW))


def home(title: str) -> Visit:
    return visit("/", Outcome.LISTING, f"<title>{title}</title>".encode())


def survey(*visits: Visit, family: str = "nukeviet", url: str = HOST + "/") -> Survey:
    portal: type[Portal] = site_portal(url, family)
    return Survey(portal, visits, "", 1.0, url)


@pytest.mark.parametrize(
    ("url", "wanted", "made"),
    [
        ("https://tanninh.tayninh.gov.vn/", "", "tanninh"),
        ("https://www.bao-moi.com.vn/", "", "bao_moi"),
        ("https://congan.example.gov.vn/", "cong_an", "cong_an"),
    ],
)
def test_the_id_is_the_hosts_first_name(url: str, wanted: str, made: str) -> None:
    assert new_id(url, wanted, ROOT) == made


@pytest.mark.parametrize(
    ("url", "wanted", "code"),
    [
        ("http://127.0.0.1:8003/", "", "portal.id"),
        ("https://ward.example.vn/", "../ward", "portal.id"),
        ("https://ward.example.vn/", "class", "portal.id"),
        ("https://ward.example.vn/", "hiepninh", "portal.exists"),
        ("http://www.hiepninh.tayninh.gov.vn/vi/", "ward", "portal.exists"),
    ],
)
def test_an_id_that_cannot_be_or_is_taken_is_refused(url: str, wanted: str, code: str) -> None:
    with pytest.raises(Reject) as refused:
        new_id(url, wanted, ROOT)
    assert refused.value.code == code


def test_a_class_is_named_for_its_portal() -> None:
    assert class_name("angiang_dcs") == "AngiangDcs"


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (survey(home("Phường"), visit("/rss/", Outcome.DOOR, FEED)), None),
        (survey(home("Phường"), visit("/rss/", Outcome.GONE)), None),
        (
            survey(home("Phường"), visit("/vi/news/rss/", Outcome.DOOR, FEED)),
            '    doors = (Door("feed", "/vi/news/rss/"), Door("listing", "/"))',
        ),
        (
            survey(home("Phường"), visit(f"/{'rss' * 30}/", Outcome.DOOR, FEED)),
            '    doors = (Door("listing", "/"),)',
        ),
        (
            survey(home("Phường"), family="liferay", url=HOST + "/web/btg"),
            '    doors = (Door("listing", "/web/btg"),)',
        ),
    ],
)
def test_doors_are_written_where_the_familys_do_not_serve(found: Survey, line: str | None) -> None:
    text = spider_text("ward", found)
    doors = [one for one in text.splitlines() if one.startswith("    doors")]
    assert doors == ([line] if line else [])
    assert ("import Door" in text) is bool(line)


@pytest.mark.parametrize(
    "title",
    [
        "Cổng thông tin điện tử phường Hiệp Hòa",
        'Trang "tin" \\ của xã """ Bình Phú',
        "Ủy ban nhân dân " * 20,
        "",
    ],
)
def test_the_spider_file_is_valid_and_short_whatever_the_site_is_called(title: str) -> None:
    text = spider_text("ward", survey(home(title), visit("/vi/rss/", Outcome.DOOR, FEED)))
    tree = ast.parse(text)
    assert HOST in (ast.get_docstring(tree) or "")
    assert len(text.splitlines()) <= 15
    assert all(len(line) <= 100 for line in text.splitlines())
    (portal,) = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    assert portal.name == "Ward"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Trang chủ - Ban Tuyên giáo và Dân vận", "Ban Tuyên giáo và Dân vận"),
        ("Trang chủ", "Trang chủ"),
        (f"Ban Dân vận – Cơ quan {'tham mưu ' * 10}", "Ban Dân vận"),
    ],
)
def test_a_site_is_named_by_its_own_page(title: str, name: str) -> None:
    assert site_name(survey(home(title))) == name


def test_without_an_article_nothing_is_made() -> None:
    with pytest.raises(Reject, match="no article was found") as refused:
        scaffold("ward", survey(home("Phường")), IsolatedCleaner(5.0))
    assert refused.value.code == "articles.none"


def test_a_province_that_no_address_names_is_asked_for() -> None:
    unknown = spider_text("ward", survey(home("Phường")))
    known = spider_text("ward", survey(home("Phường"), url="http://ward.tayninh.gov.vn/"))
    assert [one.code for one in unknown_of(unknown)] == ["unit.unknown"]
    assert unknown_of(known) == []


def test_recorded_pages_get_names_of_their_own_and_keep_them() -> None:
    portal = site_portal(HOST + "/", "nukeviet")
    visits = [visit(f"/{place}/hoi-nghi-so-ket-{n}.html", Outcome.THIN) for place, n in
              (("tin", 1), ("khac", 1))]  # fmt: skip
    cleaner = IsolatedCleaner(5.0)
    try:
        rows, pages = record_pages(survey(), portal, visits, cleaner, [])
        again, _ = record_pages(survey(), portal, visits[:1], cleaner, rows)
    finally:
        cleaner.close()
    assert list(pages) == ["other-hoi-nghi-so-ket-1.html", "other-hoi-nghi-so-ket-1-2.html"]
    assert again == rows
    assert all(row["article"] is None for row in rows)


def article(*lines: str, read: str = "") -> tuple[Page, Draft]:
    body = "".join(f"<p>{line}</p>" for line in lines)
    printed = parse_printed(read) if read else None
    page = Page(HOST + "/a", f"<body>{body}</body>".encode(), NOW)
    draft = Draft(
        page.url, page.url, "ward", "nukeviet", "family", "Tin", NOW,
        published_at=printed.at if printed else None, published_from="printed" if printed else None,
    )  # fmt: skip
    return page, draft


CLOCK = "Chủ nhật, 22/11/2026"


@pytest.mark.parametrize(
    ("articles", "order"),
    [
        ([article(CLOCK, "13/07/2023"), article(CLOCK, "1/2/2023")], "dmy"),
        ([article(CLOCK, "7/13/2023"), article(CLOCK, "1/2/2023")], "mdy"),
        ([article("7/13/2023"), article("13/7/2023")], "mixed"),
        ([article(CLOCK, "1/2/2023"), article(CLOCK, "3/4/2023")], ""),
        ([], ""),
    ],
)
def test_the_order_of_dates_is_told_by_figures_above_twelve(
    articles: list[tuple[Page, Draft]], order: str
) -> None:
    assert guess_dates(articles).order == order


def test_the_sample_is_the_line_that_was_read() -> None:
    pages = [
        article(CLOCK, "Tin cũ 2/3/2020", "Thứ tư - 12/07/2023 11:46", read="12/07/2023 11:46"),
        article(CLOCK, "2023-07-13T08:00", "13/07/2023", read="13/07/2023"),
        article(CLOCK, "ngày 5 tháng 7 năm 2023"),
        article(CLOCK, "Được đăng: Thứ ba, 13 Tháng 10 2015 09:10"),
        article(CLOCK),
    ]
    samples = guess_dates(pages).samples
    assert samples[0] == DateSample(
        "Thứ tư - 12/07/2023 11:46", "2023-07-12T11:46+07:00", "printed"
    )
    assert [one.printed for one in samples[1:]] == [
        "13/07/2023",
        "ngày 5 tháng 7 năm 2023",
        "Được đăng: Thứ ba, 13 Tháng 10 2015 09:10",
        "",
    ]
    assert samples[-1].read_as == ""
