"""Counting over the web: figures for programs, and for people links to what was counted."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from pipelines.clean.documents import documents
from pipelines.clean.units import find_units
from pipelines.records import Draft, Precision
from pipelines.store.counting import AXES

if TYPE_CHECKING:
    from collections.abc import Callable

    Desk = Any  # the fixture's class stands in tests/conftest.py
    Ask = Callable[..., tuple[int, str]]

MEETING = (
    "Sở Y tế tỉnh Tây Ninh đón đoàn của tỉnh An Giang. "
    "Ông Lê Văn Năm trao Quyết định 54/2023/QĐ-UBND."
)
TEXTS = (
    ("baoangiang", datetime(2025, 12, 31, 20, tzinfo=UTC), "Hội nghị sơ kết ở tỉnh An Giang."),
    ("tuag", datetime(2026, 1, 1, 1, tzinfo=UTC), MEETING),
    ("tuag", datetime(2026, 11, 2, 1, tzinfo=UTC), "Thông báo lịch tiếp công dân quý tới."),
)


@pytest.fixture
def full(desk: Desk, ask: Ask, make_draft: Callable[..., Draft]) -> Ask:
    """Ask the console of an archive of three articles."""
    for key, (portal, at, text) in enumerate(TEXTS):
        dated = {"published_at": at, "published_precision": Precision.MINUTE}
        units = find_units(text)
        desk.bring(
            make_draft(
                portal=portal,
                document_key=str(key),
                body=(text,),
                units=units,
                documents=documents(text),
                **dated,
            )
        )
    return ask


def test_programs_get_what_the_command_prints(full: Ask) -> None:
    told = json.loads(full("/api/count", {"by": "year, portal"})[1])
    assert (told["stories"], told["articles"]) == (3, 3)
    assert told["counts"] == [
        {"year": "2026", "portal": "baoangiang", "stories": 1, "articles": 1},
        {"year": "2026", "portal": "tuag", "stories": 2, "articles": 2},
    ]


@pytest.mark.parametrize("axis", AXES)
def test_each_figure_leads_to_its_articles(full: Ask, axis: str) -> None:
    page = full("/count", {"by": axis}, "text/html")[1]
    rows = re.findall(r'<tr><td lang="vi".*?>(.*?)</tr>', page, re.DOTALL)
    told = json.loads(full("/api/count", {"by": axis})[1])["counts"]
    assert len(rows) == len(told)
    for row, count in zip(rows, told, strict=True):
        link = re.search(r'href="/articles\?(.*?)">(\d+)</a>', row)
        assert bool(link) is (axis != "level" and count[axis] != "nowhere")
        if link:
            found = full("/articles", dict(parse_qsl(html.unescape(link[1]))))[1]
            assert len(json.loads(found)["articles"]) == int(link[2]) == count["articles"]


def test_rows_come_a_page_at_a_time_with_what_the_rest_comes_to(full: Ask) -> None:
    whole = json.loads(full("/api/count", {"by": "month,portal"})[1])
    assert (whole["next"], whole["rest"]) == (None, {"rows": 0, "stories": 0, "articles": 0})
    counts, further = [], "by=month,portal&limit=2"
    while further:
        told = json.loads(full("/api/count", dict(parse_qsl(further)))[1])
        counts += told["counts"]
        left = whole["counts"][len(counts) :]
        sums = {name: sum(one[name] for one in left) for name in ("stories", "articles")}
        assert told["rest"] == {"rows": len(left)} | sums
        further = (told["next"] or "").removeprefix("/api/count?")
    assert counts == whole["counts"]
    assert len(counts) > 2
    page = full("/count", {"by": "month,portal", "limit": "2"}, "text/html")[1]
    assert "1 more row, together 1 story in 1 article." in page
    assert 'offset=2" rel="next"' in page


def test_a_period_is_cut_at_the_bounds_that_were_asked_for(full: Ask) -> None:
    asked = {"by": "year", "since": "2026-01-02", "until": "2026-11-03"}
    page = full("/count", asked, "text/html")[1]
    assert 'href="/articles?since=2026-01-02&amp;until=2026-11-03">1</a>' in page


def test_people_are_told_how_far_the_figures_can_be_trusted(
    desk: Desk, ask: Ask, make_draft: Callable[..., Draft]
) -> None:
    desk.bring(make_draft(portal="tuag", document_key="1", body=("Thông báo tới nhân dân.",)))
    page = ask("/count", {}, "text/html")[1]
    assert "<strong>1 story</strong> in" in page
    assert "<p>1 story without a date: counted on the day of the event, or when first" in page


def test_what_cannot_be_counted_by_is_refused_with_what_can(full: Ask) -> None:
    status, told = full("/api/count", {"by": "colour"})
    assert status == 400
    assert json.loads(told)["code"] == "count.axis"
    assert "Nothing is counted by colour; there are year" in full("/count", {"by": "colour"})[1]
    status, page = full("/count", {"unit": "Giang"}, "text/html")
    assert status == 400
    assert "here is no place Giang" in page
