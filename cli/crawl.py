"""gomtin crawl: one-shot crawls through the whole pipeline, with progress and a summary."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from cli.progress import RunBars, summary_table
from cli.session import (
    Number,
    archive,
    console,
    examples,
    notes,
    print_json,
    require_web_address,
    utc_now,
)
from crawler.network.addresses import is_loopback
from crawler.registry import find_portal, portal_at, site_id
from pipelines.errors import Reject
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pipelines.store.engine import Store
    from pipelines.store.runs import Run, RunKind, RunParams
    from workers.supervise import Stack

POLL_SECONDS = 0.2
MIN_DELAY = 2.0
ENDED = frozenset({"done", "failed", "stopped"})


@dataclass(frozen=True, slots=True)
class Report:
    """How one run ended: its portal, state, fault and totals by outcome."""

    portal: str
    run: int
    state: str
    error: str
    totals: Mapping[Outcome, int]

    def after(self, earlier: Report | None) -> Report:
        """Give the report of a backfill so far; what a slice left over was met again later."""
        if earlier is None:
            return self
        met = {name: n for name, n in earlier.totals.items() if name is not Outcome.OVER_LIMIT}
        totals = Counter(met) + Counter(self.totals)
        return replace(self, totals=dict(totals))

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return asdict(self) | {"totals": {str(name): n for name, n in self.totals.items()}}


@click.command(
    "crawl",
    short_help="Crawl portals once, through the whole pipeline.",
    epilog=examples(
        "gomtin crawl danvankheo hiepninh --limit 50",
        "gomtin crawl hiepninh --base-url http://127.0.0.1:8003 --delay 0",
        "gomtin crawl --url https://example.gov.vn/",
    ),
)
@click.argument("portals", nargs=-1, metavar="PORTAL...")
@click.option("--url", help="Crawl a site without a spider: its family is found by looking.")
@click.option("--limit", type=Number(), help="Read at most N article pages a portal.")
@click.option(
    "--base-url",
    "base_urls",
    multiple=True,
    metavar="[PORTAL=]URL",
    help="Read the portal from a replica; with several portals once for each, PORTAL=URL.",
)
@click.option(
    "--delay",
    type=click.FloatRange(0),
    help="Seconds between two requests to a host; below 2 only for this machine's addresses.",
)
@click.option(
    "--backfill",
    is_flag=True,
    help="Walk the whole archive, slice by slice; the same command goes on after a stop.",
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="With --backfill: only what is from this day on; listings are left where they get older.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each portal.")
def crawl_command(
    portals: tuple[str, ...],
    url: str | None,
    limit: int | None,
    base_urls: tuple[str, ...],
    delay: float | None,
    backfill: bool,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Crawl portals once through the whole pipeline and show what became of every page."""
    from cli.backfill import backfill_portals, sliced
    from workers.supervise import Stack

    if until and not backfill:
        raise click.UsageError("--until bounds a --backfill")
    plans = _plans(portals, url, base_urls, limit, delay)
    if backfill:
        plans = {name: sliced(params, until) for name, params in plans.items()}
    with archive() as (settings, store), Stack(settings) as stack:
        if not settings.contact and not all(map(_on_this_machine, plans.values())):
            notes.print("set GOMTIN_CONTACT: operators of portals should be able to reach you")
        crawl = backfill_portals if backfill else crawl_portals
        reports = crawl(store, stack, plans, quiet=as_json)
        tell_unread(store, plans)
    print_reports(reports, as_json=as_json)


def tell_unread(store: Store, plans: Mapping[str, RunParams]) -> None:
    """Name the portals that have more listing pages than their run has read."""
    from pipelines.store.pages import count_unfinished

    with store.read() as conn:
        unread = [name for name in plans if count_unfinished(conn, name, listings=True)]
    for name in unread:
        asked = f"--url {plans[name].url}" if plans[name].url else name
        notes.print(
            f"{name}: some listing pages are still unread, older articles may lie behind them;"
            f" gomtin crawl {asked} --backfill reads them"
        )


def print_reports(reports: Sequence[Report], *, as_json: bool) -> None:
    """Show how runs ended, as lines of JSON or as a table; exit with 1 if one was not done."""
    if as_json:
        for report in reports:
            print_json(report.to_json())
    else:
        console.print(summary_table(reports))
    for report in reports:
        if report.error:
            notes.print(Text.assemble((report.portal, "red"), f": {report.error}"))
    if any(report.state != "done" or report.totals.get(Outcome.DEAD_LETTER) for report in reports):
        raise SystemExit(1)


def _plans(
    portals: Sequence[str],
    url: str | None,
    base_urls: Sequence[str],
    limit: int | None,
    delay: float | None,
) -> dict[str, RunParams]:
    """Say for each portal what its run is asked to do; raise UsageError for what cannot be."""
    from pipelines.store.runs import RunParams

    if bool(portals) == bool(url):
        raise click.UsageError("name portals (gomtin portals lists them) or give --url, not both")
    if url and base_urls:
        raise click.UsageError("--base-url is for portals; with --url give the replica's address")
    portals = tuple(dict.fromkeys(portals))
    if url:
        require_web_address(url)
        portal = portal_at(url)
        name = portal.id if portal else site_id(url)
        plans = {name: RunParams(url=url, limit=limit, delay=delay)}
    else:
        bases = _bases(portals, base_urls)
        plans = {
            find_portal(name).id: RunParams(base_url=bases.get(name, ""), limit=limit, delay=delay)
            for name in portals
        }
    for name, params in plans.items():
        _check_delay(name, params)
    return plans


def crawl_portals(
    store: Store,
    stack: Stack,
    plans: Mapping[str, RunParams],
    *,
    kind: RunKind = "incremental",
    quiet: bool = False,
) -> list[Report]:
    """Run the planned crawls side by side until the last article of each is stored."""
    runs = {_start(store, name, kind, params): name for name, params in plans.items()}
    for run_id in runs:
        stack.ring_crawl(run_id)
    wait_for_runs(store, stack, runs, quiet=quiet)
    return run_reports(store, runs)


def _start(store: Store, portal: str, kind: RunKind, params: RunParams) -> int:
    """Create the run, or take up the one that waits or that a crash left behind."""
    from pipelines.store.runs import RunState, active_run, change_params, complete_runs, create_run
    from workers.leases import give_up_abandoned

    give_up_abandoned(store, utc_now())
    while True:
        now = utc_now()
        with store.begin() as conn:
            complete_runs(conn, now)
            left = active_run(conn, portal)
            if left is None:
                return create_run(conn, portal, kind, params, now)
            if change_params(conn, left.id, params, now):
                break
            if left.state is not RunState.FETCHED:
                raise Reject(
                    "run.active",
                    f"{portal} is being crawled right now (run {left.id}); gomtin status shows it",
                    portal=portal,
                )
        time.sleep(POLL_SECONDS)  # its pages are read, the last of its articles are being stored
    interrupted = "" if left.state is RunState.QUEUED else ", which was interrupted"
    notes.print(f"{portal}: going on with run {left.id}{interrupted}")
    return left.id


def wait_for_runs(store: Store, stack: Stack, runs: Mapping[int, str], *, quiet: bool) -> None:
    """Return when every run has ended and its last draft has left the inbox; show how far it is."""
    with nullcontext() if quiet else RunBars(list(runs.values())) as bars:
        _wait(store, stack, runs, bars)


def _wait(store: Store, stack: Stack, runs: Mapping[int, str], bars: RunBars | None) -> None:
    from pipelines.store.inbox import pending
    from pipelines.store.runs import complete_runs, get_run, run_totals

    open_runs = set(runs)
    while open_runs:
        for sentence in stack.check():
            notes.print(sentence, markup=False)
        with store.begin() as conn:
            complete_runs(conn, utc_now())
        with store.read() as conn:
            for run_id in sorted(open_runs):
                run: Run = get_run(conn, run_id)
                if bars:
                    bars.update(runs[run_id], run.state, run_totals(conn, run_id))
                if run.state in ENDED and not pending(conn, run_id):
                    open_runs.discard(run_id)
        if open_runs:
            time.sleep(POLL_SECONDS)


def run_reports(store: Store, runs: Mapping[int, str]) -> list[Report]:
    """Tell how the runs ended."""
    from pipelines.store.runs import get_run, run_totals

    with store.read() as conn:
        found = [(get_run(conn, run_id), run_totals(conn, run_id)) for run_id in runs]
    return [Report(run.portal, run.id, run.state, run.error, totals) for run, totals in found]


def _bases(portals: Sequence[str], base_urls: Sequence[str]) -> dict[str, str]:
    bases: dict[str, str] = {}
    for text in base_urls:
        name, given, url = text.partition("=")
        if not given or "/" in name:
            if len(portals) > 1:
                raise click.UsageError(f"several portals: say which one {text} stands for")
            name, url = portals[0], text
        if name not in portals:
            raise click.UsageError(f"--base-url names {name}, which is not crawled here")
        require_web_address(url)
        bases[name] = url
    return bases


def _on_this_machine(params: RunParams) -> bool:
    return is_loopback(params.url or params.base_url)


def _check_delay(portal: str, params: RunParams) -> None:
    if params.delay is not None and params.delay < MIN_DELAY and not _on_this_machine(params):
        raise click.UsageError(
            f"--delay {params.delay:g} for {portal}: below {MIN_DELAY:g} s only addresses of this "
            "machine may be asked; real portals are small servers"
        )
