"""What one run measured of its portal: counts that can be compared with those of other runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES = 3
LENGTHS = 200  # texts whose length is kept: enough for a median


@dataclass(frozen=True, slots=True)
class Count:
    """How many pages were looked at, and how many of them were bad.

    ``examples`` are addresses of bad ones; ``note`` is what one of them showed.
    """

    pages: int = 0
    bad: int = 0
    examples: tuple[str, ...] = ()
    note: str = ""

    @property
    def share(self) -> float:
        """Give the share of bad pages."""
        return self.bad / self.pages if self.pages else 0.0

    def plus(self, other: Count) -> Count:
        """Add another count; this one's examples and note come first."""
        examples = dict.fromkeys((*self.examples, *other.examples))
        return Count(
            self.pages + other.pages,
            self.bad + other.bad,
            tuple(examples)[:EXAMPLES],
            self.note or other.note,
        )


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The measures of one run.

    ``measures``: counts by stable code ("fill.author", "witness.title", "page.refused") over pages
    that the archive did not have; ``again``: the same over articles of the archive, read again.
    ``yields``: article addresses shown by each door or listing page, by its key. ``reach``: the
    different article addresses met; ``whole``: the run walked all of the portal, not only what is
    new. ``new`` articles came, ``known`` are those met that the archive had before; ``settled``: it
    had a whole crawl to compare with. ``lengths``: characters of texts. ``trouble`` is what kept
    the run from reading the portal at all: a code and a sentence, or nothing.
    """

    measures: Mapping[str, Count] = field(default_factory=dict)
    again: Mapping[str, Count] = field(default_factory=dict)
    yields: Mapping[str, int] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    reach: int = 0
    whole: bool = False
    settled: bool = False
    new: int = 0
    known: int = 0
    trouble: tuple[str, str] = ("", "")

    def of_new(self, code: str) -> Count:
        """Count pages that the archive did not have."""
        return self.measures.get(code, Count())

    def of_all(self, code: str) -> Count:
        """Count those that are read again, too."""
        return self.of_new(code).plus(self.again.get(code, Count()))

    def to_json(self) -> dict[str, Any]:
        """Give the facts as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> RunFacts:
        """Read what to_json wrote."""
        counts = {name: _counts(values[name]) for name in ("measures", "again")}
        lengths, trouble = tuple(values["lengths"]), tuple(values["trouble"])
        return cls(**{**values, **counts, "lengths": lengths, "trouble": trouble})


def _counts(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Count]:
    return {
        code: Count(**{**count, "examples": tuple(count["examples"])})
        for code, count in values.items()
    }
