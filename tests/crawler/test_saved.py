"""What is said of saved pages that cannot even be looked at."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from crawler.saved import require_readable
from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY = 65_534


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
