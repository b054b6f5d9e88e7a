"""Which portal a text names as its origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.origin import named_origin
from pipelines.store.portals import StoredPortal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft

    MakeDraft = Callable[..., Draft]

PORTALS = [
    StoredPortal("baoangiang", "Báo An Giang", "fck", ""),
    StoredPortal("tuag", "Cổng thông tin điện tử Đảng bộ tỉnh An Giang", "sharepoint", ""),
    StoredPortal("moc", "Cổng thông tin điện tử Bộ Xây dựng", "generic", ""),
]


@pytest.mark.parametrize(
    ("source", "dateline", "origin"),
    [
        ("Báo An Giang", None, "baoangiang"),
        ("https://www.baoangiang.com.vn/tin-1.html", None, "baoangiang"),
        ("Cổng thông tin điện tử Đảng bộ tỉnh An Giang", None, "tuag"),
        (None, "TUAG", "tuag"),
        (None, "BAOANGIANG", "baoangiang"),
        ("Mộc Châu", None, ""),
        ("TTXVN", "HNO", ""),
        (None, None, ""),
    ],
)
def test_named_origin(
    make_draft: MakeDraft, source: str | None, dateline: str | None, origin: str
) -> None:
    draft = make_draft(portal="hiepninh", source=source, dateline=dateline)
    assert named_origin(draft, PORTALS) == origin


def test_a_portal_that_names_itself_names_no_other(make_draft: MakeDraft) -> None:
    assert named_origin(make_draft(portal="tuag", dateline="TUAG"), PORTALS) == ""
