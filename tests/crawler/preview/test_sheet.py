"""The preview of a page: every field with its rule, refusals with their reason, nothing alive."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.families.nukeviet import RULES as NUKEVIET
from crawler.preview.original import Original, collect, marked_html
from crawler.preview.sheet import Subject, sheet_of
from crawler.registry import find_portal
from pipelines.clean.page import clean_page
from pipelines.records import Cleaned, Outcome, Page

PORTALS = Path(__file__).parents[2] / "portals"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SEEDS = ("angiang_dcs", "baoangiang", "danvankheo", "hiepninh", "hongngu")


class Sheet:
    """A written preview, read back as a browser would."""

    def __init__(self, subject: Subject) -> None:
        self.text = sheet_of(subject)
        self.outer = LexborHTMLParser(self.text)
        frame = self.outer.css_first("iframe")
        self.frame = frame.attributes if frame is not None else {}
        self.original = LexborHTMLParser(self.frame.get("srcdoc") or "<p>")

    def fields(self) -> dict[str, tuple[str, str, str]]:
        """Give of each field its value, its rule, and the words that are tied to it."""
        found: dict[str, tuple[str, str, str]] = {}
        for row in self.outer.css("table")[0].css("tr"):
            name, value = row.css("td")
            (rule,) = value.css("code")
            number = row.attributes["data-tie"]
            tied = self.original.css(f"[data-tie~='{number}']")
            words = " ".join(" ".join(node.text().split()) for node in tied)
            said = value.text().removesuffix(rule.text())
            found.setdefault(name.text(), (said, rule.text(), words))
        return found


def seed(portal_id: str, name: str = "seed.html") -> tuple[Page, dict[str, Any]]:
    rows = json.loads((PORTALS / portal_id / "pages.json").read_text("utf-8"))
    (row,) = (one for one in rows if one["file"] == name)
    fetched = datetime.fromisoformat(row["fetched_at"])
    body = (PORTALS / portal_id / name).read_bytes()
    return Page(row["url"], body, fetched, portal=portal_id), row


def preview(page: Page, portal_id: str = "", *, generic: bool = False) -> Sheet:
    rules = None if generic or not portal_id else find_portal(portal_id).rules
    family = "generic" if rules is None else rules.family
    return Sheet(Subject(page, family, rules, clean_page(page, rules)))


@pytest.mark.parametrize("generic", [False, True], ids=["family", "generic"])
@pytest.mark.parametrize("portal_id", SEEDS)
def test_every_paragraph_is_tied_to_its_own_words(portal_id: str, generic: bool) -> None:
    page, _ = seed(portal_id)
    sheet = preview(page, portal_id, generic=generic)
    paragraphs = sheet.outer.css(".article-text p")
    assert len(paragraphs) >= 3
    for paragraph in paragraphs:
        number = paragraph.attributes["data-tie"]
        tied = sheet.original.css(f"span.kept[data-tie~='{number}']")
        words = re.sub(r"\W", "", "".join(node.text() for node in tied))
        assert re.sub(r"\W", "", paragraph.text()) in words


def test_fields_name_the_selector_that_found_them_and_mark_its_words() -> None:
    page, row = seed("hiepninh")
    fields = preview(page, "hiepninh").fields()
    article = row["article"]
    said, rule, words = fields["title"]
    assert said == article["title"]
    assert rule == f"{NUKEVIET.title[0]}  (1 of {len(NUKEVIET.title)})"
    assert words == " ".join([said] * 2)  # the heading, and its text
    said, rule, words = fields["published_at"]
    assert said == "2023-07-12T11:46+07:00 (minute)"
    assert rule == f"nukeviet.printed: {NUKEVIET.dates[0].selector} (dmy)"
    assert "12/07/2023 11:46" in words
    assert fields["body"][1].partition("  ")[0] in NUKEVIET.body
    assert fields["views"][0] == "183"
    assert fields["views"][1] in {one.selector for one in NUKEVIET.counters}
    assert fields["author"][0] in fields["author"][2]


def test_what_the_rules_take_out_is_named() -> None:
    page, _ = seed("hiepninh")
    related = '<ul class="related"><li>Tin khác</li></ul>'
    body = re.sub(rb'id="news-bodyhtml"[^>]*>', rb"\g<0>" + related.encode(), page.body)
    changed = preview(Page(page.url, body, NOW, portal="hiepninh"), "hiepninh")
    assert "<summary>taken out: 1</summary>" in changed.text
    assert [node.text().strip() for node in changed.original.css(".dropped")] == ["Tin khác"]


@pytest.mark.parametrize(
    ("portal_id", "name", "body", "said"),
    [
        ("hiepninh", "listing.html", None, "a list of articles, without title and body of one"),
        ("hiepninh", "seed.html", b"<title>404 Not Found</title><p>x", "there is no such page"),
        ("hiepninh", "seed.html", b"<h1>Tin</h1><p>x", "another template?"),
        ("hiepninh", "seed.html", b"%PDF-1.4 <script>alert(1)</script>", "no HTML page"),
        ("hiepninh", "seed.html", b"", "an empty answer"),
        ("", "", b"<title>Tin</title><p>Ng\xe1\xba\xafn.", "too few words for an article"),
    ],
)
def test_a_refused_page_says_why(portal_id: str, name: str, body: bytes | None, said: str) -> None:
    page = seed(portal_id, name)[0] if portal_id else Page("https://a.vn/", b"", NOW)
    shown = page if body is None else Page(page.url, body, NOW, portal=portal_id)
    sheet = preview(shown, portal_id)
    assert said in sheet.text
    assert "<script>alert" not in sheet.text


def test_a_listing_shows_its_evidence_and_every_selector_that_failed() -> None:
    page, _ = seed("hiepninh", "listing.html")
    sheet = preview(page, "hiepninh")
    fields = sheet.fields()
    assert fields["shown by"][1] in {marker.selector for marker in NUKEVIET.listing}
    assert fields["title"][0] == "not found (version of 2018-01-01)"


HOSTILE = """<html><head><base href="//evil.example/"><link rel=stylesheet href="//evil.example/c">
<meta http-equiv=refresh content="0;url=//evil.example"><script>alert(1)</script></head>
<body onload="alert(2)"><div class="news_column"><h1 class="title" style="background:url(//e.vn/x)"
 onclick="alert(3)">Hội nghị &lt;script&gt;alert(4)&lt;/script&gt;</h1>
<div id="news-bodyhtml"><p>Sáng nay, phường tổ chức hội nghị lấy ý kiến nhân dân về dự thảo.</p>
<img src="//evil.example/p.png" onerror="alert(5)" alt='"><script>alert(6)</script>'>
<a href="javascript:alert(7)">đọc</a> <iframe src="//evil.example"></iframe><svg onload=alert(8)>
<form action="//evil.example"><input autofocus onfocus=alert(9)></form><object data="x"></object>
<noscript><img src=x onerror=alert(10)></noscript><style>@import "//evil.example/s";</style>
<x-a onmouseover=alert(11)>Chữ lạ</x-a><template><b onclick=alert(12)></template>
<p>Hội nghị kết thúc lúc 11 giờ, đã có 25 lượt ý kiến đóng góp của nhân dân.</p></div></div>"""


def test_nothing_of_the_page_can_run_or_load() -> None:
    page = Page('https://a.vn/"><script>alert(0)</script>-1.html', HOSTILE.encode(), NOW)
    sheet = Sheet(Subject(page, "nukeviet", NUKEVIET, clean_page(page, NUKEVIET)))
    assert sheet.frame["sandbox"] == "allow-same-origin"
    allowed = {"class", "data-tie", "charset", "colspan", "rowspan"}
    for node in sheet.original.root.traverse() if sheet.original.root else ():
        assert node.tag not in {"script", "link", "base", "img", "iframe", "a", "form", "input"}
        assert not node.is_element_node or set(node.attributes) <= allowed
    assert "Chữ lạ" in sheet.original.body.text() if sheet.original.body else False
    scripts = sheet.outer.css("script")
    assert len(scripts) == 1
    assert "alert" not in scripts[0].text()
    policy = sheet.outer.css_first("meta[http-equiv]")
    assert policy is not None
    assert "default-src 'none'" in (policy.attributes["content"] or "")
    assert not sheet.outer.css("[src], [href], link, img, [onload]")


def test_a_text_without_markup_is_shown_line_by_line() -> None:
    text = "Trang nhất\nHội nghị <b>sơ kết</b>\nSáng 12/7, phường tổ chức hội nghị.\n"
    page = Page("file:///a.txt", text.encode(), NOW, content_type="text/plain")
    sheet = Sheet(Subject(page, "generic", None, Cleaned(Outcome.THIN, "judge.thin:3")))
    lines = [node.text() for node in sheet.original.css("p")]
    assert lines == text.splitlines()


def test_a_text_is_found_by_its_letters_whatever_lies_between() -> None:
    original = Original("<p>Hội <b>ng</b>hị,\n  khoẻ</p><p>Hội nghị khỏe</p>".encode())
    whole = original.letters_of(original.root)
    first = original.find("Hội nghị, khỏe", whole)
    assert first is not None
    second = original.find("Hội nghị, khỏe", (first[1], whole[1]))
    assert second is not None
    marks = collect((one, 1) for one in original.texts_at(second))
    marked = marked_html(original, marks, set())
    assert html.unescape(marked).endswith(
        '<p><span class="kept" data-tie="1">Hội nghị khỏe</span></p></div>'
    )
