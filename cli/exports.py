"""Export articles: one writer a format, to a file or to the standard output, article by article."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli.export_schema import arrow_schema
from cli.session import notes
from pipelines.article_columns import COLUMNS
from pipelines.atom import Feed, element, write_atom
from pipelines.errors import Reject
from pipelines.file_faults import file_fault
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from pipelines.search.query import Asked
    from pipelines.store.articles import StoredArticle

PART = 500
"""Articles that are made ready for Parquet at a time."""
SHOWN = 100
"""Articles after which the bar moves."""
GROUP_BYTES = 16_000_000
"""Size at which Parquet's articles are written as one group: each leaves 70 kB in memory to the end
of the file, which would grow with it, and small ones are dear to read."""
SITE = "https://github.com/gomtin/gomtin"


def export(
    found: Iterable[StoredArticle], form: str, output: Path | None, asked: Asked | None = None
) -> None:
    """Write articles as ``form``; raise Reject("output.unwritable") when the file cannot be.

    JSON lines also tell the passage that answers ``asked``.
    """
    if output is None and form == "parquet":
        raise click.UsageError("--format parquet needs --output FILE")
    written = _Written()
    try:
        bar = output is not None or not sys.stdout.isatty()
        with written.shown(found, bar=bar) as articles:
            if output is not None and form == "parquet":
                _write_parquet(articles, output)
            else:
                with _destination(output) as file:
                    WRITERS[form](articles, file, asked)
    except BrokenPipeError:
        raise
    except OSError as error:
        said = f"{output or 'the output'} cannot be written: {file_fault(error)}"
        raise Reject("output.unwritable", said) from error
    place = f" to {output}" if output is not None else ""
    said = f"{counted(written.number, 'article')} written{place}"
    notes.print(said, markup=False, soft_wrap=True)


@dataclass(slots=True)
class _Written:
    """Counts the articles that have been written."""

    number: int = 0

    @contextmanager
    def shown(
        self, found: Iterable[StoredArticle], *, bar: bool
    ) -> Iterator[Iterable[StoredArticle]]:
        """Show how many there are, meanwhile."""
        from cli.progress import progress

        with progress("articles written") if bar else nullcontext() as tell:
            yield self._told(found, tell)

    def _told(
        self, found: Iterable[StoredArticle], tell: Callable[[int], None] | None
    ) -> Iterator[StoredArticle]:
        for article in found:
            yield article
            self.number += 1
            if tell and self.number % SHOWN == 0:
                tell(self.number)


@contextmanager
def _destination(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        sys.stdout.flush()  # what does not come through is not called written
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        yield file


def _write_jsonl(found: Iterable[StoredArticle], file: TextIO, asked: Asked | None) -> None:
    from pipelines.search.snippets import html, passage
    from pipelines.store.articles import article_to_json

    for article in found:
        row = article_to_json(article)
        if asked is not None:
            shown = passage(article.draft, asked)
            row["passage"] = {"title": html(shown.title), "text": html(shown.text)}
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_csv(found: Iterable[StoredArticle], file: TextIO, _: Asked | None) -> None:
    from pipelines.store.articles import article_to_json

    columns = [one for one in COLUMNS if one.csv]
    lists = [one.name for one in columns if one.kind == "texts"]
    rows = csv.DictWriter(file, (*(one.name for one in columns), "text"), extrasaction="ignore")
    rows.writeheader()
    for article in found:
        row = article_to_json(article)
        row |= {name: "|".join(row[name]) for name in lists}
        rows.writerow(row | {"text": "\n".join(row["body"])})


def _write_rss(found: Iterable[StoredArticle], file: TextIO, _: Asked | None) -> None:
    from email.utils import format_datetime

    file.write('<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>\n')
    file.write(element("title", "gomtin") + element("link", SITE))
    file.write(element("description", "Articles of Vietnamese portals"))
    for article in found:
        parts = (
            element("title", article.draft.title),
            element("link", article.draft.url),
            element("description", article.draft.summary or ""),
            element("pubDate", format_datetime(article.dated_at)),
            element("guid", f"gomtin-article-{article.id}", isPermaLink="false"),
        )
        file.write(f"<item>\n{''.join(parts)}</item>\n")
    file.write("</channel></rss>\n")


def _write_atom(found: Iterable[StoredArticle], file: TextIO, _: Asked | None) -> None:
    file.writelines(write_atom(found, Feed(id=SITE)))


def _write_parquet(found: Iterable[StoredArticle], output: Path) -> None:
    from pyarrow import parquet

    schema = arrow_schema()
    with parquet.ParquetWriter(output, schema) as writer:
        for group in _groups(found, schema):
            writer.write_table(group)


def _groups(found: Iterable[StoredArticle], schema: pa.Schema) -> Iterator[pa.Table]:
    import pyarrow as pa

    from pipelines.store.articles import article_to_json

    articles, group = iter(found), schema.empty_table()
    while part := list(islice(articles, PART)):
        rows = [_typed(article_to_json(article)) for article in part]
        group = pa.concat_tables([group, pa.Table.from_pylist(rows, schema)])
        if group.nbytes >= GROUP_BYTES:
            yield group
            group = schema.empty_table()
    if group.num_rows:
        yield group


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """Give days and times as Parquet takes them."""
    for column in COLUMNS:
        value = row[column.name]
        if column.kind == "time" and value:
            row[column.name] = datetime.fromisoformat(value)
        elif column.kind == "day" and value:
            row[column.name] = date.fromisoformat(value)
        elif column.name == "documents":
            row[column.name] = [
                one | {"date": date.fromisoformat(one["date"]) if one["date"] else None}
                for one in value
            ]
    return row


WRITERS: dict[str, Callable[[Iterable[StoredArticle], TextIO, Asked | None], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "rss": _write_rss,
    "atom": _write_atom,
}
