"""gomtin backup and restore: the whole archive in one file, and back into an empty place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cli.session import archive, console, examples, local, notes, print_json, utc_now
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PATH = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "backup",
    short_help="Write the whole archive into one file.",
    epilog=examples("gomtin backup gomtin-2026-11-22.zip", "gomtin backup F --snapshots"),
)
@click.argument("file", type=PATH)
@click.option("--snapshots", is_flag=True, help="With the WARC files of the fetched pages.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as one line of JSON.")
def backup_command(file: Path, snapshots: bool, as_json: bool) -> None:
    """Write the whole archive, as it is at this moment, into one new FILE.

    Workers may go on meanwhile. The file fits SQLite and PostgreSQL alike and holds all texts:
    only its owner may read it. Settings and passwords are not in it.
    """
    from pipelines.store.backup import backup, sizes

    with archive() as (settings, store):
        rows, size = sizes(store, with_snapshots=snapshots)
        folder = settings.snapshot_folder if snapshots else None
        with _bar("saving") as bar:
            task = bar.add_task("", total=rows + size)
            manifest = backup(
                store, file, utc_now(), folder=folder, tell=lambda done: bar.advance(task, done)
            )
    if as_json:
        print_json(manifest)
    else:
        console.print(f"{file}: {_said(manifest)}", markup=False, soft_wrap=True)
    if not snapshots and manifest["tables"]["snapshots"]["rows"]:
        notes.print("fetched pages are not in it, which gomtin reextract reads: --snapshots")


@click.command(
    "restore",
    short_help="Fill an empty archive from a backup.",
    epilog=examples("gomtin restore gomtin-2026-11-22.zip"),
)
@click.argument("file", type=PATH)
def restore_command(file: Path) -> None:
    """Fill an empty archive (GOMTIN_DATA, GOMTIN_STORE) from a backup.

    A place that holds anything is refused. Words are indexed anew at the end.
    """
    from pipelines.reprocess.reindex import reindex
    from pipelines.store.restore import open_backup, restore

    with open_backup(file) as (source, manifest), archive() as (settings, store):
        tables, files = manifest["tables"], manifest["snapshots"]
        indexed = tables["articles"]["rows"]
        total = sum(one["rows"] for one in tables.values())
        total += sum(one["bytes"] for one in files.values()) + indexed
        with _bar("restoring") as bar:
            task = bar.add_task("", total=total)
            restore(
                store,
                source,
                manifest,
                folder=settings.snapshot_folder,
                tell=lambda done: bar.advance(task, done),
            )
            for read in reindex(store):
                bar.update(task, completed=total - indexed + read)
    when = local(datetime.fromisoformat(manifest["made_at"]))
    console.print(f"restored as of {when}: {_said(manifest)}", markup=False, soft_wrap=True)
    if tables["snapshots"]["rows"] and not files:
        notes.print("fetched pages were not in it: gomtin reextract cannot read them")


def _bar(verb: str) -> Progress:
    columns = TextColumn(verb), BarColumn(), TextColumn("{task.percentage:.0f} %")
    return Progress(*columns, TimeRemainingColumn(), console=notes, transient=True)


def _said(manifest: Mapping[str, Any]) -> str:
    tables, files = manifest["tables"], manifest["snapshots"]
    rows = sum(one["rows"] for one in tables.values())
    said = f"{counted(tables['articles']['rows'], 'article')}, {counted(rows, 'row')}"
    if files:
        size = sum(one["bytes"] for one in files.values())
        said += f", {counted(len(files), 'snapshot file')} ({size / 1e6:.1f} MB)"
    return said
