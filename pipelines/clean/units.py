"""Administrative units that a text names: as written, as meant on its day, and as of today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.clean.gazetteer import COMMUNE, DISTRICT, PROVINCE, REFORM, gazetteer, name_key
from pipelines.records import Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
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
LAST_BEFORE = REFORM - timedelta(days=1)
"""The last day of units that the reform ended."""
_SHORT = {"hcm": "hồ chí minh", "brvt": "bà rịa-vũng tàu"}
_LEAST_LABEL = 5  # letters: shorter names of provinces ("hue") must be a whole part of the host


@dataclass(frozen=True, slots=True)
class _Mention:
    written: str
    level: str
    name: str
    places: tuple[Place, ...]


def find_units(text: str, home: str = "", day: date | None = None) -> tuple[Unit, ...]:
    """Find the units that a text names behind a word for their kind, each once, in order.

    ``home`` is the portal's own unit or address ("phường Hiệp Ninh, Tây Ninh"): a name that several
    units share is settled by the provinces and districts that the text names, else by ``home``.
    ``day``: when the text was written; a unit that was there on it is meant before one that was
    not. ``Unit.level`` is "tinh", "huyen" or "xa".
    """
    named = (_mention(*found.groups(), found[0]) for found in _MENTION.finditer(text))
    mentions = [mention for mention in named if mention]
    provinces = {mention.name for mention in mentions if mention.level == PROVINCE}
    districts = {mention.name for mention in mentions if mention.level == DISTRICT}
    homes = _named(home)
    units: dict[tuple[str, str], Unit] = {}
    for mention in mentions:
        key = (mention.level, mention.name)
        if key not in units:
            meant = _meant(mention.places, (districts, provinces, homes), day)
            there = [one for one in meant if day and one.was_there(day)]
            units[key] = _unit(mention, there or meant)
    return tuple(units.values())


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
    pieces = re.split(r"( | ?[-–] ?)", names)
    for size in range(len(pieces), 0, -2):
        name = "".join(pieces[:size])
        key = name_key(name)
        key = _SHORT.get(key, key)
        for level, places in (
            (PROVINCE, known.provinces),
            (DISTRICT, known.districts),
            (COMMUNE, known.communes),
        ):
            fits = [place for place in places.get(key, ()) if place.kind in kinds]
            if fits:
                written = whole.removesuffix(names) + name if word in _WRITTEN else name
                return _Mention(written, level, key, tuple(fits))
    return None


def _meant(
    places: Sequence[Place], contexts: tuple[AbstractSet[str], ...], day: date | None
) -> Sequence[Place]:
    """Settle which places may be meant, from the nearest context to the widest.

    Many go on naming the province that a commune of today lay in before ("xã Châu Thành, Kiên
    Giang"): it tells as much, where no commune of its own has the name.
    """
    districts, provinces, homes = contexts
    near = districts & {place.district for place in places}
    founded = [place for place in places if day is None or place.was_there(day)]
    return (
        _within(places, near)
        or _within(places, provinces)
        or [place for place in founded if place.formerly & provinces]
        or _within(places, homes)
        or [place for place in founded if place.formerly & homes]
        or places
    )


def _within(places: Sequence[Place], names: AbstractSet[str]) -> Sequence[Place]:
    return [place for place in places if {place.district, place.province} & names]


@lru_cache(maxsize=256)
def _named(home: str) -> frozenset[str]:
    """Give the provinces and districts that ``home`` names, with or without their kind."""
    known = gazetteer()
    parts = [name_key(part) for part in re.split(r"[,;/]", home) if part.strip()]
    bare = [re.sub(r"^(?:tỉnh|thành phố|thị xã|huyện|quận) ", "", part) for part in parts]
    return frozenset(p for p in bare if p in known.provinces or p in known.districts)
