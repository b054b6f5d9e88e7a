from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classify import UNSURE, classify
from pipelines.classify.taxonomy import Phrases, taxonomy, tokens
from pipelines.records import Draft, Label

HERE = Path(__file__).parent
FLOORS: dict[str, float] = json.loads((HERE / "floors.json").read_text())
LABELLED: list[dict[str, str]] = [
    json.loads(line) for line in (HERE / "labelled.jsonl").read_text("utf-8").splitlines()
]
RULES: dict[str, Any] = tomllib.loads(files("config").joinpath("taxonomy.toml").read_text("utf-8"))


def labels(title: str, *body: str, section: str = "", unit: str = "") -> dict[str, list[Label]]:
    draft = Draft(
        url="",
        canonical_url="",
        portal="",
        family="",
        extractor="",
        title=title,
        fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
        summary=body[0] if body else None,
        body=body,
        section=section or None,
    )
    found: dict[str, list[Label]] = {"topic": [], "kind": [], "level": []}
    for label in classify(draft, unit=unit):
        found[label.axis].append(label)
    return found


@pytest.mark.parametrize("axis", ["topic", "kind", "level"])
def test_accuracy_on_our_labelled_texts(axis: str) -> None:
    hits = [labels(row["title"], row["lead"])[axis][0].value == row[axis] for row in LABELLED]
    assert len(hits) >= 40
    assert sum(hits) / len(hits) >= FLOORS[axis]


def test_probabilities_are_kept_by_the_answers() -> None:
    pairs = [(labels(row["title"], row["lead"])["topic"][0], row["topic"]) for row in LABELLED]
    sure = [(label, truth) for label, truth in pairs if label.value != UNSURE]
    right = sum(label.value == truth for label, truth in sure) / len(sure)
    assert len(sure) / len(pairs) >= FLOORS["sure"]
    assert right >= sum(label.probability for label, _ in sure) / len(sure) - 0.05


@pytest.mark.parametrize("leaf", RULES["leaf"], ids=lambda leaf: leaf["value"])
def test_every_leaf_labels_its_own_example(leaf: dict[str, Any]) -> None:
    assert labels(leaf["example"])["topic"][0].value == leaf["value"]


@pytest.mark.parametrize("kind", RULES["kind"], ids=lambda kind: kind["value"])
def test_every_kind_labels_its_own_example(kind: dict[str, Any]) -> None:
    assert labels(kind["example"])["kind"][0].value == kind["value"]


def test_every_answer_carries_the_taxonomys_version() -> None:
    found = labels("Hội nghị sơ kết công tác dân vận")
    assert {one.version for axis in found.values() for one in axis} == {RULES["version"]}


@pytest.mark.parametrize("title", ["", "Một buổi chiều trên dòng kênh quê", "1234 5678"])
def test_without_evidence_the_answer_is_unsure(title: str) -> None:
    found = labels(title)
    assert [one.value for one in found["topic"]] == [UNSURE]
    assert [one.value for one in found["level"]] == [UNSURE]


def test_several_topics_are_allowed() -> None:
    found = labels("Trao học bổng cho học sinh, khám bệnh, phát thuốc cho người dân")
    assert {one.value for one in found["topic"]} == {
        "van_hoa_xa_hoi/giao_duc",
        "van_hoa_xa_hoi/y_te",
    }


def test_the_field_alone_where_its_leaves_are_too_close() -> None:
    found = labels("Chi bộ, công đoàn, cử tri, tuyên giáo và dân vận cùng họp")
    assert found["topic"][0].value in {"he_thong_chinh_tri", "he_thong_chinh_tri/to_chuc_dang"}


def test_the_section_votes_but_does_not_rule() -> None:
    bare = labels("Nhiều cách làm hay ở Bình Mỹ", section="Công tác dân vận")
    assert bare["topic"][0].value == "he_thong_chinh_tri/dan_van"
    assert bare["topic"][0].how == "section"
    against = labels("Khai giảng năm học mới, trao học bổng cho học sinh", section="Dân vận")
    assert against["topic"][0].value == "van_hoa_xa_hoi/giao_duc"
    assert against["topic"][0].how == "rule"


def test_the_kind_may_stand_in_the_lead_alone() -> None:
    found = labels("Nhân rộng các mô hình hay", "Sáng 13/12, huyện tổ chức Hội nghị sơ kết 3 năm.")
    assert found["kind"][0].value == "so_tong_ket"


@pytest.mark.parametrize(
    ("title", "unit", "level"),
    [
        ("Đại biểu HĐND tỉnh tiếp xúc cử tri xã Mỹ An", "", "tinh"),
        ("Thành ủy TP. Hồ Chí Minh họp", "", "tinh"),
        ("Thành ủy Hồng Ngự họp", "", "huyen"),
        ("Xây dựng nông thôn, chăm lo xã hội", "", UNSURE),
        ("Họp bàn công tác dân vận", "phường Hiệp Ninh, Tây Ninh", "xa"),
        ("Hợp tác xã nông nghiệp họp", "", UNSURE),
        ("Chi bộ ấp Phú Lợi sinh hoạt", "", "ap_khu_pho"),
    ],
)
def test_levels(title: str, unit: str, level: str) -> None:
    assert labels(title, unit=unit)["level"][0].value == level


def test_both_places_of_the_tone_mark_are_one_word() -> None:
    old, new = labels("Văn hóa, sức khỏe, hòa giải"), labels("Văn hoá, sức khoẻ, hoà giải")
    assert old == new


def test_the_longest_phrase_wins() -> None:
    phrases = Phrases({"a": {"dân vận": 1.0}, "b": {"dân vận khéo": 2.0}, "c": {"khéo tay": 1.0}})
    found = list(phrases.search(tokens("Dân vận khéo tay, dân vận, dân")))
    assert found == [("dân vận khéo", [("b", 2.0)]), ("dân vận", [("a", 1.0)])]


def test_calibration_rises() -> None:
    line = taxonomy().calibration
    assert list(line) == sorted(line)
    assert line[0] == (0.0, 0.0)
    assert line[-1][0] == 1.0


@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=20))
def test_any_text_gets_one_answer_an_axis(title: str, lead: str, section: str) -> None:
    found = labels(title, lead, section=section)
    values = {leaf["value"] for leaf in RULES["leaf"]}
    allowed = values | {value.partition("/")[0] for value in values} | {UNSURE}
    assert 1 <= len(found["topic"]) <= RULES["topic"]["most"]
    assert {one.value for one in found["topic"]} <= allowed
    assert len(found["kind"]) == len(found["level"]) == 1
    assert all(0.0 <= one.probability <= 1.0 for axis in found.values() for one in axis)
