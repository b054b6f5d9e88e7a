"""Administrative units that a text names: as written, as meant on its day, and as of today."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.clean.gazetteer import (
    COMMUNE,
    DISTRICT,
    HUE,
    OLD_HUE,
    PROVINCE,
    REFORM,
    gazetteer,
    name_key,
    split_key,
)
from pipelines.clean.text import CAPITALS
from pipelines.records import Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from pipelines.clean.gazetteer import Place

# what stands before a name: the kinds it may be of; an office tells its unit's kind
_WORDS = {
    "tỉnh": ("tỉnh",),
    "tỉnh ủy": ("tỉnh",),
    "tỉnh đoàn": ("tỉnh",),
    "thành phố": ("thành phố",),
    "tp": ("thành phố",),
    "thành ủy": ("thành phố",),
    "thành đoàn": ("thành phố",),
    "thị xã": ("thị xã",),
    "tx": ("thị xã",),
    "thị ủy": ("thị xã",),
    "huyện": ("huyện",),
    "huyện ủy": ("huyện",),
    "huyện đoàn": ("huyện",),
    "quận": ("quận",),
    "quận ủy": ("quận",),
    "xã": ("xã",),
    "phường": ("phường",),
    "thị trấn": ("thị trấn",),
    "đặc khu": ("đặc khu",),
}
_KINDS = {name_key(word): kinds for word, kinds in _WORDS.items()}
# these belong to the name as it is written; an office does not
_WRITTEN = frozenset(kind for kinds in _WORDS.values() for kind in kinds) | {"tp", "tx"}
_SYLLABLE = rf"[{CAPITALS}][\w']*"
_COMMITTEE = "(?:ủy|uỷ)"  # not "uy": to march in force, "thị uy", is no committee
# a class comes first, so that the search runs from one such letter to the next
_MENTION = re.compile(
    rf"([TtHhQqXxPpĐđ](?=[ỉhpxuãặỈHPXUÃẶ])(?<!\w.)(?i:(?<=t)(?:ỉnh(?: {_COMMITTEE}| đoàn)?"
    rf"|hành(?: phố| {_COMMITTEE}| đoàn)|hị(?: xã| {_COMMITTEE}| trấn)|[px])"
    rf"|(?<=h)uyện(?: {_COMMITTEE}| đoàn)?|(?<=q)uận(?: {_COMMITTEE})?"
    r"|(?<=x)ã|(?<=p)hường|(?<=đ)ặc khu))\.? ?"
    rf"(\d{{1,2}}\b|{_SYLLABLE}(?:(?: | ?[-–] ?){_SYLLABLE}){{0,4}})"
)
_PARTING = re.compile(r"( ?[-–] ?| )")
_LEVELS_ABOVE = 2  # a commune's district and province
# a name right behind a name: "xã Mỹ Hội Đông (Chợ Mới, An Giang)", "huyện Châu Thành, tỉnh Bến Tre"
_ABOVE = r"(?:tỉnh|huyện|quận|thị xã|thành phố|T[PX]\.?) ?"
_BESIDE = re.compile(rf" ?[,(–-] ?({_ABOVE})?({_SYLLABLE}(?: {_SYLLABLE}){{0,3}})")
# what a list of units begins with, and goes on with: "các xã Nam Sơn, Bắc Sơn và Hồng Kỳ"
_MANY = re.compile(r"(?<!\w)(?:[Cc]ác|[Nn]hững|[Hh]ai|[Bb]a|[Bb]ốn|[Nn]ăm|\d{1,2}) $")
_MANY_REACH = 7  # characters
_NEXT = re.compile(rf"(?:,| và) (\d{{1,2}}\b|{_SYLLABLE}(?: {_SYLLABLE}){{0,3}})")
LAST_BEFORE = REFORM - timedelta(days=1)
"""The last day of units that the reform ended."""
_SHORT = {
    "hcm": "hồ chí minh", "brvt": "bà rịa-vũng tàu", "thừa thiên-huế": OLD_HUE
}  # fmt: skip
_GROWING = ("huyện", "quận", "thị xã")  # no city became less: "thành phố Trùng Khánh" is in China


_Key = tuple[str, str]  # level and folded name


@dataclass(frozen=True, slots=True)
class _Mention:
    written: str
    level: str
    name: str
    places: tuple[Place, ...]
    letters: int  # of the name alone


def find_units(text: str, home: str = "", day: date | None = None) -> tuple[Unit, ...]:
    """Find the units that a text names behind a word for their kind, each once, in order.

    ``home`` is the portal's own unit or address ("phường Hiệp Ninh, Tây Ninh"): a name that several
    units share is settled by the district and province that stand right behind it, by those that
    the text names, else by ``home``. A commune that is in none of those that stand bare behind it
    stays open, and so does a district behind which the word and name of another province stand.
    Of a list ("các xã Nam Sơn, Bắc Sơn") each is one, written without the word but for numbers.
    ``day``: when the text was written; a unit that was there on it is meant before one that was
    not. ``Unit.level`` is "tinh", "huyen" or "xa".
    """
    mentions, beside, strict = _mentions(text, day)
    provinces = {_region(name) for level, name in mentions if level == PROVINCE}
    districts = {name for level, name in mentions if level == DISTRICT}
    homes = _named(home)
    units = []
    for key, mention in mentions.items():
        meant = _inside(mention.places, beside[key], day)
        if not meant and (key not in strict or _lies_today(mention.places, beside[key])):
            meant = _meant(mention.places, (districts, provinces, homes), day)
        there = [one for one in meant if day and one.was_there(day)]
        units.append(_unit(mention, there or meant))
    return tuple(units)


def _mentions(
    text: str, day: date | None
) -> tuple[dict[_Key, _Mention], defaultdict[_Key, set[str]], set[_Key]]:
    """Give what a text mentions, the parents behind each, and which lie nowhere but in those."""
    mentions: dict[_Key, _Mention] = {}
    beside: defaultdict[_Key, set[str]] = defaultdict(set)
    strict: set[_Key] = set()
    listed: set[_Key] = set()
    for found in _MENTION.finditer(text):
        named, end = _named_at(text, found)
        for mention in named:
            key = (mention.level, mention.name)
            if mention is named[0] and key in listed:  # "huyện Tri Tôn" tells more than "Tri Tôn"
                mentions[key] = mention
            elif key not in mentions:
                mentions[key] = mention
                listed |= {key} if mention is not named[0] else set()
            parents, worded = _parents(text, end, mention, day)
            beside[key] |= parents
            if parents and worded == (mention.level == DISTRICT):
                strict.add(key)
    return mentions, beside, strict


def _named_at(text: str, found: re.Match[str]) -> tuple[list[_Mention], int]:
    """Give the unit that a match names, or all of the list that it begins; and their end."""
    named, end = [], found.end()
    if mention := _mention(*found.groups(), found[0]):
        named, end = [mention], found.start(2) + mention.letters
    if named and _MANY.search(text, max(0, found.start() - _MANY_REACH), found.start()):
        while (behind := _NEXT.match(text, end)) and (
            mention := _mention(
                found[1],
                behind[1],
                f"{found[1]} {behind[1]}" if behind[1].isdecimal() else behind[1],
            )
        ):
            named.append(mention)
            end = behind.start(1) + mention.letters
    return named, end


def _parents(text: str, at: int, mention: _Mention, day: date | None) -> tuple[set[str], bool]:
    """Give the province and, behind a commune, the district from ``at`` on, and if words say so.

    A district alone behind a comma in which no such commune lies is the next commune of a list:
    "các xã Nam Sơn, Bắc Sơn và Hồng Kỳ".
    """
    known, level = gazetteer(), mention.level
    parents: set[str] = set()
    worded, behind_comma = False, text.startswith(",", at)
    while level != PROVINCE and len(parents) < _LEVELS_ABOVE and (found := _BESIDE.match(text, at)):
        at = found.end()
        for name in _beginnings(found[2]):
            key = _key(name)
            if key in known.provinces or (level == COMMUNE and key in known.districts):
                parents.add(_region(key))
                worded = worded or found[1] is not None
                at = found.start(2) + len(name)
                break
        else:
            break
    if behind_comma and not worded and not parents & known.provinces.keys():
        return (parents if _inside(mention.places, parents, day) else set()), worded
    return parents, worded


def _unit(mention: _Mention, meant: Sequence[Place]) -> Unit:
    eras = {one.era for one in meant}
    return Unit(
        mention.written,
        mention.level,
        _only({name for one in meant for name in one.today}),
        _only({one.name for one in meant}),
        REFORM if eras == {"since"} else None,
        LAST_BEFORE if eras == {"before"} else None,
    )


def _only(names: Collection[str]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


@lru_cache(maxsize=4096)  # a portal's articles name the same few places again and again
def _mention(office: str, names: str, whole: str) -> _Mention | None:
    """Look up the longest name behind the word: "tỉnh An Giang Lê Văn Nưng" is An Giang.

    It is written as in ``whole``, the match; behind an office ("Tỉnh ủy") it is the name alone.
    """
    known = gazetteer()
    word = name_key(office)
    kinds = _KINDS[word]
    for name in _beginnings(names):
        key = _key(name)
        for level, places in (
            (PROVINCE, known.provinces),
            (DISTRICT, known.districts),
            (COMMUNE, known.communes),
        ):
            there = places.get(key, ())
            fits = [place for place in there if place.kind in kinds]
            if level == DISTRICT and kinds[0] in _GROWING and not key.isdecimal():
                fits = fits or list(there)  # many became a town: "huyện Phú Quốc"
            if fits:
                written = whole.removesuffix(names) + name if word in _WRITTEN else name
                return _Mention(written, level, key, tuple(fits), len(name))
    return None


def _beginnings(names: str) -> Iterator[str]:
    """Give ``names`` whole, then with one word less each time."""
    pieces = _PARTING.split(names)
    for size in range(len(pieces), 0, -2):
        yield "".join(pieces[:size])


def _key(name: str) -> str:
    key = name_key(name)
    return _SHORT.get(key, key)


def _region(key: str) -> str:
    """Give the name by which places lie in a province: what lay in Thừa Thiên Huế is in Huế."""
    return HUE if key == OLD_HUE else key


def _inside(
    places: Sequence[Place], parents: AbstractSet[str], day: date | None
) -> Sequence[Place]:
    """Give the places that lie in most of ``parents``, else in a province of one of them.

    A commune that the reform made has no district, and some came to another one before it.
    """
    shared = [len({place.district, place.province} & parents) for place in places]
    if most := max(shared):
        return [place for place, count in zip(places, shared, strict=True) if count == most]
    districts = gazetteer().districts
    if places[0].numbered:  # each district has its "phường 2"
        return []
    around = parents | {one.province for name in parents for one in districts.get(name, ())}
    return _within(places, around) or _formerly(places, around, day)


def _meant(
    places: Sequence[Place], contexts: tuple[AbstractSet[str], ...], day: date | None
) -> Sequence[Place]:
    """Settle which places may be meant, from the nearest context to the widest.

    Many go on naming the province that a commune of today lay in before ("xã Châu Thành, tỉnh Kiên
    Giang"): it tells as much, where no commune of its own has the name.
    """
    districts, provinces, homes = contexts
    near = districts & {place.district for place in places}
    return (
        _within(places, near)
        or _within(places, provinces)
        or _formerly(places, provinces, day)
        or _within(places, homes)
        or _formerly(places, homes, day)
        or places
    )


def _formerly(
    places: Sequence[Place], names: AbstractSet[str], day: date | None
) -> Sequence[Place]:
    founded = [place for place in places if day is None or place.was_there(day)]
    return [place for place in founded if place.formerly & names]


def _lies_today(places: Sequence[Place], provinces: AbstractSet[str]) -> bool:
    """Tell whether the territory of one of the places lies in one of the provinces of today."""
    today = {name.rpartition(", ")[2] for place in places for name in place.today}
    return any(split_key(name) in provinces for name in today)


def _within(places: Sequence[Place], names: AbstractSet[str]) -> Sequence[Place]:
    return [place for place in places if {place.district, place.province} & names]


@lru_cache(maxsize=256)
def _named(home: str) -> frozenset[str]:
    """Give the provinces and districts that ``home`` names, with or without their kind."""
    known = gazetteer()
    parts = [name_key(part) for part in re.split(r"[,;/]", home) if part.strip()]
    bare = [re.sub(r"^(?:tỉnh|thành phố|thị xã|huyện|quận) ", "", part) for part in parts]
    return frozenset(_region(p) for p in bare if p in known.provinces or p in known.districts)
