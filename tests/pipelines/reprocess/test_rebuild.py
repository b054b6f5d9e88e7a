"""Stories made anew: what is shown, what is stored, and that an interruption costs nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, func, select, update

from bench.dedupe_articles import COMMUNES
from pipelines.reprocess import rebuild as steps
from pipelines.reprocess.rebuild import TASKS, rebuild, sketch_again
from pipelines.reprocess.rematch import compare_all
from pipelines.store import schema
from pipelines.store.archive import refresh_stories
from pipelines.store.articles import get_article, story_of
from pipelines.store.positions import left

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft
    from pipelines.reprocess.rebuild import Move
    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def filled(desk: Desk, make_draft: MakeDraft) -> Store:
    """Articles 1 to 4, two texts that both have a copy (3 of 1, 4 of 2), and 5, which has none."""
    rng = random.Random(3)
    made = [COMMUNES.story(rng) for _ in range(3)]
    for key, (portal, one) in enumerate(
        [("a", made[0]), ("a", made[1]), ("b", made[0]), ("b", made[1]), ("b", made[2])]
    ):
        body = (*one.body, "Bài đăng lại.") if portal == "b" else one.body
        desk.bring(make_draft(portal=portal, document_key=str(key), title=one.title, body=body))
    store: Store = desk.store
    return store


def groups(store: Store) -> list[list[int]]:
    """Give the articles of every story; each story knows its size and who stands for it."""
    with store.read() as conn:
        stories = {}
        for article_id in range(1, 6):
            story = story_of(conn, article_id)
            assert story is not None
            members = [one.article_id for one in story.members]
            assert story.representative_id in members
            stories[story.id] = members
        sizes = dict(conn.execute(select(schema.stories.c.id, schema.stories.c.size)).all())
        assert sizes == {story_id: len(members) for story_id, members in stories.items()}
    return sorted(stories.values())


def merge(store: Store, article_id: int, matched_id: int) -> None:
    """Put an article where it does not belong, as other rules might have."""
    with store.begin() as conn:
        of = select(schema.articles.c.story_id)
        story_id = conn.execute(of.where(schema.articles.c.id == matched_id)).scalar_one()
        old = conn.execute(of.where(schema.articles.c.id == article_id)).scalar_one()
        own = schema.articles.c.id == article_id
        conn.execute(update(schema.articles).where(own).values(story_id=story_id))
        mine = schema.story_members.c.article_id == article_id
        values = {"story_id": story_id, "kind": "revised"}
        statement = update(schema.story_members).where(mine)
        conn.execute(statement.values(**values, matched_id=matched_id))
        refresh_stories(conn, {story_id, old}, NOW)
        conn.execute(delete(schema.stories).where(schema.stories.c.size == 0))


def moves(store: Store, now: Any, *, apply: bool = False, workers: int = 1) -> list[Move]:
    parts = rebuild(store, apply=apply, now=now, workers=workers)
    return [move for part in parts for move in part.moves]


def test_what_stands_right_stays(desk: Desk, filled: Store) -> None:
    assert groups(filled) == [[1, 3], [2, 4], [5]]
    assert moves(filled, desk.now) == []
    assert moves(filled, desk.now, apply=True) == []
    assert groups(filled) == [[1, 3], [2, 4], [5]]


def test_what_stands_wrong_is_shown_and_moved_when_asked(desk: Desk, filled: Store) -> None:
    merge(filled, 5, 1)
    merge(filled, 2, 1)  # its copy 4 has come to article 2 and stays behind
    merge(filled, 3, 2)
    wrong = groups(filled)
    shown = moves(filled, desk.now)
    assert [one.article_id for one in shown] == [2, 3, 4, 5]
    assert shown[0].to_json()["after"] == {"story": None, "kind": "original", "matched": None}
    assert (shown[1].after.matched_id, shown[2].after.matched_id) == (1, 2)
    assert groups(filled) == wrong
    assert [one.article_id for one in moves(filled, desk.now, apply=True)] == [2, 3, 4, 5]
    assert groups(filled) == [[1, 3], [2, 4], [5]]
    assert moves(filled, desk.now) == []


def test_an_interrupted_rebuild_goes_on_where_it_stopped(
    desk: Desk, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PART", 2)
    merge(filled, 5, 1)
    merge(filled, 2, 1)
    first = next(rebuild(filled, apply=True, now=desk.now))
    assert (first.last_id, [one.article_id for one in first.moves]) == (2, [2])
    with filled.read() as conn:
        assert (left(conn, TASKS[True]), left(conn, TASKS[False])) == (3, 5)
    rest = list(rebuild(filled, apply=True, now=desk.now))
    assert [one.last_id for one in rest] == [4, 5]
    assert groups(filled) == [[1, 3], [2, 4], [5]]
    assert [one.last_id for one in rebuild(filled, apply=True, now=desk.now)] == [2, 4, 5]


def test_what_is_only_shown_goes_on_where_it_stopped(
    desk: Desk, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PART", 2)
    merge(filled, 2, 1)  # its copy 4 has come to article 2
    whole = moves(filled, desk.now)
    assert [one.article_id for one in whole] == [2, 4]
    shown = next(rebuild(filled, apply=False, now=desk.now)).moves
    assert (*shown, *moves(filled, desk.now)) == tuple(whole)
    assert moves(filled, desk.now) == whole


def test_processes_of_their_own_compare_alike(
    desk: Desk, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PART", 1)
    merge(filled, 5, 1)
    merge(filled, 2, 1)
    moved = moves(filled, desk.now, apply=True, workers=2)
    assert [one.article_id for one in moved] == [2, 4, 5]
    assert groups(filled) == [[1, 3], [2, 4], [5]]


def test_what_ingest_changed_in_between_is_compared_again(
    desk: Desk, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.read() as conn:
        stored = get_article(conn, 3)
    assert stored is not None
    revised = replace(stored.draft, body=("Một bài khác hẳn, viết lại từ đầu đến cuối. " * 4,))

    def then_revised(*given: Any) -> Any:
        for one in list(compare_all(*given)):
            desk.bring(revised)
            yield one

    monkeypatch.setattr(steps, "compare_all", then_revised)
    assert [one.article_id for one in moves(filled, desk.now, apply=True)] == [3]


def test_sketches_of_other_rules_are_made_again(desk: Desk, filled: Store) -> None:
    with filled.begin() as conn:
        count = select(func.count()).select_from(schema.sketches)
        before = conn.execute(count).scalar_one()
        conn.execute(delete(schema.sketches))
        conn.execute(update(schema.articles).values(sketch=b"", sketch_version=0))
    assert (list(sketch_again(filled)), list(sketch_again(filled))) == ([5], [])
    assert moves(filled, desk.now, apply=True) == []
    with filled.read() as conn:
        assert conn.execute(count).scalar_one() == before


def test_links_to_what_only_resembles_are_made_again(desk: Desk, filled: Store) -> None:
    with filled.begin() as conn:
        conn.execute(schema.related.insert().values((5, 1, 0.5, "near")))
    list(rebuild(filled, apply=True, now=desk.now))
    with filled.read() as conn:
        assert conn.execute(select(schema.related)).all() == []
