"""Why a file could be neither read nor written, and what cures it."""

from __future__ import annotations

import errno
import os

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


def file_fault(error: OSError) -> str:
    """Say what the system says of a file, without Python's words, and the usual cure."""
    if not error.errno:
        return str(error)
    said, cure = os.strerror(error.errno), CURES.get(error.errno)
    return f"{said}; {cure}" if cure else said
