"""What a family's rules pass over within an article's body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BARE = re.compile(r"[.#][\w-]+")


@dataclass(frozen=True, slots=True)
class Waste:
    """What is passed over in a body: classes and ids, read on the way; ``rest`` asks the tree."""

    classes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    rest: str = ""

    def holds(self, attributes: Mapping[str, str | None], classes: Sequence[str]) -> bool:
        """Tell whether an element is waste by its own class or id."""
        return not self.classes.isdisjoint(classes) or attributes.get("id") in self.ids


NO_WASTE = Waste()


@lru_cache(maxsize=64)
def waste_of(selectors: tuple[str, ...]) -> Waste:
    """Sort selectors: a bare class or id needs no query, which would cost a walk of its own."""
    bare = [one for one in selectors if _BARE.fullmatch(one)]
    return Waste(
        frozenset(one[1:] for one in bare if one[0] == "."),
        frozenset(one[1:] for one in bare if one[0] == "#"),
        ", ".join(one for one in selectors if one not in bare),
    )
