"""Pages that everybody can read: their structure, and contrasts measured from the style itself."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selectolax.lexbor import LexborHTMLParser

import console

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft
    from tests.conftest import Desk

    Ask = Callable[..., tuple[int, str]]

PAGES = (
    "/", "/articles", "/articles/1", "/articles/2", "/portals/tuag", "/count", "/api", "/nothing",
)  # fmt: skip
STYLE = (Path(console.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
PAIRS = [
    *((front, ground) for front in ("text", "quiet", "link") for ground in ("page", "raised")),
    *((front, "page") for front in ("well", "late", "bad")),
    *((front, "raised") for front in ("well", "late", "bad")),
    *(("text", ground) for ground in ("wrong", "hit", "added", "removed")),
    ("on-link", "link"), ("link", "wrong"), ("link", "hit"),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Give the relative luminance of "#rrggbb" as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrasts_suffice(scheme: str) -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[scheme == "dark"]))
    for front, ground in PAIRS:
        one, other = sorted((luminance(colours[front]), luminance(colours[ground])))
        assert (other + 0.05) / (one + 0.05) >= 4.5, (front, ground)
    for edge in ("control", "bar"):  # what is no text
        one, other = sorted((luminance(colours[edge]), luminance(colours["page"])))
        assert (other + 0.05) / (one + 0.05) >= 3, edge


@pytest.mark.parametrize("path", PAGES)
def test_pages_can_be_read_without_eyes_and_mouse(
    path: str, ask: Ask, desk: Desk, make_draft: Callable[..., Draft]
) -> None:
    text = "Cả xã có {} hộ tham gia hội thi “Dân vận khéo” năm nay, nhiều hơn năm trước."
    desk.bring(make_draft(body=(text.format(120),)))
    desk.bring(make_draft(body=(text.format(140),)))
    desk.bring(make_draft(portal="other", body=(text.format(140),)))
    asked = {"by": "month"} if path == "/count" else {}
    page: Any = LexborHTMLParser(ask(path, asked, "text/html")[1])
    assert page.css_first("html").attributes["lang"] == "en"
    assert len(page.css("header nav[aria-label]")) == len(page.css("main")) == 1
    assert page.css_first("a.skip").attributes["href"] == f"#{page.css_first('main').id}"
    levels = [int(one.tag[1]) for one in page.css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for field in page.css("input, select"):
        assert field.parent.tag == "label" or field.parent.parent.tag == "label"
    for table in page.css("table"):
        assert table.css_first("caption").text(strip=True)
        assert all(one.attributes["scope"] for one in table.css("th"))
    assert len(page.css('[aria-current="page"]')) == (path in {"/", "/articles", "/count", "/api"})
    for vietnamese in page.css("article h1, .text, .answers h2"):
        assert vietnamese.attributes["lang"] == "vi"
    assert page.css_first("title").text() != "gomtin"
