"""Searching over the web: the same answers as on the command line, for programs and for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft

    Desk = Any  # the fixture's class stands in tests/conftest.py
    Get = Callable[..., tuple[int, str]]


@pytest.fixture
def get(desk: Desk, ask: Get, make_draft: Callable[..., Draft]) -> Get:
    """Ask the console of an archive of three articles; give status and text."""
    desk.bring(
        make_draft(document_key="1", title="Dân vận <khéo>", body=("Xã họp.",)),
        make_draft(document_key="2", title="Tin xã", body=("Công tác dân vận.",)),
        make_draft(document_key="3", title="Lịch tiếp dân", body=("Thứ hai.",)),
    )

    def get(asked: dict[str, str], accept: str = "*/*", path: str = "/articles") -> tuple[int, str]:
        return ask(path, asked, accept)

    return get


@pytest.mark.parametrize(
    ("asked", "ids", "more"),
    [
        ({"q": "dan van"}, [1, 2], False),
        ({"q": '"dân vận"', "limit": "1"}, [1], True),
        ({"q": "dân vận", "limit": "1", "offset": "1"}, [2], False),
        ({"q": "dân", "portal": "tuag"}, [3, 1, 2], False),
        ({"since": "2026-11-22", "until": "2026-11-23"}, [3, 2, 1], False),
        ({"until": "2026-11-22"}, [], False),
        ({"topic": "dan_van", "limit": "1"}, [2], True),
    ],
)
def test_programs_get_json(get: Get, asked: dict[str, str], ids: list[int], more: bool) -> None:
    answer = json.loads(get(asked)[1])
    assert [one["id"] for one in answer["articles"]] == ids
    assert answer["more"] is more
    if "q" in asked and ids == [1, 2]:
        assert answer["articles"][0]["passage"] == {
            "title": "<mark>Dân vận</mark> &lt;khéo&gt;",
            "text": "Xã họp.",
        }


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ({"q": '"dân'}, "query.quote", "do not come in pairs"),
        ({"q": "%"}, "query.empty", "no word"),
        ({"portal": "tuagg"}, "portal.unknown", "knows no portal tuagg; nearest: tuag"),
        ({"portal": "xyz"}, "portal.unknown", "knows no portal xyz"),
        ({"unit": "An Giag"}, "unit.unknown", "nearest: An Giang"),
        ({"since": "2026-11-23", "until": "2026-11-23"}, "query.days", "nothing is between"),
    ],
)
def test_what_cannot_be_answered_is_said(
    get: Get, asked: dict[str, str], code: str, said: str
) -> None:
    for path in ("/articles", "/api/count"):
        status, text = get(asked, path=path)
        answer = json.loads(text)
        assert (status, answer["code"]) == (400, code)
        assert said in answer["reason"]
    for path in ("/articles", "/count"):
        status, text = get(asked, "text/html", path)
        assert status == 400
        assert '<p class="gone">' in text


def test_a_text_stands_on_one_page_of_answers(get: Get, desk: Desk, make_draft: Any) -> None:
    text = "Cả xã có 120 hộ tham gia hội thi “Dân vận khéo” năm nay, nhiều hơn năm trước."
    desk.bring(*(make_draft(portal=one, body=(text,)) for one in ("tuag2", "other")))
    told = json.loads(get({"q": "hội thi"})[1])["articles"]
    assert [(one["id"], one["story_id"]) for one in told] == [(5, 4), (4, 4)]
    pages = [get({"limit": "1", "offset": str(n)}, "text/html")[1] for n in range(5)]
    assert [one.count("<article") for one in pages] == [1, 0, 1, 1, 1]
    assert "only copies of texts on earlier pages" in pages[1]
    assert 'rel="next"' in pages[1]
    assert get({"limit": "2", "offset": "1"}, "text/html")[1].count("<article") == 1
    assert "No article answers." in get({"offset": "9"}, "text/html")[1]


def test_people_get_a_page(get: Get) -> None:
    def page(query: str) -> str:
        return get({"q": query}, "text/html,*/*")[1]

    assert "<mark>Dân vận</mark> &lt;khéo&gt;</a>" in page("dân vận")
    assert 'value="&#34;x&#34;"' in page('"x"')
    assert "No article answers." in page('"x"')
    assert page("").count("<article") == 3


def test_fields_of_the_form_that_were_left_empty_ask_for_nothing(get: Get) -> None:
    form = dict.fromkeys(("q", "portal", "topic", "kind", "unit", "since", "until"), "")
    assert get(form, "text/html")[1].count("<article") == 3


def test_what_lies_beyond_all_bounds_is_refused(get: Get) -> None:
    asked = {
        ("since", "yesterday"): 422,
        ("since", "0001-01-01"): 422,
        ("until", "0001-01-02"): 200,
        ("since", "9999-12-31"): 200,
        ("offset", str(2**31 - 1)): 200,
        ("offset", "100000000000000000000"): 422,
        ("unit-today", "An Giang"): 422,  # no filter: it would be answered with everything
    }
    for path in ("/articles", "/api/count"):
        told = {one: get(dict([one, ("q", "dân")]), path=path)[0] for one in asked}
        assert told == asked


def test_further_articles_are_one_link_away_with_the_same_filters(get: Get) -> None:
    first = get({"limit": "1", "portal": "tuag"}, "text/html")[1]
    assert 'href="/articles?portal=tuag&amp;limit=1&amp;offset=1" rel="next"' in first
    assert 'rel="prev"' not in first
    last = get({"limit": "1", "offset": "2"}, "text/html")[1]
    assert 'href="/articles?limit=1&amp;offset=1" rel="prev"' in last
    assert 'rel="next"' not in last


def test_one_article(get: Get) -> None:
    page = get({}, "text/html", "/articles/1")[1]
    assert "<h1>Dân vận &lt;khéo&gt;</h1>" in page
    assert "<p>Xã họp.</p>" in page
    assert "What was changed" not in page
    assert "The same text elsewhere" not in page
    assert json.loads(get({}, path="/articles/1")[1])["title"] == "Dân vận <khéo>"
    status, text = get({}, "text/html", "/articles/9")
    assert (status, "There is no article 9." in text) == (404, True)
    assert get({}, path="/articles/0")[0] == 422


def test_an_article_with_its_copies_and_changes(
    desk: Desk, console: str, make_draft: Callable[..., Draft]
) -> None:
    text = "Cả xã có {} hộ tham gia hội thi “Dân vận khéo” năm nay, nhiều hơn năm trước."
    desk.bring(make_draft(body=(text.format(120),)))
    desk.bring(make_draft(body=(text.format(140),)))
    copy = make_draft(portal="other", body=(text.format(140),), url="javascript:alert(1)")
    desk.bring(copy)

    def page(path: str) -> tuple[str, str]:
        request = Request(f"{console}{path}", headers={"accept": "text/html"})
        with urlopen(request, timeout=30) as answer:
            return answer.headers["Content-Security-Policy"], answer.read().decode()

    policy, first = page("/articles/1")
    assert "default-src 'none'" in policy
    assert "<del>120</del> <ins>140</ins>" in first
    assert '<a href="/articles/2">2</a>' in first
    second = page("/articles/2")[1]
    assert "javascript:alert(1)" in second
    assert 'href="javascript' not in second
    listed = page("/articles")[1]
    assert listed.count("<article") == 1
    assert "also at" in listed
