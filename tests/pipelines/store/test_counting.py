"""Counting: each text once, where it stood first, and what bounds the trust in the figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, update

from pipelines.clean.documents import documents
from pipelines.clean.units import find_units
from pipelines.records import Draft, Precision
from pipelines.store import schema
from pipelines.store.articles import article_to_json
from pipelines.store.counting import Count, tally
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.indexing import index_anew
from pipelines.store.schema import labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py

COPIED = "Cả xã có {} hộ tham gia hội thi năm nay, nhiều hơn năm trước, theo ban tổ chức hội thi."
# portal, key, day, text; the article's labels: axis, value, probability, by whom
ARTICLES = (
    ("baoangiang", "1", datetime(2025, 2, 1, 1, tzinfo=UTC), COPIED.format(12)),
    ("tuag", "1", datetime(2025, 1, 31, 18, tzinfo=UTC), COPIED.format(12)),
    ("tuag", "2", datetime(2025, 1, 5, 1, tzinfo=UTC), "Hội nghị giao ban công tác tuyên giáo."),
    ("tuag", "3", datetime(2024, 7, 5, 1, tzinfo=UTC), "Bàn giao nhà cho hộ nghèo ở biên giới."),
    ("tuag", "4", None, "Lịch tiếp công dân của lãnh đạo huyện trong quý tới."),
)
LABELS = (
    (1, "topic", "he_thong_chinh_tri/dan_van", 0.9, "model"),
    (2, "topic", "he_thong_chinh_tri/dan_van", 0.5, "model"),
    (3, "topic", "he_thong_chinh_tri/dan_van", 0.6, "person"),
    (3, "topic", "kinh_te", 0.6, "model"),
    (3, "kind", "hoi_nghi", 0.8, "model"),
    (4, "topic", "unsure", 0.3, "model"),
    (5, "topic", "kinh_te", 0.7, "model"),
)


@pytest.fixture
def archive(desk: Desk, store: Store, make_draft: MakeDraft) -> Store:
    """Four texts in five articles, with labels of our own."""
    for portal, key, at, text in ARTICLES:
        dated = {"published_at": at, "published_precision": Precision.MINUTE} if at else {}
        desk.bring(make_draft(portal=portal, document_key=key, title=text, body=(text,), **dated))
    with store.begin() as conn:
        conn.execute(delete(labels))
        for article, axis, value, probability, how in LABELS:
            row = {"article_id": article, "axis": axis, "value": value, "position": 0}
            conn.execute(
                labels.insert(), row | {"probability": probability, "how": how, "version": "1"}
            )
        index_anew(conn, range(1, len(ARTICLES) + 1))
    return store


def counted(store: Store, by: tuple[str, ...], **asked: Any) -> list[tuple[Any, ...]]:
    with store.read() as conn:
        found = tally(conn, ArticleQuery(**asked), by)
    return [(*one.values, one.stories, one.articles) for one in found.counts]


@pytest.mark.parametrize(
    ("by", "asked", "expected"),
    [
        # the copy of 1 February is of the story of the day before: in Vietnam that is February, too
        (("month",), {"until": datetime(2025, 3, 1, tzinfo=UTC)},
         [("2024-07", 1, 1), ("2025-01", 1, 1), ("2025-02", 1, 2)]),
        (("portal",), {}, [("baoangiang", 0, 1), ("tuag", 4, 4)]),
        (("portal",), {"portal": "baoangiang"}, [("baoangiang", 1, 1)]),
        (("field",), {}, [("he_thong_chinh_tri", 2, 3), ("kinh_te", 2, 2), ("unsure", 1, 1)]),
        (("kind",), {"topic": "kinh_te"}, [("hoi_nghi", 1, 1), ("unsure", 1, 1)]),
        (("year", "portal"), {"topic": "he_thong_chinh_tri"},
         [("2025", "baoangiang", 0, 1), ("2025", "tuag", 2, 2)]),
        (("portal",), {"topic": "kinh_te,he_thong_chinh_tri"},
         [("baoangiang", 0, 1), ("tuag", 3, 3)]),
        (("kind",), {"topic": "kinh_te,unsure", "kind": "hoi_nghi,hop"}, [("hoi_nghi", 1, 1)]),
        ((), {"query": '"hội thi năm nay"'}, [(1, 2)]),
        (("topic",), {"query": "không có"}, []),
    ],
)  # fmt: skip
def test_stories_count_where_they_stood_first(
    archive: Store, by: tuple[str, ...], asked: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    assert counted(archive, by, **asked) == expected


NAMED = (
    "Ông Lê Văn Năm và bà Trần Thị Tư dự họp cùng Sở GD&ĐT.",
    "Bà Trần Thị Tư, Giám đốc Sở Y tế, ký Quyết định số 54/2023/QĐ-UBND.",
    "Không có ai được nêu tên ở đây cả, chỉ có Sở Giáo dục và Đào tạo.",
)


@pytest.mark.parametrize(
    ("by", "asked", "expected"),
    [
        (("person",), {}, [("Trần Thị Tư", 2, 2), ("Lê Văn Năm", 1, 1)]),
        (("person",), {"person": "Lê Văn Năm"}, [("Lê Văn Năm", 1, 1), ("Trần Thị Tư", 1, 1)]),
        (("organisation",), {}, [("Sở GD&ĐT", 2, 2), ("Sở Y tế", 1, 1)]),
        (("organisation",), {"organisation": "Sở Y tế"}, [("Sở Y tế", 1, 1)]),
        (("document",), {}, [("Quyết định 54/2023/QĐ-UBND", 1, 1)]),
        (("portal", "document"), {}, [("a", "Quyết định 54/2023/QĐ-UBND", 1, 1)]),
    ],
)
def test_names_are_counted_the_most_named_first(
    desk: Desk,
    store: Store,
    make_draft: MakeDraft,
    by: tuple[str, ...],
    asked: dict[str, Any],
    expected: list[tuple[Any, ...]],
) -> None:
    for key, text in enumerate(NAMED):
        cited = documents(text)
        desk.bring(
            make_draft(
                portal="a", document_key=str(key), title=f"Tin {key}", body=(text,), documents=cited
            )
        )
    assert counted(store, by, **asked) == expected


@pytest.mark.parametrize("by", [(), ("topic",), ("month", "kind", "topic"), ("level", "portal")])
def test_the_database_sums_up_what_a_walk_over_the_articles_counts(
    archive: Store, by: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive.read() as conn:
        summed = tally(conn, ArticleQuery(), by)
        monkeypatch.setattr("pipelines.store.counting.by_index", lambda _: True)
        assert tally(conn, ArticleQuery(), by) == summed


def test_the_last_moment_of_a_day_is_of_that_day(archive: Store) -> None:
    last = datetime(2023, 5, 5, 16, 59, 59, 999_999, UTC)  # just before midnight in Vietnam
    with archive.begin() as conn:
        conn.execute(update(schema.articles).values(dated_at=last))
    assert counted(archive, ("day",)) == [("2023-05-05", 4, 5)]


def test_the_trust_in_a_count_is_told(archive: Store) -> None:
    with archive.read() as conn:
        found = tally(conn, ArticleQuery(topic="he_thong_chinh_tri"), ())
        # the story's earliest article is half sure, what a person said is sure
        assert (found.stories, found.articles, found.likely) == (2, 3, 1.5)
        assert (found.unsure, found.undated) == (1, 0)
        everything = tally(conn, ArticleQuery())
        assert everything.counts == (Count((), 4, 5),)
        assert (everything.likely, everything.unsure, everything.undated) == (4, 0, 1)
        # an article without a kind is no answer that is unsure: nothing was said of it
        assert tally(conn, ArticleQuery(kind="hoi_nghi")).unsure == 0
        # that the classifier is unsure of one is sure, whatever it might be
        unsure = ArticleQuery(topic="unsure")
        assert tally(conn, unsure).likely == 1
        assert list(tally(conn, unsure).caveats(unsure)) == []


def test_what_is_unsure_in_two_ways_might_answer_too(archive: Store) -> None:
    both = ArticleQuery(topic="he_thong_chinh_tri", kind="hoi_nghi")
    with archive.begin() as conn:
        assert tally(conn, both).unsure == 0
        row = {"article_id": 4, "axis": "kind", "value": "unsure", "position": 1}
        conn.execute(labels.insert(), row | {"probability": 0.2, "how": "model", "version": "1"})
        index_anew(conn, [4])
        assert tally(conn, both).unsure == 1


def test_by_province_counts_what_the_filter_finds(
    desk: Desk, store: Store, make_draft: MakeDraft
) -> None:
    for key, text in enumerate(
        (
            "Đoàn của tỉnh Kiên Giang về thăm xã Óc Eo, tỉnh An Giang.",
            "Lãnh đạo tỉnh Yên Bái và tỉnh An Giang ký kết chương trình phối hợp.",
            "Lịch tiếp công dân của lãnh đạo trong quý tới, theo thông báo đầu năm.",
        )
    ):
        desk.bring(make_draft(document_key=str(key), body=(text,), units=find_units(text)))
    expected = [("nowhere", 1, 1), ("tỉnh An Giang", 2, 2), ("tỉnh Lào Cai", 1, 1)]
    assert counted(store, ("province",)) == expected
    for name, stories, articles in expected[1:]:
        assert counted(store, (), unit_today=name) == [(stories, articles)]
    in_both = [("tỉnh An Giang", 1, 1), ("tỉnh Lào Cai", 1, 1)]
    assert counted(store, ("province",), unit_today="tỉnh Lào Cai") == in_both


def test_a_saved_page_without_a_date_counts_when_it_was_fetched_not_imported(
    desk: Desk, store: Store, make_draft: MakeDraft
) -> None:
    saved = datetime(2024, 2, 29, 18, tzinfo=UTC)
    draft = make_draft(fetched_at=saved)
    desk.bring(draft)
    assert counted(store, ("day",)) == [("2024-03-01", 1, 1)]
    desk.bring(replace(draft, body=("Lịch tiếp công dân tháng ba.",), fetched_at=desk.now))
    assert counted(store, ("day",)) == [("2024-03-01", 1, 1)]
    with store.read() as conn:
        (row,) = map(article_to_json, search(conn, ArticleQuery()))
    assert (row["published_at"], row["revision"]) == (None, 2)
    assert row["dated_at"] == "2024-03-01T01:00:00+07:00"
