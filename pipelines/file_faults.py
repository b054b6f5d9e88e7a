"""Whether a file is there, why it could be neither read nor written, and what cures it."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CURES = {
    errno.ENOENT: "correct its path, or make its folder first",
    errno.ENOTDIR: "correct its path: a part of it is a file, no folder",
    errno.EISDIR: "name a file, not a folder",
    errno.EACCES: "let this user in (ls -l shows who may), or be another one",
    errno.EROFS: "choose a place that may be written",
    errno.ENOSPC: "make room there, or choose another place",
    errno.EDQUOT: "make room there, or choose another place",
    errno.ENAMETOOLONG: "shorten its name",
}


def is_there(path: str | Path) -> bool:
    """Tell whether something is at ``path``; nothing is in a folder that may not be read."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists raises for such a folder


def file_fault(error: OSError) -> str:
    """Say what the system says of a file, without Python's words, and the usual cure."""
    if not error.errno:
        return str(error)
    said, cure = os.strerror(error.errno), CURES.get(error.errno)
    return f"{said}; {cure}" if cure else said
