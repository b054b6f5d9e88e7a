"""Progress bars and the summary table of crawls."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from cli.session import notes
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from cli.crawl import Report

# The columns of the summary: every outcome stands in exactly one of them.
COLUMNS: dict[str, tuple[Outcome, ...]] = {
    "stored": (Outcome.STORED,),
    "copies": (Outcome.COPY,),
    "revised": (Outcome.REVISED,),
    "same": (Outcome.UNCHANGED, Outcome.NOT_MODIFIED),
    "doors,\nlists": (Outcome.DOOR, Outcome.LISTING),
    "no\narticle": (
        Outcome.NOT_ARTICLE, Outcome.THIN, Outcome.LOGIN, Outcome.CHALLENGE, Outcome.SOFT_404,
        Outcome.GONE,
    ),
    "failed": (
        Outcome.BLOCKED, Outcome.EMPTY, Outcome.TOO_LARGE, Outcome.TIMED_OUT, Outcome.BAD_ENCODING,
        Outcome.BAD_CONTENT, Outcome.FAILED, Outcome.DEAD_LETTER, Outcome.FETCHED,
    ),
}  # fmt: skip
NOT_FETCHED = (
    Outcome.KNOWN, Outcome.NOT_REACHED, Outcome.OVER_LIMIT, Outcome.DENIED_BY_ROBOTS,
    Outcome.OFFSITE, Outcome.PRIVATE_ADDRESS, Outcome.TRAP, Outcome.TOO_OLD,
)  # fmt: skip
assert {o for group in COLUMNS.values() for o in group} | set(NOT_FETCHED) == set(Outcome)

STATES = {
    "queued": "waiting for a worker",
    "running": "reading pages",
    "fetched": "storing articles",
    "done": "done",
    "failed": "failed",
    "stopped": "stopped",
}


def count(totals: Mapping[Outcome, int], outcomes: Sequence[Outcome]) -> int:
    """Add up the totals of some outcomes."""
    return sum(totals.get(outcome, 0) for outcome in outcomes)


STEP = 10_000
"""Articles from one word of progress to the next, where nobody sees a bar."""


@contextmanager
def progress(doing: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show how many articles have been done: a bar on a terminal, else a line now and then.

    ``doing``: "articles read"; ``total`` None: nobody knows.
    """
    number = TextColumn("{task.completed:,.0f}") if total is None else MofNCompleteColumn()
    columns = TextColumn(doing), BarColumn(), number, TimeRemainingColumn()
    shown = 0

    def tell(done: int) -> None:
        nonlocal shown
        if notes.is_terminal:
            bar.update(task, completed=done)
        elif done // STEP > shown // STEP:
            notes.print(f"{done:,} {doing}")
        shown = done

    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield tell


class RunBars:
    """One progress bar for each crawl: pages that reached their outcome, of those met so far."""

    def __init__(self, portals: Sequence[str]) -> None:
        self._progress = Progress(
            TextColumn("{task.fields[portal]:<16}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[state]:<22}"),
            TimeElapsedColumn(),
            console=notes,
        )
        self._tasks = {
            portal: self._progress.add_task("", total=None, portal=portal, state=STATES["queued"])
            for portal in portals
        }

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def update(self, portal: str, state: str, totals: Mapping[Outcome, int]) -> None:
        """Show how far one crawl is."""
        met = sum(totals.values())
        waiting = count(totals, (Outcome.NOT_REACHED, Outcome.FETCHED))
        task = self._tasks[portal]
        self._progress.update(
            task, total=met or None, completed=met - waiting, state=STATES.get(state, state)
        )
        if state not in {"queued", "running", "fetched"}:
            self._progress.stop_task(task)


def summary_table(reports: Sequence[Report]) -> Table:
    """Make the table of what became of every page: what was fetched ended in one of the columns.

    The last column are addresses that were met but not asked: known, over the limit, refused.
    """
    table = Table(box=None, padding=(0, 1, 0, 0), show_footer=len(reports) > 1, footer_style="bold")
    table.add_column("portal", footer="total", no_wrap=True)
    columns = {"fetched": tuple(o for group in COLUMNS.values() for o in group)} | COLUMNS
    columns["not\nasked"] = NOT_FETCHED
    for name, outcomes in columns.items():
        total = sum(count(report.totals, outcomes) for report in reports)
        style = "red" if name == "failed" and total else None
        table.add_column(name, footer=str(total), justify="right", style=style)
    for report in reports:
        cells = [str(count(report.totals, outcomes)) for outcomes in columns.values()]
        table.add_row(report.portal, *cells)
    return table
