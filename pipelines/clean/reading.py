"""What was read from a page, by family rules or by the generic path, before it is a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.records import Precision

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.records import Attachment, Caption


@dataclass(frozen=True, slots=True)
class Published:
    """A publication time with its precision and the name of the rule that found it."""

    at: datetime | None = None
    precision: Precision = Precision.NONE
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of an article page; ``lines`` are the paragraphs without the separate lead."""

    extractor: str
    family: str
    title: str
    lines: tuple[str, ...]
    lead: str = ""
    captions: tuple[Caption, ...] = ()
    images: tuple[str, ...] = ()
    author: str | None = None
    source: str | None = None
    published: Published = Published()
    section: str | None = None
    tags: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    counters: dict[str, float] = field(default_factory=dict)
    signs: tuple[str, ...] = ()
