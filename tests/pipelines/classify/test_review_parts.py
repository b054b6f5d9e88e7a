from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.classify.choice import choose
from pipelines.classify.models import shipped
from pipelines.classify.trust import ENOUGH, learn_trust
from pipelines.classify.why import phrases_found, words_that_decided
from pipelines.records import Draft


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("19\n", ["he_thong_chinh_tri/dan_van"]),
        ("y_te, 5", ["van_hoa_xa_hoi/y_te", "kinh_te/du_lich"]),
        ("Thuế", ["kinh_te/tai_chinh"]),
        ("\n", []),
        ("xây dựng", None),
        ("99", None),
    ],
)
def test_what_a_person_means(line: str, found: list[str] | None) -> None:
    assert choose("topic", line) == found


def test_a_portal_that_claims_too_much_is_believed_less() -> None:
    told = [("xa", "topic", 0.95, at % 3 > 0) for at in range(ENOUGH)]
    told += [("moi", "topic", 0.95, True)]
    trust = learn_trust(told)
    assert set(trust) == {("xa", "topic")}
    assert 0.6 < trust["xa", "topic"].chance(0.95) < 0.8


def test_why_names_words_as_they_are_written() -> None:
    draft = Draft(
        url="",
        canonical_url="",
        portal="",
        family="",
        extractor="",
        title="Trạm Y tế tiêm vắc-xin cho trẻ",
        fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
        body=("Sáng nay, bác sĩ khám bệnh và phát thuốc.",),
    )
    value = "van_hoa_xa_hoi/y_te"
    found = words_that_decided(draft, "topic", value, shipped())
    assert found[0].part == "rules"
    words = {one.words for one in found[1:]}
    assert words & {"y tế", "khám bệnh", "bác sĩ", "tiêm", "phát thuốc", "vắc", "trạm", "bệnh"}
    assert ("title", "trạm y tế") in phrases_found(draft, value)
    assert words_that_decided(draft, "topic", "unsure", shipped()) == []
    kinds = words_that_decided(draft, "kind", "trao_tang", shipped())
    assert {one.part for one in kinds} <= {"rules", "title", "lead", "text"}
    written = draft.text.lower().replace(",", "")
    assert all(one.words in written for one in kinds if one.part != "rules")
