"""Articles with the labels that a person gave: those that come with gomtin, and reviewed ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from pipelines.records import Draft

HELD = "held"
_FILE = "labelled.jsonl"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its true topics and kind (empty: not said) and level.

    Copies of one text share ``story``. ``held``: it is for examination, never for learning.
    """

    draft: Draft
    story: str
    topics: tuple[str, ...]
    kind: str
    level: str
    held: bool

    def values(self, axis: str) -> tuple[str, ...]:
        """Give what is true on one axis."""
        if axis == "topic":
            return self.topics
        value = self.kind if axis == "kind" else self.level
        return (value,) if value else ()


def committed() -> list[Labelled]:
    """Read the labelled articles that come with gomtin, all written for it."""
    return read_labelled(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))


def read_labelled(text: str) -> list[Labelled]:
    """Read labelled articles, an object a line."""
    lines = text.splitlines()
    found = []
    for row in map(json.loads, lines):
        draft = draft_of(row["title"], tuple(row["body"].split("\n")), row.get("section"))
        labels = tuple(row["topics"]), row["kind"], row.get("level", "")
        found.append(Labelled(draft, row["story"], *labels, held=row["part"] == HELD))
    return found


def draft_of(title: str, body: tuple[str, ...], section: str | None = None) -> Draft:
    """Make a draft of what is read for labels."""
    return Draft(
        url="",
        canonical_url="",
        portal="",
        family="",
        extractor="",
        title=title,
        fetched_at=_NEVER,
        summary=body[0] if body else None,
        body=body,
        section=section,
    )
