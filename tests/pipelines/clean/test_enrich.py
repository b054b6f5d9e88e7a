from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipelines.clean.enrich import enrich, unmarked
from pipelines.records import Draft

BLANK = Draft(
    url="http://hiepninh.tayninh.gov.vn/a-1.html",
    canonical_url="",
    portal="",
    family="",
    extractor="family",
    title="Xã ký kết",
    fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
)


def test_the_dateline_leaves_summary_and_body() -> None:
    lead = "(TUAG)- Sáng 13/12, xã họp."
    found = enrich(replace(BLANK, summary=lead, body=(lead, "Đoạn sau.")))
    assert found.dateline == "TUAG"
    assert found.summary == "Sáng 13/12, xã họp."
    assert found.body == ("Sáng 13/12, xã họp.", "Đoạn sau.")


LISTS = [
    (["Gồm:", "- Một;", "- Hai.", "Hết."], ["Gồm:", "Một;", "Hai.", "Hết."]),
    (["• Một", "• Hai"], ["Một", "Hai"]),
    (["- Một:", "• a", "• b", "- Hai"], ["Một:", "• a", "• b", "Hai"]),
    (["Gồm:", "- Một;", "Hết."], ["Gồm:", "- Một;", "Hết."]),
    (["- Ông nghĩ sao?", "- Tôi đồng tình."], ["- Ông nghĩ sao?", "- Tôi đồng tình."]),
    (["-5 độ", "-6 độ"], ["-5 độ", "-6 độ"]),
]


@pytest.mark.parametrize(("typed", "stored"), LISTS)
def test_a_typed_list_comes_out_as_one_of_html(typed: list[str], stored: list[str]) -> None:
    assert unmarked(typed) == stored
    assert enrich(replace(BLANK, body=("Mở đầu.", *typed))).body == ("Mở đầu.", *stored)


def test_the_event_lies_near_the_publication_in_local_time() -> None:
    found = enrich(
        replace(
            BLANK,
            body=("Chiều 31/12, xã họp.",),
            published_at=datetime(2023, 12, 31, 20, 0, tzinfo=UTC),
        )
    )
    assert found.event_date == date(2023, 12, 31)


def test_the_host_settles_an_ambiguous_unit() -> None:
    lead = "Sáng 13/12, UBND xã An Bình họp."
    here = enrich(replace(BLANK, body=(lead,)))
    nowhere = enrich(replace(BLANK, body=(lead,), url="https://baochi.vn/a"))
    assert here.units[0].today == "xã Châu Thành, tỉnh Tây Ninh"
    assert nowhere.units[0].today is None


def test_the_portals_own_unit_settles_it_before_its_host() -> None:
    draft = replace(BLANK, body=("Sáng 13/12, UBND xã An Bình họp.",))
    (unit,) = enrich(draft, "Vĩnh Long").units
    assert unit.name == "xã An Bình, huyện Long Hồ, tỉnh Vĩnh Long"


def test_an_empty_draft_stays_empty() -> None:
    found = enrich(replace(BLANK, title=""))
    assert (found.body, found.documents, found.money, found.units) == ((), (), (), ())


def test_enriching_twice_changes_nothing() -> None:
    once = enrich(replace(BLANK, body=("(TUAG)- Sáng 13/12, xã trao 5 triệu đồng.",)))
    assert enrich(once) == once
