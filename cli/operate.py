"""gomtin status, failures and up: what an operator needs at night."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from cli.session import (
    When,
    ago,
    archive,
    console,
    examples,
    local,
    notes,
    print_json,
    require_portal,
    utc_now,
)
from pipelines.errors import Halt
from pipelines.health.standing import GRAVITY
from pipelines.plural import counted
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from config.settings import Settings
    from pipelines.store.letters import Letter
    from pipelines.store.overview import FailureGroup, PortalStatus

CHECK_SECONDS = 0.5
STYLES = {"fresh": "", "late": "yellow", "degraded": "yellow", "broken": "red", "paused": "dim"}
LETTERS = 100_000
IDS_SHOWN = 12
PORT = click.IntRange(0, 65_535)


@click.command("status", epilog=examples("gomtin status"))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each portal.")
def status_command(as_json: bool) -> None:
    """Show how every portal stands and what is waiting."""
    from pipelines.store.overview import overview

    now = utc_now()
    with archive() as (_, store), store.read() as conn:
        portals = overview(conn, now)
    if as_json:
        for portal in portals:
            print_json(_status_json(portal, now))
        return
    if not portals:
        console.print("the archive is empty; gomtin crawl PORTAL fills it, gomtin portals lists")
        return
    console.print(_status_table(portals, now))
    for one in sorted(portals, key=lambda one: GRAVITY.index(one.standing.state)):
        console.print(
            _said(one, now), style=STYLES[one.standing.state], markup=False, soft_wrap=True
        )
    states = Counter(one.standing.state for one in portals)
    totals = ", ".join(f"{states[state]} {state}" for state in GRAVITY if states[state])
    console.print(f"{counted(len(portals), 'portal')}: {totals}", style="bold")


def _said(one: PortalStatus, now: datetime) -> str:
    """Say why a portal stands as it does; of one that is not well, what to type."""
    said = f"{one.portal}: {one.standing.reason}"
    return f"{said}\n    since {ago(one.since, now)}; type {one.cure}" if one.since else said


def _status_table(portals: Sequence[PortalStatus], now: datetime) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("portal", overflow="fold")
    table.add_column("state", no_wrap=True)
    for name in ("stored", "7 days", "inbox", "dead"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("last run", no_wrap=True)
    table.add_column("next", no_wrap=True)
    for one in portals:
        numbers = (one.articles, one.new_this_week, one.waiting, one.buried)
        state = Text(one.standing.state, style=STYLES[one.standing.state])
        ends = _last(one, now), _next(one, now)
        table.add_row(Text(one.portal), state, *map(str, numbers), *ends)
    return table


@click.command("failures", epilog=examples("gomtin failures --since 24h"))
@click.option("--portal", help="Only this portal.")
@click.option("--since", type=When(), help="Only pages tried since (day, moment or age as 36h).")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each cause.")
def failures_command(portal: str | None, since: datetime | None, as_json: bool) -> None:
    """Group what fails at present by cause, with an example of each."""
    from pipelines.store.letters import letters
    from pipelines.store.overview import failures

    now = utc_now()
    with archive() as (_, store), store.read() as conn:
        require_portal(conn, portal)
        groups = failures(conn, portal=portal, since=since)
        buried = letters(conn, portal=portal, since=since, limit=LETTERS)
    if as_json:
        for group in groups:
            print_json(_failure_json(group, buried))
        return
    if not groups and not buried:
        console.print("nothing fails at present")
    for group in groups:
        head = (f"{group.count:>5}  ", "bold"), f"{group.portal}: ", (group.outcome.value, "red")
        said = f", {group.given_up} given up: gomtin retry asks again" if group.given_up else ""
        console.print(Text.assemble(*head, f" {group.code}, last {ago(group.last_at, now)}{said}"))
        detail = "" if group.example_detail == group.code else f"  {group.example_detail}"
        console.print(Text(f"       {group.example_url}{detail}"), soft_wrap=True)
    if buried:
        console.print(f"{counted(len(buried), 'dead letter')}; gomtin retry tries or drops them:")
        print_letters(buried)


def print_letters(found: Sequence[Letter]) -> None:
    """Print dead letters by cause: how many, why, and the ids that gomtin retry takes."""
    causes: dict[tuple[str, str, str], list[Letter]] = {}
    for letter in found:
        causes.setdefault((letter.portal, letter.code, letter.message), []).append(letter)
    for (portal, code, message), same in causes.items():
        ids = " ".join(str(letter.id) for letter in same[:IDS_SHOWN])
        rest = " ..." if len(same) > IDS_SHOWN else ""
        console.print(Text(f"{len(same):>5}  {portal}: {code}: {message}"), soft_wrap=True)
        console.print(Text(f"       ids {ids}{rest}; {same[0].url}"), soft_wrap=True)


@click.command("up", epilog=examples("gomtin up --port 8080"))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of the console.")
@click.option("--port", type=PORT, default=8080, show_default=True, help="Port of the console.")
def up_command(host: str, port: int) -> None:
    """Run broker, workers, scheduler and console.

    It ends by Ctrl+C or TERM: workers finish what they hold.
    """
    from workers.supervise import Stack

    with (
        archive() as (settings, _),
        _listen(host, port) as listener,
        Stack(settings, roles=("broker", "ingest", "crawl", "clock")) as stack,
    ):
        try:
            console_thread = _serve_console(settings, listener)
            address, data = f"http://{host}:{listener.getsockname()[1]}/", settings.data.absolute()
            notes.print(f"gomtin is up: console at {address}, data in {data}", soft_wrap=True)
            if others := ", ".join(one.role for one in stack.workers if one.process is None):
                notes.print(f"another gomtin runs {others} for it; when that ends, this one does")
            while console_thread.is_alive():
                for sentence in stack.check():
                    notes.print(f"{local(utc_now())}  {sentence}", markup=False, soft_wrap=True)
                time.sleep(CHECK_SECONDS)
        except KeyboardInterrupt:
            notes.print("stopping: workers finish what they hold")
            return
        raise Halt("console.ended", "the console has ended; its error stands above")


def _listen(host: str, port: int) -> socket.socket:
    """Take the console's port before anything is started."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        said = str(error.strerror).partition(" (while")[0]  # Python adds where it happened
        cure = "choose another --host or --port"
        raise Halt(
            "console.port", f"the console cannot listen on {host}:{port}: {said}; {cure}"
        ) from error


def _serve_console(settings: Settings, listener: socket.socket) -> threading.Thread:
    import uvicorn

    from console.app import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    return thread


def _last(status: PortalStatus, now: datetime) -> Text:
    run = status.last_run
    if run is None:
        return Text("not run yet")
    when = ago(run.finished_at or run.fetched_at or run.started_at or run.created_at, now)
    state = "" if run.state == "done" else f"{run.state}, "
    return Text(f"#{run.id} {state}{when}", style="red" if run.error else "")


def _next(status: PortalStatus, now: datetime) -> str:
    if status.paused_until and status.paused_until > now:
        return "paused"
    return local(status.next_at, "%m-%d %H:%M")


def _status_json(status: PortalStatus, now: datetime) -> dict[str, Any]:
    run = status.last_run
    return {
        "portal": status.portal,
        "state": status.standing.state,
        "reason": status.standing.reason,
        "since": status.since.isoformat() if status.since else None,
        "cure": status.cure,
        "articles": status.articles,
        "new_this_week": status.new_this_week,
        "waiting": status.waiting,
        "dead_letters": status.buried,
        "last_run": None if run is None else {"id": run.id, "state": run.state, "error": run.error},
        "next_at": status.next_at.isoformat() if status.next_at else None,
        "paused": bool(status.paused_until and status.paused_until > now),
    }


def _failure_json(group: FailureGroup, buried: Sequence[Letter]) -> dict[str, Any]:
    cause = (group.portal, group.code) if group.outcome is Outcome.DEAD_LETTER else None
    return {
        "portal": group.portal,
        "outcome": group.outcome,
        "code": group.code,
        "count": group.count,
        "example_url": group.example_url,
        "example_detail": group.example_detail,
        "last_at": group.last_at.isoformat(),
        "given_up": group.given_up,
        "dead_letters": [letter.id for letter in buried if (letter.portal, letter.code) == cause],
    }
