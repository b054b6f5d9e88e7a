"""Ingest: what an arriving draft is to the archive, and that nothing is stored twice or lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from bench.dedupe_articles import COMMUNES
from pipelines import ingest as steps
from pipelines.dedupe.index import HOT
from pipelines.records import Attachment, Draft, Outcome, Precision
from pipelines.store import schema
from pipelines.store.articles import count_articles, get_article, revisions, story_of
from pipelines.store.engine import open_store
from pipelines.store.inbox import pending
from pipelines.store.letters import letters, retry
from pipelines.store.outbox import emit, unrelayed
from pipelines.store.pages import known_pages
from pipelines.store.rechecks import mark_gone
from pipelines.store.runs import complete_runs, recent_runs, run_totals

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PRINTED = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
LEAD = (
    "Sáng 20/11, Ban Dân vận Tỉnh ủy tổ chức hội nghị sơ kết một năm thực hiện phong trào thi đua "
    "dân vận khéo trong xây dựng nông thôn mới trên địa bàn toàn tỉnh."
)
MIDDLE = (
    "Theo báo cáo tại hội nghị, các cấp ủy đã chỉ đạo nhân rộng nhiều mô hình thiết thực, gắn với "
    "việc chăm lo đời sống nhân dân, hòa giải ở cơ sở và giữ gìn đường làng ngõ xóm sạch đẹp."
)
MORE = (
    "Đại biểu các huyện thảo luận về cách làm hay của địa phương mình, nêu những khó khăn khi vận "
    "động bà con hiến đất mở đường và kiến nghị tỉnh hỗ trợ thêm xi măng cho các tuyến liên ấp."
)
END = (
    "Phát biểu kết luận, lãnh đạo Tỉnh ủy đề nghị các đơn vị tiếp tục bám sát cơ sở, lắng nghe ý "
    "kiến của người dân và biểu dương kịp thời những tập thể, cá nhân có thành tích nổi bật."
)
BODY = (LEAD, MIDDLE, MORE, END)
CANAL = (
    "Chiều cùng ngày, đoàn công tác của ngành nông nghiệp kiểm tra tiến độ nạo vét kênh thủy lợi "
    "nội đồng trước mùa khô, trong đó có nhiều tuyến kênh bị bồi lắng sau đợt lũ vừa qua."
)
FARMERS = (
    "Nông dân trong vùng mong công trình sớm hoàn thành để kịp xuống giống vụ đông xuân và bớt lo "
    "thiếu nước tưới vào cuối vụ như những năm trước đây."
)
OTHER = (CANAL, FARMERS)
NOTICE = (
    "Công ty thông báo lịch ngừng cung cấp điện ngày {day} tại ấp {place} để bảo trì lưới điện, từ "
    "{start} giờ đến {end} giờ, khoảng {count} hộ dân tạm thời bị mất điện. Mong quý khách hàng "
    "thông cảm và chủ động sắp xếp sinh hoạt, sản xuất. Mọi thắc mắc xin liên hệ tổng đài chăm sóc "
    "khách hàng để được giải đáp kịp thời."
)
NO_DATE: dict[str, Any] = {"published_at": None, "published_precision": Precision.NONE}


def on(moment: datetime) -> dict[str, Any]:
    """Give a publication day, as a page that prints no hour has it."""
    return {"published_at": moment, "published_precision": Precision.DAY}


@pytest.fixture
def article(make_draft: MakeDraft) -> Draft:
    return make_draft(
        title="Sơ kết phong trào dân vận khéo",
        body=BODY,
        summary=LEAD,
        author="Thùy Trang",
        published_at=PRINTED,
        published_precision=Precision.MINUTE,
        published_from="selector",
        counters={"views": 10.0},
    )


def elsewhere(draft: Draft, portal: str, key: str = "9", **given: Any) -> Draft:
    url = f"https://{portal}.example/{key}"
    place = {"portal": portal, "url": url, "canonical_url": url, "document_key": key}
    return replace(draft, **(place | given))


def events(conn: Connection) -> list[str]:
    return [event.type for event in unrelayed(conn, 1_000)]


def rows(conn: Connection, table: Any) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_new_document_is_stored(desk: Desk, store: Store, article: Draft) -> None:
    report = desk.bring(article)
    assert (report.counts, report.failed) == ({Outcome.STORED: 1}, ())
    with store.begin() as conn:
        stored = get_article(conn, 1)
        assert stored is not None
        assert (stored.draft, stored.revision, stored.copy_kind) == (article, 1, "original")
        assert {label.axis for label in stored.labels} >= {"topic", "kind"}
        story = story_of(conn, 1)
        assert story is not None
        assert (story.representative_id, len(story.members), story.related) == (1, 1, ())
        assert events(conn) == ["article.stored"]
        assert (pending(conn), complete_runs(conn, NOW)) == (0, [1])
        assert run_totals(conn, 1) == {Outcome.STORED: 1}
        assert known_pages(conn, "tuag", [article.url])[article.url].outcome is Outcome.STORED


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({}, ""),
        ({"counters": {"views": 99.0}}, ""),
        ({"body": (LEAD, MIDDLE.replace("hòa", "hoà"), MORE, END)}, ""),
        (NO_DATE | {"author": None}, ""),
        (on(datetime(2026, 11, 19, 17, tzinfo=UTC)), ""),
        ({"section": "Tin tức", "url": "http://tuag.example/1?utm_source=x"}, ""),
        ({"canonical_url": "https://moved.example/1", "url": "https://moved.example/1"}, ""),
        ({"document_key": "renumbered"}, ""),
        ({"body": (*BODY, "Hội nghị trao bằng khen cho 12 tập thể.")}, "text"),
        ({"title": "Sơ kết phong trào Dân vận khéo"}, "title"),
        ({"title": "Tổng kết phong trào dân vận khéo"}, "text,title"),
        ({"author": "Minh Anh"}, "author"),
        ({"published_at": PRINTED + timedelta(hours=1)}, "published_at"),
        (on(PRINTED + timedelta(days=1)), "published_at"),
        ({"attachments": (Attachment("https://tuag.example/1.pdf", "Kế hoạch"),)}, "attachments"),
    ],
)
def test_the_same_document_again(
    desk: Desk, store: Store, article: Draft, given: dict[str, Any], changed: str
) -> None:
    desk.bring(article)
    report = desk.bring(replace(article, **given))
    outcome = Outcome.REVISED if changed else Outcome.UNCHANGED
    assert report.counts == {outcome: 1}
    with store.read() as conn:
        assert count_articles(conn) == 1
        history = revisions(conn, 1)
        assert [",".join(one.changed) for one in history] == ([""] + [changed] * bool(changed))
        assert events(conn) == ["article.stored"] + ["article.revised"] * bool(changed)
        assert run_totals(conn, 2) == {outcome: 1}
        stored = get_article(conn, 1)
        assert stored is not None
        assert stored.draft.counters == given.get("counters", article.counters)
        assert rows(conn, schema.search_texts) == 1


@pytest.mark.parametrize(
    ("before", "after", "revised"),
    [
        (["/k.pdf?v=81&token=a"], ["/k.pdf?v=82&token=b"], False),
        (["/k.pdf", "/l.docx"], ["/l.docx", "/k.pdf"], False),
        (["/k.pdf"], ["/k-sua.pdf"], True),
        (["/get?id=7"], ["/get?id=8"], True),
        (["/k.pdf"], [], True),
    ],
)
def test_another_file_is_a_revision(
    desk: Desk, article: Draft, before: list[str], after: list[str], revised: bool
) -> None:
    hosts = (("https://tuag.example", before), ("http://moved.example", after))
    first, second = (
        replace(article, attachments=tuple(Attachment(host + one, "Tệp") for one in links))
        for host, links in hosts
    )
    desk.bring(first)
    report = desk.bring(second)
    assert report.counts == {Outcome.REVISED if revised else Outcome.UNCHANGED: 1}


def test_a_revision_keeps_what_the_later_fetch_lacks(
    desk: Desk, store: Store, article: Draft
) -> None:
    desk.bring(article)
    desk.bring(replace(article, body=(LEAD, END), author=None, published_from=None, **NO_DATE))
    with store.read() as conn:
        stored = get_article(conn, 1)
        assert stored is not None
        assert stored.draft.body == (LEAD, END)
        assert (stored.draft.author, stored.draft.published_at) == ("Thùy Trang", PRINTED)
        assert stored.draft.published_from == "selector"


def test_a_draft_fetched_earlier_than_the_stored_one_changes_nothing(
    desk: Desk, store: Store, article: Draft
) -> None:
    desk.bring(article)
    late = replace(article, fetched_at=article.fetched_at - timedelta(hours=1), title="Bản cũ")
    assert desk.bring(late).counts == {Outcome.UNCHANGED: 1}
    with store.read() as conn:
        assert known_pages(conn, "tuag", [article.url])[article.url].detail == "ingest.older"


@pytest.mark.parametrize(
    ("portal", "given", "kind"),
    [
        ("other", {}, "identical"),
        ("tuag", {}, "identical"),
        ("other", {"title": "SƠ KẾT PHONG TRÀO DÂN VẬN KHÉO"}, "identical"),
        ("other", {"body": (LEAD, MIDDLE, MORE)}, "excerpt"),
        ("other", {"body": (*BODY, *OTHER[:1])}, "extended"),
    ],
)
def test_a_text_that_is_stored_already_is_a_copy_with_a_record_of_its_own(
    desk: Desk, store: Store, article: Draft, portal: str, given: dict[str, Any], kind: str
) -> None:
    desk.bring(article)
    assert desk.bring(elsewhere(article, portal, **given)).counts == {Outcome.COPY: 1}
    with store.read() as conn:
        story = story_of(conn, 2)
        assert story is not None
        assert [one.kind for one in story.members] == ["original", kind]
        assert story.members[1].matched_id == 1
        assert story.members[1].matched == ("content_hash" if kind == "identical" else "near")
        assert events(conn) == ["article.stored", "article.stored", "story.joined"]
        assert known_pages(conn, portal, [f"https://{portal}.example/9"])
        assert count_articles(conn) == 2


@pytest.mark.parametrize(
    ("dates", "representative"),
    [
        ((PRINTED, PRINTED - timedelta(hours=1)), 2),
        ((PRINTED, PRINTED + timedelta(hours=1)), 1),
        ((PRINTED, None), 1),
        ((None, PRINTED), 2),
        ((None, None), 1),
    ],
)
def test_who_stands_for_a_story(
    desk: Desk,
    store: Store,
    article: Draft,
    dates: tuple[datetime | None, datetime | None],
    representative: int,
) -> None:
    desk.bring(replace(article, published_at=dates[0]))
    desk.bring(elsewhere(article, "other", published_at=dates[1]))
    with store.read() as conn:
        story = story_of(conn, 1)
        assert story is not None
        assert story.representative_id == representative


def test_the_origin_that_a_copy_names_stands_for_the_story(
    desk: Desk, store: Store, article: Draft
) -> None:
    later = PRINTED + timedelta(hours=1)
    desk.bring(elsewhere(article, "first", published_at=PRINTED, source="Báo An Giang"))
    desk.bring(elsewhere(article, "baoangiang", published_at=later))
    desk.bring(elsewhere(article, "third", published_at=PRINTED, source="baoangiang.com.vn"))
    with store.read() as conn:
        story = story_of(conn, 1)
        assert story is not None
        assert [one.portal for one in story.members] == ["first", "baoangiang", "third"]
        assert story.representative_id == 2


def test_notices_of_one_form_with_other_figures_stay_apart(
    desk: Desk, store: Store, article: Draft
) -> None:
    values = [
        {"day": "21/11", "place": "Bình Hòa", "start": 7, "end": 11, "count": 120},
        {"day": "22/11", "place": "Tân Thạnh", "start": 8, "end": 16, "count": 345},
        {"day": "24/11", "place": "Phú Lợi", "start": 6, "end": 9, "count": 78},
    ]
    notices = [
        elsewhere(
            article,
            "dienluc",
            f"lich-{n}",
            title="Thông báo lịch ngừng cung cấp điện",
            body=(NOTICE.format(**one),),
        )
        for n, one in enumerate(values)
    ]
    assert desk.bring(*notices[:2]).counts == {Outcome.STORED: 2}
    assert desk.bring(notices[2]).counts == {Outcome.STORED: 1}
    with store.read() as conn:
        assert rows(conn, schema.stories) == 3


def test_the_drafts_of_one_batch_see_each_other(desk: Desk, store: Store, article: Draft) -> None:
    batch = [
        article,
        elsewhere(article, "one"),
        elsewhere(article, "two", body=(*BODY[:3],)),
        elsewhere(article, "three", body=OTHER, title="Nạo vét kênh thủy lợi"),
        elsewhere(article, "four", body=OTHER, title="Nạo vét kênh thủy lợi"),
    ]
    assert desk.bring(*batch).counts == {Outcome.STORED: 2, Outcome.COPY: 3}
    with store.read() as conn:
        found = [story_of(conn, n) for n in (1, 4)]
        assert [[m.article_id for m in one.members] for one in found if one] == [[1, 2, 3], [4, 5]]


def test_a_document_that_comes_twice_in_one_batch_is_stored_once(
    desk: Desk, store: Store, article: Draft
) -> None:
    again = replace(article, url="http://tuag.example/1", canonical_url="http://tuag.example/1")
    later = replace(again, url="http://tuag.example/1?a", body=(*BODY, OTHER[0]))
    report = desk.bring(article, again, later)
    assert report.counts == {Outcome.STORED: 1, Outcome.UNCHANGED: 1, Outcome.REVISED: 1}
    with store.read() as conn:
        assert count_articles(conn) == 1
        assert run_totals(conn, 1) == report.counts


def test_texts_too_short_to_be_told_apart_are_no_copies(desk: Desk, article: Draft) -> None:
    short: dict[str, Any] = {"title": "Thông báo", "body": ("Nội dung như file đính kèm.",)}
    drafts = [elsewhere(article, portal, **short) for portal in ("one", "two")]
    assert desk.bring(*drafts).counts == {Outcome.STORED: 2}


def test_what_its_portal_has_again_is_told_of_once(desk: Desk, article: Draft) -> None:
    desk.bring(article)
    with desk.store.begin() as conn:
        mark_gone(conn, article.portal, [article.document_key], NOW + HOUR)
    for hours in (0.5, 2, 3):  # an older page is no proof
        desk.bring(replace(article, fetched_at=NOW + hours * HOUR))
    with desk.store.read() as conn:
        events = [one.payload for one in unrelayed(conn, 99) if one.type == "article.returned"]
        found = get_article(conn, 1)
    assert found is not None
    assert found.gone_at is None
    assert [(one["article_id"], one["portal"]) for one in events] == [(1, article.portal)]


def test_ids_that_are_gone_or_given_twice_are_passed_over(desk: Desk, article: Draft) -> None:
    [row] = desk.deliver(article)
    assert desk.ingest([row, row, 999]).counts == {Outcome.STORED: 1}
    assert desk.ingest([row]).counts == {}


def test_a_text_in_more_copies_than_a_formula_has_is_one_story(
    desk: Desk, store: Store, article: Draft
) -> None:
    copies = [
        elsewhere(article, "copies", str(n), body=(*BODY, f"Nguồn {one} {two}."))
        for n, (one, two) in enumerate(product(COMMUNES.places, COMMUNES.places[:9]))
    ]
    for at in range(0, len(copies), 50):
        desk.bring(*copies[at : at + 50])
    with store.read() as conn:
        story = story_of(conn, 1)
        assert story is not None
        assert len(story.members) == len(copies) > HOT


@pytest.mark.parametrize("change", [{}, {"body": (*BODY, FARMERS)}])
def test_what_another_process_wrote_after_the_placing_is_seen(
    desk: Desk, article: Draft, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    write_before_it(desk, elsewhere(article, "first", **change), monkeypatch)
    assert desk.bring(article).counts == {Outcome.COPY: 1}


def test_an_event_of_another_kind_hides_nothing_that_was_being_written(
    desk: Desk, store: Store, article: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.begin() as conn:  # its number is higher than those of the writer, who ends later
        number = emit(conn, "portal.degraded", {"portal": "tuag"}, NOW)
        conn.execute(update(schema.outbox).values(id=number + 100))
    write_before_it(desk, elsewhere(article, "first"), monkeypatch)
    assert desk.bring(article).counts == {Outcome.COPY: 1}


def write_before_it(desk: Desk, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another process store a draft between the placing of the next batch and its writing."""
    write, late = steps._write, [desk.deliver(draft)]

    def after_another(*given: Any) -> Any:
        if late:
            assert desk.ingest(late.pop()).counts == {Outcome.STORED: 1}
        return write(*given)

    monkeypatch.setattr(steps, "_write", after_another)


def test_counters_that_move_make_no_revision(desk: Desk, store: Store, article: Draft) -> None:
    desk.bring(article)
    for start in range(0, 100, 50):
        moved = [
            replace(
                article,
                fetched_at=article.fetched_at + timedelta(minutes=1 + n),
                url=f"{article.url}?utm_source={n}",
                counters={"views": 11.0 + n, "comments": float(n % 7)},
            )
            for n in range(start, start + 50)
        ]
        desk.bring(*moved)
    with store.read() as conn:
        stored = get_article(conn, 1)
        assert stored is not None
        assert (stored.revision, stored.draft.counters["views"]) == (1, 110.0)
        assert rows(conn, schema.revisions) == 1


@pytest.mark.parametrize(
    "harm",
    [{"title": "no more fields"}, {"published_at": "2026-11-20T08:30:00"}, {"body": [None]}],
    ids=["unreadable", "refused by the store", "refused by the steps"],
)
def test_a_broken_draft_is_set_aside_and_the_others_are_stored(
    desk: Desk, store: Store, article: Draft, harm: dict[str, Any]
) -> None:
    sound = [elsewhere(article, f"portal{n}") for n in range(3)]
    ids = desk.deliver(article, *sound)
    break_draft(store, ids[0], harm)
    report = desk.ingest(ids)
    assert report.counts == {Outcome.STORED: 1, Outcome.COPY: 2}
    assert [(one.inbox_id, one.buried) for one in report.failed] == [(ids[0], False)]
    assert desk.ingest(ids).failed[0].buried is False
    last = desk.ingest(ids)
    assert (last.counts, last.failed[0].buried) == ({Outcome.DEAD_LETTER: 1}, True)
    assert desk.ingest(ids).counts == {}
    with store.begin() as conn:
        [letter] = letters(conn)
        assert (letter.code, letter.attempts) == ("ingest.failed", 3)
        assert run_totals(conn, 1) == {Outcome.DEAD_LETTER: 1}
        assert pending(conn) == 0
        assert retry(conn, [letter.id], NOW)


def break_draft(store: Store, inbox_id: int, harm: dict[str, Any]) -> None:
    table = schema.inbox
    with store.begin() as conn:
        here = table.c.id == inbox_id
        draft = conn.execute(select(table.c.draft).where(here)).scalar_one()
        broken = harm if list(harm) == ["title"] else draft | harm
        conn.execute(update(table).where(here).values(draft=broken))


def test_related_texts_are_linked_and_never_merged(
    desk: Desk, store: Store, article: Draft
) -> None:
    desk.bring(article)
    half = elsewhere(
        article, "other", title="Ghi nhận từ cơ sở", body=(OTHER[0], MIDDLE, MORE, OTHER[1])
    )
    assert desk.bring(half).counts == {Outcome.STORED: 1}
    with store.read() as conn:
        story = story_of(conn, 2)
        assert story is not None
        assert (len(story.members), story.related) == (1, (1,))


def test_every_url_of_every_run_has_one_outcome(desk: Desk, store: Store, article: Draft) -> None:
    for n in range(3):
        desk.bring(article, *(elsewhere(article, "other", str(k)) for k in range(n + 1)))
    with store.read() as conn:
        for run in recent_runs(conn, 20):
            totals = run_totals(conn, run.id)
            urls = conn.execute(
                select(func.count()).where(schema.outcomes.c.run_id == run.id)
            ).scalar_one()
            assert sum(totals.values()) == urls
            assert Outcome.FETCHED not in totals


def test_how_drafts_are_cut_into_batches_changes_nothing(
    desk: Desk, store: Store, article: Draft, sqlite_url: str
) -> None:
    drafts = [
        article,
        elsewhere(article, "one", body=BODY[:3]),
        elsewhere(article, "one", "8", body=OTHER, title="Nạo vét kênh thủy lợi"),
        elsewhere(article, "two", body=(*BODY, CANAL)),
        elsewhere(article, "two", "8", body=(CANAL, FARMERS, LEAD), title="Nạo vét kênh"),
        elsewhere(article, "three", body=(CANAL, MIDDLE, MORE, FARMERS), title="Ghi nhận"),
        elsewhere(article, "three", "8", body=(MIDDLE, MORE), title="Nhân rộng mô hình"),
    ]
    desk.bring(*drafts)
    other = open_store(sqlite_url)
    single = type(desk)(other, desk.now)
    for draft in drafts:
        single.bring(draft)
    found = [partition(store), partition(other)]
    other.close()
    assert found[0] == found[1]
    assert max(map(len, found[0])) > 2


def partition(store: Store) -> set[frozenset[str]]:
    """Give the stories as sets of addresses."""
    with store.read() as conn:
        members = conn.execute(select(schema.articles.c.story_id, schema.articles.c.canonical_url))
        by_story: dict[int, set[str]] = {}
        for story_id, url in members:
            by_story.setdefault(story_id, set()).add(url)
    return {frozenset(urls) for urls in by_story.values()}
