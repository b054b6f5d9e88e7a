"""Find the values of the taxonomy that a person means."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from pipelines.classify.rules import UNSURE
from pipelines.classify.taxonomy import taxonomy
from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEAREST = 3


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


def require_value(axis: str, value: str) -> str:
    """Give the value meant by a filter, a leaf's last part included; "" stays "".

    Raise Reject("topic.unknown" or "kind.unknown") with the nearest names for any other.
    """
    known = [*choices(axis), UNSURE]
    if axis == "topic":
        known += sorted({one.partition("/")[0] for one in choices(axis)})
    short = {one.rpartition("/")[2]: one for one in known}
    if not value or value in known:
        return value
    if value in short:
        return short[value]
    near = get_close_matches(value.lower(), [*known, *short], _NEAREST, cutoff=0.5)
    named = list(dict.fromkeys(short.get(one, one) for one in near)) or known
    raise Reject(f"{axis}.unknown", f"there is no {axis} {value}; nearest: {', '.join(named)}")
