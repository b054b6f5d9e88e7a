"""Saved pages: what a portal's file adds to them, and what is said where none can be read."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.families import generic
from crawler.saved import TEXT, clean_saved, require_readable
from pipelines.clean.isolated import IsolatedCleaner
from pipelines.errors import Reject
from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY = 65_534
NOW = datetime(2021, 12, 14, tzinfo=UTC)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder into which this user may not look; root, who may, is another one meanwhile."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0)
    user = os.geteuid()
    os.seteuid(user or NOBODY)
    yield folder
    os.seteuid(user)
    folder.chmod(0o700)


@pytest.mark.parametrize("name", ["", "page.html"])
def test_a_place_that_this_user_may_not_see_is_no_empty_or_missing_one(
    locked: Path, name: str
) -> None:
    said = f"{locked / name} cannot be read: Permission denied; let this user in "
    with pytest.raises(Reject) as caught:
        require_readable([locked / name])
    assert str(caught.value).startswith(said)


LINES = (
    "Xã An Bình ra quân làm sạch môi trường",
    "13/12/2021 08:30",
    "Sáng 13/12, UBND xã An Bình tổ chức ra quân trồng cây xanh dọc tuyến đường liên ấp.",
    "Đoàn viên, thanh niên và bà con trong xã trồng 200 cây xanh, nạo vét hai tuyến kênh nội đồng.",
)
HTML = "<title>Tin</title><article><h1>{}</h1><time>{}</time><p>{}</p><p>{}</p></article>"


@pytest.mark.parametrize(
    ("content_type", "text"), [(TEXT, "\n".join(LINES)), ("text/html", HTML.format(*LINES))]
)
def test_the_unit_of_a_portal_settles_places_of_one_name(content_type: str, text: str) -> None:
    class VinhLong(generic.Generic):
        hosts = ("tin.vn",)
        unit = "Vĩnh Long"

    page = Page("https://tin.vn/bai-1.html", text.encode(), NOW, content_type=content_type)
    with closing(IsolatedCleaner(timeout=20)) as cleaner:
        draft = clean_saved(cleaner, page, VinhLong).draft
    assert draft
    assert [unit.name for unit in draft.units] == ["xã An Bình, huyện Long Hồ, tỉnh Vĩnh Long"]
