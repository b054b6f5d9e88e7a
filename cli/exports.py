"""Export articles: one writer a format, to a file or to the standard output."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from cli.session import notes
from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pipelines.store.articles import StoredArticle

COLUMNS = (
    "id", "portal", "published_at", "title", "author", "section", "topics", "kind", "url",
    "story_id", "revision",
)  # fmt: skip


def export(found: Iterable[StoredArticle], form: str, output: Path | None) -> None:
    """Write articles as ``form``; raise Reject("output.unwritable") when the file cannot be."""
    if output is None and form == "parquet":
        raise click.UsageError("--format parquet needs --output FILE")
    try:
        if output is not None and form == "parquet":
            _write_parquet(found, output)
        else:
            with _destination(output) as file:
                WRITERS[form](found, file)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or error
        raise Reject("output.unwritable", f"{output} cannot be written: {reason}") from error
    if output is not None:
        notes.print(f"written to {output}", markup=False, soft_wrap=True)


@contextmanager
def _destination(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        yield file


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
        for name, value in (
            ("title", article.draft.title),
            ("link", article.draft.url),
            ("description", article.draft.summary or ""),
            ("pubDate", format_datetime(article.dated_at)),
        ):
            etree.SubElement(item, name).text = value
        guid = etree.SubElement(item, "guid", isPermaLink="false")
        guid.text = f"gomtin-article-{article.id}"
    file.write(etree.tostring(root, encoding="unicode", pretty_print=True))


def _write_parquet(found: Iterable[StoredArticle], output: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    from pipelines.store.articles import article_to_json

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


WRITERS: dict[str, Callable[[Iterable[StoredArticle], TextIO], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "rss": _write_rss,
}
