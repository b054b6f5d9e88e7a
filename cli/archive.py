"""gomtin show: one article, its history and its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from cli.session import ROW_ID, archive, console, examples, local, print_json
from cli.why import show_why
from pipelines.errors import Reject
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from pipelines.records import Attachment, Draft
    from pipelines.store.articles import Member, StoredArticle


@click.command(
    "show", epilog=examples("gomtin show 12", "gomtin show 12 --diff", "gomtin show 12 --story")
)
@click.argument("article", type=ROW_ID)
@click.option("--revisions", "wanted", flag_value="revisions", help="Its history.")
@click.option("--story", "wanted", flag_value="story", help="Its copies on other portals.")
@click.option("--diff", "wanted", flag_value="diff", help="What the last revision changed.")
@click.option("--why", "wanted", flag_value="why", help="Its labels, and what decided them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_command(article: int, wanted: str | None, as_json: bool) -> None:
    """Show one article, its history or its copies."""
    from pipelines.store.articles import article_to_json, get_article

    with archive() as (_, store), store.read() as conn:
        found = get_article(conn, article)
        if found is None:
            raise Reject(
                "article.missing", f"there is no article {article}; gomtin articles lists them"
            )
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
        ("read by", f"{draft.family}, {draft.extractor} rules"),
        ("published", local(draft.published_at) if draft.published_at else None),
        ("event", draft.event_date.isoformat() if draft.event_date else None),
        ("author", draft.author),
        ("source", draft.source),
        ("section", draft.section),
        ("dateline", draft.dateline),
        ("tags", ", ".join(draft.tags)),
        ("counters", ", ".join(f"{k} {v:g}" for k, v in draft.counters.items())),
        ("documents", ", ".join(d.title for d in draft.documents)),
        ("money", ", ".join(draft.money)),
    )
    _print_facts(facts)
    for paragraph in draft.body:
        console.print(Text("\n" + paragraph))
    for caption in draft.captions:
        console.print(Text(f"\n[{caption.text}]", style="italic"))
    for attachment in draft.attachments:
        _print_file(attachment)


def _print_facts(facts: Iterable[tuple[str, str | None]]) -> None:
    """Print those that are known, a line each; what is longer stays in its column."""
    table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    table.add_column(width=9, style="dim")
    table.add_column(overflow="fold")
    for name, value in facts:
        if value:
            table.add_row(name, Text(value))
    if table.row_count:
        console.print(table)


def _print_file(file: Attachment) -> None:
    """Print an attached file: name, address, size, what came of reading it, and its text."""
    size = f"{file.size / 1024:.0f} kB" if file.size else ""
    known = ", ".join(filter(None, (size, file.outcome)))
    console.print(Text(f"\n+ {file.text}  {file.url}{f'  ({known})' if known else ''}"))
    for line in file.content.splitlines():
        console.print(Text(f"  {line}"))


def _print_article(article: StoredArticle) -> None:
    topics, kind = topics_of(article), kind_of(article)
    head = (
        f"article {article.id}, story {article.story_id}, revision {article.revision}; "
        f"{', '.join(topics)}; {kind}\n{article.draft.url}"
    )
    if article.gone_at:
        head += f"\ntaken down by its portal, noticed at {local(article.gone_at)}"
    console.print(Text(head, style="dim"), soft_wrap=True)
    people = [f"{one.name} ({one.title})" for one in article.named.people]
    offices = article.named.organisations
    _print_facts((("people", "; ".join(people)), ("offices", "; ".join(offices))))
    print_draft(article.draft)


def topics_of(article: StoredArticle) -> list[str]:
    """Give the topics that the classifier found."""
    return [label.value for label in article.labels if label.axis == "topic"]


def kind_of(article: StoredArticle) -> str:
    """Give the kind of text that the classifier found."""
    return next((label.value for label in article.labels if label.axis == "kind"), "-")


def _show_revisions(conn: Connection, article: int, *, as_json: bool) -> None:
    from pipelines.store.articles import revisions

    table = Table("", "seen", "changed", "title", box=None)
    for one in revisions(conn, article):
        if as_json:
            row: dict[str, Any] = {"revision": one.number, "seen_at": one.seen_at.isoformat()}
            row |= {"kind": one.kind, "changed": list(one.changed)}
            print_json(row | {"title": one.draft.title})
        changed = ", ".join(one.changed) or "first seen"
        if one.kind != "fetched":
            changed = f"{one.kind}: {changed}"
        table.add_row(str(one.number), local(one.seen_at), changed, Text(one.draft.title))
    if not as_json:
        console.print(table)


def _show_story(conn: Connection, article: int, *, as_json: bool) -> None:
    from pipelines.store.articles import story_of

    story = story_of(conn, article)
    assert story is not None
    if as_json:
        members = [
            {"article": one.article_id, "portal": one.portal, "url": one.url, "kind": one.kind}
            | {"similarity": one.similarity, "matched": one.matched, "matched_id": one.matched_id}
            for one in story.members
        ]
        found = {"story": story.id, "representative": story.representative_id}
        print_json(found | {"members": members, "related": list(story.related)})
        return
    first = f"article {story.representative_id} stands for it"
    console.print(f"story {story.id}, {counted(len(story.members), 'article')}; {first}")
    table = Table("id", "kind", "found by", "published", "portal", "title", box=None)
    for one in story.members:
        day, title = local(one.published_at, "%Y-%m-%d"), Text(one.title)
        kind = f"{one.kind} {one.similarity:.0%}" if one.similarity < 1 else one.kind
        table.add_row(str(one.article_id), kind, _found_by(one), day, Text(one.portal), title)
    console.print(table)
    if story.related:
        console.print("related, not the same: " + ", ".join(map(str, story.related)))


def _found_by(member: Member) -> str:
    """Say which key found a member of a story, and in which other one."""
    if member.matched_id is None:
        return "-"
    key = "words" if member.matched == "content_hash" else "likeness"
    return f"{key} of {member.matched_id}"


def _show_diff(conn: Connection, article: int, *, as_json: bool) -> None:
    from pipelines.store.articles import revisions
    from pipelines.wording import changes, passages

    history = revisions(conn, article)
    if len(history) == 1:
        console.print("never revised") if not as_json else print_json([])
        return
    before, after = (one.draft.text for one in history[-2:])
    if as_json:
        print_json([one.to_json() for one in changes(before, after)])
        return
    text = Text()
    for one in passages(before, after):
        text.append(f"{one.kept} " if one.kept else "")
        text.append(f"[-{one.removed}-] " if one.removed else "", style="red strike")
        text.append(f"{{+{one.added}+}} " if one.added else "", style="green")
    console.print(text)


SHOWN = {"why": show_why, "revisions": _show_revisions, "story": _show_story, "diff": _show_diff}
