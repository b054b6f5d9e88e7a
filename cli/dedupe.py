"""gomtin dedupe: group the articles of the archive into stories anew."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from rich.text import Text

from cli.session import archive, console, examples, notes, print_json, utc_now
from pipelines.plural import counted

if TYPE_CHECKING:
    from pipelines.reprocess.rebuild import Move, Place

MANY = 5_000
"""Articles from which other processes are worth their start."""


@click.command(
    "dedupe", epilog=examples("gomtin dedupe --rebuild", "gomtin dedupe --rebuild --apply")
)
@click.option(
    "--rebuild", "wanted", is_flag=True, help="Compare every article with those before it."
)
@click.option("--apply", "apply", is_flag=True, help="Store what differs; else only show it.")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes [many articles: one a core]."
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each article.")
def dedupe_command(wanted: bool, apply: bool, workers: int | None, as_json: bool) -> None:
    """Find stories again by today's rules.

    What was interrupted goes on where it stopped, shown or applied.
    """
    from cli.progress import progress
    from pipelines.reprocess.rebuild import TASKS, outdated, rebuild, sketch_again
    from pipelines.store.positions import left

    if not wanted:
        raise click.UsageError("say what to do: gomtin dedupe --rebuild")
    moved = read = 0
    with archive() as (_, store):
        with store.read() as conn:
            old, count = outdated(conn), left(conn, TASKS[apply])
        if old and not apply:
            said = counted(old, "article")
            notes.print(f"sketches of older rules: {said}; --apply makes them anew")
        elif old:
            with progress("sketches made anew", old) as tell:
                for made in sketch_again(store):
                    tell(made)
        if workers is None:
            workers = (os.cpu_count() or 1) if count > MANY else 1
        with progress("articles compared", count) as tell:
            for part in rebuild(store, apply=apply, now=utc_now(), workers=workers):
                read, moved = part.read, moved + len(part.moves)
                tell(read)
                for move in part.moves:
                    print_json(move.to_json()) if as_json else _print(move)
    if not as_json:
        done = "moved" if apply else "would move; --apply moves them"
        all_read = f"{counted(read, 'article')} read"
        console.print(f"{all_read}, {f'{moved} {done}' if moved else 'all stand as they should'}")


def _print(move: Move) -> None:
    console.print(Text(f"article {move.article_id}  {move.title}"))
    console.print(f"  {_place(move.before)} -> {_place(move.after)}")


def _place(place: Place) -> str:
    story = "a story of its own" if place.story_id is None else f"story {place.story_id}"
    found = "" if place.matched_id is None else f", found by article {place.matched_id}"
    return f"{place.kind} in {story}{found}"
