"""Registry: portals by id, by host, and for sites without a file."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from crawler.families import FAMILIES
from crawler.network.addresses import LONGEST
from crawler.registry import all_portals, find_portal, portal_at, portal_ids, site_id, site_portal
from pipelines.errors import Reject

SPIDERS = Path(__file__).parents[2] / "crawler" / "spiders"


@pytest.mark.parametrize("portal_id", portal_ids())
def test_a_portal_file_is_named_for_its_portal(portal_id: str) -> None:
    portal = find_portal(portal_id)
    assert portal.id == portal_id
    assert portal.hosts
    assert portal.name
    assert portal.delay >= 2.0


@pytest.mark.parametrize("portal_id", portal_ids())
def test_a_portal_file_is_short_and_names_its_address(portal_id: str) -> None:
    text = (SPIDERS / f"{portal_id}.py").read_text(encoding="utf-8")
    portal = find_portal(portal_id)
    assert portal.hosts[0] in (ast.get_docstring(ast.parse(text)) or "")
    (definition,) = [x for x in ast.parse(text).body if isinstance(x, ast.ClassDef)]
    assert (definition.end_lineno or 0) - definition.lineno < 15


def test_no_two_portals_share_a_host() -> None:
    hosts = [host.removeprefix("www.") for portal in all_portals() for host in set(portal.hosts)]
    owners = {
        host: {p.id for p in all_portals() if host in {h.removeprefix("www.") for h in p.hosts}}
        for host in hosts
    }
    assert all(len(ids) == 1 for ids in owners.values())


def test_an_unknown_portal_is_refused_with_its_neighbours() -> None:
    with pytest.raises(Reject, match=r"did you mean hiepninh\? gomtin portals lists") as caught:
        find_portal("hiepnin")
    assert caught.value.code == "portal.unknown"
    with pytest.raises(Reject, match=r"'example'; gomtin portals lists them$"):
        find_portal("example")


def test_a_known_host_finds_its_portal() -> None:
    portal = portal_at("https://www.baoangiang.com.vn/tin-a1.html")
    assert portal is not None
    assert portal.id == "baoangiang"
    assert portal_at("https://unknown.example/") is None


def test_a_site_without_a_file_gets_the_rules_of_its_family() -> None:
    site = site_portal("http://127.0.0.1:18081/tin/", "nukeviet")
    assert site.id == site_id("http://127.0.0.1:18081/") == "127.0.0.1-18081"
    assert site.family == "nukeviet"
    assert site.canonical_url("http://127.0.0.1:18081/a-1.html?x=1") == (
        "http://127.0.0.1:18081/a-1.html"
    )


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("piece", ["a", "%", "a-", "1-", "a/", "a.html", "a&"])
@pytest.mark.parametrize("start", ["/", "/-/", "/x?"])
def test_patterns_are_quick_for_any_address(family: str, piece: str, start: str) -> None:
    portal = FAMILIES[family]
    target = start + piece * (LONGEST // len(piece)) + "!"
    began = time.process_time()
    for pattern in (portal.article, portal.listing, portal.deny):
        pattern.search(target)
    assert time.process_time() - began < 1.0


def test_the_public_address_of_an_unknown_system_can_still_be_opened() -> None:
    address = "https://a.vn/default.aspx?tabid=5&nid=88&PageIndex=3&fbclid=x"
    site = site_portal("https://a.vn/", "generic")
    assert site.canonical_url(address) == "https://a.vn/default.aspx?tabid=5&nid=88"
    assert site.document_key(address) == "/default.aspx?nid=88&pageindex=3"
    assert site.canonical_url("https://a.vn/tin/bai-88") == "https://a.vn/tin/bai-88"


def test_a_key_is_as_the_databases_keep_it() -> None:
    assert site_portal("https://a.vn/", "generic").page_key("https://a.vn/x%00y?id=%00") == (
        "/x\ufffdy?id=\ufffd"
    )
