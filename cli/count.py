"""gomtin count: how many different texts answer a question, and how far the figure holds."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from cli.narrowing import narrowed, tell_missing
from cli.session import Number, archive, console, examples, notes, print_json, require_portal
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.store.counting import Count, Tally
    from pipelines.store.finding import ArticleQuery

MOST_NAMES = 50
"""Rows of people, organisations or documents that a table shows."""
BAR = 24
"""Width of the longest bar, in letters."""


@click.command(
    "count",
    epilog=examples(
        'gomtin count --topic dan_van --unit "An Giang" --by month',
        'gomtin count "nông thôn mới" --by year,province --format csv',
        'gomtin count --person "Nguyễn Văn An" --by person',
    ),
)
@narrowed
@click.option(
    "--by", "axes", default="", metavar="AXIS,...",
    help="Year, month, day, portal, province (as of today), topic, field, kind, level, person,"
    " organisation or document; several cross each other.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json")), default="table",
    show_default=True,
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--limit", type=Number(), help="At most N rows [a table by names: 50].")
def count_command(
    asked: ArticleQuery, axes: str, form: str, as_json: bool, limit: int | None
) -> None:
    """Count stories: each text once, however many portals printed it.

    A story counts where its earliest article stands among those that answer, an article where it
    stands itself. Below the table stands how far the figure can be trusted.
    """
    from cli.progress import progress
    from pipelines.store.counting import axes_of, tally

    by = axes_of([axes])
    with archive() as (_, store), store.read() as conn:
        require_portal(conn, asked.portal)
        tell_missing(conn, asked)
        with progress("articles counted") as tell:
            found = tally(conn, asked, by, tell)
    if as_json or form == "json":
        print_json(found.to_json(replace(asked, limit=limit), by))
    elif form == "csv":
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerow([*by, "stories", "articles"])
        rows.writerows([*one.values, one.stories, one.articles] for one in found.counts[:limit])
        if limit is not None and limit < len(found.counts):
            notes.print(_left(found, limit))
    else:
        _print(found, by, asked, limit)


def _left(found: Tally, end: int) -> str:
    rest = found.rest(end)
    stories = counted(rest["stories"], "story", "stories")
    rows, articles = counted(rest["rows"], "more row"), counted(rest["articles"], "article")
    return f"{rows}, together {stories} in {articles}; --limit {2 * end} shows more"


def _print(found: Tally, by: Sequence[str], asked: ArticleQuery, limit: int | None) -> None:
    from pipelines.store.named import NAMES

    if by and found.counts:
        shown = limit or (MOST_NAMES if {*by} & {*NAMES} else len(found.counts))
        console.print(_table(found.counts[:shown], by))
        if shown < len(found.counts):
            console.print(_left(found, shown), soft_wrap=True)
    stories = counted(found.stories, "story", "stories")
    console.print(f"{stories} in {counted(found.articles, 'article')}")
    for sentence in found.caveats(asked):
        console.print(sentence, markup=False)


def _table(counts: Sequence[Count], by: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in by:
        table.add_column(name)
    for name in ("stories", "articles"):
        table.add_column(name, justify="right")
    table.add_column("")
    most = max(one.stories for one in counts) or 1
    for one in counts:
        bar = "█" * round(BAR * one.stories / most)
        table.add_row(*map(Text, one.values), str(one.stories), str(one.articles), bar)
    return table
