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
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from pipelines.clean.text import fold_key

_KIND = re.compile(r"tỉnh|thành phố|thị xã|thị trấn|huyện|quận|xã|phường|đặc khu")
_Parts = defaultdict[tuple[str, str, str, str], set[str]]
_DASH = re.compile(r"\s*-\s*")


@dataclass(frozen=True, slots=True)
class Place:
    """A unit under one of its names: kind ("phường"), province and district it lies in, folded.

    ``district`` is "" for a province and for a unit since 2025. ``today`` is what its territory is
    called now, one entry a part; several where it was divided or, for a district, dissolved.
    """

    kind: str
    province: str
    district: str
    today: frozenset[str]


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
    return str(int(key)) if key.isdecimal() else key


def split_kind(unit: str) -> tuple[str, str]:
    """Split "phường Hiệp Ninh" into its kind and its name; the kind may be missing."""
    found = _KIND.match(unit.lower())
    return (found[0], unit[found.end() :].strip()) if found else ("", unit)


@cache
def gazetteer() -> Gazetteer:
    """Load the gazetteer (about 0.1 s, once a process)."""
    packed = files("config").joinpath("gazetteer.csv.gz").read_bytes()
    provinces: _Parts = defaultdict(set)
    districts: _Parts = defaultdict(set)
    communes: _Parts = defaultdict(set)
    split = cache(_split)
    for old_province, old_district, old_ward, new_ward, new_province in _rows(packed):
        province, district, new = split(old_province), split(old_district), split(new_province)
        today = f"{new_ward}, {new_province}"
        provinces[(*province, "", "")].add(new_province)
        provinces[(*new, "", "")].add(new_province)
        districts[(*district, province[1], "")].add(today)
        communes[(*split(old_ward), province[1], district[1])].add(today)
        communes[(*split(new_ward), new[1], "")].add(today)
    return Gazetteer(
        provinces=_places(provinces),
        districts=_places(districts),
        communes=_places(communes),
        hosts={_ascii(name): name for _, name, _, _ in provinces},
    )


def _rows(packed: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(gzip.decompress(packed).decode())))[1:]


def _split(unit: str) -> tuple[str, str]:
    kind, name = split_kind(unit)
    return kind, name_key(name)


def _places(parts: _Parts) -> dict[str, tuple[Place, ...]]:
    places: dict[str, list[Place]] = defaultdict(list)
    for (kind, name, province, district), today in parts.items():
        places[name].append(Place(kind, province or name, district, frozenset(today)))
    return {name: tuple(found) for name, found in places.items()}


def _ascii(name: str) -> str:
    """Write a province's name as hosts do: "tây ninh" is "tayninh"."""
    bare = unicodedata.normalize("NFD", name).replace("đ", "d")
    return "".join(letter for letter in bare if letter.isascii() and letter.isalnum())
