"""What a reader may ask for by name: the topics and kinds of the taxonomy, and places."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from pipelines.classify.choice import require_value
from pipelines.clean.gazetteer import gazetteer, split_key, split_kind
from pipelines.clean.units import find_units
from pipelines.errors import Reject
from pipelines.search.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.clean.gazetteer import Place
    from pipelines.store.finding import ArticleQuery

_NEAREST = 6


def require_known(q: ArticleQuery) -> ArticleQuery:
    """Give the query with its topic and kind in full ("dan_van" is a leaf's last part).

    Raise Reject("topic.unknown", "kind.unknown" or "unit.unknown") with the nearest names for one
    that is not known: nothing would be found, and that would pass for an answer.
    """
    for asked in (q.unit, q.unit_today):
        for part in asked.split(","):
            _require_unit(part.strip())
    return replace(q, topic=require_value("topic", q.topic), kind=require_value("kind", q.kind))


def _require_unit(name: str) -> None:
    """Let pass what the gazetteer has, with or without marks, or knows in short ("TP.HCM")."""
    if not name or any(split_key(name) in level for level in _levels()):
        return
    names, bare = _names(), plain(split_kind(name)[1])
    if bare in names or find_units(name):
        return
    near = list(dict.fromkeys((*_with_word(bare), *get_close_matches(bare, names, _NEAREST))))
    hint = f"; nearest: {', '.join(names[one] for one in near[:_NEAREST])}" if near else ""
    raise Reject("unit.unknown", f"there is no place {name}{hint}")


def _levels() -> Sequence[Mapping[str, Sequence[Place]]]:
    known = gazetteer()
    return known.provinces, known.districts, known.communes


@cache
def _names() -> Mapping[str, str]:
    """Give the gazetteer's names by their words without marks, provinces first."""
    places = (place.name for level in _levels() for found in level.values() for place in found)
    bare = (split_kind(name.partition(",")[0])[1] for name in places)
    names: dict[str, str] = {}
    for name in bare:
        names.setdefault(plain(name), name)
    return names


def _with_word(bare: str) -> Iterator[str]:
    """Yield the names that have a word, provinces first: "giang" is a part of "an_giang"."""
    return (one for one in _names() if f"_{bare}_" in f"_{one}_")
