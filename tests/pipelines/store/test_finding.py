"""Finding articles: the order of answers, the filters, and that the index follows the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from pipelines.clean.enrich import enrich
from pipelines.codec import VIETNAM
from pipelines.records import Document, Draft, Precision
from pipelines.reprocess.reindex import PART, reindex
from pipelines.search.words import VERSION
from pipelines.store import search_index, search_rows
from pipelines.store.articles import article_to_json
from pipelines.store.finding import ArticleQuery, missing, search, stream
from pipelines.store.outbox import forget_relayed, forgotten_until, last_article_event
from pipelines.store.positions import forget
from pipelines.store.schema import outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py

TEXTS = (
    ("Tin thứ nhất", "Phần mở đầu.", "Nhân dân đi vận động."),
    ("Tin thứ hai", "Phần mở đầu.", "Công tác dân vận ở cơ sở."),
    ("Tin thứ ba", "Ban Dân vận họp.", "Kết thúc."),
    ("Dân vận khéo ở xã", "Phần mở đầu.", "Hết."),
    ("Nhân dân vận động nhau", "Phần mở đầu.", "Hết."),
    ("Đàn vân sam", "Phần mở đầu.", "Hết."),
    ("Tin thứ bảy", "Nhân dân được vận động.", "Hết."),
)


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 1, 0, tzinfo=UTC)


def numbered(make_draft: MakeDraft, n: int, **given: Any) -> Draft:
    title, lead, end = TEXTS[n - 1]
    values: dict[str, Any] = {"title": f"{title}", "summary": lead, "body": (lead, f"{end} {n}")}
    values |= {"document_key": str(n), "published_at": day(n)}
    return make_draft(**(values | {"published_precision": Precision.MINUTE} | given))


@pytest.fixture
def ranks(desk: Desk, store: Store, make_draft: MakeDraft) -> Store:
    """Seven articles, the newest last."""
    desk.bring(*(numbered(make_draft, n) for n in range(1, len(TEXTS) + 1)))
    return store


def ids(store: Store, **given: Any) -> list[int]:
    with store.read() as conn:
        return [one.id for one in search(conn, ArticleQuery(**given))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # title before side by side before apart, summary before text, then the newest
        ("dân vận", [5, 4, 3, 2, 7, 1]),
        ("dan van", [6, 5, 4, 3, 2, 7, 1]),
        ('"dân vận"', [5, 4, 3, 2]),
        ('"dan van kheo"', [4]),
        ("vận", [5, 4, 7, 3, 2, 1]),
        ("nothing", []),
        ("Đàn", [6]),
        ("dàn", []),
    ],
)
@pytest.mark.parametrize("many", [search_index.MANY, 1])
def test_the_order_of_answers(
    ranks: Store, monkeypatch: pytest.MonkeyPatch, query: str, found: list[int], many: int
) -> None:
    monkeypatch.setattr(search_index, "MANY", many)
    assert ids(ranks, query=query) == found
    assert ids(ranks, query=query, limit=None) == found
    assert ids(ranks, query=query, limit=2) == found[:2]
    assert ids(ranks, query=query, limit=2, offset=1) == found[1:3]
    after = {"since": day(3), "until": day(6)}
    assert ids(ranks, query=query, **after) == [one for one in found if 3 <= one < 6]


def test_filters_name_what_the_article_names(
    desk: Desk, store: Store, make_draft: MakeDraft
) -> None:
    cited = (Document("Kế hoạch", "71-KH/TU", None),)
    desk.bring(numbered(make_draft, 2, documents=cited), numbered(make_draft, 4))
    for number in ("71-KH/TU", "71-kh/tu", "71 KH TU", "Kế hoạch số 71-KH/TU", "kế hoạch 71"):
        assert ids(store, document=number) == [1]
    assert ids(store, document="71") == []
    assert ids(store, document="71-KH/TU", query="khéo") == []
    assert ids(store, document="71-KH/TU", portal="tuag") == [1]
    with store.read() as conn:
        kinds = {one.id: one.labels for one in search(conn, ArticleQuery())}
    for one, labels in kinds.items():
        (kind,) = (label.value for label in labels if label.axis == "kind")
        assert one in ids(store, kind=kind)
        assert one in ids(store, kind=kind, query=["tin", "dân", "vận"][1])
    assert ids(store, kind="none") == []


def test_people_are_found_by_their_full_name_and_stored_with_the_article(
    desk: Desk, store: Store, make_draft: MakeDraft
) -> None:
    body = ("Bí thư Tỉnh ủy Lê Hồng Quang trao 1 tỷ 200 triệu đồng.",)
    desk.bring(make_draft(body=body, money=("1 tỷ 200 triệu đồng",)))
    for name in ("Lê Hồng Quang", "le hong quang"):
        assert ids(store, person=name) == [1]
    assert ids(store, person="Hồng Quang") == []
    with store.read() as conn:
        (record,) = map(article_to_json, search(conn, ArticleQuery()))
    assert record["people"] == [{"name": "Lê Hồng Quang", "title": "Bí thư Tỉnh ủy"}]
    assert (record["organisations"], record["money_dong"]) == (["Tỉnh ủy"], [1_200_000_000])


def test_an_organisation_is_found_in_short_and_in_full(
    desk: Desk, store: Store, make_draft: MakeDraft
) -> None:
    desk.bring(
        make_draft(document_key="1", body=("UBND tỉnh An Giang ban hành kế hoạch.",)),
        make_draft(document_key="2", body=("Ủy ban nhân dân tỉnh An Giang họp.",)),
        make_draft(document_key="3", body=("UBND tỉnh Long An họp. Tỉnh An Giang dự.",)),
        make_draft(document_key="4", body=("Sở Giáo dục và Đào tạo thông báo.",)),
    )
    for name in ("UBND tỉnh An Giang", "Uỷ ban nhân dân tỉnh An Giang", "ubnd tinh an giang"):
        assert sorted(ids(store, organisation=name)) == [1, 2]
    assert ids(store, organisation="Sở GD&ĐT") == [4]
    assert ids(store, organisation="UBND tỉnh An Giang", query="họp") == [2]
    assert ids(store, organisation="tỉnh An Giang") == []


def test_a_week_that_begins_in_vietnam_before_it_does_in_utc(
    desk: Desk, store: Store, make_draft: MakeDraft
) -> None:
    monday = datetime(2025, 9, 1, 0, 30, tzinfo=VIETNAM)
    desk.bring(
        numbered(make_draft, 1, published_at=monday),
        numbered(make_draft, 2, published_at=monday - timedelta(days=2)),
    )
    assert ids(store, query="mở đầu", limit=1) == [1]
    assert ids(store, query="mở đầu", limit=1, offset=1) == [2]


def test_the_index_follows_a_revision(desk: Desk, ranks: Store, make_draft: MakeDraft) -> None:
    old = numbered(make_draft, 4)
    desk.bring(replace(old, title="Cây sao đen", published_at=day(20)))
    assert ids(ranks, query="khéo") == []
    assert ids(ranks, query="sao đen") == [4]
    assert ids(ranks, query="hết", limit=1) == [4]


def test_the_index_is_made_anew_and_goes_on_where_it_stopped(
    ranks: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.reprocess.reindex.PART", 3)
    before = ids(ranks, query="dân vận")
    assert next(iter(reindex(ranks))) == 3
    with ranks.read() as conn:
        assert search_rows.unindexed(conn) == 4
    assert set(ids(ranks, query="dan van")) == {1, 2, 3}
    assert list(dict.fromkeys(reindex(ranks))) == [3, 4]  # then it is packed
    with ranks.read() as conn:
        assert search_rows.unindexed(conn) == 0
    assert ids(ranks, query="dân vận") == before
    assert PART > 3


def test_two_that_make_the_index_anew_share_the_work(
    ranks: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.reprocess.reindex.PART", 2)
    before = ids(ranks, query="dân vận")
    one, other = reindex(ranks), reindex(ranks)
    assert (next(one), next(other)) == (2, 2)
    assert set(one) == {4, 5}
    assert set(other) <= {2}
    assert ids(ranks, query="dân vận") == before


def test_an_index_of_other_tokens_says_so_until_it_is_made_anew(
    ranks: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(query: str = "tin") -> str:
        with ranks.read() as conn:
            return missing(conn, ArticleQuery(query))

    assert said() == ""
    monkeypatch.setattr(search_rows, "VERSION", VERSION + 1)
    assert "is of another gomtin" in said()
    assert said("") == ""  # no word is looked up
    assert ids(ranks, query="thứ bảy") == [7]
    monkeypatch.setattr("pipelines.reprocess.reindex.PART", 3)
    assert next(iter(reindex(ranks))) == 3
    assert said().startswith("not in the word index yet: 4 articles")
    monkeypatch.setattr(search_rows, "VERSION", VERSION + 2)  # updated again before it was whole
    assert "is of another gomtin" in said()
    assert max(reindex(ranks)) == 7
    assert said() == ""


def test_an_article_that_comes_does_not_make_an_old_index_new(
    desk: Desk, ranks: Store, make_draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_rows, "VERSION", VERSION + 1)
    desk.bring(make_draft(document_key="new", title="Cây sao đen"))
    with ranks.read() as conn:
        assert not search_rows.is_of_today(conn)
    with ranks.begin() as conn:  # one that was filled when no version was kept
        forget(conn, search_rows.VERSION_TASK)
    desk.bring(make_draft(document_key="newer", title="Cây dầu rái"))
    with ranks.read() as conn:
        assert not search_rows.is_of_today(conn)


def test_what_changed_since_an_event(desk: Desk, ranks: Store, make_draft: MakeDraft) -> None:
    def since(event: int, **given: Any) -> Sequence[int]:
        return ids(ranks, since_event=event, **given)

    with ranks.read() as conn:
        first = last_article_event(conn)
    assert since(first) == []
    desk.bring(replace(numbered(make_draft, 3), title="Cây sao đen ở xã"))
    assert since(first) == [3]
    assert since(first, query="họp") == [3]
    assert since(first, query="khéo") == []
    with ranks.begin() as conn:
        assert forgotten_until(conn) == 0
        conn.execute(update(outbox).values(relayed_at=desk.now))
        assert forget_relayed(conn, desk.now + timedelta(days=1), limit=2) == 2
        assert forgotten_until(conn) == 2


def test_a_stream_reads_the_whole_archive_in_parts(
    ranks: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.store.finding.CHUNK", 2)
    with ranks.read() as conn:
        newest = [one.id for one in stream(conn, ArticleQuery(limit=None))]
        phrase = [one.id for one in stream(conn, ArticleQuery('"dân vận khéo"', limit=None))]
    assert newest == [7, 6, 5, 4, 3, 2, 1]
    assert phrase == [4]


@pytest.mark.parametrize("many", [search_index.MANY, 1])
def test_a_phrase_is_found_behind_many_texts_that_have_its_pairs_apart(
    desk: Desk, store: Store, make_draft: MakeDraft, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(search_index, "MANY", many)
    has, apart = ("Phong trào dân vận khéo.",), ("Dân vận tốt; vận khéo tay.",)
    bodies = (has, apart, has, *[apart] * 7)
    told = [
        {"body": body, "document_key": str(n), "published_at": day(n)}
        for n, body in enumerate(bodies, 1)
    ]
    desk.bring(*(numbered(make_draft, 1, **own) for own in told))
    for limit, found in ((1, [3]), (2, [3, 1]), (5, [3, 1]), (None, [3, 1])):
        assert ids(store, query='"dân vận khéo"', limit=limit) == found
        assert ids(store, query='"dan van kheo"', limit=limit) == found
    assert ids(store, query='"dân vận khéo"', limit=1, offset=1) == [1]


PLACES = (
    (2023, "Sáng nay, tỉnh An Giang tổ chức hội nghị sơ kết phong trào thi đua."),
    (2023, "Sáng nay, tỉnh Kiên Giang tổ chức hội nghị sơ kết phong trào thi đua."),
    (2026, "Sáng nay, tỉnh An Giang tổ chức hội nghị sơ kết phong trào thi đua."),
    (2023, "Sáng nay, xã Long An, huyện Tân Châu, tỉnh An Giang làm lễ ra quân."),
    (2023, "Sáng nay, phường Hiệp Ninh, thành phố Tây Ninh làm lễ ra quân."),
    (2026, "Sáng nay, phường Tân Ninh, tỉnh Tây Ninh làm lễ ra quân."),
    (2023, "Sáng nay, huyện Giồng Riềng, tỉnh Kiên Giang làm lễ ra quân."),
    (2026, "Sáng nay, phường Rạch Giá, tỉnh An Giang làm lễ ra quân."),  # in Kiên Giang before
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({"unit": "An Giang"}, {1, 3, 4, 8}, id="a province by the name it had"),
        pytest.param({"unit": "tinh an giang"}, {1, 3, 4, 8}, id="with its kind, without marks"),
        pytest.param({"unit": "Kiên Giang"}, {2, 7, 8}, id="a province that is no more"),
        pytest.param({"unit_today": "An Giang"}, {1, 2, 3, 4, 7, 8}, id="what is in it today"),
        pytest.param({"unit": "Hiệp Ninh"}, {5}, id="a commune by its old name"),
        pytest.param({"unit": "phường Tân Ninh"}, {5, 6}, id="a commune by its new name"),
        pytest.param({"unit": "An Giang, Long An"}, {4}, id="two of them"),
        pytest.param({"unit": "Kiên Giang", "unit_today": "An Giang"}, {2, 7, 8}, id="both"),
    ],
)
def test_a_place_is_found_as_it_was_and_as_it_is(
    desk: Desk, store: Store, make_draft: MakeDraft, asked: dict[str, str], found: set[int]
) -> None:
    drafts = [
        make_draft(
            document_key=str(n),
            title=f"Tin số {n}",
            body=(text,),
            published_at=datetime(year, 5, 4, 1, 0, tzinfo=UTC),
            published_precision=Precision.MINUTE,
        )
        for n, (year, text) in enumerate(PLACES, 1)
    ]
    desk.bring(*map(enrich, drafts))
    assert set(ids(store, **asked)) == found
