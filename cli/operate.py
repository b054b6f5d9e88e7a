"""gomtin status, failures, retry and up: what an operator needs at night."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from cli.session import When, ago, archive, console, examples, local, notes, print_json, utc_now

if TYPE_CHECKING:
    from datetime import datetime

    from config.settings import Settings
    from pipelines.store.overview import FailureGroup, PortalStatus

CHECK_SECONDS = 0.5


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
    table = Table(box=None)
    for name in ("portal", "articles", "new in 7 days", "waiting", "dead letters", "last run"):
        table.add_column(name, justify="left" if name in {"portal", "last run"} else "right")
    for one in portals:
        numbers = (one.articles, one.new_this_week, one.waiting, one.buried)
        table.add_row(one.portal, *map(str, numbers), _sentence(one, now))
    console.print(table)


@click.command("failures", epilog=examples("gomtin failures --since 24h"))
@click.option("--portal", help="Only this portal.")
@click.option("--since", type=When(), help="Only pages tried since (day, moment or age as 36h).")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each cause.")
def failures_command(portal: str | None, since: datetime | None, as_json: bool) -> None:
    """Group what fails at present by cause, with an example of each."""
    from pipelines.store.letters import letters
    from pipelines.store.overview import failures

    with archive() as (_, store), store.read() as conn:
        groups = failures(conn, portal=portal, since=since)
        buried = letters(conn, portal=portal)
    if as_json:
        for group in groups:
            print_json(_failure_json(group))
        return
    if not groups:
        console.print("nothing fails at present")
    for group in groups:
        console.print(
            f"[bold]{group.count:>5}[/bold]  {group.portal}: [red]{group.outcome}[/red] "
            f"{group.code}, last {ago(group.last_at, utc_now())}"
        )
        console.print(f"       {group.example_url}  {group.example_detail}", soft_wrap=True)
    if buried:
        console.print(f"{len(buried)} dead letters; gomtin retry puts them back:")
        for letter in buried[:20]:
            console.print(f"  {letter.id:>6}  {letter.portal}  {letter.code}: {letter.message}")


@click.command("retry", epilog=examples("gomtin retry 12 13", "gomtin retry --code ingest.poison"))
@click.argument("ids", nargs=-1, type=int, metavar="[DEAD_LETTER...]")
@click.option("--portal", help="All dead letters of this portal.")
@click.option("--code", help="All dead letters of this cause.")
@click.option("--all", "everything", is_flag=True, help="All dead letters.")
def retry_command(
    ids: tuple[int, ...],
    portal: str | None,
    code: str | None,
    everything: bool,
) -> None:
    """Put dead letters back into the inbox and wait until they have ended."""
    from pipelines.store.inbox import pending
    from pipelines.store.letters import letters, retry
    from workers.supervise import Stack

    if not (ids or portal or code or everything):
        raise click.UsageError("name dead letters by id, --portal or --code, or say --all")
    with archive() as (settings, store):
        with store.begin() as conn:
            chosen = ids or [x.id for x in letters(conn, portal=portal, code=code, limit=100_000)]
            waiting = retry(conn, chosen, utc_now())
        with Stack(settings, roles=("broker", "ingest", "clock")) as stack:
            left = len(waiting)
            while left:
                stack.check()
                time.sleep(CHECK_SECONDS)
                with store.read() as conn:
                    left = pending(conn)
        with store.read() as conn:
            again = {x.key for x in letters(conn, portal=portal, code=code, limit=100_000)}
    console.print(f"{len(waiting)} retried; {len(again)} dead letters remain")
    if again:
        raise SystemExit(1)


@click.command("up", epilog=examples("gomtin up --port 8080"))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of the console.")
@click.option("--port", default=8080, show_default=True, help="Port of the console.")
def up_command(host: str, port: int) -> None:
    """Run everything: broker, workers, scheduler and console, until interrupted."""
    from workers.supervise import Stack

    with (
        archive() as (settings, _),
        Stack(settings, roles=("broker", "ingest", "crawl", "clock")) as stack,
    ):
        _serve_console(settings, host, port)
        notes.print(f"gomtin is up: console at http://{host}:{port}/, data in {settings.data}")
        try:
            while True:
                for sentence in stack.check():
                    notes.print(f"{local(utc_now())}  {sentence}")
                time.sleep(CHECK_SECONDS)
        except KeyboardInterrupt:
            notes.print("stopping: workers finish what they hold")


def _serve_console(settings: Settings, host: str, port: int) -> None:
    import uvicorn

    from console.app import create_app

    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), host=host, port=port, log_level="warning")
    )
    threading.Thread(target=server.run, daemon=True).start()


def _sentence(status: PortalStatus, now: datetime) -> str:
    run = status.last_run
    if run is None:
        return "not run yet"
    when = ago(run.finished_at or run.fetched_at or run.started_at or run.created_at, now)
    state = f"[red]{run.state}[/red]: {run.error}," if run.error else f"{run.state},"
    due = f"; next {local(status.next_at)}" if status.next_at else ""
    if status.paused_until and status.paused_until > now:
        due = f"; paused until {local(status.paused_until)}"
    return f"run {run.id} {state} {when}{due}"


def _status_json(status: PortalStatus, now: datetime) -> dict[str, Any]:
    run = status.last_run
    return {
        "portal": status.portal,
        "articles": status.articles,
        "new_this_week": status.new_this_week,
        "waiting": status.waiting,
        "dead_letters": status.buried,
        "last_run": None if run is None else {"id": run.id, "state": run.state, "error": run.error},
        "next_at": status.next_at.isoformat() if status.next_at else None,
        "paused": bool(status.paused_until and status.paused_until > now),
    }


def _failure_json(group: FailureGroup) -> dict[str, Any]:
    return {
        "portal": group.portal,
        "outcome": group.outcome,
        "code": group.code,
        "count": group.count,
        "example_url": group.example_url,
        "example_detail": group.example_detail,
        "last_at": group.last_at.isoformat(),
    }
