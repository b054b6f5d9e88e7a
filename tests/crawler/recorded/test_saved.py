"""What is said of saved pages that cannot even be looked at."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from crawler.recorded.saved import require_readable
from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65_534


@pytest.fixture
def pages() -> Iterator[Path]:
    """A folder with a page, and one into which this user may not look.

    Root, who may look everywhere, is another user meanwhile.
    """
    with TemporaryDirectory() as name:
        folder, user = Path(name), os.geteuid()
        folder.chmod(0o755)
        (folder / "page.html").touch()
        (folder / "locked").mkdir(mode=0)
        os.seteuid(user or NOBODY)
        yield folder
        os.seteuid(user)
        (folder / "locked").chmod(0o700)


@pytest.mark.parametrize(
    ("given", "named"),
    [("", "locked"), ("locked", "locked"), ("locked/page.html", "locked/page.html")],
)
def test_a_place_that_this_user_may_not_see_is_no_empty_or_missing_one(
    pages: Path, given: str, named: str
) -> None:
    require_readable([pages / "page.html"])
    said = f"{pages / named} cannot be read: Permission denied; let this user in "
    with pytest.raises(Reject) as caught:
        require_readable([pages / given])
    assert str(caught.value).startswith(said)
