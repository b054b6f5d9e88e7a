"""Where a crawl may connect: looked at after the name server has answered, and once connected."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.network.certificate import certificate_fault
from crawler.registry import site_id
from pipelines.records import Outcome
from pipelines.store.runs import RunParams, create_run

# a name server of our own in the crawl process: every name leads to this machine
NAMES = """
import socket, sys
socket.gethostbyname = lambda name: "127.0.0.1"
from crawler import run
from crawler.network import politeness
{change}
sys.exit(run.main(sys.argv[1:]))
"""
# the name server told a public address when it was looked at, and another one on connecting
REBOUND = "politeness.PublicResolver._public = lambda self, address, name: address"


@pytest.mark.parametrize(
    ("change", "why"),
    [("", "resolves to the private address"), (REBOUND, "connected to the private address")],
    ids=["resolved", "rebound"],
)
def test_a_name_that_leads_inside_is_asked_nothing(
    site: Any, crawling: Any, change: str, why: str
) -> None:
    site.page("/", "/tin/bai-1.html")
    url = site.url.replace("127.0.0.1", "portal.example") + "/"
    params = RunParams(url=url, delay=0.0)
    with crawling.store.begin() as conn:
        run = create_run(conn, site_id(url), "incremental", params, datetime.now(UTC))
    env = os.environ | {"GOMTIN_DATA": str(crawling.folder), "GOMTIN_MIN_DELAY": "0.05"}
    command = [sys.executable, "-c", NAMES.format(change=change), str(run)]
    ended = subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    assert site.asked == []
    state, found = crawling.result(run, site)
    assert {outcome for outcome, _ in found.values()} == {Outcome.PRIVATE_ADDRESS}
    assert any(why in detail for _, detail in found.values())
    assert "private address" in state.error


def test_a_certificate_is_looked_at_on_public_addresses_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr("socket.gethostbyname", lambda _: "10.0.0.1")
    monkeypatch.setattr("socket.create_connection", connect)
    assert certificate_fault("https://portal.example/") == ""
