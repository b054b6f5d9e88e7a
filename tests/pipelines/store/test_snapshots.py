"""Snapshots: what was fetched comes back byte for byte, from files that any WARC reader reads."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.records import Page
from pipelines.store.faults import Missing
from pipelines.store.snapshots import (
    SnapshotWriter,
    read_page,
    record_snapshot,
    record_snapshots,
    snapshot,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.store.engine import Store
    from pipelines.store.snapshots import SnapshotRef

NOW = datetime(2026, 11, 22, 3, 0, 0, 123456, tzinfo=UTC)
PLAIN = Page("https://tuag.example/tin/1", b"<html>x</html>", NOW)


def keep(folder: Path, portal: str = "tuag") -> SnapshotRef:
    with closing(SnapshotWriter(folder, portal, 7)) as writer:
        return writer.append(PLAIN)


@pytest.mark.parametrize(
    "page",
    [
        PLAIN,
        replace(PLAIN, body=b""),
        replace(PLAIN, body=b"\r\n\r\nWARC/1.1\r\n\x00\xff" * 100),
        replace(PLAIN, body=b"HTTP/1.1 200 OK\r\n\r\n<p>"),
        replace(PLAIN, encoding="windows-1258", content_type="application/xhtml+xml", status=404),
        replace(PLAIN, listed_at=NOW, listed_from="feed", portal="tuag"),
        replace(PLAIN, url="https://tuag.example/tin/hội-nghị?a=1&b=%20"),
    ],
    ids=["plain", "empty", "bytes that look like WARC", "like HTTP", "other", "listed", "marks"],
)
def test_a_page_comes_back_as_it_was_fetched(page: Page, tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path, "tuag", 7)
    writer.append(PLAIN)
    ref = writer.append(page)
    writer.append(PLAIN)
    assert read_page(tmp_path, ref) == page
    writer.close()
    assert read_page(tmp_path, ref) == page


def test_any_warc_reader_reads_the_file(tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path, "tuag", 7)
    refs = [writer.append(replace(PLAIN, body=b"x" * n)) for n in range(3)]
    writer.close()
    with (tmp_path / refs[0].file).open("rb") as file:
        records = [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.rec_headers.get_header("WARC-Date"),
                record.http_headers.get_header("Content-Type"),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    date = "2026-11-22T03:00:00.123456Z"
    assert records == [("response", PLAIN.url, date, "text/html", b"x" * n) for n in range(3)]


def test_each_process_has_a_file_of_its_own(tmp_path: Path) -> None:
    files = [keep(tmp_path).file for _ in range(2)]
    assert files == ["tuag/run-000007-0.warc.gz", "tuag/run-000007-1.warc.gz"]


@pytest.mark.parametrize("portal", ["../../etc", "..", "a/b", ".hidden", ""])
def test_no_portal_name_leads_out_of_the_folder(portal: str, tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    ref = keep(folder, portal)
    assert (folder / ref.file).resolve().parent.parent == folder.resolve()


def test_the_archive_knows_where_a_page_lies(store: Store, tmp_path: Path) -> None:
    ref = keep(tmp_path)
    with store.begin() as conn:
        found = snapshot(conn, record_snapshot(conn, ref, 7, "tuag", NOW))
        refs = [replace(ref, offset=n) for n in range(5)]
        ids = record_snapshots(conn, refs, None, "tuag", NOW)
        assert [snapshot(conn, one) for one in ids] == refs
        assert record_snapshots(conn, [], None, "tuag", NOW) == []
        with pytest.raises(Missing, match="no snapshot 99"):
            snapshot(conn, 99)
    assert found == ref


@pytest.mark.parametrize("harm", ["gone", "cut", "damaged"])
def test_a_file_that_was_harmed_is_named(harm: str, tmp_path: Path) -> None:
    ref = keep(tmp_path)
    path = tmp_path / ref.file
    match harm:
        case "gone":
            path.unlink()
        case "cut":
            path.write_bytes(path.read_bytes()[:-20])
        case _:
            path.write_bytes(b"x" * ref.length)
    with pytest.raises(Missing, match="fetch the page again") as caught:
        read_page(tmp_path, ref)
    assert caught.value.code == "snapshot.unreadable"
