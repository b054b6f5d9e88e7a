"""The text of an attached file, or the name of why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.clean.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class FileText:
    """What came of reading a file, by a stable name, and its text with a line for each of its own.

    "read" and "cut" (the limits let only its beginning through) have a text; "scanned": pages
    without any; "empty", "encrypted", "damaged", "too_large", "other": no PDF or DOCX.
    """

    outcome: str
    text: str = ""


def joined(lines: Iterable[str]) -> FileText:
    """Join the lines that hold something, as many as MOST_CHARACTERS let through."""
    kept: list[str] = []
    length = 0
    for line in filter(None, map(tidy, lines)):
        length += len(line) + 1
        if length > MOST_CHARACTERS:
            return FileText("cut", "\n".join(kept))
        kept.append(line)
    return FileText("read", "\n".join(kept))
