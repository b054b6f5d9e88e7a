"""gomtin review: ask a person about labels, one key an article."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.text import Text

from cli.session import (
    Number,
    archive,
    console,
    examples,
    print_json,
    require_portal,
    utc_now,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.store.articles import StoredArticle
    from pipelines.store.engine import Store
    from pipelines.store.reviews import Review

AXES = {"topic": "topics", "kind": "kind"}
SHOWN = 600
KEYS = "a accept, c correct, s skip, q quit"


@click.command(
    "review",
    short_help="Accept or correct the labels of articles.",
    epilog=examples("gomtin review", "gomtin review --axis kind --portal hiepninh"),
)
@click.option("--axis", type=click.Choice(list(AXES)), default="topic", show_default=True)
@click.option("--portal", default="", help="Only articles of this portal.")
@click.option("--limit", type=Number(), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print what would be asked, and ask nothing.")
def review_command(axis: str, portal: str, limit: int, as_json: bool) -> None:
    """Accept or correct the labels of articles; gomtin train learns from the answers.

    Half of the articles are drawn at random, half are those of which the model is least sure. What
    a person said stays, whatever models come later. Answers can also be piped in, one a line.
    """
    from pipelines.store.reviews import next_to_review

    with archive() as (_, store):
        now = utc_now()
        with store.read() as conn:
            require_portal(conn, portal)
            drawn = next_to_review(conn, axis, limit, seed=now.timetuple().tm_yday, portal=portal)
        if as_json:
            _print_drawn(store, drawn, axis)
            return
        answered = 0
        for at, (article, how) in enumerate(drawn, 1):
            console.print(Text(f"\n{at} of {len(drawn)}, drawn: {how}", style="dim"))
            key = _ask(store, article, axis, how)
            answered += key in "ac"
            if key == "q":
                break
        console.print(f"\n{answered} reviewed" if drawn else "nothing is left to review")


def _print_drawn(store: Store, drawn: Sequence[tuple[int, str]], axis: str) -> None:
    """Print a line of JSON for each article, with the labels that a person would be shown."""
    from pipelines.store.articles import read_articles

    hows = dict(drawn)
    with store.read() as conn:
        for article in read_articles(conn, list(hows)):
            told = [label for label in article.labels if label.axis == axis]
            labels = [{"value": one.value, "probability": one.probability} for one in told]
            draft, how = article.draft, hows[article.id]
            told_of = {"id": article.id, "url": draft.url, "title": draft.title, "drawn": how}
            print_json(told_of | {"axis": axis, "labels": labels})


def _ask(store: Store, article_id: int, axis: str, how: str) -> str:
    """Show one article, take one answer and keep it; give the key."""
    from pipelines.store.articles import read_articles
    from pipelines.store.reviews import Review, save_review

    with store.read() as conn:
        (article,) = read_articles(conn, [article_id])
    told = [label for label in article.labels if label.axis == axis]
    values = tuple(label.value for label in told)
    _show(article, axis)
    key = _key()
    given: Sequence[str] = values
    if key == "c":
        given = _corrected(axis)
        key = key if given else "s"
    elif key == "a" and values == ("unsure",):
        console.print('"unsure" is no answer to accept: c to correct, s to skip')
        key = "s"
    if key in "ac":
        sure = told[0].probability if told else 0.0
        one: Review = Review(article_id, axis, tuple(given), values, sure, how)
        with store.begin() as conn:
            save_review(conn, one, utc_now())
    return key


def _show(article: StoredArticle, axis: str) -> None:
    from pipelines.classify.taxonomy import taxonomy

    names = taxonomy().names
    console.print(Text(article.draft.title, style="bold"))
    console.print(Text(" ".join(article.draft.body)[:SHOWN]))
    for label in article.labels:
        if label.axis == axis:
            name = names.get(label.value, label.value)
            told = f"{AXES[axis]}: {label.value} ({name}), {label.probability:.0%}"
            console.print(Text(told, style="cyan"))


def _key() -> str:
    """Read one of the keys; the end of piped input is q."""
    while True:
        console.print(f"{KEYS}: ", end="")
        if sys.stdin.isatty():
            key = click.getchar().lower()
            console.print(key)
        else:
            line = sys.stdin.readline()
            key = line.strip()[:1].lower() if line else "q"
            console.print(key)
        if key and key in "acsq":
            return key


def _corrected(axis: str) -> list[str]:
    """Ask for the right values by number or name; nothing given: skip."""
    from pipelines.classify.choice import choices, choose

    known = choices(axis)
    for number, (value, name) in enumerate(known.items(), 1):
        console.print(Text(f"{number:>3}  {value}  {name}"))
    while True:
        console.print("number or name (several with commas, empty skips): ", end="")
        line = sys.stdin.readline()
        found = choose(axis, line)
        if found is not None:
            return found
        console.print("not understood: a number of the list, or a part of one name only")
