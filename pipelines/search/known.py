"""What a reader may ask for by name: the topics and kinds of the taxonomy, and places."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from pipelines.classify.choice import choices
from pipelines.classify.rules import UNSURE
from pipelines.classify.taxonomy import taxonomy
from pipelines.clean.gazetteer import gazetteer, split_key, split_kind
from pipelines.clean.people import find_people
from pipelines.clean.units import find_units
from pipelines.errors import Reject
from pipelines.search.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.clean.gazetteer import Place
    from pipelines.store.finding import ArticleQuery

_NEAREST = 6


def require_known(q: ArticleQuery) -> ArticleQuery:
    """Give the query with its topic and kind in full ("dan_van", "dân vận" are a leaf's last part).

    A person is known by the name alone, whatever title was typed before it ("ông", "Bí thư").

    Raise Reject("topic.unknown", "kind.unknown" or "unit.unknown") with the nearest names for one
    that is not known: nothing would be found, and that would pass for an answer.
    """
    for asked in (q.unit, q.unit_today):
        for part in asked.split(","):
            _require_unit(part.strip())
    named = find_people(q.person)
    return replace(
        q,
        topic=_value("topic", q.topic),
        kind=_value("kind", q.kind),
        person=named[0].name if len(named) == 1 else q.person,
    )


def _value(axis: str, said: str) -> str:
    """Give the value that is meant by its last part or its name, with or without marks."""
    spelt = _spelt(axis)
    values = list(dict.fromkeys(spelt.values()))
    if not said or said in values:
        return said
    if meant := spelt.get(plain(said)):
        return meant
    near = dict.fromkeys(spelt[one] for one in _nearest(plain(_last(said)), spelt))
    told = ",\n  ".join(map(_told, list(near)[:_NEAREST] or values))
    hint = f"{'nearest' if near else 'there are'}:\n  {told}"
    raise Reject(f"{axis}.unknown", f"there is no {axis} {said}; {hint}")


@cache
def _spelt(axis: str) -> Mapping[str, str]:
    """Give an axis' values, each field before its topics, by what one may write for them."""
    values = [part for one in choices(axis) for part in (*one.split("/")[:-1], one)]
    spelt: dict[str, str] = {}
    for one in (*values, UNSURE):
        spelt.setdefault(plain(_last(one)), one)
        spelt.setdefault(plain(taxonomy().names.get(one, one)), one)
    return spelt


def _last(value: str) -> str:
    return value.rpartition("/")[2]


def _told(value: str) -> str:
    """Write a value in short, with its Vietnamese name: 80 columns hold the longest."""
    name = taxonomy().names.get(value)
    return f"{_last(value)} ({name})" if name else value


def _require_unit(name: str) -> None:
    """Let pass what the gazetteer has, with or without marks, or knows in short ("TP.HCM")."""
    if not name or any(split_key(name) in level for level in _levels()):
        return
    names, bare = _names(), plain(split_kind(name)[1])
    if bare in names or find_units(name):
        return
    near = _nearest(bare, names)
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


def _nearest(bare: str, names: Mapping[str, str]) -> Sequence[str]:
    """Give the names that have the words ("giang" is a part of "an_giang"), else those alike."""
    with_words = [one for one in names if f"_{bare}_" in f"_{one}_"]
    return with_words or get_close_matches(bare, names, _NEAREST)
