"""gomtin articles and reindex: search the archive, and make its word index anew."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from cli.archive import kind_of, topics_of
from cli.narrowing import narrowed, tell_missing
from cli.session import Number, archive, console, examples, local, notes, require_portal
from pipelines.errors import Reject
from pipelines.file_faults import file_fault
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from pipelines.search.query import Asked
    from pipelines.search.snippets import Pieces
    from pipelines.store.articles import StoredArticle
    from pipelines.store.finding import ArticleQuery

TABLE_ROWS = 50
FORMATS = ("table", "jsonl", "csv", "parquet", "rss", "atom")


@click.command(
    "articles",
    epilog=examples(
        'gomtin articles "dân vận" --unit "An Giang" --since 2023-01-01',
        "gomtin articles '\"dân vận khéo\" nông thôn' --kind hoi_nghi",
        'gomtin articles --person "Nguyễn Văn An" --document 71-KH/TU',
        "gomtin articles --portal hiepninh --format jsonl --output hiepninh.jsonl",
    ),
)
@narrowed
@click.option(
    "--since-event",
    metavar="N|FILE",
    help="Only what changed after event N, or after the one in FILE, which then gets the last.",
)
@click.option("--limit", type=Number(), help="At most N articles [table: 50].")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file.")
def articles_command(
    asked: ArticleQuery,
    since_event: str | None,
    limit: int | None,
    form: str,
    as_json: bool,
    output: Path | None,
) -> None:
    """Find articles; print or export them.

    QUERY are words that stand anywhere in the article, "in quotation marks" side by side, -"so" not
    there; words written without marks find those with any marks. UBND finds Ủy ban nhân dân, too,
    kỹ thuật kĩ thuật, and the other way round: in quotation marks, "UBND", only what is typed.
    Articles that have the words in their title come first. Without QUERY the newest come first.
    """
    from cli.exports import export
    from pipelines.search.known import about
    from pipelines.store.finding import stream

    form = "jsonl" if as_json else form
    if output and form == "table":
        raise click.UsageError(f"--output needs a --format: {', '.join(FORMATS[1:])}")
    if since_event is not None and form == "table":
        raise click.UsageError("--since-event exports: it needs --json or another --format")
    if since_event is not None and limit is not None:
        raise click.UsageError("--limit would leave changes out for good: not with --since-event")
    with archive() as (_, store), store.read() as conn:
        require_portal(conn, asked.portal)
        tell_missing(conn, asked)
        if form == "table":
            _print_found(conn, replace(asked, limit=limit or TABLE_ROWS))
        else:
            with _changes(conn, replace(asked, limit=limit), since_event) as changed:
                export(stream(conn, changed), form, output, asked.asked)
            for sentence in about(asked):
                notes.print(sentence, markup=False)


@contextmanager
def _changes(
    conn: Connection, asked: ArticleQuery, since_event: str | None
) -> Iterator[ArticleQuery]:
    """Narrow a query to what changed; afterwards tell from where to go on."""
    from pipelines.store.outbox import forgotten_until, last_article_event

    if since_event is None:
        yield asked
        return
    file = None if since_event.isdecimal() else Path(since_event)
    event = _read_event(file) if file else int(since_event)
    gone = forgotten_until(conn)
    if 0 < event < gone:
        cure = "export everything anew: --since-event 0" if file is None else f"remove {file}"
        raise Reject(
            "export.forgotten",
            f"events up to {gone} are forgotten, changes after {event} are not all known; {cure}",
        )
    last = max(event, gone, last_article_event(conn))
    yield replace(asked, since_event=event)
    notes.print(f"last event {last}")
    if file:
        _write_event(file, last)


def _read_event(file: Path) -> int:
    try:
        if file.parent.is_dir() and not file.exists():
            return 0
        return int(file.read_text())
    except OSError as error:
        raise Reject("export.event", f"{file} cannot be read: {file_fault(error)}") from error
    except ValueError as error:
        cure = "correct it, or remove it to export everything anew"
        raise Reject("export.event", f"{file} holds no event's number; {cure}") from error


def _write_event(file: Path, event: int) -> None:
    try:
        file.write_text(f"{event}\n")
    except OSError as error:
        raise Reject("export.event", f"{file} cannot be written: {file_fault(error)}") from error


@click.command("reindex", epilog=examples("gomtin reindex"))
def reindex_command() -> None:
    """Make the word index of all articles anew, by today's rules.

    While it is made, a search finds what has been read so far and says how much is missing. A
    reindex that was interrupted goes on where it stopped.
    """
    from cli.progress import progress
    from pipelines.reprocess.reindex import reindex
    from pipelines.store.positions import left
    from pipelines.store.search_rows import ANEW_TASK

    done = 0
    with archive() as (_, store):
        with store.read() as conn:
            total = left(conn, ANEW_TASK)
        with progress("articles read", total) as tell:
            for done in reindex(store):
                tell(done)
    console.print(f"{counted(done, 'article')} read; the index is of today")


def _print_found(conn: Connection, asked: ArticleQuery) -> None:
    from pipelines.search.known import about
    from pipelines.store.finding import search

    assert asked.limit is not None
    found = search(conn, replace(asked, limit=asked.limit + 1))
    if found:
        console.print(_table(found[: asked.limit], asked.asked))
    more = ""
    if len(found) > asked.limit:
        order = "best" if asked.query else "newest"
        more = f", the {order}; --limit {2 * asked.limit} shows more"
    elif not found and (other := _spelt_otherwise(conn, asked)):
        more = f"; spelt otherwise there are some: {other}"
    elif not found and asked.organisation:
        more = "; gomtin count --by organisation tells the names that there are"
    shown = counted(min(len(found), asked.limit), "article")
    console.print(f"{shown}{more}", markup=False)
    for sentence in about(asked):
        console.print(sentence, markup=False)


def _spelt_otherwise(conn: Connection, asked: ArticleQuery) -> str:
    """Give the first other spelling of the query that finds something."""
    from pipelines.search.spelling import spellings
    from pipelines.store.finding import search

    finds = (
        one for one in spellings(asked.query) if search(conn, replace(asked, query=one, limit=1))
    )
    return next(finds, "")


def _table(found: Sequence[StoredArticle], asked: Asked | None) -> Table:
    from pipelines.search.snippets import passage

    table = Table(box=None)
    for name in ("id", "published", "portal", "title"):
        table.add_column(name, no_wrap=name != "title")
    for article in found:
        draft = article.draft
        day = local(article.dated_at, "%Y-%m-%d")
        title = Text(draft.title)
        lines = Text("")
        if asked is not None:
            shown = passage(draft, asked)
            title, lines = _marked(shown.title), Text("\n") + _marked(shown.text, "dim")
        title = Text.assemble(title, (f"  {_remarks(article)}", "dim"), lines)
        table.add_row(
            str(article.id), day if draft.published_at else f"({day})", Text(draft.portal), title
        )
    return table


def _marked(pieces: Pieces, style: str = "") -> Text:
    return Text.assemble(*((text, "bold yellow" if hit else style) for text, hit in pieces))


def _remarks(article: StoredArticle) -> str:
    remarks = [*topics_of(article)[:1], kind_of(article)]
    if article.copy_kind not in {"", "original"}:
        remarks.append(f"{article.copy_kind} of story {article.story_id}")
    if article.gone_at:
        remarks.append(f"taken down by {local(article.gone_at)}")
    if article.revision > 1:
        remarks.append(f"revision {article.revision}")
    return "; ".join(remarks)
