"""Saved pages: read them from files, and clean them by the rules of the portal they came from."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from crawler.families import FAMILIES
from crawler.network.addresses import LONGEST
from crawler.registry import find_portal, portal_at, site_portal
from pipelines.clean.detect import detect_family
from pipelines.clean.plain import clean_text
from pipelines.errors import Reject
from pipelines.file_faults import file_fault
from pipelines.records import Cleaned, Outcome, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from warcio.recordloader import ArcWarcRecord

    from crawler.portal import Portal
    from pipelines.clean.isolated import IsolatedCleaner

TEXT = "text/plain"
# What a damaged file raises: gzip and zlib, a wrong charset, and warcio for what is no WARC.
UNREADABLE = (
    OSError, EOFError, ValueError, zlib.error, ArchiveLoadFailed, StatusAndHeadersParserException,
)  # fmt: skip
SUFFIXES = (".html", ".htm", ".txt", ".warc", ".warc.gz", ".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Saved:
    """A page from a file (``path``), or the fault that kept it from being read."""

    path: str
    page: Page
    fault: str = ""


def read_saved(
    paths: Iterable[Path], *, url: str, portal: str, now: datetime, max_bytes: int
) -> Iterator[Saved]:
    """Yield the pages of files and folders, in order of their names.

    .html and .txt files hold a page each; .warc(.gz) and .jsonl(.gz) files hold many. A file that
    cannot be read yields one Saved with the fault, so that the others still come.
    """
    for path in _files(paths):
        bare = Page(url or path.absolute().as_uri(), b"", _saved_at(path, now), portal)
        try:
            if path.name.endswith((".warc", ".warc.gz")):
                yield from map(_bounded, _from_warc(path, portal, max_bytes))
            elif path.name.endswith((".jsonl", ".jsonl.gz")):
                yield from map(_bounded, _from_lines(path, bare))
            else:
                kind = TEXT if path.suffix == ".txt" else "text/html"
                yield Saved(
                    str(path), replace(bare, body=_head(path, max_bytes), content_type=kind)
                )
        except UNREADABLE as error:
            yield Saved(str(path), bare, _fault(error))


def _fault(error: Exception) -> str:
    """Say without Python's words why a file cannot be read; a library's faults have no number."""
    if isinstance(error, OSError) and error.errno:
        return file_fault(error)
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8 text; convert it"
    return f"it is cut off, damaged or of another kind than its name says ({error})"


def _bounded(saved: Saved) -> Saved:
    """Name an address that is longer than any portal's, and than an index of the store holds."""
    if len(saved.page.url.encode()) <= LONGEST:
        return saved
    page = replace(saved.page, url=saved.page.url[:LONGEST])
    return replace(saved, page=page, fault=f"its address is longer than {LONGEST} bytes")


def portal_of(page: Page) -> type[Portal]:
    """Give the portal of a saved page: as named, else by its host, else by the look of its CMS."""
    if page.portal:
        return find_portal(page.portal)
    known = portal_at(page.url)
    if known:
        return known
    family = detect_family(page) if page.content_type != TEXT else None
    if page.url.startswith(("http://", "https://")):
        return site_portal(page.url, family or "generic")
    return FAMILIES[family or "generic"]


def clean_saved(cleaner: IsolatedCleaner, page: Page, portal: type[Portal]) -> Cleaned:
    """Judge and clean a saved page, with DOM or without; never raises for its content."""
    on_web = page.url.startswith("http")
    address = portal.canonical_url(page.url) if on_web else page.url
    key = portal.document_key(page.url)
    if page.content_type == TEXT:
        return _clean_text(page, address, key, portal.unit)
    return cleaner.clean_now(
        page, portal.rules, canonical_url=address, document_key=key, unit=portal.unit
    )


def _clean_text(page: Page, address: str, key: str, unit: str) -> Cleaned:
    try:
        text = page.body.decode(page.encoding or "utf-8-sig")
    except (UnicodeDecodeError, LookupError) as error:
        return Cleaned(Outcome.BAD_ENCODING, f"encoding.text: {error}")
    return clean_text(
        text,
        url=page.url,
        portal=page.portal,
        fetched_at=page.fetched_at,
        canonical_url=address,
        document_key=key,
        unit=unit,
    )


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(_pages_below(path))
        else:
            yield path


def _pages_below(folder: Path) -> Iterator[Path]:
    """Give the files that may hold pages; raise OSError for a folder that may not be read."""
    for place, _, names in os.walk(folder, onerror=_refuse):
        files = (Path(place, name) for name in names)
        yield from (file for file in files if file.is_file() and _readable(file))


def _refuse(error: OSError) -> NoReturn:
    raise error


def _readable(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


def _head(path: Path, max_bytes: int) -> bytes:
    with path.open("rb") as file:
        return file.read(max_bytes + 1)  # one more: the bounds see that it is too large


def _saved_at(path: Path, now: datetime) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.is_file() else now


def _from_lines(path: Path, bare: Page) -> Iterator[Saved]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _from_line(f"{path}:{number}", line, bare)


def _from_line(place: str, line: str, bare: Page) -> Saved:
    try:
        row = json.loads(line)
        kind = "text/html" if "html" in row else TEXT
        page = replace(
            bare,
            url=_web_address(row["url"]),
            body=(row["html"] if "html" in row else row["text"]).encode(),
            encoding="utf-8",
            content_type=kind,
            portal=_known(row.get("portal") or bare.portal),
            fetched_at=_moment(row.get("fetched_at")) or bare.fetched_at,
        )
    except KeyError as error:
        return Saved(
            place, bare, f"a line is like {{url, html}} or {{url, text}}; {error} is missing"
        )
    except (ValueError, TypeError, AttributeError, Reject) as error:
        return Saved(place, bare, f"a line is like {{url, html}} or {{url, text}}: {error}")
    return Saved(place, page)


def _web_address(url: str) -> str:
    if urlsplit(url).scheme not in {"http", "https", "file"}:
        raise ValueError(f"{url} is no web address")
    return url


def _known(portal: str) -> str:
    return find_portal(portal).id if portal else ""


def _moment(text: str | None) -> datetime | None:
    moment = datetime.fromisoformat(text) if text else None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _from_warc(path: Path, portal: str, max_bytes: int) -> Iterator[Saved]:
    number = 0
    with path.open("rb") as stream:
        for number, record in enumerate(ArchiveIterator(stream), start=1):
            if record.format != "warc":
                raise ValueError("it holds no WARC record")
            holds_page = record.rec_type == "response" and record.http_headers
            page = _page_of(record, portal, max_bytes) if holds_page else None
            record.raw_stream.read()
            if getattr(record.raw_stream, "limit", 1):  # bytes that its length still promises
                raise EOFError(f"record {number} is cut off, or has no length")
            if page:
                yield Saved(f"{path}:{number}", page)
    if not number:
        raise ValueError("it holds no WARC record")


def _page_of(record: ArcWarcRecord, portal: str, max_bytes: int) -> Page:
    headers = record.http_headers
    media = (headers.get_header("Content-Type") or "text/html").partition(";")
    return Page(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        body=record.content_stream().read(max_bytes + 1),
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
        portal=portal,
        encoding=media[2].partition("charset=")[2].strip(" \"'") or None,
        content_type=media[0].strip().lower(),
        status=int(headers.get_statuscode()),
    )


def require_readable(paths: Iterable[Path]) -> None:
    """Raise Reject for what cannot be looked at, also below a path, or a folder without pages."""
    for path in paths:
        try:
            if S_ISDIR(path.stat().st_mode) and not any(_files([path])):
                ends = ", ".join(SUFFIXES)
                raise Reject("input.none", f"{path} holds no file that ends in {ends}")
        except FileNotFoundError as error:
            raise Reject("input.missing", f"{path} does not exist") from error
        except OSError as error:
            place = error.filename or path
            raise Reject("input.missing", f"{place} cannot be read: {file_fault(error)}") from error
