"""Give back the room of snapshots from which nothing is made any more.

Needed are the pages of every revision, of drafts and dead letters, and the newest of each address:
by later rules it may be an article. What is left are mostly articles that were read again and had
not changed.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import IO, TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, or_, select, update

from pipelines.errors import Halt
from pipelines.store.dialect import chunks
from pipelines.store.schema import ACTIVE_STATES, dead_letters, inbox, revisions, runs, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

OURS = re.compile(r"run-(\d+)-\d+\.warc\.gz")
ROWS = 10_000  # that are read at a time
SLICE = 20_000  # pages that are planned at a time: 5 MB
DAY = timedelta(days=1)  # after which a file that no row names belongs to no process


class Member(NamedTuple):
    """One page in a WARC file: the row's id, where it lies, and whether it is needed."""

    id: int
    file: str
    offset: int
    length: int
    needed: bool


@dataclass(frozen=True, slots=True)
class Pruned:
    """What pruning a file gives back: pages and bytes, and the bytes that stay.

    ``missing``: the file's name where the file is not there; its rows stay as they are.
    """

    pages: int
    freed: int
    kept: int
    missing: str = ""


def plan(store: Store, before: datetime) -> Iterator[list[Member]]:
    """Give the files that hold pages nobody needs, of those whose newest page is older.

    It holds a byte for each page of the archive and one slice of the plan; no transaction is open
    while the caller works on what it gave.
    """
    with store.one_moment() as conn:  # a draft may go from one table into another meanwhile
        needed = _needed(conn)
        portals = list(conn.execute(select(snapshots.c.portal).distinct()).scalars())
    for portal in sorted(portals):
        after: str | None = ""
        while after is not None:
            with store.read() as conn:
                files, after = _slice(conn, portal, after, before, needed)
            yield from files


def _slice(
    conn: Connection, portal: str, after: str, before: datetime, needed: bytearray
) -> tuple[list[list[Member]], str | None]:
    """Plan a portal's files behind ``after``; give the last one, None where there are no more.

    All pages of a file are of one run, and so of one portal.
    """
    table = snapshots
    mine = table.c.portal == portal, table.c.file > after
    old = select(table.c.file).where(*mine).group_by(table.c.file)
    written = select(runs.c.id).where(runs.c.state.in_(ACTIVE_STATES))  # a file of a run under way
    old = old.where(or_(table.c.run_id.is_(None), table.c.run_id.not_in(written)))
    old = old.having(func.max(table.c.fetched_at) < before)
    query = (
        select(table.c.id, table.c.file, table.c.offset, table.c.length)
        .where(*mine, table.c.file.in_(old))
        .order_by(table.c.file, table.c.offset)
    )
    last, held = len(needed) - 1, 0  # what came since is kept
    files: list[list[Member]] = []
    options = {"stream_results": True, "yield_per": ROWS}
    with conn.execute(query, execution_options=options) as rows:
        members = (Member(*row, row.id > last or bool(needed[row.id])) for row in rows)
        for name, group in groupby(members, key=lambda one: one.file):
            file = list(group)
            if not all(one.needed for one in file):
                files.append(file)
                held += len(file)
            if held >= SLICE:
                return files, name
    return files, None


def outlook(file: Sequence[Member]) -> Pruned:
    """Say what pruning a planned file would give back."""
    pages, kept = sum(not one.needed for one in file), sum(one.length for one in file if one.needed)
    return Pruned(pages, sum(one.length for one in file) - kept, kept)


def prune(store: Store, folder: Path, files: Iterable[Sequence[Member]]) -> Iterator[Pruned]:
    """Write what is needed of each file into a new one, and remove the old one.

    Whatever is interrupted leaves a file that no row names, which ``sweep_files`` removes.
    Raise Halt where the folder takes nothing.
    """
    for file in files:
        kept = [one for one in file if one.needed]
        try:
            name = _copy(folder, kept) if kept else ""
        except FileNotFoundError:
            yield Pruned(0, 0, sum(one.length for one in file), missing=file[0].file)
            continue
        except OSError as error:
            cure = "make room there, or correct GOMTIN_SNAPSHOTS"
            said = f"pages cannot be kept in {folder}: {error.strerror}; {cure}"
            raise Halt("snapshot.unwritable", said) from error
        _refer(store, file, name)
        (folder / file[0].file).unlink(missing_ok=True)
        yield outlook(file)


def _refer(store: Store, file: Sequence[Member], name: str) -> None:
    """Let the rows of what is kept name the new file, and drop the others."""
    offset = 0
    with store.begin() as conn:
        for one in file:
            if one.needed:
                values = {"file": name, "offset": offset}
                conn.execute(update(snapshots).where(snapshots.c.id == one.id).values(values))
                offset += one.length
        for part in chunks([one.id for one in file if not one.needed]):
            conn.execute(delete(snapshots).where(snapshots.c.id.in_(part)))


def sweep_files(store: Store, folder: Path, now: datetime) -> int:
    """Remove the files that no row names: what killed processes left; give their bytes.

    Raises Halt where one is of a run that this archive never had: another archive has the folder
    too, and all its files would go.
    """
    found = {path: OURS.fullmatch(path.name) for path in folder.glob("*/*.warc.gz")}
    with store.read() as conn:  # after the look: what has come since is known here
        named = set(conn.execute(select(snapshots.c.file).distinct()).scalars())
        newest = conn.execute(select(func.max(runs.c.id))).scalar() or 0
    left = {
        path: int(match[1])
        for path, match in found.items()
        if match and f"{path.parent.name}/{path.name}" not in named
    }
    if foreign := [path for path, run in left.items() if run > newest]:
        cure = "prune with that one, or correct GOMTIN_SNAPSHOTS or GOMTIN_STORE"
        said = f"{foreign[0]} is of another archive: what is left over is not removed; {cure}"
        raise Halt("snapshot.foreign", said)
    young, freed = (now - DAY).timestamp(), 0
    for path in left:
        with suppress(FileNotFoundError):
            state = path.stat()
            if state.st_mtime < young:
                path.unlink()
                freed += state.st_size
    return freed


def _needed(conn: Connection) -> bytearray:
    """Give a byte for the id of each page: 1 where something needs it.

    As a condition in SQL it has a plan that ends in PostgreSQL or one in SQLite, not in both.
    """
    last = conn.execute(select(func.max(snapshots.c.id))).scalar() or 0
    needed = bytearray(last + 1)
    newest = select(func.max(snapshots.c.id)).group_by(snapshots.c.portal, snapshots.c.url)
    held = [
        select(one.c.snapshot_id).where(one.c.snapshot_id.is_not(None))
        for one in (revisions, inbox, dead_letters)
    ]
    for query in (newest, *held):
        for page in conn.execute(
            query, execution_options={"stream_results": True, "yield_per": ROWS}
        ).scalars():
            if page <= last:
                needed[page] = 1
    return needed


def _copy(folder: Path, kept: Sequence[Member]) -> str:
    """Copy pages into a new file beside the old one; give its name below the folder."""
    old = folder / kept[0].file
    with old.open("rb") as source:
        new, target = _open_beside(old)
        try:
            with target:
                for one in kept:
                    source.seek(one.offset)
                    target.write(source.read(one.length))
                target.flush()
                os.fsync(target.fileno())
        except OSError:
            new.unlink()  # what was written takes the room that is lacking
            raise
    return f"{new.parent.name}/{new.name}"


def _open_beside(old: Path) -> tuple[Path, IO[bytes]]:
    run, number = old.name.rpartition("-")[0], 0
    while True:
        new = old.with_name(f"{run}-{number}.warc.gz")
        with suppress(FileExistsError):
            return new, new.open("xb")
        number += 1
