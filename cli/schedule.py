"""gomtin schedule: what runs when, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from cli.session import (
    UNITS,
    When,
    archive,
    console,
    examples,
    local,
    print_json,
    require_portal,
    utc_now,
)
from crawler.registry import find_portal

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.store.schedule import Slot

LONGEST = 366 * 86_400  # seconds between two runs


@click.group(
    "schedule",
    invoke_without_command=True,
    epilog=examples(
        "gomtin schedule set hiepninh --every 2h",
        'gomtin schedule pause hiepninh --until 2026-12-01 --reason "site moves"',
    ),
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each slot.")
@click.pass_context
def schedule_command(ctx: click.Context, as_json: bool) -> None:
    """Show or change what runs when; schedules are kept by gomtin up."""
    if ctx.invoked_subcommand is None:
        _show(as_json=as_json)


@schedule_command.command("list", epilog=examples("gomtin schedule list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each slot.")
def list_slots(as_json: bool) -> None:
    """Show every slot: when it runs next, and why it does not."""
    _show(as_json=as_json)


@schedule_command.command(
    "set",
    epilog=examples(
        "gomtin schedule set hiepninh --every 2h --now",
        'gomtin schedule set baoangiang --cron "15 6-22 * * *"',
    ),
)
@click.argument("portal")
@click.option("--every", metavar="AGE", help="An interval: 30m, 2h, 1d.")
@click.option("--cron", default="", help='A cron line in Vietnam\'s time: "15 6-22 * * *".')
@click.option("--now", "at_once", is_flag=True, help="The first run is due at once.")
def set_slot_command(portal: str, every: str | None, cron: str, at_once: bool) -> None:
    """Say when PORTAL is crawled."""
    from pipelines.store.schedule import set_slot

    find_portal(portal)
    if bool(every) == bool(cron):
        raise click.UsageError("give either --every or --cron")
    seconds = _seconds(every) if every else None
    now = utc_now()
    with archive() as (_, store), store.begin() as conn:
        slot = set_slot(
            conn, portal, now, every_seconds=seconds, cron=cron, first_at=now if at_once else None
        )
    _say(slot, now)


@schedule_command.command(
    "pause",
    epilog=examples(
        'gomtin schedule pause hiepninh --reason "site moves" --until 2026-12-01',
        'gomtin schedule pause hiepninh --reason "overloaded" --until 12h',
    ),
)
@click.argument("portal")
@click.option("--reason", required=True, help="Why, for whoever looks next.")
@click.option(
    "--until", type=When(ahead=True), help="When it goes on by itself; default: when resumed."
)
def pause_command(portal: str, reason: str, until: datetime | None) -> None:
    """Make no runs of PORTAL for a while."""
    from pipelines.store.schedule import pause

    now = utc_now()
    if until and until <= now:
        raise click.UsageError(f"--until {local(until)} is past")
    with archive() as (_, store), store.begin() as conn:
        require_portal(conn, portal)
        _say(pause(conn, portal, reason, until), now)


@schedule_command.command("resume", epilog=examples("gomtin schedule resume hiepninh"))
@click.argument("portal")
def resume_command(portal: str) -> None:
    """End the pause of PORTAL."""
    from pipelines.store.schedule import resume

    with archive() as (_, store), store.begin() as conn:
        require_portal(conn, portal)
        _say(resume(conn, portal), utc_now())


@schedule_command.command("run", epilog=examples("gomtin schedule run hiepninh"))
@click.argument("portal")
def run_command(portal: str) -> None:
    """Queue a run of PORTAL now.

    The workers of gomtin up take it within seconds.
    """
    from pipelines.store.schedule import run_now

    find_portal(portal)
    with archive() as (_, store), store.begin() as conn:
        run_id = run_now(conn, portal, utc_now())
    console.print(f"{portal}: run {run_id} is queued; gomtin up takes it")


def _show(*, as_json: bool) -> None:
    from pipelines.store.schedule import slots

    now = utc_now()
    with archive() as (_, store), store.read() as conn:
        found = slots(conn)
    if as_json:
        for slot in found:
            row = {"portal": slot.portal, "every_seconds": slot.every_seconds, "cron": slot.cron}
            row |= {"next_at": _iso(slot.next_at), "paused": bool(_paused(slot, now))}
            print_json(row | {"why": _why(slot, now)})
        return
    if not found:
        console.print("nothing is scheduled; gomtin schedule set PORTAL --every 2h does it")
        return
    table = Table(box=None)
    for name in ("portal", "when", "next", "why"):
        table.add_column(name, no_wrap=name != "why")
    for slot in found:
        paused = _paused(slot, now)
        due = "-" if paused else local(slot.next_at)
        table.add_row(slot.portal, _rhythm(slot), due, Text(paused or slot.note))
    console.print(table)


def _say(slot: Slot, now: datetime) -> None:
    console.print(_why(slot, now), markup=False, soft_wrap=True)


def _rhythm(slot: Slot) -> str:
    if slot.cron or not slot.every_seconds:
        return f"cron {slot.cron}"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if slot.every_seconds % size == 0:
            return f"every {slot.every_seconds // size} {unit}"
    return f"every {slot.every_seconds} s"


def _paused(slot: Slot, now: datetime) -> str:
    from pipelines.store.schedule import FOREVER

    if slot.paused_until is None or slot.paused_until <= now:
        return ""
    end = "resumed" if slot.paused_until >= FOREVER else local(slot.paused_until)
    return f"paused until {end}: {slot.pause_reason}"


def _why(slot: Slot, now: datetime) -> str:
    paused = _paused(slot, now)
    if paused:
        return f"{slot.portal} is {paused}"
    note = f" ({slot.note})" if slot.note else ""
    return f"{slot.portal} runs next at {local(slot.next_at)}, {_rhythm(slot)}{note}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _seconds(text: str) -> int:
    from datetime import timedelta

    found = re.fullmatch(r"(\d+)([mhdw])", text)
    seconds = int(timedelta(**{UNITS[found[2]]: 1}).total_seconds()) * int(found[1]) if found else 0
    if not 0 < seconds <= LONGEST:
        raise click.UsageError(f"--every {text}: an interval looks like 30m, 2h or 1d")
    return seconds
