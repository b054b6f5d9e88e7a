"""Write a whole archive into one portable file, at one moment, while others go on writing.

The file is a zip: a member of JSON lines for each table, the WARC files if wanted, and a manifest
with counts and digests. It holds nothing of SQLite or PostgreSQL: either reads the other's. The
word index is left out, which is made anew from the articles.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, func, select, text, type_coerce

from pipelines.file_faults import file_fault
from pipelines.store.columns import Json, OutcomeName, Words
from pipelines.store.dialect import is_sqlite
from pipelines.store.engine import SCHEMA_VERSION
from pipelines.store.faults import StoreError
from pipelines.store.schema import metadata, search_texts, search_triples, snapshots, workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Column, Connection, RowMapping, Select, Table
    from sqlalchemy.types import TypeEngine

    from pipelines.store.engine import Store

FORMAT = 1
MANIFEST = "manifest.json"
ROWS_AT_ONCE = 500
PIECE = 1 << 20
LEVEL = 6
# Parents before children. The word index is derived from the articles; the signs of workers are
# those of another place.
_LEFT_OUT = (search_texts, search_triples, workers)
TABLES = tuple(one for one in metadata.sorted_tables if one not in _LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Part:
    """What a member of the file holds: ``size`` in rows of a table or bytes of a WARC file."""

    name: str
    size: int
    digest: str


def backup(
    store: Store, target: Path, now: datetime, *, folder: Path | None, tell: Callable[[int], None]
) -> dict[str, Any]:
    """Write the archive to ``target`` and give the manifest.

    ``folder``: the snapshot folder, whose files are written too. ``tell`` is called with the number
    of rows or bytes after each piece. Raise StoreError when ``target`` is there already.
    """
    if target.exists():
        raise StoreError("backup.exists", f"{target} is there already; nothing is overwritten")
    draft = target.with_name(target.name + ".part")
    try:
        with _private(draft) as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
            manifest = _write(store, archive, now, folder, tell)
        draft.replace(target)
    except OSError as error:
        said = f"{target} cannot be written: {file_fault(error)}"
        raise StoreError("backup.file", said) from error
    finally:
        with suppress(OSError):  # it is the target now, or was never made
            draft.unlink()
    return manifest


def sizes(store: Store, *, with_snapshots: bool) -> tuple[int, int]:
    """Give the rows of all tables, and the bytes of the WARC files if they are wanted."""
    with store.read() as conn:
        rows = sum(conn.execute(select(func.count()).select_from(t)).scalar_one() for t in TABLES)
        files = sum(size for _, size in _files(conn)) if with_snapshots else 0
    return rows, files


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that only its owner reads; on the disk when the block ends."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _write(
    store: Store,
    archive: zipfile.ZipFile,
    now: datetime,
    folder: Path | None,
    tell: Callable[[int], None],
) -> dict[str, Any]:
    with store.one_moment() as conn:
        tables = [_write_table(conn, archive, table, tell) for table in TABLES]
        counters = {table.name: _counter(conn, table) for table in TABLES if _counts(table)}
        files = list(_files(conn)) if folder is not None else []
    warcs = [_write_file(archive, folder, name, size, tell) for name, size in files if folder]
    manifest = {
        "format": FORMAT,
        "schema": SCHEMA_VERSION,
        "made_at": now.isoformat(),
        "tables": {one.name: {"rows": one.size, "sha256": one.digest} for one in tables},
        "counters": counters,
        "snapshots": {one.name: {"bytes": one.size, "sha256": one.digest} for one in warcs},
    }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1), zipfile.ZIP_DEFLATED)
    return manifest


def _write_table(
    conn: Connection, archive: zipfile.ZipFile, table: Table, tell: Callable[[int], None]
) -> Part:
    member = zipfile.ZipInfo(member_of(table), date_time=(1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    digest, written = hashlib.sha256(), 0
    streamed = conn.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
    with archive.open(member, "w", force_zip64=True) as file:
        for rows in streamed.execute(_ordered(conn, table)).mappings().partitions(ROWS_AT_ONCE):
            piece = "".join(map(_line, rows)).encode()
            digest.update(piece)
            file.write(piece)
            written += len(rows)
            tell(len(rows))
    return Part(table.name, written, digest.hexdigest())


def member_of(table: Table) -> str:
    """Name the member of the file that holds a table."""
    return f"tables/{table.name}.jsonl"


def raw_type(column: Column[Any]) -> TypeEngine[Any]:
    """Give the type by which a column is copied: what is text in the database stays that text."""
    return Text() if isinstance(column.type, Json | OutcomeName) else column.type


def _ordered(conn: Connection, table: Table) -> Select[Any]:
    """Select a table in the same order in both databases: texts by their bytes."""
    columns = [type_coerce(one, raw_type(one)).label(one.name) for one in table.c]
    keys = [
        one.collate("C") if not is_sqlite(conn) and isinstance(one.type, Words) else one
        for one in table.primary_key
    ]
    return select(*columns).order_by(*keys)


def _line(row: RowMapping) -> str:
    plain = {name: _plain(value) for name, value in row.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


# ---- numbers that are never given twice


def _counts(table: Table) -> bool:
    """Tell whether the table numbers its rows itself."""
    return "id" in table.c and isinstance(table.c.id.type, BigInteger)


def _counter(conn: Connection, table: Table) -> int:
    """Give the last number that the table gave, also to a row that is no more."""
    if is_sqlite(conn):
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(conn.execute(query, {"name": table.name}).scalar() or 0)
    sequence = "CAST(pg_get_serial_sequence(:name, 'id') AS regclass)"
    query = text(f"SELECT pg_sequence_last_value({sequence})")
    return int(conn.execute(query, {"name": table.name}).scalar() or 0)


# ---- snapshots


def _files(conn: Connection) -> Iterator[tuple[str, int]]:
    """Give the WARC files that the index names, each up to the end of its last page.

    A file that a crawl is still writing is longer: those pages are not in the index yet.
    """
    end = func.max(snapshots.c.offset + snapshots.c.length)
    query = select(snapshots.c.file, end).group_by(snapshots.c.file).order_by(snapshots.c.file)
    for name, size in conn.execute(query).all():
        yield name, int(size)


def _write_file(
    archive: zipfile.ZipFile, folder: Path, name: str, size: int, tell: Callable[[int], None]
) -> Part:
    digest, left = hashlib.sha256(), size
    member = zipfile.ZipInfo(f"snapshots/{name}", date_time=(1980, 1, 1, 0, 0, 0))
    try:
        with (
            (folder / name).open("rb") as source,
            archive.open(member, "w", force_zip64=True) as to,
        ):
            while left and (piece := source.read(min(PIECE, left))):
                to.write(piece)
                digest.update(piece)
                left -= len(piece)
                tell(len(piece))
    except FileNotFoundError:
        left = size
    if left:
        raise StoreError(
            "backup.snapshot",
            f"the snapshot file {folder / name} lacks {left} bytes; back up without --snapshots",
        )
    return Part(name, size, digest.hexdigest())
