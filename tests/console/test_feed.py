"""The feed, read as a reader does: entity by entity, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft
    from tests.conftest import Desk

    Ask = Callable[..., tuple[int, str]]

NAMES = {"a": "http://www.w3.org/2005/Atom"}
DAY = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


@pytest.fixture
def read(desk: Desk, ask: Ask, make_draft: Callable[..., Draft]) -> Callable[..., etree._Element]:
    """Read the feed of an archive of five articles, two of them with “xã”."""
    for n in range(5):
        text = "Ở xã <A> & B." if n % 4 == 0 else "Ở tỉnh."
        day = DAY + timedelta(days=n)
        url = "javascript:alert(1)" if n == 3 else f"https://tuag.example/{n}"
        desk.bring(
            make_draft(
                document_key=str(n), title=f"Bài số {n}", summary=text, body=(text, f"Hết {n}."),
                published_at=day, url=url,
            )
        )  # fmt: skip

    def read(**asked: str) -> etree._Element:
        status, text = ask("/feed", asked)
        assert status == 200
        return etree.fromstring(text.encode())

    return read


def texts(feed: etree._Element, path: str) -> list[str]:
    return [one.text or "" for one in feed.iterfind(path, NAMES)]


def links(feed: etree._Element) -> dict[str, str]:
    found = feed.iterfind("a:link", NAMES)
    return {str(one.attrib["rel"]): str(one.attrib["href"]) for one in found}


def test_the_newest_come_first_with_dates_and_lasting_ids(
    read: Callable[..., etree._Element],
) -> None:
    feed = read()
    assert texts(feed, "a:entry/a:title") == [f"Bài số {n}" for n in (4, 3, 2, 1, 0)]
    assert texts(feed, "a:entry/a:summary")[0] == "Ở xã <A> & B."
    assert texts(feed, "a:entry/a:id")[0] == "tag:gomtin,2026:article/5"
    told = [datetime.fromisoformat(one) for one in texts(feed, "a:entry/a:published")]
    assert told == [DAY + timedelta(days=n) for n in (4, 3, 2, 1, 0)]
    entries = [datetime.fromisoformat(one) for one in texts(feed, "a:entry/a:updated")]
    (updated,) = texts(feed, "a:updated")
    assert datetime.fromisoformat(updated) == max(entries)
    addresses = [one.attrib["href"] for one in feed.iterfind("a:entry/a:link", NAMES)]
    assert addresses == [f"https://tuag.example/{n}" for n in (4, 2, 1, 0)]


@pytest.mark.parametrize(("asked", "found"), [({}, [4, 3, 2, 1, 0]), ({"q": "xã"}, [4, 0])])
def test_its_next_links_lead_through_all(
    read: Callable[..., etree._Element], asked: dict[str, str], found: list[int]
) -> None:
    titles: list[str] = []
    feed = read(**asked, limit="1")
    assert urlsplit(links(feed)["alternate"]).path == "/articles"
    while True:
        titles += texts(feed, "a:entry/a:title")
        if "next" not in links(feed):
            break
        feed = read(**dict(parse_qsl(urlsplit(links(feed)["next"]).query)))
    assert titles == [f"Bài số {n}" for n in found]


def test_its_id_stays_the_same_over_its_pages(read: Callable[..., etree._Element]) -> None:
    first = read(limit="2")
    second = read(**dict(parse_qsl(urlsplit(links(first)["next"]).query)))
    assert texts(first, "a:id") == texts(second, "a:id")


def test_a_feed_without_answers_is_one(read: Callable[..., etree._Element]) -> None:
    feed = read(q="không có ở đây")
    assert texts(feed, "a:title") == ["gomtin: không có ở đây"]
    assert texts(feed, "a:entry/a:title") == []
