"""Snapshots: the bytes of every fetched page in WARC files, and where in them each page lies.

One gzip member a page, so that a page is read without its neighbours and any WARC reader can read
the file. A file belongs to one process: a run that is started anew begins another one, and what
the killed process left half-written is never referred to.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, cast

from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.errors import Halt
from pipelines.records import Page
from pipelines.store.faults import Missing
from pipelines.store.schema import snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Connection

# Level 9, warcio's own, takes twice the time for 1 % less.
LEVEL = 6
FACTS = "GOMTIN-Page"


@dataclass(frozen=True, slots=True)
class SnapshotRef:
    """Where a page lies: file below the snapshot folder, offset and length in bytes."""

    file: str
    offset: int
    length: int
    url: str
    digest: str
    fetched_at: datetime


class SnapshotWriter:
    """Appends the pages of one run to a WARC file of its own, made when the first page comes."""

    def __init__(self, folder: Path, portal: str, run_id: int) -> None:
        safe = re.sub(r"[^\w.-]|^\.+", "_", portal) or "_"
        self._folder = folder
        self._stem = f"{safe}/run-{run_id:06d}"
        self._name = ""
        self._file: IO[bytes] | None = None

    def append(self, page: Page) -> SnapshotRef:
        """Write one page; once this returns, only a failure of the machine can lose it.

        Raise Halt when the disk is full or the folder closed.
        """
        member = _member(page)
        try:
            file = self._file or self._open()
            offset = file.tell()
            file.write(member)
            file.flush()
        except OSError as error:
            self._give_up()
            raise Halt(
                "snapshot.unwritable",
                f"pages cannot be kept in {self._folder}: {error.strerror}; make room there (or"
                " correct GOMTIN_SNAPSHOTS), the next run goes on where this one ended",
                portal=page.portal,
                url=page.url,
            ) from error
        digest = hashlib.sha256(page.body).hexdigest()
        return SnapshotRef(self._name, offset, len(member), page.url, digest, page.fetched_at)

    def close(self) -> None:
        """Close the file; appending again begins another one."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _give_up(self) -> None:
        """Leave a file in which a record was cut short; nothing refers to what stands there."""
        with suppress(OSError):  # what is still in its buffer finds no room either
            self.close()
        self._file = None

    def _open(self) -> IO[bytes]:
        number = 0
        while True:
            self._name = f"{self._stem}-{number}.warc.gz"
            path = self._folder / self._name
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._file = path.open("xb")
            except FileExistsError:
                number += 1
            else:
                return self._file


def record_snapshot(
    conn: Connection, ref: SnapshotRef, run_id: int | None, portal: str, now: datetime
) -> int:
    """Write where a page lies and give the snapshot's id."""
    return record_snapshots(conn, [ref], run_id, portal, now)[0]


def record_snapshots(
    conn: Connection, refs: Sequence[SnapshotRef], run_id: int | None, portal: str, now: datetime
) -> list[int]:
    """Write where many pages lie with one statement; give the ids in the same order."""
    if not refs:
        return []
    same = {"run_id": run_id, "portal": portal, "stored_at": now}
    rows = [same | {name: getattr(ref, name) for name in SnapshotRef.__slots__} for ref in refs]
    statement = snapshots.insert().returning(snapshots.c.id, sort_by_parameter_order=True)
    return list(conn.execute(statement, rows).scalars())


def snapshot(conn: Connection, snapshot_id: int) -> SnapshotRef:
    """Give where a snapshot lies; raise Missing when there is none of that id."""
    columns = [snapshots.c[name] for name in SnapshotRef.__slots__]
    row = conn.execute(select(*columns).where(snapshots.c.id == snapshot_id)).one_or_none()
    if row is None:
        raise Missing("snapshot.missing", f"there is no snapshot {snapshot_id}")
    return SnapshotRef(*row)


def some_files(conn: Connection, number: int) -> list[str]:
    """Give the files of the ``number`` newest and as many of the oldest pages."""
    ends = (snapshots.c.id.desc(), snapshots.c.id)
    queries = [select(snapshots.c.file).order_by(end).limit(number) for end in ends]
    return sorted({name for query in queries for name in conn.execute(query).scalars()})


def read_page(folder: Path, ref: SnapshotRef) -> Page:
    """Read a page back as it was fetched; raise Missing when the file is gone or damaged."""
    try:
        with (folder / ref.file).open("rb") as file:
            file.seek(ref.offset)
            plain = zlib.decompress(file.read(ref.length), zlib.MAX_WBITS + 16)
        return _page(plain)
    except (OSError, zlib.error, KeyError, ValueError) as error:
        raise Missing(
            "snapshot.unreadable",
            f"{ref.file} at {ref.offset} cannot be read ({error}); fetch the page again",
            url=ref.url,
        ) from error


def _member(page: Page) -> bytes:
    """Make the page's WARC record, compressed on its own."""
    kind = page.content_type + (f"; charset={page.encoding}" if page.encoding else "")
    plain = BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        page.url,
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders(f"{page.status} OK", [("Content-Type", kind)], "HTTP/1.1"),
        warc_headers_dict={
            "WARC-Date": page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            FACTS: json.dumps(_facts(page)),
        },
    )
    writer.write_record(record)
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return packer.compress(plain.getvalue()) + packer.flush()


def _facts(page: Page) -> dict[str, Any]:
    """Give what a WARC record has no place of its own for, or writes less exactly."""
    return {
        "url": page.url,
        "portal": page.portal,
        "fetched_at": page.fetched_at.isoformat(),
        "encoding": page.encoding,
        "content_type": page.content_type,
        "status": page.status,
        "listed_at": page.listed_at.isoformat() if page.listed_at else None,
        "listed_from": page.listed_from,
    }


def _page(plain: bytes) -> Page:
    for record in ArchiveIterator(BytesIO(plain)):
        facts = json.loads(record.rec_headers.get_header(FACTS))
        body = cast("bytes", record.content_stream().read())
        listed = facts["listed_at"]
        facts["fetched_at"] = datetime.fromisoformat(facts["fetched_at"])
        facts["listed_at"] = datetime.fromisoformat(listed) if listed else None
        return Page(body=body, **facts)
    raise ValueError("it holds no record")
