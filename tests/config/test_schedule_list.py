"""The list of portals that are taken up by themselves."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from config.schedule import LISTED, listed_portals, with_portal
from crawler.registry import portal_ids


def test_every_listed_portal_has_a_spider_and_is_listed_once() -> None:
    listed = listed_portals()
    assert set(listed) <= set(portal_ids())
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize("text", ["portals = [\n]\n", files("config").joinpath(LISTED).read_text()])
def test_a_portal_is_added_at_the_end(text: str) -> None:
    before = tomllib.loads(text)["portals"]
    twice = with_portal(with_portal(text, "ward"), "commune")
    assert tomllib.loads(twice)["portals"] == [*before, "ward", "commune"]
    assert twice.startswith(text.rpartition("]")[0])
