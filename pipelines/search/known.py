"""What a reader may ask for by name: the topics and kinds of the taxonomy, and places."""

from __future__ import annotations

from collections import defaultdict
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
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.clean.gazetteer import Place
    from pipelines.store.finding import ArticleQuery

_NEAREST = 6
_FEW = 3
_SHORT = {"tp": "thanh_pho", "tx": "thi_xa", "tt": "thi_tran"}


def require_known(q: ArticleQuery) -> ArticleQuery:
    """Give the query with its topic and kind in full ("dan_van", "dân vận" are a leaf's last part).

    A person is known by the name alone, whatever title was typed before it ("ông", "Bí thư"), a
    place by the name that the gazetteer has ("TP.HCM", "quận 01").

    Raise Reject("topic.unknown", "kind.unknown" or "unit.unknown") with the nearest names for one
    that is not known: nothing would be found, and that would pass for an answer.
    """
    named = find_people(q.person)
    return replace(
        q,
        topic=_values("topic", q.topic),
        kind=_values("kind", q.kind),
        person=named[0].name if len(named) == 1 else q.person,
        unit=_units(q.unit),
        unit_today=_units(q.unit_today),
    )


def _values(axis: str, said: str) -> str:
    """Give one value, or several with commas between them; a name may have commas itself."""
    if plain(said) in _spelt(axis) or "," not in said:
        return _value(axis, said)
    several = (one.strip() for one in said.split(","))
    return ",".join(dict.fromkeys(_value(axis, one) for one in several if one))


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


def _units(said: str) -> str:
    return ", ".join(_unit(name) for part in said.split(",") if (name := part.strip()))


def _unit(name: str) -> str:
    """Give a place as the gazetteer calls it, with or without its kind and its marks."""
    names, (kind, _) = _names(), split_kind(name)
    short, _, rest = plain(name).partition("_")
    in_full = f"{_SHORT.get(short, short)}_{rest}"
    if in_full in names or plain(name) in names:
        return in_full.replace("_", " ") if short in _SHORT else name
    if any(split_key(name) in level for level in _levels()):  # "quận 01"
        return f"{kind} {split_key(name)}".strip()
    if len(found := find_units(name) or find_units(name.upper())) == 1:  # "TP.HCM", "tp hcm"
        return (found[0].name or found[0].written).partition(",")[0]
    near = dict.fromkeys(names[one] for one in _nearest(plain(split_kind(name)[1]), names))
    hint = f"; nearest: {', '.join(list(near)[:_NEAREST])}" if near else ""
    raise Reject("unit.unknown", f"there is no place {name}{hint}")


def _levels() -> Sequence[Mapping[str, Sequence[Place]]]:
    known = gazetteer()
    return known.provinces, known.districts, known.communes


@cache
def _names() -> Mapping[str, str]:
    """Give the gazetteer's names by their words without marks, provinces first.

    Each stands there without its kind, then with it.
    """
    whole = list(dict.fromkeys(place.name.partition(",")[0] for place in _places()))
    names: dict[str, str] = {}
    for name in (split_kind(one)[1] for one in whole):
        names.setdefault(plain(name), name)
    for name in whole:
        names.setdefault(plain(name), split_kind(name)[1])
    return names


def _places() -> Iterator[Place]:
    return (place for level in _levels() for found in level.values() for place in found)


@cache
def _namesakes() -> Mapping[str, Mapping[str, Place]]:
    """Give the places by their full names, by what each is called with and without its kind."""
    found: defaultdict[str, dict[str, Place]] = defaultdict(dict)
    for place in _places():
        name = place.name.partition(",")[0]
        for called in {plain(name), plain(split_kind(name)[1])}:
            found[called][place.name] = place
    return found


def about(q: ArticleQuery) -> Iterator[str]:
    """Say, a sentence each, what a question is taken to ask for."""
    for written, others in q.also.items():
        yield f'{written} also finds {", ".join(others)}; only as typed: "{written}"'
    yield from about_places(q)


def about_places(q: ArticleQuery) -> Iterator[str]:
    """Say, a sentence each, where a place's name alone is not one place's, or none's of today."""
    for said, today in ((q.unit, False), (q.unit_today, True)):
        named = _namesakes().get(plain(said), {}) if said and "," not in said else {}
        provinces = [name for name in named if "," not in name]
        if today and named:
            ended = [named[name] for name in provinces or named]
            named = {name: one for name, one in named.items() if one.era != "before"}
            if not named:
                now = sorted({_within(part) for one in ended for part in one.today})
                where = f"in {len(now)} provinces" if len(now) > _FEW else " and ".join(now)
                yield f'"{said}" is no place of today: its land is {where}'
        if len(named) > 1:
            all_names = f" ({'; '.join(named)})" if len(named) <= _FEW else ""
            first = next(iter(named))
            narrower = provinces[0] if provinces else f"{said}, {_within(first)}"
            yield (
                f'"{said}" is the name of {len(named)} places{all_names}, and all count;'
                f' narrower: "{narrower}"'
            )


def _within(name: str) -> str:
    """Give the province of a place's full name."""
    return name.rpartition(", ")[2]


def _nearest(bare: str, names: Mapping[str, str]) -> Sequence[str]:
    """Give the names that have the words ("giang" is a part of "an_giang"), else those alike."""
    with_words = [one for one in names if f"_{bare}_" in f"_{one}_"]
    return with_words or get_close_matches(bare, names, _NEAREST)
