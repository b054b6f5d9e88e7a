"""Answers: what a status, a header and a fault mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import HtmlResponse, Request
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.network.answers import Refused, fault_outcome, page_of, status_outcome
from crawler.network.politeness import retry_after
from pipelines.records import Outcome

NOW = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (403, Outcome.BLOCKED),
        (429, Outcome.BLOCKED),
        (304, Outcome.NOT_MODIFIED),
        (500, Outcome.FAILED),
    ],
)
def test_every_status_has_its_name(status: int, outcome: Outcome) -> None:
    assert status_outcome(status) == (outcome, f"http.{status}")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Refused(Outcome.DENIED_BY_ROBOTS, "robots.txt"), Outcome.DENIED_BY_ROBOTS),
        (DownloadCancelledError("over 10 MB"), Outcome.TOO_LARGE),
        (DownloadTimeoutError(), Outcome.FAILED),
        (DownloadFailedError("reset"), Outcome.FAILED),
        (CannotResolveHostError("no such name"), Outcome.FAILED),
        (
            CannotResolveHostError("the private address 10.0.0.1"),
            Outcome.PRIVATE_ADDRESS,
        ),
        (OSError("Not a gzipped file"), Outcome.BAD_CONTENT),
        (RuntimeError("whatever"), Outcome.FAILED),
    ],
)
def test_every_fault_has_its_name(fault: BaseException, outcome: Outcome) -> None:
    found, detail = fault_outcome(fault)
    assert found is outcome
    assert detail


def test_a_connection_that_is_closed_is_told_in_words() -> None:
    closed = Failure(ConnectionDone())
    with pytest.raises(DownloadFailedError) as caught, wrap_twisted_exceptions():
        raise ResponseFailed([closed])
    detail = "network.DownloadFailedError: Connection was closed cleanly."
    assert fault_outcome(caught.value) == (Outcome.FAILED, detail)


@pytest.mark.parametrize(
    ("header", "media", "charset"),
    [
        ("text/html; charset=utf-8", "text/html", "utf-8"),
        ('text/html;charset="windows-1258"; x=1', "text/html", "windows-1258"),
        ("text/html; Charset=UTF-8", "text/html", "utf-8"),
        ("", "text/html", None),
        ("Application/PDF", "application/pdf", None),
    ],
)
def test_the_content_type_header_is_read(header: str, media: str, charset: str | None) -> None:
    asked = Request("http://a.vn/")
    answer = HtmlResponse(asked.url, headers={"Content-Type": header}, request=asked)
    page = page_of(answer, "a", NOW)
    assert (page.content_type, page.encoding) == (media, charset)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("59", 59.0),
        ("1800", 1_800.0),
        ("99999", 3_600.0),
        ("", 60.0),
        ("soon", 60.0),
        ("\N{ARABIC-INDIC DIGIT THREE}", 60.0),
        ("Sat, 10 Jan 2026 00:02:00 GMT", 120.0),
        ("Sat, 10 Jan 2026 00:02:00 -0000", 120.0),
        ("Fri, 09 Jan 2026 23:00:00 GMT", 0.0),
    ],
)
def test_a_pause_is_as_long_as_asked_within_bounds(header: str, seconds: float) -> None:
    asked = {"Retry-After": header.encode()}
    assert retry_after(HtmlResponse("http://a.vn/", headers=asked), NOW) == seconds
