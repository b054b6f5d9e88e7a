"""Administrative units that a text names, as written and as they are called since 2025-07-01."""

from __future__ import annotations

import re

from pipelines.records import Unit

_WRITTEN = re.compile(r"\b([Tt]ỉnh|[Tt]hành phố) ((?:[A-ZĐ]\w+)(?: [A-ZĐ]\w+){0,3})")


def find_units(text: str, home: str = "") -> tuple[Unit, ...]:
    """Find the units that a text names, each once; ``home`` is the portal's own unit."""
    found = dict.fromkeys(hit[0] for hit in _WRITTEN.finditer(text + " " + home))
    return tuple(Unit(name, name.split(" ", 1)[0].lower(), None) for name in found)
