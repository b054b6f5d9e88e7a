"""The portals of ``config/schedule.toml``: those that are crawled without anybody's word."""

from __future__ import annotations

import tomllib
from importlib.resources import files

LISTED = "schedule.toml"


def listed_portals() -> tuple[str, ...]:
    """Give their ids, in the order of the file."""
    text = files("config").joinpath(LISTED).read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["portals"])


def with_portal(text: str, portal: str) -> str:
    """Give the text of the file with another portal at its end."""
    head, _, tail = text.rpartition("]")
    return f'{head}    "{portal}",\n]{tail}'
