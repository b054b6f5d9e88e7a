from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from pipelines.classify.models import Models, shipped
from pipelines.reprocess.relabel import relabel
from pipelines.reprocess.retrain import retrain
from pipelines.store import models, reviews
from pipelines.store.articles import get_article
from pipelines.store.faults import Missing
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.outbox import last_article_event, unrelayed
from pipelines.store.reviews import Review
from pipelines.store.schema import labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft
    from tests.conftest import Desk

    MakeDraft = Callable[..., Draft]

SAID = Review(1, "topic", ("kinh_te/du_lich",), ("unsure",), 0.2, "random")


def topics(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.read() as conn:
        found = get_article(conn, 1)
    assert found is not None
    answers = [(one.value, one.how) for one in found.labels if one.axis == "topic"]
    for topic in (*{value for value, _ in answers}, "kinh_te"):
        asked = ArticleQuery(topic=topic)
        with desk.store.read() as conn:
            ids = [one.id for one in search(conn, asked)]
        assert ids == [1] * any(f"{value}/".startswith(f"{topic}/") for value, _ in answers)
    return answers


def test_half_at_random_half_least_sure_and_none_twice(desk: Desk, make_draft: MakeDraft) -> None:
    titles = (
        "Khai giảng năm học mới",
        "Tiêm vắc xin cho trẻ",
        "Một buổi chiều",
        "Kết nạp đảng viên",
    )
    words = ("lúa đồng mùa nước", "sông núi rừng biển", "nhà cửa phố xá", "trời trăng mây gió")
    desk.bring(
        *(
            make_draft(document_key=str(at), title=title, body=(f"{word} {title} " * 12,))
            for at, (title, word) in enumerate(zip(titles, words, strict=True))
        )
    )
    with desk.store.begin() as conn:
        drawn = dict(reviews.next_to_review(conn, "topic", 4, seed=7))
        assert len(drawn) == 4
        assert sorted(drawn.values()).count("unsure") >= 2
        reviews.save_review(conn, SAID, desk.now)
        left = dict(reviews.next_to_review(conn, "topic", 4, seed=7))
        assert set(left) == set(drawn) - {1}
        assert reviews.next_to_review(conn, "topic", 4, seed=7, portal="other") == []
        assert reviews.all_reviews(conn) == [SAID]


def test_what_a_person_said_survives_revision_and_relabelling(
    desk: Desk, make_draft: MakeDraft
) -> None:
    desk.bring(make_draft(title="Khai giảng năm học mới", body=("Sáng nay khai giảng.",)))
    with desk.store.begin() as conn:
        reviews.save_review(conn, SAID, desk.now)
    assert topics(desk) == [("kinh_te/du_lich", "person")]
    desk.bring(make_draft(title="Tiêm vắc xin ở trạm y tế", body=("Bác sĩ khám bệnh.",)))
    assert topics(desk) == [("kinh_te/du_lich", "person")]
    assert list(relabel(desk.store, now=desk.now)) == [1]
    assert topics(desk) == [("kinh_te/du_lich", "person")]


def told(desk: Desk) -> list[tuple[str, ...]]:
    """Give what was told of new labels: the topics of each event."""
    with desk.store.read() as conn:
        events = [one for one in unrelayed(conn, 99) if one.type == "article.relabelled"]
    return [tuple(one.payload["topics"]) for one in events]


def test_new_labels_are_told_of_and_exported_as_a_change(desk: Desk, make_draft: MakeDraft) -> None:
    texts = {"1": "Khai giảng năm học mới", "2": "Tiêm vắc xin cho trẻ em tại trạm y tế xã"}
    desk.bring(*(make_draft(document_key=key, title=one) for key, one in texts.items()))
    with desk.store.read() as conn:
        start, before = last_article_event(conn), search(conn, ArticleQuery())
    with desk.store.begin() as conn:
        reviews.save_review(conn, SAID, desk.now)
    with desk.store.begin() as conn:  # who says the same tells nothing new
        reviews.save_review(conn, replace(SAID, told=SAID.values, drawn="unsure"), desk.now)
    assert told(desk) == [SAID.values]
    assert list(relabel(desk.store, now=desk.now)) == [2]
    assert told(desk) == [SAID.values]  # nothing else has other labels now
    other_kind = (labels.c.article_id == 2) & (labels.c.axis == "kind")
    with desk.store.begin() as conn:
        conn.execute(update(labels).where(other_kind).values(value="kinh_te"))
    assert list(relabel(desk.store, now=desk.now)) == [2]
    (other,) = (one for one in before if one.id == 2)
    was = tuple(one.value for one in other.labels if one.axis == "topic")
    assert told(desk) == [SAID.values, was]
    with desk.store.read() as conn:
        changed = search(conn, ArticleQuery(since_event=start))
    assert sorted(one.id for one in changed) == [1, 2]


def test_versions_are_kept_and_used_by_ingest(desk: Desk, make_draft: MakeDraft) -> None:
    own = shipped()
    with desk.store.begin() as conn:
        models.save_models(conn, Models("t/1", own.topic, own.kind, own.level), {}, desk.now)
        assert models.models_in_use(conn).version == "t/1"
        assert models.models_in_use(conn) is models.models_in_use(conn)
    desk.bring(make_draft(title="Khai giảng năm học mới"))
    with desk.store.begin() as conn:
        found = get_article(conn, 1)
        assert found is not None
        assert "t/1" in {one.version for one in found.labels}
        models.use_models(conn, own.version)
        assert models.models_in_use(conn) is own
        assert [one.in_use for one in models.list_models(conn)] == [True, False]
        with pytest.raises(Missing, match="no model t/2"):
            models.use_models(conn, "t/2")


def test_worse_models_are_refused(
    desk: Desk, make_draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bring(make_draft(title="Khai giảng năm học mới"))
    monkeypatch.setattr("pipelines.reprocess.retrain.WORSE", -0.5)
    found = retrain(desk.store, now=desk.now)
    assert not found.kept
    with desk.store.read() as conn:
        assert [one.in_use for one in models.list_models(conn)] == [True]
