"""The text of a heading is its title: without the time at its end, and never a whole page."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipelines.clean.headings import text_of


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("Lịch tiếp công dân ngày 18/11", "Lịch tiếp công dân ngày 18/11"),
        ("Thả cá giống <small>(18/11/2024)</small>", "Thả cá giống"),
        ("Thả cá giống <span><i></i> 18/11/2024 07:30</span>", "Thả cá giống"),
        (f"{'<b></b>' * 40}Thả cá giống <em>[18/11/2024]</em>", "Thả cá giống"),
        (f"{'<i>Thả</i> ' * 40}cá <time>18/11/2024 07:30</time>", f"{'Thả ' * 40}cá"),
        ("<span class=title>Thả cá " * 160, ""),
    ],
    ids=["date of its own", "brackets", "icon", "empty before", "many before", "never closed"],
)
def test_a_heading_gives_its_title(inner: str, title: str) -> None:
    heading = LexborHTMLParser(f"<h1>{inner}</h1>").css_first("h1")
    assert heading is not None
    assert text_of(heading) == title
