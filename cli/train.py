"""gomtin train: learn from what people said, and keep the versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import Progress
from rich.table import Table

from cli.session import archive, console, examples, local, notes, print_json, utc_now
from pipelines.errors import Reject
from pipelines.plural import counted

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipelines.reprocess.retrain import Retrained
    from pipelines.store.engine import Store

SHOWN = 12
NOTHING_TO_LEARN = (
    "nobody has answered anything in this archive: training would make the models that come with"
    " gomtin once more; gomtin review asks for answers"
)


@click.command(
    "train",
    short_help="Train the models of topic and kind anew.",
    epilog=examples("gomtin train", "gomtin train --list", "gomtin train --use 2026.6/0"),
)
@click.option("--list", "wanted", is_flag=True, help="The kept versions, the one in use marked.")
@click.option("--use", default="", help="Go back, or forth, to this version.")
@click.option("--relabel", is_flag=True, help="Label stored articles by the models in use.")
@click.option("--ship", type=click.Path(path_type=Path), help="Write the models of gomtin itself.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def train_command(wanted: bool, use: str, relabel: bool, ship: Path | None, as_json: bool) -> None:
    """Train the models of topic and kind anew, from gomtin's articles and people's reviews.

    They are examined on held articles beside the models in use, and refused when they are worse.
    """
    from pipelines.reprocess.retrain import retrain, train_shipped
    from pipelines.store.models import use_models

    if ship:
        ship.write_bytes(train_shipped().written())
        return
    with archive() as (_, store):
        if wanted or use:
            with store.begin() as conn:
                if use:
                    use_models(conn, use)
                _list(conn, as_json=as_json)
            return
        if relabel:
            _relabel(store)
            return
        if not _has_answers(store):
            notes.print(NOTHING_TO_LEARN, soft_wrap=True)
            return
        with notes.status("training: a quarter of a minute"):
            found = retrain(store, now=utc_now())
    print_json(found.to_json()) if as_json else _print(found)
    if not found.kept:
        message = f"model {found.version} is worse than the one in use and was not kept"
        raise Reject("model.worse", message)


def _has_answers(store: Store) -> bool:
    """Tell whether people have answered anything: else training makes the same models again."""
    from pipelines.store.reviews import all_reviews

    with store.read() as conn:
        return bool(all_reviews(conn))


def _relabel(store: Store) -> None:
    from pipelines.reprocess.relabel import relabel
    from pipelines.store.articles import count_articles

    with store.read() as conn:
        total = count_articles(conn)
    done = 0
    with Progress(console=notes) as bar:
        task = bar.add_task("labelling", total=total)
        for done in relabel(store, now=utc_now()):
            bar.update(task, completed=done)
    console.print(f"{counted(done, 'article')} labelled; what people said stayed")


def _print(found: Retrained) -> None:
    console.print(
        f"learned from {counted(found.learned, 'article')}, examined on {found.examined} held "
        f"ones; {counted(found.reviewed, 'answer')} of people"
    )
    table = Table("", "macro-F1", "calibration error", "unsure", box=None)
    for axis, after in found.after.items():
        for name, score in (("before", found.before[axis]), ("after", after)):
            cells = f"{score.macro_f1:.3f}", f"{score.calibration_error:.3f}", f"{score.unsure:.1%}"
            table.add_row(f"{axis}, {name}", *cells)
    console.print(table)
    confused = Table("articles of", "answered as", "before", "after", box=None)
    for axis, after in found.after.items():
        before = found.before[axis].pairs
        pairs = {pair for pair in before | after.pairs if pair[0] != pair[1]}
        most = sorted(pairs, key=lambda pair: (-(before[pair] + after.pairs[pair]), pair))
        for pair in most[:SHOWN]:
            names = (value.rpartition("/")[2] for value in pair)
            confused.add_row(*names, str(before[pair]), str(after.pairs[pair]))
    console.print(confused)
    if found.kept:
        console.print(f"model {found.version} is in use now for articles that arrive")


def _list(conn: Connection, *, as_json: bool) -> None:
    from pipelines.store.models import list_models

    table = Table("", "version", "made", "topic F1", "kind F1", box=None)
    for one in list_models(conn):
        scores: dict[str, Any] = one.report.get("after", {})
        if as_json:
            made = one.made_at.isoformat() if one.made_at else None
            row = {"version": one.version, "made_at": made, "in_use": one.in_use}
            print_json(row | {"report": dict(one.report)})
            continue
        cells = [str(scores[axis]["macro_f1"]) if scores else "-" for axis in ("topic", "kind")]
        made = local(one.made_at) if one.made_at else "with gomtin"
        table.add_row("in use" if one.in_use else "", one.version, made, *cells)
    if not as_json:
        console.print(table)
