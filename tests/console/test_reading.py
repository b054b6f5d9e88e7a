"""Searching over the web: the same answers as on the command line, for programs and for people."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode
from urllib.request import Request, urlopen

import pytest

from pipelines.store import search_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    assert (answer["next"] is not None) is more
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
        assert said in answer["detail"]
    for path in ("/articles", "/count"):
        status, text = get(asked, "text/html", path)
        assert status == 400
        assert '<p class="wrong" role="alert">' in text


def listed(get: Get, asked: dict[str, str]) -> Iterator[str]:
    """Yield a list's page and those to which each leads."""
    while True:
        page = get(asked, "text/html")[1]
        yield page
        link = re.search(r'href="/articles\?(\S+)" rel="next"', page)
        if link is None:
            return
        asked = dict(parse_qsl(html.unescape(link[1])))


def test_a_text_stands_on_one_page_of_answers(get: Get, desk: Desk, make_draft: Any) -> None:
    text = "Cả xã có 120 hộ tham gia hội thi “Dân vận khéo” năm nay, nhiều hơn năm trước."
    desk.bring(*(make_draft(portal=one, body=(text,)) for one in ("tuag2", "other")))
    told = json.loads(get({"q": "hội thi"})[1])["articles"]
    assert [(one["id"], one["story_id"]) for one in told] == [(5, 4), (4, 4)]
    by_key = list(listed(get, {"limit": "1"}))
    assert [one.count("<article") for one in by_key] == [1, 0, 1, 1, 1]
    by_words = list(listed(get, {"limit": "1", "q": "hội thi", "order": "newest"}))
    assert [one.count("<article") for one in by_words] == [1, 0]
    pages = [get({"limit": "1", "offset": str(n)}, "text/html")[1] for n in range(5)]
    assert [one.count("<article") for one in pages] == [1, 0, 1, 1, 1]
    assert "only copies of texts on earlier pages" in pages[1]
    assert 'rel="next"' in pages[1]
    assert get({"limit": "2", "offset": "1"}, "text/html")[1].count("<article") == 1
    assert "No article answers." in get({"offset": "9"}, "text/html")[1]


def test_other_spellings_that_answer_are_told(ask: Get, desk: Desk, make_draft: Any) -> None:
    desk.bring(make_draft(body=("Ủy ban nhân dân xã thông báo.",)))
    told = json.loads(ask("/api/articles", {"q": "UBND xã"})[1])
    assert told["also"] == {"UBND": ["Ủy ban nhân dân"]}
    assert "<mark>Ủy ban nhân dân xã</mark>" in told["articles"][0]["passage"]["text"]
    shown = ask("/articles", {"q": "UBND xã"}, "text/html")[1]
    assert "UBND also finds Ủy ban nhân dân" in shown
    exact = json.loads(ask("/api/articles", {"q": '"UBND" xã'})[1])
    assert (exact["articles"], exact["also"]) == ([], {})


def test_several_topics_stay_chosen_in_the_form(get: Get) -> None:
    page = get({"topic": "dan_van,y_te"}, "text/html")[1]
    chosen = "he_thong_chinh_tri/dan_van,van_hoa_xa_hoi/y_te"
    assert re.search(f'<option value="{chosen}" selected>[^<]*dân vận, [^<]*</option>', page)
    ids = [one["id"] for one in json.loads(get({"topic": "dan_van,y_te"})[1])["articles"]]
    assert ids == [one["id"] for one in json.loads(get({"topic": "dan_van"})[1])["articles"]] != []


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


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ({"since": "yesterday"}, "query.field", "filter since cannot be 'yesterday'; it takes"),
        ({"since": "23/11/2026"}, "query.field", "as 2026-11-23"),
        ({"since": "0001-01-01"}, "query.field", "as 2026-11-23"),
        ({"limit": "201"}, "query.field", "from 1 to 200"),
        ({"offset": "100000000000000000000"}, "query.field", "order=newest goes on"),
        ({"order": "oldest"}, "query.field", "best or newest"),
        # no filter: it would be answered with everything
        ({"unit-today": "An Giang"}, "query.field", "no filter unit-today; nearest: unit_today"),
        ({"colour": "red"}, "query.field", "no filter colour; there are q, portal, topic"),
        ({"after": "7"}, "query.after", "'7' is no place among the articles; take it from"),
        ({"after": f"{10**18 - 1}.1"}, "query.after", "leave it out to begin anew"),
        ({"after": "1.1", "offset": "1"}, "query.after", "from the newest back"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_what_to_write(
    ask: Get, asked: dict[str, str], code: str, said: str
) -> None:
    for path in ("/articles", "/api/articles", "/feed"):
        status, text = ask(path, asked)
        answer = json.loads(text)
        assert (status, answer["status"], answer["code"]) == (400, 400, code)
        assert said in answer["detail"]
    status, text = ask("/articles", asked, "text/html")
    assert (status, said in html.unescape(text)) == (400, True)


def test_words_are_followed_by_time_or_by_number(ask: Get) -> None:
    status, text = ask("/api/articles", {"after": "1.1", "q": "dân"})
    assert (status, "with words order=newest makes it so" in text) == (400, True)


def test_bounds_that_hold_every_article_are_taken(get: Get) -> None:
    for asked in ({"until": "0001-01-02"}, {"since": "9999-12-31"}, {"offset": "10000"}):
        assert json.loads(get(asked)[1]) == {
            "articles": [],
            "next": None,
            "also": {},
            "missing": None,
        }


def test_the_first_and_the_last_moment_are_places(get: Get) -> None:
    for moment, found in ((-62_135_596_800 * 10**6, 0), (253_402_300_800 * 10**6 - 1, 3)):
        for asked in ({}, {"q": "dân", "order": "newest"}):
            told = json.loads(get(asked | {"after": f"{moment}.1"})[1])
            assert len(told["articles"]) == found


@pytest.mark.parametrize("asked", [{}, {"q": "dân", "order": "newest"}, {"portal": "tuag"}])
def test_each_list_leads_to_the_next_whatever_comes_meanwhile(
    get: Get, desk: Desk, make_draft: Callable[..., Draft], asked: dict[str, str]
) -> None:
    told = json.loads(get(asked | {"limit": "1"})[1])
    seen = [one["id"] for one in told["articles"]]
    assert f"{urlencode(asked)}&limit=1&after=" in told["next"].replace("?", "?&")
    later = datetime(2027, 1, 1, tzinfo=UTC)
    desk.bring(make_draft(document_key="9", title="Dân", body=("Mới.",), published_at=later))
    while told["next"]:
        path, _, asked_next = told["next"].partition("?")
        told = json.loads(get(dict(parse_qsl(asked_next)), path=path)[1])
        seen += [one["id"] for one in told["articles"]]
    assert seen == [3, 2, 1]


def test_the_best_answers_are_skipped_by_their_number(get: Get) -> None:
    first = json.loads(get({"q": "dân", "limit": "2"})[1])
    assert first["next"] == "/api/articles?q=d%C3%A2n&limit=2&offset=2"


def test_further_articles_are_one_link_away_with_the_same_filters(get: Get) -> None:
    first = get({"limit": "1", "portal": "tuag"}, "text/html")[1]
    link = re.search(
        r'href="/articles\?(portal=tuag&amp;limit=1&amp;after=[\d.]+)" rel="next"', first
    )
    assert link
    assert 'rel="prev"' not in first
    assert 'rel="first"' not in first
    second = get(dict(parse_qsl(html.unescape(link[1]))), "text/html")[1]
    assert 'href="/articles?portal=tuag&amp;limit=1" rel="first"' in second
    last = get({"q": "dân", "limit": "1", "offset": "2"}, "text/html")[1]
    assert 'limit=1&amp;offset=1" rel="prev"' in last
    assert 'rel="next"' not in last


def test_one_article(get: Get) -> None:
    page = get({}, "text/html", "/articles/1")[1]
    assert '<h1 lang="vi">Dân vận &lt;khéo&gt;</h1>' in page
    assert "<p>Xã họp.</p>" in page
    assert "What was changed" not in page
    assert "The same text elsewhere" not in page
    assert json.loads(get({}, path="/articles/1")[1])["title"] == "Dân vận <khéo>"
    for missing in ("9", "0", "x"):
        status, text = get({}, "text/html", f"/articles/{missing}")
        assert (status, f"There is no article {missing}." in text) == (404, True)
        status, text = get({}, path=f"/api/articles/{missing}")
        assert (status, json.loads(text)["code"]) == (404, "article.unknown")


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
    assert re.search(r'<a href="/articles/2">[^<]+</a></th>\s*<td>other</td>', first)
    second = page("/articles/2")[1]
    assert "javascript:alert(1)" in second
    assert 'href="javascript' not in second
    listed = page("/articles")[1]
    assert listed.count("<article") == 1
    assert "also at" in listed


def test_what_the_word_index_may_not_find_is_said(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "word index is of another gomtin"
    for path in ("/articles", "/count"):
        assert said not in get({"q": "dân"}, "text/html", path)[1]
    monkeypatch.setattr(search_rows, "VERSION", 0)
    for path in ("/articles", "/count"):
        assert said in get({"q": "dân"}, "text/html", path)[1]
        assert said in json.loads(get({"q": "dân"}, path=f"/api{path}")[1])["missing"]
    assert json.loads(get({})[1])["missing"] is None  # no word is looked up


@pytest.mark.parametrize("path", ["/articles", "/count"])
def test_the_form_shows_topics_by_name_however_they_were_asked_for(get: Get, path: str) -> None:
    _, text = get({"topic": "dan_van"}, "text/html", path)
    assert '<option value="he_thong_chinh_tri/dan_van" selected>' in text


def test_who_finds_nothing_by_a_part_of_a_name_is_led_to_the_names(get: Get) -> None:
    shown = get({"person": "Nguyễn"}, "text/html")[1]
    assert '<a href="/count?by=person">' in shown
    assert "/count?by=organisation" not in shown
