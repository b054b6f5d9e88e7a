"""Administrative units that a text names: as written, as meant on its day, and as of today."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.clean.gazetteer import (
    COMMUNE,
    DISTRICT,
    HUE,
    OLD_HUE,
    PROVINCE,
    REFORM,
    gazetteer,
    name_key,
)
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
_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_SYLLABLE = rf"[{_UPPER}][\w']*"
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
# a name right behind a name: "xã Mỹ Hội Đông (Chợ Mới, An Giang)"
_BESIDE = re.compile(rf" ?[,(–-] ?({_SYLLABLE}(?: {_SYLLABLE}){{0,3}})")
LAST_BEFORE = REFORM - timedelta(days=1)
"""The last day of units that the reform ended."""
_SHORT = {
    "hcm": "hồ chí minh", "brvt": "bà rịa-vũng tàu", "thừa thiên-huế": OLD_HUE
}  # fmt: skip
_GROWING = ("huyện", "quận", "thị xã")  # no city became less: "thành phố Trùng Khánh" is in China
_LEAST_LABEL = 5  # letters: shorter names of provinces ("hue") must be a whole part of the host


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
    units share is settled by the district and province that stand bare right behind it, by those
    that the text names, else by ``home``; a commune that is in none of those behind it stays open.
    ``day``: when the text was written; a unit that was there on it is meant before one that was
    not. ``Unit.level`` is "tinh", "huyen" or "xa".
    """
    mentions: dict[tuple[str, str], _Mention] = {}
    beside: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for found in _MENTION.finditer(text):
        if mention := _mention(*found.groups(), found[0]):
            key = (mention.level, mention.name)
            mentions.setdefault(key, mention)
            beside[key] |= _parents(text, found.start(2) + mention.letters, mention, day)
    provinces = {_region(name) for level, name in mentions if level == PROVINCE}
    districts = {name for level, name in mentions if level == DISTRICT}
    homes = _named(home)
    units = []
    for key, mention in mentions.items():
        meant = _inside(mention.places, beside[key], day)
        if not meant and not (beside[key] and mention.level == COMMUNE):
            meant = _meant(mention.places, (districts, provinces, homes), day)
        there = [one for one in meant if day and one.was_there(day)]
        units.append(_unit(mention, there or meant))
    return tuple(units)


def _parents(text: str, at: int, mention: _Mention, day: date | None) -> set[str]:
    """Give the province and, behind a commune, the district that stand bare from ``at`` on.

    A district alone behind a comma in which no such commune lies is the next commune of a list:
    "các xã Nam Sơn, Bắc Sơn và Hồng Kỳ".
    """
    known, level = gazetteer(), mention.level
    parents: set[str] = set()
    behind_comma = text.startswith(",", at)
    while level != PROVINCE and len(parents) < _LEVELS_ABOVE and (found := _BESIDE.match(text, at)):
        at = found.end()
        for name in _beginnings(found[1]):
            key = _key(name)
            if key in known.provinces or (level == COMMUNE and key in known.districts):
                parents.add(_region(key))
                at = found.start(1) + len(name)
                break
        else:
            break
    if behind_comma and not parents & known.provinces.keys():
        return parents if _inside(mention.places, parents, day) else set()
    return parents


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


def home_of(url: str) -> str:
    """Give the province that a portal's host names ("hiepninh.tayninh.gov.vn"), or ""."""
    return _home_of_host(urlsplit(url).hostname or "")


@lru_cache(maxsize=256)
def _home_of_host(host: str) -> str:
    hosts = gazetteer().hosts
    for label in reversed(host.split(".")):
        fits = [
            slug for slug in hosts if slug == label or (len(slug) >= _LEAST_LABEL and slug in label)
        ]
        if fits:
            return hosts[max(fits, key=len)]
    return ""


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


def _within(places: Sequence[Place], names: AbstractSet[str]) -> Sequence[Place]:
    return [place for place in places if {place.district, place.province} & names]


@lru_cache(maxsize=256)
def _named(home: str) -> frozenset[str]:
    """Give the provinces and districts that ``home`` names, with or without their kind."""
    known = gazetteer()
    parts = [name_key(part) for part in re.split(r"[,;/]", home) if part.strip()]
    bare = [re.sub(r"^(?:tỉnh|thành phố|thị xã|huyện|quận) ", "", part) for part in parts]
    return frozenset(_region(p) for p in bare if p in known.provinces or p in known.districts)
