"""What every answer has in common, asked over a socket as clients do: headers, HEAD, 304, gzip."""

from __future__ import annotations

import gzip
import json
import re
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from console.delivery import SAFE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft
    from pipelines.store.engine import Store
    from tests.conftest import Desk

PAGES = ("/", "/articles", "/articles/1", "/portals/tuag", "/count?by=month", "/api", "/nothing")
PROGRAMS = ("/health", "/feed", "/api/articles", "/api/articles/1", "/api/count", "/metrics")
HTML = {"Accept": "text/html"}


class Told(NamedTuple):
    """An answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def wire(console: str, desk: Desk, make_draft: Callable[..., Draft]) -> Callable[..., Told]:
    """Ask the console of an archive of one long article."""
    desk.bring(make_draft(body=tuple(f"Đoạn văn thứ {n} của bài." for n in range(80))))

    def ask(path: str, method: str = "GET", **headers: str) -> Told:
        connection = HTTPConnection(urlsplit(console).netloc, timeout=30)
        connection.request(
            method, path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        answer = connection.getresponse()
        told = Told(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return told

    return ask


def test_every_answer_is_safe(wire: Callable[..., Told]) -> None:
    for path in (*PAGES, *PROGRAMS):
        headers = wire(path, **HTML).headers
        assert {name: headers.get(name.lower()) for name in SAFE} == SAFE, path
        assert headers["cache-control"] == ("no-store" if path == "/nothing" else "no-cache")


def test_pages_load_nothing_from_elsewhere_and_run_nothing(wire: Callable[..., Told]) -> None:
    assert "unsafe" not in SAFE["Content-Security-Policy"]
    for path in PAGES:
        page = wire(path, **HTML).body.decode()
        loaded = re.findall(r'<(?:link|img|script|iframe)[^>]*?(?:href|src)="([^"]+)"', page)
        assert loaded, path
        assert all(one.startswith("/") for one in loaded), loaded
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=", page), path
        for address in loaded:
            assert wire(address).status == 200, address
    style = wire("/assets/style.css")
    assert "immutable" in style.headers["cache-control"]
    assert "url(" not in style.body.decode()
    assert wire("/assets/base.html").status == 404


@pytest.mark.parametrize("path", [*PAGES[:-1], *PROGRAMS[1:-1]])
def test_what_has_not_changed_is_not_sent_again(path: str, wire: Callable[..., Told]) -> None:
    first = wire(path, **HTML)
    tag = first.headers["etag"]
    again = wire(path, If_None_Match=f'"other", {tag}', **HTML)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert wire(path, If_None_Match='"other"', **HTML).status == 200
    head = wire(path, "HEAD", **HTML)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(first.body))


def test_what_changes_is_sent_again(
    wire: Callable[..., Told], desk: Desk, make_draft: Callable[..., Draft]
) -> None:
    tag = wire("/feed").headers["etag"]
    desk.bring(make_draft(document_key="2", title="Tin mới", body=("Mới.",)))
    assert wire("/feed", If_None_Match=tag).status == 200


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, br", True),
        ("br;q=1, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("br", False),
    ],
)
def test_long_answers_are_packed_for_who_takes_it(
    accepted: str, packed: bool, wire: Callable[..., Told]
) -> None:
    plain, told = wire("/articles/1"), wire("/articles/1", Accept_Encoding=accepted)
    assert (told.headers.get("content-encoding") == "gzip") is packed
    assert (gzip.decompress(told.body) if packed else told.body) == plain.body
    assert told.headers["etag"] == plain.headers["etag"]
    assert "Accept-Encoding" in told.headers["vary"]


def test_nothing_can_be_changed(wire: Callable[..., Told]) -> None:
    told = wire("/articles/1", "DELETE")
    assert (told.status, told.headers["allow"]) == (405, "GET")
    assert json.loads(told.body)["code"] == "http.405"


def test_an_archive_that_is_away_is_told_with_the_cure(
    wire: Callable[..., Told], store: Store
) -> None:
    with store.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE articles RENAME TO elsewhere")
    told = wire("/articles", **HTML)
    assert (told.status, told.headers["retry-after"]) == (503, "10")
    page = told.body.decode()
    assert "The archive does not answer" in page
    assert "<code>gomtin doctor</code>" in page
    assert "Traceback" not in page
    problem: dict[str, Any] = json.loads(wire("/api/articles").body)
    assert (problem["status"], problem["code"]) == (503, "store.unreachable")
    assert wire("/health").status == 503
