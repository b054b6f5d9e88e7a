"""Find the values of the taxonomy that a person means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.classify.taxonomy import taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping


def choices(axis: str) -> Mapping[str, str]:
    """Give the values of an axis with their Vietnamese names."""
    rules = taxonomy()
    known = {"topic": rules.leaves, "kind": [kind.value for kind in rules.kinds]}[axis]
    return {value: rules.names[value] for value in known}


def choose(axis: str, line: str) -> list[str] | None:
    """Read numbers of the list, or parts of names, between commas; None: not understood."""
    known = choices(axis)
    found: list[str] = []
    for said in filter(None, (one.strip().lower() for one in line.split(","))):
        if said.isdigit() and 1 <= int(said) <= len(known):
            fitting = [list(known)[int(said) - 1]]
        else:
            fitting = [v for v, name in known.items() if said in v or said in name.lower()]
        if len(fitting) != 1:
            return None
        found += [value for value in fitting if value not in found]
    return found[: taxonomy().most if axis == "topic" else 1]
