"""gomtin schedule: what runs when, and why."""

from __future__ import annotations

import re
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

import click
from rich.padding import Padding
from rich.text import Text

from cli.session import (
    UNITS,
    Number,
    When,
    archive,
    console,
    examples,
    local,
    print_json,
    require_portal,
    utc_now,
)
from cli.timetable import (
    bounds_of,
    explain,
    grounds_json,
    outlook_lines,
    slot_json,
    slot_table,
)
from crawler.registry import find_portal

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.store.schedule import Slot, Timing

LONGEST = 366 * 86_400  # seconds between two runs


class Age(click.ParamType[int]):
    """An interval such as 30m, 2h or 1d, read as seconds."""

    name = "AGE"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Give the seconds; fail for what is no interval."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d+)([mhdw])", value)
        unit = timedelta(**{UNITS[found[2]]: 1}).total_seconds() if found else 0
        seconds = int(unit) * int(found[1]) if found else 0
        if not 0 < seconds <= LONGEST:
            self.fail(f"{value!r}: an interval looks like 30m, 2h or 1d", param, ctx)
        return seconds


@click.group(
    "schedule",
    short_help="Show or change what runs when.",
    invoke_without_command=True,
    epilog=examples(
        "gomtin schedule set hiepninh",
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
        "gomtin schedule set hiepninh danvankheo",
        "gomtin schedule set hiepninh --requests 40 --ceiling 12h --quiet 22:00-05:00",
        "gomtin schedule set hiepninh --within 3h",
        "gomtin schedule set hiepninh --every 2h --now",
        'gomtin schedule set baoangiang --cron "15 6-22 * * *"',
    ),
)
@click.argument("targets", nargs=-1, required=True, metavar="PORTAL[/SECTION]...")
@click.option("--every", type=Age(), help="An interval instead: 30m, 2h, 1d.")
@click.option("--cron", default="", help='A cron line in Vietnam\'s time: "15 6-22 * * *".')
@click.option("--requests", type=Number(3), help="Adaptive: at most N requests a day.")
@click.option("--floor", type=Age(), help="Adaptive: the least time between two visits.")
@click.option("--ceiling", type=Age(), help="Adaptive: the longest time between two visits.")
@click.option(
    "--worth",
    type=Age(),
    help="Adaptive: the waiting that a visit has to spare its articles, together (30m); "
    "less means more visits.",
)
@click.option(
    "--within",
    type=Age(),
    help="Adaptive: as few visits as find 95 of 100 articles in this time, as far as "
    "--requests allow; with --worth: what waits longer counts for 25 times that more.",
)
@click.option(
    "--quiet", default="", metavar="HOURS", help="No visits then: 22:00-05:00,12:00-13:00."
)
@click.option("--holidays", is_flag=True, help="No visits on Vietnam's public holidays.")
@click.option(
    "--priority", type=Number(0), default=0, help="Of two due portals the higher comes first [0]."
)
@click.option("--now", "at_once", is_flag=True, help="The first run is due at once.")
def set_slot_command(
    targets: tuple[str, ...],
    every: int | None,
    cron: str,
    requests: int | None,
    floor: int | None,
    ceiling: int | None,
    worth: int | None,
    within: int | None,
    quiet: str,
    holidays: bool,
    priority: int,
    at_once: bool,
) -> None:
    """Say when portals, or single sections of them, are crawled.

    Without --every or --cron the visits follow the hours at which the portal publishes.
    """
    from pipelines.store.schedule import Timing, set_slot

    if every and cron:
        raise click.UsageError("give --every or --cron, not both")
    given = {
        "daily_requests": requests,
        "floor_seconds": floor,
        "ceiling_seconds": ceiling,
        "worth_seconds": worth,
        "within_seconds": within,
    }
    bounds = {name: value for name, value in given.items() if value is not None}
    if (every or cron) and bounds:
        raise click.UsageError(
            "--requests, --floor, --ceiling, --worth and --within bound an adaptive schedule only"
        )
    timing = Timing(every, cron, **bounds, quiet=quiet, holidays=holidays, priority=priority)
    _check(timing)
    named = [_target(target) for target in targets]
    now = utc_now()
    for portal, section in named:
        first_at = now if at_once else None
        with archive() as (_, store), store.begin() as conn:
            slot = set_slot(conn, portal, now, timing, section=section, first_at=first_at)
        _say(slot, now)


def _check(timing: Timing) -> None:
    from pipelines.schedule.planning import VISIT_REQUESTS
    from pipelines.store.opening import Quiet

    if timing.floor_seconds > timing.ceiling_seconds:
        raise click.UsageError("--floor is longer than --ceiling")
    if timing.within_seconds and timing.within_seconds < timing.floor_seconds:
        raise click.UsageError("--within is shorter than --floor: no plan can keep it")
    least = ceil(timedelta(days=1).total_seconds() / timing.ceiling_seconds) * VISIT_REQUESTS
    if timing.adaptive and least > timing.daily_requests:
        raise click.UsageError(
            f"the --ceiling alone asks for {least} requests a day, and --requests allows "
            f"{timing.daily_requests}"
        )
    Quiet.read(timing.quiet)


def _target(text: str) -> tuple[str, str]:
    portal, _, section = text.partition("/")
    find_portal(portal).doors_of(section)
    return portal, section


@schedule_command.command("drop", epilog=examples("gomtin schedule drop hiepninh"))
@click.argument("target", metavar="PORTAL[/SECTION]")
def drop_command(target: str) -> None:
    """Take a portal or section off the schedule."""
    from pipelines.store.schedule import drop_slot

    portal, _, section = target.partition("/")
    with archive() as (_, store), store.begin() as conn:
        require_portal(conn, portal)
        dropped = drop_slot(conn, portal, section)
    console.print(f"{target} {'is off' if dropped else 'was not on'} the schedule")


@schedule_command.command(
    "pause",
    epilog=examples(
        'gomtin schedule pause hiepninh --reason "site moves" --until 2026-12-01',
        'gomtin schedule pause hiepninh --reason "overloaded" --until 12h',
    ),
)
@click.argument("target", metavar="PORTAL[/SECTION]")
@click.option("--reason", required=True, help="Why, for whoever looks next.")
@click.option(
    "--until", type=When(ahead=True), help="When it goes on by itself; default: when resumed."
)
def pause_command(target: str, reason: str, until: datetime | None) -> None:
    """Make no runs of a portal or section for a while."""
    from pipelines.store.schedule import pause

    now = utc_now()
    if until and until <= now:
        raise click.UsageError(f"--until {local(until)} is past")
    portal, _, section = target.partition("/")
    with archive() as (_, store), store.begin() as conn:
        require_portal(conn, portal)
        _say(pause(conn, portal, reason, until, section), now)


@schedule_command.command("resume", epilog=examples("gomtin schedule resume hiepninh"))
@click.argument("target", metavar="PORTAL[/SECTION]")
def resume_command(target: str) -> None:
    """End a pause."""
    from pipelines.store.schedule import resume

    portal, _, section = target.partition("/")
    with archive() as (_, store), store.begin() as conn:
        require_portal(conn, portal)
        _say(resume(conn, portal, section), utc_now())


@schedule_command.command("run", epilog=examples("gomtin schedule run hiepninh"))
@click.argument("target", metavar="PORTAL[/SECTION]")
def run_command(target: str) -> None:
    """Queue a run now.

    The workers of gomtin up take it within seconds.
    """
    from pipelines.store.schedule import run_now

    portal, section = _target(target)
    with archive() as (_, store), store.begin() as conn:
        run_id = run_now(conn, portal, utc_now(), section=section)
    console.print(f"{target}: run {run_id} is queued; gomtin up takes it")


@schedule_command.command("why", epilog=examples("gomtin schedule why hiepninh"))
@click.argument("target", metavar="PORTAL[/SECTION]")
@click.option("--json", "as_json", is_flag=True, help="Print the same as one line of JSON.")
def why_command(target: str, as_json: bool) -> None:
    """Explain why and when a portal or section runs next."""
    from pipelines.schedule.planning import draw
    from pipelines.store.schedule import get_slot

    portal, _, section = target.partition("/")
    now = utc_now()
    with archive() as (_, store):
        with store.read() as conn:
            require_portal(conn, portal)
            slot = get_slot(conn, portal, section)
        outlook = slot.outlook or (draw(store, slot, now) if slot.timing.adaptive else None)
    if as_json:
        print_json(slot_json(slot, now) | grounds_json(slot, outlook, now))
        return
    _say(slot, now)
    lines = bounds_of(slot) + (outlook_lines(slot.timing, outlook, now) if outlook else [])
    for line in lines:
        console.print(Padding(Text(line), (0, 0, 0, 2)))


def _show(*, as_json: bool) -> None:
    from pipelines.store.schedule import slots

    now = utc_now()
    with archive() as (_, store), store.read() as conn:
        found = slots(conn)
    if as_json:
        for slot in found:
            print_json(slot_json(slot, now))
        return
    if not found:
        console.print("nothing is scheduled; gomtin schedule set PORTAL does it")
        return
    console.print(slot_table(found, now))


def _say(slot: Slot, now: datetime) -> None:
    console.print(explain(slot, now), markup=False, soft_wrap=True)
