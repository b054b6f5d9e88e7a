"""Reading the archive in the browser; a program that asks at these addresses gets JSON."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from console.api import ArticleId, list_of, record_of
from console.asking import Reading, by_browser, offered, understood
from console.faults import fault
from console.pages import page
from pipelines.errors import Reject
from pipelines.search.known import about
from pipelines.search.snippets import Passage as Shown
from pipelines.search.snippets import passage
from pipelines.store.articles import get_article, members_of, read_articles, revisions, story_of
from pipelines.store.finding import answers, answers_before, missing
from pipelines.wording import Passage, passages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import Connection

    from console.archive import Archive
    from pipelines.store.articles import Revision, StoredArticle
    from pipelines.store.finding import ArticleQuery

SHOWN_CHANGES = 5
"""Revisions whose changes an article's page shows, the newest ones."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A story as the list shows it: its best article, what answers marked, and its copies."""

    article: StoredArticle
    shown: Shown
    copies: Sequence[StoredArticle]


@dataclass(frozen=True, slots=True)
class Change:
    """A revision and the words that it changed."""

    revision: Revision
    passages: list[Passage]


def reading(archive: Archive) -> APIRouter:
    """Make ``/articles`` and ``/articles/ID``; a program gets there what ``/api`` gives."""
    router = APIRouter(include_in_schema=False)

    @router.get("/articles")
    def articles(request: Request, asked: Annotated[Reading, Query()]) -> Response:
        with archive.read() as conn:
            return _listed(conn, asked) if by_browser(request) else list_of(conn, asked)

    @router.get("/articles/{article_id}")
    def article(request: Request, article_id: ArticleId) -> Response:
        with archive.read() as conn:
            found = get_article(conn, article_id)
            if found is None:
                detail = f"there is no article {article_id}"
                return fault(request, HTTPStatus.NOT_FOUND, "article.unknown", detail)
            return _whole(conn, found) if by_browser(request) else record_of(found)

    return router


def _listed(conn: Connection, asked: Reading) -> Response:
    found: Sequence[StoredArticle] = ()
    earlier: Collection[int] = ()
    wrong = ""
    try:
        query = understood(conn, asked)
        asked = asked.named_by(query)
        earlier, found = _window(conn, query, asked)
    except Reject as error:
        wrong = str(error)
    new = [one for one in found[: asked.limit] if one.story_id not in earlier]
    return page(
        "articles.html",
        HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK,
        filters=asked,
        offered=offered(conn),
        found=[] if wrong else list(_stories(new, query)),
        told=bool(found),
        missing="" if wrong else missing(conn, query),
        about=() if wrong else about(query),
        wrong=wrong,
        further="" if wrong else asked.next(found),
    )


def _window(
    conn: Connection, query: ArticleQuery, asked: Reading
) -> tuple[set[int], list[StoredArticle]]:
    """Give the stories that earlier pages have shown, and the articles of this one and one more."""
    ids = answers(conn, query)
    earlier = set(islice(ids, asked.offset))
    found = read_articles(conn, list(islice(ids, asked.limit + 1)))
    if not earlier and query.after is None:
        return set(), found
    members = members_of(conn, {one.story_id for one in found})
    earlier |= answers_before(conn, query, list(members))
    return {story for one, story in members.items() if one in earlier}, found


def _stories(found: Sequence[StoredArticle], asked: ArticleQuery) -> Iterator[Answer]:
    """Give each story once, at the place of its best article; the others are named with it."""
    stories: dict[int, list[StoredArticle]] = {}
    for one in found:
        stories.setdefault(one.story_id, []).append(one)
    for article, *copies in stories.values():
        draft = article.draft
        shown = Shown(((draft.title, False),), ((draft.summary or "", False),))
        if asked.asked is not None:
            shown = passage(draft, asked.asked)
        yield Answer(article, shown, copies)


def _whole(conn: Connection, article: StoredArticle) -> Response:
    draft, named = article.draft, article.named
    return page(
        "article.html",
        article=article,
        story=story_of(conn, article.id),
        history=list(_changes(revisions(conn, article.id))),
        facts={
            "people": [f"{one.name} ({one.title})" for one in named.people],
            "organisations": named.organisations,
            "documents": [one.title for one in draft.documents],
            "places": [one.written for one in draft.units],
            "money": draft.money,
        },
    )


def _changes(history: Sequence[Revision]) -> Iterator[Change]:
    """Compare each revision with the one before it, the newest first."""
    for at in range(len(history) - 1, 0, -1)[:SHOWN_CHANGES]:
        before, after = history[at - 1], history[at]
        yield Change(after, passages(before.draft.text, after.draft.text))
