"""gomtin show --why: the labels of an article and what decided each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from cli.session import console, print_json

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipelines.records import Label
    from pipelines.store.articles import StoredArticle

WHO = {"model": "model", "rule": "rules of", "person": "a person on"}


def show_why(conn: Connection, article: int, *, as_json: bool) -> None:
    """Print the labels with the phrases found and the words that weighed most."""
    from pipelines.store.articles import read_articles
    from pipelines.store.models import models_in_use

    (found,) = read_articles(conn, [article])
    version = models_in_use(conn).version
    for label in found.labels:
        row = _reasons(conn, found, label)
        if as_json:
            print_json(row)
            continue
        sure = "" if label.how == "person" else f", {label.probability:.0%}"
        head = f"{label.axis}: {label.value}{sure}"
        by = f"  by {WHO.get(label.how, label.how)} {label.version}"
        console.print(Text.assemble((head, "bold"), (by, "dim")))
        for part, words in row["phrases"]:
            console.print(Text(f"  {part:<8}{words}  (a rule's phrase)"))
        for one in row["words"]:
            words = one["words"] or "all together"
            console.print(Text(f"  {one['part']:<8}{words}  +{one['weight']:.2f}"))
        if label.how == "model" and label.version != version:
            console.print(Text(f"  (weighed by today's model {version})", style="dim"))


def _reasons(conn: Connection, article: StoredArticle, label: Label) -> dict[str, Any]:
    from pipelines.classify.why import phrases_found, words_that_decided
    from pipelines.store.models import models_in_use

    row: dict[str, Any] = {"axis": label.axis, "value": label.value, "how": label.how}
    row |= {"version": label.version, "probability": label.probability}
    words = []
    if label.how == "model":
        models = models_in_use(conn)
        words = words_that_decided(article.draft, label.axis, label.value, models)
    return row | {
        "phrases": phrases_found(article.draft, label.value),
        "words": [
            {"part": one.part, "words": one.words, "weight": round(one.weight, 3)} for one in words
        ],
    }
