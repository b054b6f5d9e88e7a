"""What a frontier remembers of earlier runs, and what it gives: addresses to ask and to follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crawler.walk.doors import Entry
    from pipelines.records import Outcome


class Remembered(Protocol):
    """What the frontier needs to know of a page met in an earlier run."""

    @property
    def outcome(self) -> Outcome:
        """How it ended last time."""
        ...

    @property
    def checked_at(self) -> datetime:
        """When it was asked last, in UTC."""
        ...

    @property
    def failures(self) -> int:
        """In how many runs in a row it has failed for a cause that may pass, or was missing."""
        ...

    @property
    def listed_at(self) -> datetime | None:
        """When it was published, as a door has told of it."""
        ...

    @property
    def listed_from(self) -> str:
        """Give the kind of that door."""
        ...


class Memory(Protocol):
    """Where earlier runs left what they met."""

    def recall(self, keys: Sequence[str]) -> Mapping[str, Remembered]:
        """Give the remembered pages of this portal among ``keys``."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article address to ask, with its key and what the door told of it.

    ``in_vain``: an earlier run has asked it, and got no article; ``failures``: so many runs in a
    row got no answer that says anything of it; ``again``: this run has it from an earlier one, not
    from a page of the portal; ``control``: it is looked at to tell how the portal is, no more.
    """

    key: str
    entry: Entry
    in_vain: bool = False
    failures: int = 0
    again: bool = False
    control: bool = False


@dataclass(slots=True)
class Findings:
    """What a page of links held: articles to ask, listings to follow, and what was passed over.

    ``passed`` are (key, url, outcome, detail) of addresses that end here; ``overlap`` counts
    those that the last complete crawl held: a sign that the door reaches back far enough.
    ``over_limit`` counts those that are left to a later run, ``told`` is what was told of them;
    ``documents`` are the keys of all article addresses, again and again met ones too; ``fresh``
    are the shapes of those that this run had not met before; ``beyond`` are listing pages for
    which the run has no room.
    """

    articles: list[Candidate] = field(default_factory=list)
    listings: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    passed: list[tuple[str, str, Outcome, str]] = field(default_factory=list)
    overlap: int = 0
    over_limit: int = 0
    told: dict[str, Entry] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
