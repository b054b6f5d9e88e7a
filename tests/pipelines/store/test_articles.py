"""Reading the archive: what a reader finds, and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.records import Draft, Precision, Unit
from pipelines.store.articles import (
    article_to_json,
    count_articles,
    find_by_url,
    get_article,
    labels_of,
    revisions,
    story_of,
)
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.portals import register_portal
from pipelines.store.rows import dated_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 1, 0, tzinfo=UTC)


@pytest.fixture
def filled(desk: Desk, store: Store, make_draft: MakeDraft) -> Store:
    """Three articles of two portals: 1 of the 10th, 2 of the 12th, 3 without a date."""
    minute = Precision.MINUTE
    first = make_draft(
        document_key="1",
        title="Hòa Bình khởi công cầu Đá Bạc",
        body=("Sáng 10/11, huyện khởi công cầu Đá Bạc, tổng vốn 100% ngân sách.",),
        published_at=day(10),
        published_precision=minute,
    )
    second = make_draft(
        document_key="2",
        title="Đại hội Đoàn xã An Phú",
        body=("Đoàn Thanh niên tổ chức đại hội.", "Đồng chí Lý Thủy được bầu làm Bí thư."),
        published_at=day(12),
        published_precision=minute,
        units=(Unit("huyện An Phú", "huyen", None, "huyện An Phú, Tỉnh An Giang"),),
    )
    third = make_draft(portal="other", document_key="3", title="Lịch tiếp dân", body=("Thứ_ba.",))
    with store.begin() as conn:
        register_portal(conn, "other", desk.now, unit="Tây Ninh")
    desk.bring(first, second, third)
    return store


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [3, 2, 1]),
        ({"query": "hòa bình"}, [1]),
        ({"query": "hoà bình"}, [1]),
        ({"query": "HOA BINH"}, [1]),
        ({"query": "hoá bình"}, []),
        ({"query": "cau da bac"}, [1]),
        ({"query": "cầu  Đá\nBạc"}, [1]),
        ({"query": "ly thuy"}, [2]),
        ({"query": "Lí Thuỷ"}, [2]),
        ({"query": "Lý Thuỷ"}, [2]),
        ({"query": "100%"}, [1]),
        ({"query": "1_0%"}, []),
        ({"query": "thứ_ba"}, [3]),
        ({"query": "to chuc dai hoi"}, [2]),
        ({"portal": "other"}, [3]),
        ({"portal": "none"}, []),
        ({"unit": "An Giang"}, [2]),
        ({"unit": "an phu"}, [2]),
        ({"unit": "tây ninh"}, [3]),
        ({"since": day(11)}, [3, 2]),
        ({"until": day(11)}, [1]),
        ({"since": day(10), "until": day(12)}, [1]),
        ({"limit": 1}, [3]),
        ({"limit": 1, "offset": 1}, [2]),
        ({"query": "đại hội", "portal": "tuag"}, [2]),
        ({"topic": "no_such_topic"}, []),
    ],
)
def test_what_a_query_finds(filled: Store, asked: dict[str, Any], found: list[int]) -> None:
    with filled.read() as conn:
        assert [one.id for one in search(conn, ArticleQuery(**asked))] == found


@pytest.mark.parametrize(
    ("printed", "event", "told"),
    [
        (day(12), date(2022, 5, 1), day(12)),
        (None, date(2022, 5, 1), datetime(2022, 4, 30, 17, tzinfo=UTC)),
        (None, date(2027, 5, 1), day(22)),
        (None, None, day(22)),
    ],
)
def test_when_an_article_is_told_of(
    printed: datetime | None, event: date | None, told: datetime
) -> None:
    assert dated_at(printed, event, day(22)) == told


def test_an_article_without_printed_date_stands_at_the_day_of_its_event(
    desk: Desk, filled: Store, make_draft: MakeDraft
) -> None:
    old = make_draft(document_key="4", title="Tin năm 2022", event_date=date(2022, 5, 1))
    desk.bring(old)
    with filled.read() as conn:
        assert [one.id for one in search(conn, ArticleQuery())] == [3, 2, 1, 4]
        assert [one.id for one in search(conn, ArticleQuery(until=day(1)))] == [4]
    desk.bring(replace(old, event_date=date(2026, 11, 11), title="Tin mới"))
    with filled.read() as conn:
        assert [one.id for one in search(conn, ArticleQuery())] == [3, 2, 4, 1]


def test_a_topic_takes_its_sub_topics_along(filled: Store) -> None:
    with filled.read() as conn:
        for article_id, labels in labels_of(conn, [1, 2, 3]).items():
            for topic in (one.value for one in labels if one.axis == "topic"):
                for asked in {topic, topic.partition("/")[0]}:
                    hits = search(conn, ArticleQuery(topic=asked))
                    assert article_id in [one.id for one in hits]
                assert search(conn, ArticleQuery(topic=topic[:-1])) == []


def test_an_article_s_record(filled: Store) -> None:
    with filled.read() as conn:
        article = get_article(conn, 2)
        assert article is not None
        record = article_to_json(article)
        assert labels_of(conn, [2])[2] == article.labels
    assert record["title"] == "Đại hội Đoàn xã An Phú"
    assert record["published_at"] == "2026-11-12T08:00:00+07:00"
    assert (record["story_id"], record["revision"]) == (article.story_id, 1)
    assert record["content_hash"] == article.content_hash
    assert record["topics"] == [one.value for one in article.labels if one.axis == "topic"]
    assert isinstance(record["kind"], str)


def test_what_is_not_there(filled: Store) -> None:
    with filled.read() as conn:
        assert get_article(conn, 99) is None
        assert story_of(conn, 99) is None
        assert revisions(conn, 99) == []
        assert find_by_url(conn, "https://nowhere.example/") == []
        assert labels_of(conn, [99]) == {99: ()}


def test_counts_and_addresses(filled: Store) -> None:
    with filled.read() as conn:
        assert (count_articles(conn), count_articles(conn, "tuag")) == (3, 2)
        assert find_by_url(conn, "https://tuag.example/2") == [2]


def test_a_text_with_nul_bytes_is_stored_and_found(
    desk: Desk, store: Store, make_draft: MakeDraft
) -> None:
    desk.bring(replace(make_draft(), title="Tin\x00 mới\ud800", body=("Nội dung\x00",)))
    with store.read() as conn:
        [found] = search(conn, ArticleQuery(query="noi dung"))
    assert found.draft.title == "Tin\N{REPLACEMENT CHARACTER} mới\N{REPLACEMENT CHARACTER}"
