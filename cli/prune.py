"""gomtin prune: give back the room of fetched pages from which nothing is made any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click
from rich.progress import track

from cli.session import When, archive, console, examples, notes, print_json, utc_now
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

KEPT = timedelta(days=30)
YOUNGEST = timedelta(days=1)


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
    from pipelines.store.pruning import plan, prune, sweep_files

    now = utc_now()
    if before and before > now - YOUNGEST:
        raise click.UsageError("--before must lie a day back: younger files may still be written")
    with archive() as (settings, store):
        with store.read() as conn, notes.status("looking for pages that nothing needs"):
            files = plan(conn, before or now - KEPT)
        gone = [one for file in files for one in file if not one.needed]
        told = {"pages": len(gone), "bytes": sum(one.length for one in gone), "applied": apply}
        if apply:
            work = prune(store, settings.snapshot_folder, files)
            steps = track(work, "pruning", len(files), console=notes, transient=True)
            done = list(steps)
            told["pages"] = sum(one.pages for one in done)
            told["bytes"] = sum(one.freed for one in done)
            told["bytes"] += sweep_files(store, settings.snapshot_folder, now)
    print_json(told) if as_json else _print(told)


def _print(told: Mapping[str, int]) -> None:
    pages, size = counted(told["pages"], "page"), f"{told['bytes'] / 1e6:.1f} MB"
    if told["applied"]:
        console.print(f"{pages} removed, {size} given back")
    else:
        console.print(f"needed by nothing: {pages}, {size}; --apply removes them")
