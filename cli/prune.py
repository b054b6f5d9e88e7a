"""gomtin prune: give back the room of fetched pages from which nothing is made any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click
from rich.progress import track

from cli.session import When, archive, console, examples, notes, print_json, utc_now
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipelines.store.pruning import Pruned

KEPT = timedelta(days=30)
YOUNGEST = timedelta(days=1)
CURE = "bring them back from a backup, or correct GOMTIN_SNAPSHOTS"


@click.command(
    "prune",
    short_help="Remove fetched pages from which nothing is made any more.",
    epilog=examples("gomtin prune", "gomtin prune --before 90d --apply"),
)
@click.option("--before", type=When(), help="Only what was fetched before (day or age) [30d].")
@click.option("--apply", "apply", is_flag=True, help="Remove them; else only say how much it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def prune_command(before: datetime | None, apply: bool, as_json: bool) -> None:
    """Remove the snapshots of pages that were read again and had not changed.

    The pages of every revision stay, and the newest of each address: gomtin reextract makes all
    articles anew from them. Workers may go on meanwhile; reextract and backup --snapshots, which
    read the files, had better not run.
    """
    from pipelines.store.pruning import outlook, plan, prune, sweep_files

    now = utc_now()
    if before and before > now - YOUNGEST:
        raise click.UsageError("--before must lie a day back: younger files may still be written")
    before = before or now - KEPT
    with archive() as (settings, store):
        with notes.status("looking for pages that nothing needs"):
            total = _total(map(outlook, plan(store, before)))
        if apply:
            work = prune(store, settings.snapshot_folder, plan(store, before))
            total = _total(track(work, "pruning", total.files, console=notes, transient=True))
            total.bytes += sweep_files(store, settings.snapshot_folder, now)
    if total.missing:
        number = f"{counted(total.missing, 'snapshot file')} of the index"
        notes.print(f"not there: {number}, as {total.example}; {CURE}", soft_wrap=True)
    told = {"pages": total.pages, "bytes": total.bytes, "applied": apply}
    print_json(told) if as_json else _print(told)


@dataclass(slots=True)
class _Total:
    """What comes of all files together; ``missing`` of them are not there, ``example`` is one."""

    files: int = 0
    pages: int = 0
    bytes: int = 0
    missing: int = 0
    example: str = ""


def _total(found: Iterable[Pruned]) -> _Total:
    total = _Total()
    for one in found:
        total.files += 1
        total.pages += one.pages
        total.bytes += one.freed
        total.missing += bool(one.missing)
        total.example = total.example or one.missing
    return total


def _print(told: Mapping[str, int]) -> None:
    pages, size = counted(told["pages"], "page"), f"{told['bytes'] / 1e6:.1f} MB"
    if told["applied"]:
        console.print(f"{pages} removed, {size} given back")
    else:
        console.print(f"needed by nothing: {pages}, {size}; --apply removes them")
