"""The trained models of topic, kind and level, and how far to believe them on each portal."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

from pipelines.classify.model_file import read_models, write_models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.classify.linear import Linear

AXES = ("topic", "kind", "level")
_SHIPPED = "model.npz"
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Trust:
    """How far one portal's probabilities are to be believed: a line over the log odds."""

    slope: float
    offset: float

    def chance(self, chance: float) -> float:
        """Give the probability that this portal's articles keep."""
        known = min(max(chance, _EDGE), 1.0 - _EDGE)
        return 1.0 / (1.0 + math.exp(-self.slope * math.log(known / (1 - known)) - self.offset))


@dataclass(frozen=True, slots=True)
class Models:
    """The three models under one version; ``trust`` by (portal, axis)."""

    version: str
    topic: Linear
    kind: Linear
    level: Linear
    trust: Mapping[tuple[str, str], Trust] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: bytes) -> Self:
        """Read models from the bytes of their file."""
        models, about = read_models(io.BytesIO(stored))
        trust = {
            (portal, axis): Trust(slope, offset) for portal, axis, slope, offset in about["trust"]
        }
        topic, kind, level = (models[axis] for axis in AXES)
        return cls(about["version"], topic, kind, level, trust)

    def written(self) -> bytes:
        """Give the bytes of the models' file."""
        file = io.BytesIO()
        trust = [[*key, one.slope, one.offset] for key, one in sorted(self.trust.items())]
        about: dict[str, Any] = {"version": self.version, "trust": trust}
        write_models(file, {axis: self.of(axis) for axis in AXES}, about)
        return file.getvalue()

    def of(self, axis: str) -> Linear:
        """Give the model of one axis."""
        return {"topic": self.topic, "kind": self.kind, "level": self.level}[axis]

    def chance(self, portal: str, axis: str, chance: float) -> float:
        """Correct a probability by what is known of the portal."""
        known = self.trust.get((portal, axis))
        return known.chance(chance) if known else chance


@cache
def shipped() -> Models:
    """Load the models that come with this version of gomtin (about 20 ms, once a process)."""
    return Models.read(files(__package__).joinpath(_SHIPPED).read_bytes())
