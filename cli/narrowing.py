"""The words and options that say which articles a command is about."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

import click

from cli.session import When, notes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from pipelines.store.finding import ArticleQuery

OPTIONS = (
    click.argument("words", nargs=-1, metavar="[QUERY]"),
    click.option("--query", default="", help="The same as QUERY."),
    click.option("--portal", default="", help="Only this portal."),
    click.option("--topic", default="", help="A topic, its sub-topics included, or several: a,b."),
    click.option("--kind", default="", help="A kind of text, or several."),
    click.option("--unit", default="", help="A place by its name then, or a commune's new one."),
    click.option("--unit-today", default="", help="All that lies in a place as it is today."),
    click.option("--person", default="", help="Somebody who is named, by the full name."),
    click.option("--organisation", default="", help="An office or body: UBND tỉnh An Giang."),
    click.option("--document", default="", help="A legal document: 71-KH/TU, Nghị quyết 57."),
    click.option("--since", type=When(), help="Published since (day, moment, or age as 7d)."),
    click.option("--until", type=When(), help="Published before."),
)


def narrowed(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, and hand it what they ask for as ``asked``."""

    @wraps(command)
    def narrow(
        words: tuple[str, ...],
        query: str,
        topic: str,
        kind: str,
        since: datetime | None,
        until: datetime | None,
        portal: str,
        unit: str,
        unit_today: str,
        person: str,
        organisation: str,
        document: str,
        **others: object,
    ) -> None:
        from pipelines.search.known import require_known
        from pipelines.store.finding import ArticleQuery

        if words and query:
            raise click.UsageError("give the words either as QUERY or as --query")
        if since and until and since >= until:
            raise click.UsageError("--since lies after --until: nothing is between them")
        asked = ArticleQuery(
            query or " ".join(words), portal, topic, unit, since, until,
            kind=kind, person=person, organisation=organisation, document=document,
            unit_today=unit_today,
        )  # fmt: skip
        command(asked=require_known(asked), **others)

    for option in reversed(OPTIONS):
        narrow = option(narrow)
    return narrow


def tell_missing(conn: Connection, asked: ArticleQuery) -> None:
    """Say what a search may not find."""
    from pipelines.store.finding import missing

    if said := missing(conn, asked):
        notes.print(said, soft_wrap=True)
