"""Read a backup into an empty archive; a damaged file or a place that is not empty is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, func, insert, select, text
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

from pipelines.file_faults import file_fault, is_there
from pipelines.plural import counted
from pipelines.store.backup import (
    FORMAT,
    MANIFEST,
    PIECE,
    ROWS_AT_ONCE,
    TABLES,
    member_of,
    raw_type,
)
from pipelines.store.columns import UtcTime
from pipelines.store.dialect import is_sqlite
from pipelines.store.engine import SCHEMA_VERSION
from pipelines.store.faults import StoreError
from pipelines.store.positions import remember
from pipelines.store.schema import metadata
from pipelines.store.search_rows import ANEW_TASK, unindexed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection, Insert, Table

    from pipelines.store.engine import Store


@contextmanager
def open_backup(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """Give the file and its manifest; raise StoreError when it is none or of another time."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest: dict[str, Any] = dict(json.loads(archive.read(MANIFEST)))
            if (manifest["format"], manifest["schema"]) != (FORMAT, SCHEMA_VERSION):
                made = f"format {manifest['format']}, tables {manifest['schema']}"
                cure = "restore it with the gomtin that made it, then update"
                raise StoreError("restore.version", f"{path} is of another gomtin ({made}); {cure}")
            yield archive, manifest
    except OSError as error:
        said = f"{path} cannot be read: {file_fault(error)}"
        raise StoreError("restore.file", said) from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise StoreError("restore.damaged", f"{path} is no whole backup: {error}") from error


def restore(
    store: Store,
    archive: zipfile.ZipFile,
    manifest: Mapping[str, Any],
    *,
    folder: Path,
    tell: Callable[[int], None],
) -> None:
    """Fill an empty archive and its snapshot folder; the tables all or none.

    WARC files that a restore which was killed has left are taken over. Raise StoreError when the
    place is not empty or the file does not hold what its manifest says.
    """
    files = {_inside(name): facts for name, facts in manifest["snapshots"].items()}
    with store.begin() as conn:
        _require_empty(conn)
        missing = _missing(folder, files, tell)
        for table in TABLES:
            _read_table(conn, archive, table, manifest["tables"][table.name], tell)
        for name, last in manifest["counters"].items():
            _set_counter(conn, metadata.tables[name], last)
        remember(conn, ANEW_TASK, 0)  # the words are not indexed yet
        _read_files(archive, folder, missing, tell)


def _require_empty(conn: Connection) -> None:
    for table in TABLES:
        found = conn.execute(select(func.count()).select_from(table)).scalar_one()
        if found:
            said = f"the archive holds {counted(found, 'row')} in {table.name}"
            cure = "restore into an empty place: another GOMTIN_DATA, or an empty database"
            if unindexed(conn):
                cure = f"if a restore was cut off here, gomtin reindex does the rest; else {cure}"
            raise StoreError("restore.not_empty", f"{said}; {cure}")


def _missing(
    folder: Path, files: Mapping[str, Mapping[str, Any]], tell: Callable[[int], None]
) -> dict[str, Mapping[str, Any]]:
    """Give the WARC files that are not in the folder yet; raise StoreError for another one."""
    missing = {}
    for name, facts in files.items():
        path = folder / name
        if not is_there(path):
            missing[name] = facts
        elif _digest(path) == facts["sha256"]:
            tell(facts["bytes"])
        else:
            said = f"{path} is there already and is not the backup's"
            cure = f"move {folder} away, or name another folder by GOMTIN_SNAPSHOTS"
            raise StoreError("restore.not_empty", f"{said}; {cure}")
    return missing


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        said = f"{path} cannot be read: {file_fault(error)}"
        raise StoreError("restore.unreadable", said) from error


def _read_table(
    conn: Connection,
    archive: zipfile.ZipFile,
    table: Table,
    facts: Mapping[str, Any],
    tell: Callable[[int], None],
) -> None:
    columns = (sql_column(one.name, raw_type(one)) for one in table.c)
    statement = insert(sql_table(table.name, *columns))
    digest, read = hashlib.sha256(), 0
    rows: list[dict[str, Any]] = []
    with archive.open(member_of(table)) as lines:
        for line in lines:
            digest.update(line)
            rows.append(_row(table, json.loads(line)))
            if len(rows) == ROWS_AT_ONCE:
                read += _insert(conn, statement, rows, tell)
    read += _insert(conn, statement, rows, tell)
    if (read, digest.hexdigest()) != (facts["rows"], facts["sha256"]):
        raise ValueError(f"{table.name} is not what the manifest says")


def _insert(
    conn: Connection,
    statement: Insert,
    rows: list[dict[str, Any]],
    tell: Callable[[int], None],
) -> int:
    """Insert what has come together and empty the list; give how many."""
    number = len(rows)
    if rows:
        conn.execute(statement, rows)
        rows.clear()
        tell(number)
    return number


def _row(table: Table, plain: dict[str, Any]) -> dict[str, Any]:
    for column in table.c:
        value = plain[column.name]
        if value is not None and isinstance(column.type, UtcTime):
            plain[column.name] = datetime.fromisoformat(value)
        elif value is not None and isinstance(column.type, LargeBinary):
            plain[column.name] = base64.b64decode(value)
    return plain


def _set_counter(conn: Connection, table: Table, last: int) -> None:
    """Let the table go on behind the last number that it ever gave."""
    if is_sqlite(conn):
        named = {"name": table.name, "last": last}
        conn.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        conn.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), named)
    elif last:
        sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
        conn.execute(sequence, {"name": table.name, "last": last})


def _inside(name: str) -> str:
    """Give a file's name if it stays inside its folder; raise StoreError."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise StoreError("restore.damaged", f"the backup names a file outside its folder: {name}")
    return name


def _read_files(
    archive: zipfile.ZipFile,
    folder: Path,
    files: Mapping[str, Mapping[str, Any]],
    tell: Callable[[int], None],
) -> None:
    """Write the WARC files; none of them stays when one is damaged or finds no room."""
    made: list[Path] = []
    try:
        for name, facts in files.items():
            _read_file(archive, name, folder / name, facts["sha256"], tell)
            made.append(folder / name)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _read_file(
    archive: zipfile.ZipFile, name: str, target: Path, wanted: str, tell: Callable[[int], None]
) -> None:
    """Write one file; raise ValueError when its digest is not the ``wanted`` one."""
    digest = hashlib.sha256()
    with archive.open(f"snapshots/{name}") as source, _new_file(target) as to:
        while piece := source.read(PIECE):
            to.write(piece)
            digest.update(piece)
            tell(len(piece))
        if digest.hexdigest() != wanted:
            raise ValueError(f"{name} is not what the manifest says")


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that gets its name when it is whole; raise StoreError if it cannot be written."""
    draft = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    except OSError as error:
        said = f"{path} cannot be written: {file_fault(error)}"
        raise StoreError("restore.unwritable", said) from error
    finally:
        with suppress(OSError):  # it has its name now, or was never made
            draft.unlink()
