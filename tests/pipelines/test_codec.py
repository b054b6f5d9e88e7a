"""The article record's JSON: the field names are a promise, and nothing is lost."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipelines.codec import draft_from_json, draft_to_json, local_time
from pipelines.records import Attachment, Caption, Document, Draft, Precision, Unit
from pipelines.store.columns import dump_json, storable

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = Draft(
    url="https://www.tuag.example/index.php/tin-1?a=1",
    canonical_url="https://www.tuag.example/tin-1",
    portal="tuag",
    family="sharepoint",
    extractor="family",
    title="An Giang nhân rộng mô hình “Dân vận khéo”",
    fetched_at=datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    document_key="tin-1",
    summary="Sáng 13/12, hội nghị.",
    body=("Sáng 13/12, hội nghị.", "Đoạn hai."),
    captions=(Caption("https://x.example/a.jpg", "Quang cảnh"), Caption(None, "Đại biểu")),
    author="Thùy Trang",
    source="Báo An Giang",
    dateline="TUAG",
    published_at=datetime(2023, 12, 13, 3, 30, tzinfo=UTC),
    published_precision=Precision.MINUTE,
    published_from="selector",
    event_date=date(2023, 12, 13),
    section="Xây dựng Đảng",
    tags=("dân vận",),
    images=("https://x.example/a.jpg",),
    attachments=(Attachment("https://x.example/kh.pdf", "Kế hoạch"),),
    counters={"views": 1830, "rating": 4.5},
    documents=(Document("Kế hoạch", "71-KH/TU", date(2021, 11, 11)), Document(None, "9", None)),
    money=("300 triệu đồng",),
    units=(
        Unit(
            "huyện An Phú",
            "huyen",
            None,
            "huyện An Phú, tỉnh An Giang",
            until=date(2025, 6, 30),
        ),
    ),
)


def test_the_record_as_programs_read_it() -> None:
    values = draft_to_json(FULL)
    assert values["published_at"] == "2023-12-13T10:30:00+07:00"
    assert values["published_precision"] == "minute"
    assert values["event_date"] == "2023-12-13"
    assert values["captions"][1] == {"image": None, "text": "Đại biểu"}
    assert values["documents"][0] == {
        "kind": "Kế hoạch",
        "number": "71-KH/TU",
        "date": "2021-11-11",
    }
    assert values["units"] == [
        {"written": "huyện An Phú", "level": "huyen", "today": None}
        | {"name": "huyện An Phú, tỉnh An Giang", "since": None, "until": "2025-06-30"}
    ]
    assert values["counters"] == {"views": 1830, "rating": 4.5}
    assert list(values) == [
        "url", "canonical_url", "portal", "family", "extractor", "document_key", "fetched_at",
        "title", "summary", "body", "captions", "author", "source", "dateline", "published_at",
        "published_precision", "published_from", "event_date", "section", "tags", "images",
        "attachments", "counters", "documents", "money", "units",
    ]  # fmt: skip


def test_a_full_draft_comes_back_from_json() -> None:
    assert draft_from_json(json.loads(json.dumps(draft_to_json(FULL)))) == FULL


def test_an_empty_draft_comes_back_from_json(make_draft: Callable[..., Draft]) -> None:
    draft = make_draft(body=())
    assert draft_from_json(draft_to_json(draft)) == draft


@pytest.mark.parametrize("broken", [{}, {"title": "x"}, draft_to_json(FULL) | {"event_date": "x"}])
def test_anything_else_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        draft_from_json(broken)


ZONES = some.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
# Before June 1975 the zone had other hours.
FIRST, LAST = datetime(1975, 6, 14), datetime(2100, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
MOMENTS = some.datetimes(FIRST, LAST, timezones=ZONES)


@given(MOMENTS)
def test_a_moment_stays_the_same_moment_at_plus_seven(moment: datetime) -> None:
    text = local_time(moment)
    assert text is not None
    assert text.endswith("+07:00")
    assert datetime.fromisoformat(text) == moment


@given(some.text(some.characters(codec=None, exclude_categories=())))
def test_all_text_becomes_storable_and_storable_text_stays(text: str) -> None:
    kept = storable(text)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert len(kept) == len(text)
    assert storable(kept) == kept
    assert json.loads(dump_json({"text": [text, 1]})) == {"text": [kept, 1]}
