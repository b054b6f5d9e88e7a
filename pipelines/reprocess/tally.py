"""What a re-extraction has found so far, in a file, so that one that was killed goes on.

One line of JSON for every article that differs, and one for every part that is read: what follows
the last of those is read again. The file is named for the rules and the scope, for what was found
by other rules says nothing.
"""

from __future__ import annotations

import heapq
import json
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Self

from pipelines.records import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.reprocess.reextract import Difference

WORST = 10


@dataclass(slots=True)
class Tally:
    """Numbers of a re-extraction.

    ``articles`` and ``pages`` are the ids that differ and can be stored; ``fates`` counts fields by
    what becomes of them (filled, emptied, changed); ``ends`` counts what else there is: articles
    that are none any more, by outcome. ``worst`` holds weight and minus
    id of the greatest differences.
    """

    articles: array[int] = field(default_factory=lambda: array("q"))
    pages: array[int] = field(default_factory=lambda: array("q"))
    fates: Counter[tuple[str, str]] = field(default_factory=Counter)
    ends: Counter[Outcome] = field(default_factory=Counter)
    worst: list[tuple[int, int]] = field(default_factory=list)

    def add(self, line: dict[str, Any]) -> None:
        """Count one difference."""
        if "page" in line:
            self.pages.append(line["page"])
            return
        if line["outcome"] == Outcome.FETCHED:
            self.articles.append(line["article"])
            self.fates.update((name, fate) for name, fate in line["fields"].items())
        else:
            self.ends[Outcome(line["outcome"])] += 1
        weighed = (line["weight"], -line["article"])
        if len(self.worst) < WORST:
            heapq.heappush(self.worst, weighed)
        else:
            heapq.heappushpop(self.worst, weighed)

    @property
    def worst_first(self) -> list[int]:
        """Give the ids of the articles that change most."""
        return [-one for _, one in sorted(self.worst, reverse=True)]


class TallyFile:
    """Keeps a tally while it grows; opened again, it begins where the last whole part ended."""

    def __init__(self, path: Path) -> None:
        self.tally = Tally()
        self.read = {"article": 0, "page": 0}
        self.last = {"article": 0, "page": 0}
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        whole = self._recall() if self._path.exists() else 0
        self._file = self._path.open("a", encoding="utf-8")
        self._file.truncate(whole)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        self._file.close()

    def note(self, kind: str, one: int, difference: Difference | None) -> None:
        """Take in what was found for one article or page."""
        self.read[kind] += 1
        self.last[kind] = one
        if difference is not None:
            line = _line(kind, one, difference)
            self.tally.add(line)
            self._write(line)

    def checkpoint(self, kind: str) -> None:
        """End a part: what was noted so far is not read again."""
        self._write({"part": kind, "read": self.read[kind], "last": self.last[kind]})
        assert self._file is not None
        self._file.flush()

    def discard(self) -> None:
        """Drop the file: all of it is done."""
        self._path.unlink(missing_ok=True)

    def _write(self, line: dict[str, Any]) -> None:
        assert self._file is not None
        self._file.write(json.dumps(line) + "\n")

    def _recall(self) -> int:
        """Count what was noted up to the last whole part; give the bytes up to there."""
        whole = seen = 0
        waiting: list[dict[str, Any]] = []
        with self._path.open("rb") as lines:
            for raw in lines:
                if not raw.endswith(b"\n"):
                    break  # it was killed while it wrote this
                seen += len(raw)
                line = json.loads(raw)
                if "part" not in line:
                    waiting.append(line)
                    continue
                for one in waiting:
                    self.tally.add(one)
                waiting, whole = [], seen
                self.read[line["part"]], self.last[line["part"]] = line["read"], line["last"]
        return whole


def _line(kind: str, one: int, difference: Difference) -> dict[str, Any]:
    if kind == "page":
        return {"page": one}
    fields = {change.field: _fate(change.before, change.after) for change in difference.changes}
    line = {"article": one, "weight": difference.weight, "outcome": difference.outcome.value}
    return line | {"fields": fields}


def _fate(before: object, after: object) -> str:
    if not before:
        return "filled"
    return "changed" if after else "emptied"
