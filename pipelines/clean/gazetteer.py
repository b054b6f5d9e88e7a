"""The administrative units before and since 2025-07-01, loaded when first asked for.

``config/gazetteer.csv.gz`` holds one row per old commune and new commune.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pipelines.clean.text import fold_key

if TYPE_CHECKING:
    from collections.abc import Mapping

_KIND = re.compile(r"tỉnh|thành phố|thị xã|thị trấn|huyện|quận|xã|phường|đặc khu")
PROVINCE, DISTRICT, COMMUNE = "tinh", "huyen", "xa"
"""Levels of units."""
REFORM = date(2025, 7, 1)
"""From this day on there are no districts, and 34 provinces of 63."""
HUE, OLD_HUE = "huế", "thừa thiên huế"
"""Names of one province, folded."""
_Parts = defaultdict[tuple[str, "Era", str, str], set[str]]
_DASH = re.compile(r"\s*-\s*")
_LEAST_LABEL = 5  # letters: shorter names of provinces ("hue") must be a whole part of the host


Era = Literal["before", "since", "ever"]
"""When a unit was there: until the reform, since then, or all the time with its old bounds."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit: kind ("phường"), province and district it lies in, folded, and its full name.

    ``district`` is "" for a province and for a unit since 2025. ``today`` is what its territory is
    called now, one entry a part; several where it was divided or, for a district, dissolved.
    ``formerly``: the provinces, folded, in which a commune's territory lay until the reform.
    """

    name: str
    era: Era
    kind: str
    province: str
    district: str
    today: frozenset[str]
    formerly: frozenset[str]

    @property
    def numbered(self) -> bool:
        """Tell whether it has a number for a name: "phường 2"."""
        return self.name.partition(",")[0][-1].isdecimal()

    def was_there(self, day: date) -> bool:
        """Tell whether the unit was there on a day."""
        return self.era == "ever" or (self.era == "since") == (day >= REFORM)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by folded name and by level; the provinces' bare names, and their names in hosts."""

    provinces: dict[str, tuple[Place, ...]]
    districts: dict[str, tuple[Place, ...]]
    communes: dict[str, tuple[Place, ...]]
    hosts: dict[str, str]


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Fold a unit's name: case, tone placement, spaces around hyphens, "05" as "5"."""
    key = _DASH.sub("-", fold_key(name))
    return (key.lstrip("0") or "0") if key.isdecimal() else key


def split_kind(unit: str) -> tuple[str, str]:
    """Split "phường Hiệp Ninh" into its kind and its name; the kind may be missing."""
    found = _KIND.match(unit.lower())
    return (found[0], unit[found.end() :].strip()) if found else ("", unit)


@cache
def gazetteer() -> Gazetteer:
    """Load the gazetteer (about 0.1 s, once a process)."""
    rows = _rows(files("config").joinpath("gazetteer.csv.gz").read_bytes())
    made_of: defaultdict[str, set[str]] = defaultdict(set)
    for old_province, *_, new_province in rows:
        made_of[new_province].add(old_province)
    same = {name for name, parts in made_of.items() if parts == {name}}
    provinces: _Parts = defaultdict(set)
    districts: _Parts = defaultdict(set)
    communes: _Parts = defaultdict(set)
    formerly: defaultdict[str, set[str]] = defaultdict(set)
    for old_province, old_district, old_ward, new_ward, new_province in rows:
        today, was = f"{new_ward}, {new_province}", f"{old_district}, {old_province}"
        was_era: Era = "ever" if old_province in same else "before"
        now_era: Era = "ever" if new_province in same else "since"
        provinces[old_province, was_era, old_province, ""].add(new_province)
        provinces[new_province, now_era, new_province, ""].add(new_province)
        districts[was, "before", old_province, ""].add(today)
        communes[f"{old_ward}, {was}", "before", old_province, old_district].add(today)
        communes[today, "since", new_province, ""].add(today)
        formerly[today].add(old_province)
    hosts = {_ascii(key): key for key in (split_key(name) for name, *_ in provinces)}
    return Gazetteer(
        provinces=_with_hue(_places(provinces, {})),
        districts=_places(districts, {}),
        communes=_places(communes, formerly),
        hosts=hosts | {_ascii(OLD_HUE): HUE},
    )


def _with_hue(provinces: dict[str, tuple[Place, ...]]) -> dict[str, tuple[Place, ...]]:
    """Add what Huế was called until it became a city on 2025-01-01; the table is of mid-2025."""
    (city,) = provinces[HUE]
    old = replace(city, name="tỉnh Thừa Thiên Huế", kind="tỉnh")
    return provinces | {OLD_HUE: (old,)}


@lru_cache(maxsize=4096)
def ended_province(commune: str) -> str | None:
    """Give the province that ended with the reform and held all of what is a commune now, or None.

    "phường Rạch Giá, tỉnh An Giang" lay in "tỉnh Kiên Giang"; the name of a province that goes on
    with other bounds says nothing of a commune of today.
    """
    known = gazetteer()
    places = known.communes.get(split_key(commune.partition(",")[0]), ())
    lay_in = {name for one in places if one.name == commune for name in one.formerly}
    provinces = [one for name in lay_in for one in known.provinces[name]]
    return provinces[0].name if [one.era for one in provinces] == ["before"] else None


@cache
def provinces_today() -> tuple[str, ...]:
    """Give the names of the provinces since the reform: "tỉnh An Giang"."""
    places = (place for found in gazetteer().provinces.values() for place in found)
    return tuple(sorted({name for place in places for name in place.today}))


def home_of(url: str) -> str:
    """Give the province that a portal's host names ("hiepninh.tayninh.gov.vn"), or ""."""
    return _home_of_site("/".join(url.split("/", 3)[:3]))


@lru_cache(maxsize=256)
def _home_of_site(root: str) -> str:
    host, hosts = urlsplit(root).hostname or "", gazetteer().hosts
    for label in reversed(host.split(".")):
        fits = [
            slug for slug in hosts if slug == label or (len(slug) >= _LEAST_LABEL and slug in label)
        ]
        if fits:
            return hosts[max(fits, key=len)]
    return ""


def split_key(unit: str) -> str:
    """Give a unit's folded name without its kind."""
    return name_key(split_kind(unit)[1])


def _rows(packed: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(gzip.decompress(packed).decode())))[1:]


def _places(parts: _Parts, formerly: Mapping[str, set[str]]) -> dict[str, tuple[Place, ...]]:
    places: dict[str, list[Place]] = defaultdict(list)
    folded = cache(split_key)
    for (name, era, province, district), today in parts.items():
        kind, bare = split_kind(name.partition(",")[0])
        within, lay_in = (folded(province), folded(district)), map(folded, formerly.get(name, ()))
        place = Place(name, era, kind, *within, frozenset(today), frozenset(lay_in))
        places[folded(bare)].append(place)
    return {name: tuple(found) for name, found in places.items()}


def _ascii(name: str) -> str:
    """Write a province's name as hosts do: "tây ninh" is "tayninh"."""
    bare = unicodedata.normalize("NFD", name).replace("đ", "d")
    return "".join(letter for letter in bare if letter.isascii() and letter.isalnum())
