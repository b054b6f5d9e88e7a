"""gomtin schedule: what runs when, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from rich.table import Table

from cli.session import UNITS, When, archive, console, examples, local, print_json, utc_now
from crawler.registry import find_portal

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from pipelines.store.schedule import Slot


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


@schedule_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each slot.")
def list_slots(as_json: bool) -> None:
    """Show every slot: when it runs next, and why it does not."""
    _show(as_json=as_json)


@schedule_command.command("set")
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
    seconds = int(_age(every).total_seconds()) if every else None
    now = utc_now()
    with archive() as (_, store), store.begin() as conn:
        slot = set_slot(
            conn, portal, now, every_seconds=seconds, cron=cron, first_at=now if at_once else None
        )
    console.print(_why(slot, now))


@schedule_command.command("pause")
@click.argument("portal")
@click.option("--reason", required=True, help="Why, for whoever looks next.")
@click.option("--until", type=When(), help="When it goes on by itself; default: when resumed.")
def pause_command(portal: str, reason: str, until: datetime | None) -> None:
    """Make no runs of PORTAL for a while."""
    from pipelines.store.schedule import pause

    with archive() as (_, store), store.begin() as conn:
        console.print(_why(pause(conn, portal, reason, until), utc_now()))


@schedule_command.command("resume")
@click.argument("portal")
def resume_command(portal: str) -> None:
    """End the pause of PORTAL."""
    from pipelines.store.schedule import resume

    with archive() as (_, store), store.begin() as conn:
        console.print(_why(resume(conn, portal), utc_now()))


@schedule_command.command("run")
@click.argument("portal")
def run_command(portal: str) -> None:
    """Queue a run of PORTAL now; the workers of gomtin up take it within seconds."""
    from pipelines.store.schedule import run_now

    find_portal(portal)
    with archive() as (_, store), store.begin() as conn:
        console.print(f"{portal}: run {run_now(conn, portal, utc_now())} is queued")


def _show(*, as_json: bool) -> None:
    from pipelines.store.schedule import slots

    now = utc_now()
    with archive() as (_, store), store.read() as conn:
        found = slots(conn)
    if as_json:
        for slot in found:
            print_json(
                {"portal": slot.portal, "next_at": _iso(slot.next_at), "why": _why(slot, now)}
            )
        return
    if not found:
        console.print("nothing is scheduled; gomtin schedule set PORTAL --every 2h does it")
        return
    table = Table(box=None)
    for name in ("portal", "when", "next", "why"):
        table.add_column(name)
    for slot in found:
        table.add_row(slot.portal, _rhythm(slot), local(slot.next_at), _why(slot, now))
    console.print(table)


def _rhythm(slot: Slot) -> str:
    return f"cron {slot.cron}" if slot.cron else f"every {slot.every_seconds} s"


def _why(slot: Slot, now: datetime) -> str:
    if slot.paused_until and slot.paused_until > now:
        return f"{slot.portal} is paused until {local(slot.paused_until)}: {slot.pause_reason}"
    note = f" ({slot.note})" if slot.note else ""
    return f"{slot.portal} runs next at {local(slot.next_at)}, {_rhythm(slot)}{note}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _age(text: str) -> timedelta:
    from datetime import timedelta

    found = re.fullmatch(r"(\d+)([mhdw])", text)
    if not found or found[1] == "0":
        raise click.UsageError(f"--every {text}: an interval looks like 30m, 2h or 1d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})
