"""gomtin doctor: what keeps this installation from working, and the cure of each."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from cli.checkup import local_checks, scheduled_portals
from cli.checkup_line import Check
from cli.session import console, examples, notes, print_json, utc_now
from config.settings import SettingsError, load_settings
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command(
    "doctor",
    short_help="Say what keeps it from working, and the cure.",
    epilog=examples("gomtin doctor", "gomtin doctor --offline --json"),
)
@click.option("--offline", is_flag=True, help="Ask neither name servers nor portals.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each check.")
def doctor_command(offline: bool, as_json: bool) -> None:
    """Check settings, store, broker, traces, disk, clock, workers, network, portals; say the cure.

    Each scheduled portal is asked for robots.txt and its first door, at the pace of a crawl.
    Nothing is changed. Exit code 1 if anything fails; a warning is no failure.
    """
    checks = []
    for check in _checks(offline=offline):
        checks.append(check)
        if as_json:
            print_json(asdict(check))
    if not as_json:
        _show(checks)
    if any(check.level == "fail" for check in checks):
        raise SystemExit(1)


def _checks(*, offline: bool) -> Iterator[Check]:
    try:
        settings = load_settings()
    except SettingsError as error:
        yield Check("settings", "fail", str(error))  # which says the cure
        return
    yield from local_checks(settings, utc_now())
    if offline:
        return
    from cli.checkup_net import find_portals, network_checks

    portals = find_portals(scheduled_portals(settings))
    columns = TextColumn("asking portals"), BarColumn(), MofNCompleteColumn()
    bar = Progress(*columns, console=notes, transient=True)
    with bar if portals else nullcontext():
        task = bar.add_task("", total=len(portals))
        yield from network_checks(settings, portals, lambda: bar.advance(task))


def _show(checks: list[Check]) -> None:
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        table.add_row(Text(check.level, STYLES[check.level]), check.name, Text(check.says))
        if check.cure:
            table.add_row("", "", Text(f"-> {check.cure}", "bold"))
    console.print(table)
    wrong = sum(check.level == "fail" for check in checks)
    warned = sum(check.level == "warn" for check in checks)
    console.print(f"{counted(len(checks), 'check')}: {wrong} failed, {warned} to be looked at")
