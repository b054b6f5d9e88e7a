"""gomtin prune: says what it would remove, removes it when told to."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawled, Gomtin


def test_what_nothing_needs_is_counted_then_removed(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    data = tmp_path / "copy"
    shutil.copytree(crawled.data, data)
    young = gomtin("prune", "--before", "1h", data=data)
    assert young.code == 2
    assert "--before must lie a day back" in young.err
    assert gomtin("prune", "--json", data=data).rows == [{"pages": 0, "bytes": 0, "applied": False}]
    looked = gomtin("prune", data=data)
    assert looked.lines == ["needed by nothing: 0 pages, 0.0 MB; --apply removes them"]
    removed = gomtin("prune", "--apply", data=data)
    assert (removed.code, removed.lines) == (0, ["0 pages removed, 0.0 MB given back"])
