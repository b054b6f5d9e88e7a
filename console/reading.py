"""Reading the archive over the web: as JSON for programs and as pages for people."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from console.asking import Filters, by_browser, offered, understood
from console.pages import page
from pipelines.errors import Reject
from pipelines.search.snippets import Passage as Shown
from pipelines.search.snippets import html, passage
from pipelines.store.articles import (
    article_to_json,
    get_article,
    members_of,
    read_articles,
    revisions,
    story_of,
)
from pipelines.store.finding import answers, search
from pipelines.wording import Passage, changes, passages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import Connection

    from pipelines.store.articles import Revision, StoredArticle
    from pipelines.store.engine import Store
    from pipelines.store.finding import ArticleQuery

SHOWN_CHANGES = 5
"""Revisions whose changes an article's page shows, the newest ones."""

ArticleId = Annotated[int, Path(ge=1, lt=2**63)]


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


def reading(store: Store) -> APIRouter:
    """Make ``/articles`` and ``/articles/ID``: JSON, or a page where a browser asks for one.

    A query that cannot be read, or that asks for what is not known, is answered with 400 and
    ``{"code", "reason"}``.
    ``/api/articles/ID/diff`` gives what ``gomtin show ID --diff --json`` prints.
    """
    router = APIRouter()

    @router.get("/articles")
    def articles(request: Request, filters: Annotated[Filters, Query()]) -> Response:
        told = _listed if by_browser(request) else _records
        with store.read() as conn:
            return told(conn, filters)

    @router.get("/articles/{article_id}")
    def article(request: Request, article_id: ArticleId) -> Response:
        with store.read() as conn:
            found = get_article(conn, article_id)
            if not by_browser(request):
                return JSONResponse(article_to_json(found)) if found else _missing(article_id)
            if found is None:
                return page("missing.html", HTTPStatus.NOT_FOUND, id=article_id)
            return _whole(conn, found)

    @router.get("/api/articles/{article_id}/diff")
    def diff(article_id: ArticleId) -> JSONResponse:
        with store.read() as conn:
            texts = [one.draft.text for one in revisions(conn, article_id)]
        if not texts:
            return _missing(article_id)
        changed = changes(*texts[-2:]) if len(texts) > 1 else []
        return JSONResponse([one.to_json() for one in changed])

    return router


def _missing(article_id: int) -> JSONResponse:
    return JSONResponse({"reason": f"there is no article {article_id}"}, HTTPStatus.NOT_FOUND)


def _records(conn: Connection, filters: Filters) -> JSONResponse:
    try:
        found = search(conn, understood(conn, filters))
    except Reject as error:
        return JSONResponse({"code": error.code, "reason": str(error)}, HTTPStatus.BAD_REQUEST)
    rows = [_record(one, filters.query) for one in found[: filters.limit]]
    return JSONResponse({"articles": rows, "more": len(found) > filters.limit})


def _record(article: StoredArticle, asked: ArticleQuery) -> dict[str, Any]:
    record = article_to_json(article)
    if asked.asked is not None:
        shown = passage(article.draft, asked.asked)
        record["passage"] = {"title": html(shown.title), "text": html(shown.text)}
    return record


def _listed(conn: Connection, filters: Filters) -> Response:
    found: Sequence[StoredArticle] = ()
    earlier: Collection[int] = ()
    fault = ""
    try:
        earlier, found = _window(conn, filters)
    except Reject as error:
        fault = str(error)
    start, step = filters.offset, filters.limit
    new = [one for one in found[:step] if one.story_id not in earlier]
    return page(
        "articles.html",
        HTTPStatus.BAD_REQUEST if fault else HTTPStatus.OK,
        filters=filters,
        offered=offered(conn),
        found=list(_stories(new, filters.query)),
        told=bool(found),
        fault=fault,
        before=filters.with_(offset=max(0, start - step)) if start else None,
        after=filters.with_(offset=start + step) if len(found) > step else None,
    )


def _window(conn: Connection, filters: Filters) -> tuple[set[int], list[StoredArticle]]:
    """Give the stories that earlier pages have shown, and the articles of this one and one more."""
    ids = answers(conn, understood(conn, filters))
    earlier = set(islice(ids, filters.offset))
    found = read_articles(conn, list(islice(ids, filters.limit + 1)))
    members = members_of(conn, {one.story_id for one in found}) if earlier else {}
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
