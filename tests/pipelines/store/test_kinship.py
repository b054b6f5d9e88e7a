"""What the members of a story are to who stands for it, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.dedupe.verify import within_story
from pipelines.reprocess.rebuild import rebuild
from pipelines.store.articles import get_article, story_of
from pipelines.store.outbox import articles_since, last_article_event, unrelayed
from pipelines.store.schema import story_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipelines.dedupe.verify import Text, Verdict
    from pipelines.records import Draft
    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py

PRINTED = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
LEAD = (
    "Chiều 18/11, Hội Nông dân xã Phước Hưng trao 12 con bò giống cho các hộ còn khó khăn, mở đầu "
    "đợt hỗ trợ sinh kế năm nay của chương trình chung tay vì người nghèo."
)
MIDDLE = (
    "Mỗi con bò trị giá 15 triệu đồng, do các hội viên và nhà hảo tâm đóng góp; hộ nhận bò được "
    "cán bộ thú y hướng dẫn cách làm chuồng, trồng cỏ và phòng bệnh cho đàn gia súc."
)
END = (
    "Sau hai năm, hộ nhận bò giao lại một con bê để hội trao tiếp cho hộ khác; nhờ vậy đã có 47 "
    "gia đình trong xã vươn lên thoát nghèo bằng chính sức lao động của mình."
)
PASSAGE = (
    "Cùng ngày, đoàn đến thăm tổ hợp tác nuôi bò vỗ béo ở ấp Phước Khánh, nơi tám hộ góp vốn mua "
    "máy băm cỏ dùng chung và ký hợp đồng bán bò thịt với một cơ sở giết mổ trong vùng."
)
TITLE = "Trao bò giống cho hộ khó khăn ở Phước Hưng"
BODY = (LEAD, MIDDLE, END)
# A portal, what its copy is like, and what that is called. Each came a day after the one before.
FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "first": ({}, "original"),
    "same": ({}, "identical"),
    "respelt": ({"body": (LEAD, MIDDLE, END.replace("thoát", "thóat"))}, "identical"),
    "loud": ({"title": TITLE.upper()}, "identical"),
    "titled": ({"title": "Con bò là đầu cơ nghiệp"}, "republished"),
    "marked": ({"dateline": "TTXVN"}, "republished"),
    "taken": ({"source": "Cổng thông tin xã Phước Hưng"}, "republished"),
    "signed": ({"body": (*BODY, "Tin, ảnh: Kim Phụng")}, "republished"),
    "edited": ({"body": (LEAD, MIDDLE.replace("nhà hảo tâm", "bà con gần xa"), END)}, "revised"),
    "short": ({"body": (LEAD, MIDDLE)}, "excerpt"),
    "long": ({"body": (*BODY, PASSAGE)}, "extended"),
}


@pytest.fixture
def copies(make_draft: MakeDraft) -> dict[str, Draft]:
    """One draft of each form; the second is printed a day after the first, and so on."""
    base: dict[str, Any] = {"title": TITLE, "body": BODY}
    return {
        portal: make_draft(
            portal=portal, published_at=PRINTED + timedelta(days=at), **(base | given)
        )
        for at, (portal, (given, _)) in enumerate(FORMS.items())
    }


def kinds(store: Store) -> dict[str, str]:
    with store.read() as conn:
        story = story_of(conn, 1)
        assert story is not None
        return {member.portal: member.kind for member in story.members}


def wanted(portals: Iterable[str]) -> dict[str, str]:
    return {portal: FORMS[portal][1] for portal in portals}


@pytest.mark.parametrize("backwards", [False, True])
def test_every_form_of_a_copy_has_its_name(
    desk: Desk, store: Store, copies: dict[str, Draft], backwards: bool
) -> None:
    for portal in sorted(FORMS, key=[*FORMS].index, reverse=backwards):
        desk.bring(copies[portal])
    assert kinds(store) == wanted(FORMS)
    assert [move for part in rebuild(store, apply=False, now=desk.now) for move in part.moves] == []


@pytest.mark.parametrize("order", [*permutations(("first", "marked", "short"))])
def test_names_do_not_hang_on_who_came_first(
    desk: Desk, store: Store, copies: dict[str, Draft], order: tuple[str, ...]
) -> None:
    desk.bring(*(copies[portal] for portal in order))
    assert kinds(store) == wanted(order)


def test_programs_are_told_of_members_that_became_something_else(
    desk: Desk, store: Store, copies: dict[str, Draft]
) -> None:
    desk.bring(copies["short"])
    desk.bring(copies["same"])
    with store.read() as conn:
        met = last_article_event(conn)
    desk.bring(copies["first"])
    with store.read() as conn:
        told = [
            (event.payload["article_id"], event.payload["kind"])
            for event in unrelayed(conn, 100)
            if event.type == "story.changed" and event.id > met
        ]
        assert told == [(2, "identical"), (3, "original")]
        assert set(conn.execute(articles_since(conn, met)).scalars()) == {2, 3}
        found = [get_article(conn, article_id) for article_id in (1, 2, 3)]
    assert [one.copy_kind for one in found if one] == ["excerpt", "identical", "original"]


@pytest.mark.parametrize(
    ("revised", "given", "became"),
    [
        ("same", {"body": (LEAD, MIDDLE)}, {"same": "excerpt", "edited": "revised"}),
        ("first", {"body": (*BODY, PASSAGE)}, {"same": "excerpt", "edited": "excerpt"}),
        ("first", {"title": "Bò cho hộ nghèo"}, {"same": "republished", "edited": "revised"}),
    ],
)
def test_a_revision_may_make_a_copy_something_else(
    desk: Desk,
    store: Store,
    copies: dict[str, Draft],
    revised: str,
    given: dict[str, Any],
    became: dict[str, str],
) -> None:
    desk.bring(*(copies[portal] for portal in ("first", "same", "edited")))
    desk.bring(replace(copies[revised], **given))
    assert kinds(store) == {"first": "original", **became}


def test_a_copy_of_the_first_word_for_word_spares_comparing_all(
    desk: Desk, store: Store, copies: dict[str, Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    def counted(member: Text, first: Text) -> Verdict:
        compared.append(member.title)
        return within_story(member, first)

    later = [copies[portal] for portal in ("same", "edited", "short", "long")]
    desk.bring(*later)
    monkeypatch.setattr("pipelines.store.kinship.within_story", counted)
    desk.bring(copies["first"])
    assert kinds(store) == wanted(("first", "same", "edited", "short", "long"))
    assert len(compared) == 1


def test_a_rebuild_puts_kinds_right(desk: Desk, store: Store, copies: dict[str, Draft]) -> None:
    desk.bring(*(copies[portal] for portal in ("first", "same", "edited")))
    with store.begin() as conn:
        conn.execute(story_members.update().values(kind="excerpt"))
    shown = [part.moves for part in rebuild(store, apply=False, now=desk.now)]
    assert [[(one.article_id, one.after.kind) for one in moves] for moves in shown] == [
        [(1, "original"), (2, "identical"), (3, "revised")]
    ]
    assert set(kinds(store).values()) == {"excerpt"}
    assert [part.moves for part in rebuild(store, apply=True, now=desk.now)] == shown
    assert kinds(store) == wanted(("first", "same", "edited"))
