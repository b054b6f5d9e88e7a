"""Recorded articles are asked again, unless the portal is met live for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.families.nukeviet import NukeViet
from crawler.recorded.check import ASKED, asked_again, first_meeting

if TYPE_CHECKING:
    from crawler.portal import Portal

ROWS = [
    {"url": f"https://portal.vn/{at}", "article": {} if at == 2 else {"x": 1}} for at in range(6)
]
ASKED_URLS = ("https://portal.vn/3", "https://portal.vn/4", "https://portal.vn/5")


class Met(NukeViet):
    """A portal that was met."""

    id = "met"


class Unmet(NukeViet):
    """A portal that was described. Not yet met live."""

    id = "unmet"


@pytest.mark.parametrize(
    ("portal", "base_url", "asked"),
    [
        (Met, "", ASKED_URLS),
        (Met, "http://127.0.0.1:8001", ASKED_URLS),
        (Unmet, "http://127.0.0.1:8001", ASKED_URLS),
        (Unmet, "", ()),
    ],
)
def test_pages_written_by_hand_are_not_asked_of_a_live_portal(
    portal: type[Portal], base_url: str, asked: tuple[str, ...]
) -> None:
    assert len(ASKED_URLS) == ASKED
    assert asked_again(ROWS, portal, base_url) == asked
    said = first_meeting(portal, base_url)
    assert ("crawler/spiders/unmet.py" in said) == (not asked)
