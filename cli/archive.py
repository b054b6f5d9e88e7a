"""gomtin articles and show: read the archive."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
from rich.table import Table
from rich.text import Text

from cli.session import When, archive, console, examples, local, print_json
from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from pipelines.records import Draft
    from pipelines.store.articles import ArticleQuery, StoredArticle

CHUNK = 500
FORMATS = ("table", "jsonl", "csv", "parquet", "rss")
COLUMNS = (
    "id", "portal", "published_at", "title", "author", "section", "topics", "kind", "url",
    "story_id", "revision",
)  # fmt: skip


@click.command(
    "articles",
    epilog=examples(
        'gomtin articles --query "dân vận" --unit "An Giang" --since 2023-01-01',
        "gomtin articles --portal hiepninh --format jsonl --output hiepninh.jsonl",
    ),
)
@click.option("--query", default="", help="Words that stand in title or text, in this order.")
@click.option("--portal", default="", help="Only this portal.")
@click.option("--topic", default="", help="A topic, its sub-topics included.")
@click.option("--unit", default="", help="An administrative unit, by its old or new name.")
@click.option("--since", type=When(), help="Published since (day, moment, or age as 7d).")
@click.option("--until", type=When(), help="Published before.")
@click.option("--limit", type=click.IntRange(1), help="At most N articles [table: 50].")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file.")
def articles_command(
    query: str,
    portal: str,
    topic: str,
    unit: str,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    form: str,
    output: Path | None,
) -> None:
    """Find articles, newest first, and print or export them."""
    from pipelines.store.articles import ArticleQuery

    asked = ArticleQuery(query, portal, topic, unit, since, until)
    with archive() as (_, store), store.read() as conn:
        found = _all(conn, asked, limit or (50 if form == "table" else None))
        if form == "table":
            _print_table(found)
            return
        if form == "parquet":
            _write_parquet(found, output)
            return
        with _destination(output) as file:
            WRITERS[form](found, file)


@click.command(
    "show", epilog=examples("gomtin show 12", "gomtin show 12 --diff", "gomtin show 12 --story")
)
@click.argument("article", type=int)
@click.option("--revisions", "wanted", flag_value="revisions", help="Its history.")
@click.option("--story", "wanted", flag_value="story", help="Its copies on other portals.")
@click.option("--diff", "wanted", flag_value="diff", help="What the last revision changed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_command(article: int, wanted: str | None, as_json: bool) -> None:
    """Show one article, its history or its copies."""
    from pipelines.store.articles import article_to_json, get_article

    with archive() as (_, store), store.read() as conn:
        found = get_article(conn, article)
        if found is None:
            raise Reject("article.missing", f"there is no article {article}; gomtin articles lists")
        if wanted:
            SHOWN[wanted](conn, article, as_json=as_json)
        elif as_json:
            print_json(article_to_json(found))
        else:
            _print_article(found)


def print_draft(draft: Draft) -> None:
    """Print a cleaned page for a reader."""
    console.print(Text(draft.title, style="bold"))
    facts = (
        ("published", local(draft.published_at) if draft.published_at else None),
        ("event", draft.event_date),
        ("author", draft.author),
        ("source", draft.source),
        ("section", draft.section),
        ("dateline", draft.dateline),
        ("tags", ", ".join(draft.tags)),
        ("counters", ", ".join(f"{k} {v:g}" for k, v in draft.counters.items())),
        ("documents", ", ".join(d.number for d in draft.documents)),
        ("money", ", ".join(draft.money)),
    )
    for name, value in facts:
        if value:
            console.print(Text(f"  {name:<10}", style="dim") + Text(str(value)))
    for paragraph in draft.body:
        console.print(Text("\n" + paragraph))
    for caption in draft.captions:
        console.print(Text(f"\n[{caption.text}]", style="italic"))
    for attachment in draft.attachments:
        console.print(Text(f"\n+ {attachment.text}  {attachment.url}"))


def _print_article(article: StoredArticle) -> None:
    topics, kind = _topics(article), _kind(article)
    console.print(
        f"[dim]article {article.id}, story {article.story_id}, revision {article.revision}; "
        f"{', '.join(topics)}; {kind}[/dim]"
    )
    console.print(f"[dim]{article.draft.url}[/dim]", soft_wrap=True)
    print_draft(article.draft)


def _all(conn: Connection, asked: ArticleQuery, limit: int | None) -> Iterator[StoredArticle]:
    from pipelines.store.articles import search

    left, offset = limit, 0
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        rows = search(conn, replace(asked, limit=size, offset=offset))
        yield from rows
        if len(rows) < size:
            return
        offset += size
        left = None if left is None else left - size


# ---- exports


@contextmanager
def _destination(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        buffer = io.StringIO()
        yield buffer
        click.echo(buffer.getvalue(), nl=False)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        yield file
    console.print(f"written to {output}")


def _write_jsonl(found: Iterable[StoredArticle], file: TextIO) -> None:
    from pipelines.store.articles import article_to_json

    file.writelines(
        json.dumps(article_to_json(article), ensure_ascii=False) + "\n" for article in found
    )


def _write_csv(found: Iterable[StoredArticle], file: TextIO) -> None:
    from pipelines.store.articles import article_to_json

    rows = csv.DictWriter(file, (*COLUMNS, "text"), extrasaction="ignore")
    rows.writeheader()
    for article in found:
        row = article_to_json(article)
        row |= {"topics": "|".join(row["topics"]), "text": "\n".join(row["body"])}
        rows.writerow(row)


def _write_rss(found: Iterable[StoredArticle], file: TextIO) -> None:
    from email.utils import format_datetime

    from lxml import etree

    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    for name, value in (
        ("title", "gomtin"),
        ("link", "https://github.com/gomtin/gomtin"),
        ("description", "Articles of Vietnamese portals"),
    ):
        etree.SubElement(channel, name).text = value
    for article in found:
        item = etree.SubElement(channel, "item")
        moment = article.draft.published_at or article.first_seen_at
        for name, value in (
            ("title", article.draft.title),
            ("link", article.draft.url),
            ("description", article.draft.summary or ""),
            ("pubDate", format_datetime(moment)),
        ):
            etree.SubElement(item, name).text = value
        guid = etree.SubElement(item, "guid", isPermaLink="false")
        guid.text = f"gomtin-article-{article.id}"
    file.write(etree.tostring(root, encoding="unicode", pretty_print=True))


def _write_parquet(found: Iterable[StoredArticle], output: Path | None) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    from pipelines.store.articles import article_to_json

    if output is None:
        raise click.UsageError("--format parquet needs --output FILE")
    words, many, number = pa.string(), pa.list_(pa.string()), pa.int64()
    moment = pa.timestamp("s", tz="Asia/Ho_Chi_Minh")
    schema = pa.schema(
        {"id": number, "portal": words, "url": words, "title": words, "summary": words}
        | {"body": many, "author": words, "section": words, "tags": many, "topics": many}
        | {"kind": words, "story_id": number, "revision": number, "published_at": moment}
    )
    rows = []
    for article in found:
        row = article_to_json(article) | {"published_at": article.draft.published_at}
        rows.append({name: row[name] for name in schema.names})
    parquet.write_table(pa.Table.from_pylist(rows, schema), output)
    console.print(f"{len(rows)} articles written to {output}")


WRITERS = {"jsonl": _write_jsonl, "csv": _write_csv, "rss": _write_rss}


# ---- tables and histories


def _print_table(found: Iterable[StoredArticle]) -> None:
    table = Table(box=None)
    for name in ("id", "published", "portal", "topic", "kind", "title"):
        table.add_column(name, no_wrap=name != "title")
    count = 0
    for article in found:
        count += 1
        draft = article.draft
        topic = (_topics(article) or ["-"])[0]
        when = local(draft.published_at) if draft.published_at else f"({draft.event_date or '-'})"
        title = Text(draft.title)
        if article.copy_kind not in {"", "original"}:
            title.append(f"  [{article.copy_kind} of story {article.story_id}]", style="dim")
        if article.revision > 1:
            title.append(f"  [revision {article.revision}]", style="dim")
        table.add_row(str(article.id), when, draft.portal, topic, _kind(article), title)
    if count:
        console.print(table)
    console.print(f"{count} articles")


def _topics(article: StoredArticle) -> list[str]:
    return [label.value for label in article.labels if label.axis == "topic"]


def _kind(article: StoredArticle) -> str:
    return next((label.value for label in article.labels if label.axis == "kind"), "-")


def _show_revisions(conn: Connection, article: int, *, as_json: bool) -> None:
    from pipelines.store.articles import revisions

    for one in revisions(conn, article):
        if as_json:
            row: dict[str, Any] = {"revision": one.number, "seen_at": one.seen_at.isoformat()}
            print_json(row | {"changed": list(one.changed), "title": one.draft.title})
        else:
            changed = ", ".join(one.changed) or "first seen"
            console.print(f"{one.number:>3}  {local(one.seen_at)}  {changed}  {one.draft.title}")


def _show_story(conn: Connection, article: int, *, as_json: bool) -> None:
    from pipelines.store.articles import story_of

    story = story_of(conn, article)
    assert story is not None
    if as_json:
        members = [
            {"article": one.article_id, "portal": one.portal, "url": one.url, "kind": one.kind}
            | {"similarity": one.similarity, "matched": one.matched}
            for one in story.members
        ]
        print_json({"story": story.id, "members": members, "related": list(story.related)})
        return
    console.print(f"story {story.id}, {len(story.members)} articles")
    for one in story.members:
        console.print(
            f"  {one.article_id:>6}  {one.kind:<12} {one.similarity:.2f}  "
            f"{local(one.published_at)}  {one.portal}  {one.title}"
        )
    if story.related:
        console.print("related, not the same: " + ", ".join(map(str, story.related)))


def _show_diff(conn: Connection, article: int, *, as_json: bool) -> None:
    from pipelines.store.articles import revisions

    history = revisions(conn, article)
    if len(history) == 1:
        console.print("never revised") if not as_json else print_json([])
        return
    before, after = (one.draft.text.split() for one in history[-2:])
    changes = []
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        changes.append((tag, " ".join(before[i:j]), " ".join(after[k:m])))
    if as_json:
        print_json([{"removed": a, "added": b} for tag, a, b in changes if tag != "equal"])
        return
    text = Text()
    for tag, old, new in changes:
        if tag == "equal":
            text.append(new + " ")
            continue
        text.append(f"[-{old}-] " if old else "", style="red strike")
        text.append(f"{{+{new}+}} " if new else "", style="green")
    console.print(text)


SHOWN = {"revisions": _show_revisions, "story": _show_story, "diff": _show_diff}
