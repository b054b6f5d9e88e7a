from __future__ import annotations

from gzip import BadGzipFile
from typing import TYPE_CHECKING

import pytest

from pipelines.file_faults import file_fault

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("none/x", "No such file or directory; correct its path, or make its folder first"),
        ("file/x", "Not a directory; correct its path: a part of it is a file, no folder"),
        (".", "Is a directory; name a file, not a folder"),
        ("x" * 999, "File name too long; shorten its name"),
    ],
)
def test_what_the_system_says_comes_with_its_cure(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=str(tmp_path)) as caught:
        (tmp_path / path).write_text("")
    assert file_fault(caught.value) == said


def test_an_error_of_a_library_speaks_for_itself() -> None:
    assert file_fault(BadGzipFile("Not a gzipped file")) == "Not a gzipped file"
