"""Portals without a served replica: as much of their pages as a recorded page needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.samples import authorities, newspapers

if TYPE_CHECKING:
    from demo.samples.sample import Sample

SAMPLES: tuple[type[Sample], ...] = (*newspapers.SAMPLES, *authorities.SAMPLES)
