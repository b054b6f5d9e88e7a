"""Territory: which addresses a run may ask."""

from __future__ import annotations

import pytest

from crawler.network.addresses import Territory, host_of, is_loopback, is_private
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
        ("localhost.", True),
        ("db.internal", True),
        ("nas.lan:8080", True),
        ("0.0.0.0", True),
        ("100.64.0.1", True),
        ("192.168.1.1", True),
        ("224.0.0.1", True),
        ("255.255.255.255", True),
        ("2130706433", True),
        ("0x7f.1", True),
        ("0177.0.0.1", True),
        ("127.1:22", True),
        ("10.0.0.1.", True),
        ("127\u30020\u30020\u30021", True),
        ("\uff11\uff10.0.0.1", True),
        ("[::]", True),
        ("[::ffff:10.0.0.1]:80", True),
        ("[::ffff:203.205.37.201]", True),
        ("[64:ff9b::a00:1]", True),
        ("[2002:a00:1::]", True),
        ("[2001:0:4136:e378:8000:63bf:3fff:fdd2]", True),
        ("[fe80::1%25eth0]", True),
        ("[fec0::1]", True),
        ("[ff02::1]", True),
        ("[2001:db8::1]", True),
        ("::1", True),
        ("[2405:4800::1]:443", False),
        ("203.205.37.201", False),
        ("203.205.37.201:8080", False),
        ("1com.vn", False),
        ("xn--vit-nam-2ya.vn", False),
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
        ("file:///etc/hostname", Outcome.OFFSITE),
        ("gopher://example.gov.vn/a", Outcome.OFFSITE),
        ("//example.gov.vn/a", Outcome.OFFSITE),
        ("https://example.gov.vn./a", Outcome.OFFSITE),
        ("https://example.gov.vn:22/a", Outcome.OFFSITE),
        ("http://example.gov.vn:443/a", Outcome.OFFSITE),
        ("https://user:word@example.gov.vn/a", Outcome.OFFSITE),
        ("https://example.gov.vn@10.0.0.1/a", Outcome.PRIVATE_ADDRESS),
        ("https://10.0.0.1\\@example.gov.vn/a", Outcome.OFFSITE),
        ("https://10.0.0.1%2f@example.gov.vn/a", Outcome.OFFSITE),
        ("https://example.gov.vn%2eevil.com/a", Outcome.OFFSITE),
        ("https://example.gov.vn#@10.0.0.1/a", None),
        ("http://169.254.169.254/latest/meta-data/", Outcome.PRIVATE_ADDRESS),
        ("http://2130706433/", Outcome.PRIVATE_ADDRESS),
        ("http://[::ffff:127.0.0.1]/", Outcome.PRIVATE_ADDRESS),
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
