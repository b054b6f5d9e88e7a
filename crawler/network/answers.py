"""Read what came back: the page of a response, and the outcome that a status or a fault means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.web.client import ResponseFailed

from pipelines.records import Outcome, Page

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from pipelines.records import Cleaned
    from pipelines.store.pages import OutcomeRow

GONE = frozenset({404, 410})
REFUSING = frozenset({401, 403, 407, 429, 451, 503})
PASSED_ON = frozenset({Outcome.BLOCKED, Outcome.CHALLENGE, Outcome.LOGIN})
UNREADABLE = frozenset(
    {
        Outcome.EMPTY, Outcome.TOO_LARGE, Outcome.TIMED_OUT, Outcome.BAD_ENCODING,
        Outcome.BAD_CONTENT, Outcome.FAILED,
    }
)  # fmt: skip

FAULTS: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (DownloadCancelledError, Outcome.TOO_LARGE, "bounds.bytes"),
    (DownloadTimeoutError, Outcome.FAILED, "network.timeout"),
    (CannotResolveHostError, Outcome.FAILED, "network.dns"),
    (ResponseDataLossError, Outcome.BAD_CONTENT, "network.cut_short"),
    (IgnoreRequest, Outcome.FAILED, "request.ignored"),
    # the decompressors' words for a truncated or false stream
    (OSError, Outcome.BAD_CONTENT, "content.encoding"),
    (EOFError, Outcome.BAD_CONTENT, "content.encoding"),
)
# their own errors are told by where they come from: which is installed is Scrapy's affair
DECOMPRESSORS = frozenset({"brotli", "brotlicffi", "backports", "compression", "zlib"})


class Refused(IgnoreRequest):
    """A request or an answer that goes no further, with the outcome its URL ends in."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def page_of(response: Response, portal: str, fetched_at: datetime) -> Page:
    """Make the page record of an answer."""
    header = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    media, _, rest = header.partition(";")
    charset = rest.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    return Page(
        url=response.url,
        body=response.body,
        fetched_at=fetched_at,
        portal=portal,
        encoding=charset or None,
        content_type=media.strip().lower() or "text/html",
        status=response.status,
        trace=response.meta.get("trace", ""),
    )


def asked_url(response: Response) -> str:
    """Give the address that was asked first, before any redirect."""
    return str(response.meta["asked"])


def with_validators(row: OutcomeRow, response: Response) -> OutcomeRow:
    """Add what a conditional request needs the next time."""
    etag, modified = (
        (response.headers.get(name) or b"").decode("latin-1")
        for name in (b"ETag", b"Last-Modified")
    )
    return replace(row, etag=etag, last_modified=modified)


def status_outcome(status: int) -> tuple[Outcome, str]:
    """Name what an HTTP status other than 200 means for its URL."""
    if status in GONE:
        return Outcome.GONE, f"http.{status}"
    if status in REFUSING:
        return Outcome.BLOCKED, f"http.{status}"
    if status == HTTPStatus.NOT_MODIFIED:
        return Outcome.NOT_MODIFIED, "http.304"
    return Outcome.FAILED, f"http.{status}"


def listing_outcome(cleaned: Cleaned) -> tuple[Outcome, str]:
    """Name the outcome of a page that was asked for its links, whatever else it is."""
    if cleaned.outcome in PASSED_ON | UNREADABLE:
        return cleaned.outcome, cleaned.reason
    return Outcome.LISTING, f"{len(cleaned.links)} links"


def fault_outcome(fault: BaseException) -> tuple[Outcome, str]:
    """Name the outcome of a request that brought no answer."""
    if isinstance(fault, Refused):
        return fault.outcome, fault.detail
    if "private address" in str(fault):
        return Outcome.PRIVATE_ADDRESS, str(fault)
    if "DOWNLOAD_MAXSIZE" in str(fault):  # the decompressor's words for a body that grows too large
        return Outcome.TOO_LARGE, f"bounds.bytes: {fault}"
    for kind, outcome, code in FAULTS:
        if isinstance(fault, kind):
            return outcome, f"{code}: {fault}".removesuffix(": ")
    if type(fault).__module__.partition(".")[0] in DECOMPRESSORS:
        return Outcome.BAD_CONTENT, f"content.encoding: {fault}"
    return Outcome.FAILED, f"network.{type(fault).__name__}: {_words(fault)}"


def _words(fault: BaseException) -> str:
    """Give a fault's own words; Twisted lists the objects that are the reasons of one."""
    cause = fault.__cause__
    return str(cause.reasons[0].value if isinstance(cause, ResponseFailed) else fault)


@dataclass(frozen=True, slots=True)
class Fault:
    """A request that brought no answer, and the outcome that this means for its address."""

    request: Request
    outcome: Outcome
    detail: str

    @property
    def asked(self) -> str:
        """Give the address that was asked first, before any redirect."""
        return str(self.request.meta["asked"])


def fault_of(failure: Failure) -> Fault:
    """Read what Scrapy gives in place of an answer."""
    request: Request = vars(failure)["request"]  # Scrapy has set it
    assert failure.value is not None
    return Fault(request, *fault_outcome(failure.value))
