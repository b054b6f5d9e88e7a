"""Territory: which addresses a run may ask."""

from __future__ import annotations

import pytest

from crawler.addresses import Territory, host_of, is_loopback, is_private
from crawler.portal import Portal
from pipelines.records import Outcome


class Example(Portal):
    """A portal with a bare and a www host."""

    id = "example"
    hosts = ("www.example.gov.vn", "example.gov.vn")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.gov.vn/a", "example.gov.vn"),
        ("http://example.gov.vn:80/", "example.gov.vn"),
        ("https://example.gov.vn:443/", "example.gov.vn"),
        ("http://example.gov.vn:8080/", "example.gov.vn:8080"),
        ("http://user@example.gov.vn/", "example.gov.vn"),
    ],
)
def test_one_host_has_one_name(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("10.0.0.1", True),
        ("127.0.0.1:8000", True),
        ("169.254.169.254", True),
        ("[::1]:80", True),
        ("[fd00::1]", True),
        ("localhost", True),
        ("db.internal", True),
        ("203.205.37.201", False),
        ("example.gov.vn", False),
    ],
)
def test_private_hosts_are_known(host: str, private: bool) -> None:
    assert is_private(host) is private


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("https://example.gov.vn/a", None),
        ("http://www.example.gov.vn/a", None),
        ("https://EXAMPLE.gov.vn:443/a", None),
        ("https://spam.example.com/a", Outcome.OFFSITE),
        ("https://example.gov.vn.evil.com/a", Outcome.OFFSITE),
        ("ftp://example.gov.vn/a", Outcome.OFFSITE),
        ("http://10.0.0.1/", Outcome.PRIVATE_ADDRESS),
        ("http://127.0.0.1:8000/", Outcome.PRIVATE_ADDRESS),
        ("http://[1/a", Outcome.OFFSITE),
        ("https://example.gov.vn/\ud800", Outcome.OFFSITE),
        ("https://example.gov.vn/" + "a" * 2_000, Outcome.TOO_LARGE),
    ],
)
def test_only_the_portals_own_hosts_are_asked(url: str, refusal: Outcome | None) -> None:
    territory = Territory(Example)
    assert territory.refusal(url) is refusal
    assert territory.refusal(territory.relocate(url)) is refusal


def test_a_replica_stands_for_the_portals_hosts() -> None:
    replica = Territory(Example, "http://127.0.0.1:8003")
    moved = replica.relocate("https://example.gov.vn/a?id=1#top")
    assert moved == "http://127.0.0.1:8003/a?id=1"
    assert replica.refusal(moved) is None
    assert replica.refusal("http://127.0.0.1:8004/a") is Outcome.PRIVATE_ADDRESS
    assert replica.refusal("https://example.gov.vn/a") is Outcome.OFFSITE


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://localhost/", True),
        ("http://[::1]/", True),
        ("http://10.0.0.1/", False),
        ("https://example.gov.vn/", False),
    ],
)
def test_loopback_is_this_machine(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback
