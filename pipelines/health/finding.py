"""What is known of a portal's earlier runs, what its file expects, and what may be found wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.health.facts import RunFacts


class Bounds(Protocol):
    """What the portal's file says of a healthy run; what is learned must stay inside it."""

    @property
    def text_length(self) -> tuple[int, int]:
        """Give the fewest and most characters of a text."""
        ...

    @property
    def fill(self) -> Mapping[str, float]:
        """Give the share of articles in which a field must be filled."""
        ...

    @property
    def accepted(self) -> tuple[str, ...]:
        """Give the codes of findings that are known and no reason for an alarm."""
        ...


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier run: its facts, and the codes of what was wrong then."""

    facts: RunFacts
    alarms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that has changed for the worse.

    ``code`` is stable ("fill.author"); ``level`` is "broken", "degraded" or "late"; ``field`` is
    what it concerns; ``share`` of ``pages`` are bad; ``text`` is a sentence for a person.
    """

    code: str
    level: str
    field: str
    share: float
    pages: int
    examples: tuple[str, ...]
    text: str

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Finding:
        """Read what to_json wrote."""
        return cls(**{**values, "examples": tuple(values["examples"])})
