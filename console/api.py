"""The archive for programs: JSON under ``/api``, described at ``/api`` and in OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from console.asking import Counted, Reading, understood
from console.described import ARTICLE, ARTICLES, CHANGES, COUNTED, answered, described
from console.faults import problem
from console.pages import page
from pipelines.search.snippets import html, passage
from pipelines.store.articles import article_to_json, get_article, revisions
from pipelines.store.counting import axes_of, tally
from pipelines.store.finding import missing, search
from pipelines.wording import changes

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from console.archive import Archive
    from pipelines.store.articles import StoredArticle
    from pipelines.store.finding import ArticleQuery

ArticleId = Annotated[int, Path(ge=1, lt=2**63, description="the article's number in this archive")]


def api(archive: Archive) -> APIRouter:
    """Make the routes; what cannot be read is answered with problem details."""
    router = APIRouter()

    @router.get("/api", include_in_schema=False)
    def about(request: Request) -> Response:
        return page("api.html", about=described(request.app.openapi()))

    @router.get("/api/articles", summary="Find articles", **answered(ARTICLES))
    def articles(asked: Annotated[Reading, Query()]) -> Response:
        with archive.read() as conn:
            return list_of(conn, asked)

    @router.get("/api/articles/{article_id}", summary="Read an article", **answered(ARTICLE, 404))
    def article(article_id: ArticleId) -> Response:
        with archive.read() as conn:
            found = get_article(conn, article_id)
        return record_of(found) if found else _missing(article_id)

    @router.get(
        "/api/articles/{article_id}/diff",
        summary="Read the words that the last revision removed and added",
        **answered(CHANGES, 404),
    )
    def diff(article_id: ArticleId) -> Response:
        with archive.read() as conn:
            texts = [one.draft.text for one in revisions(conn, article_id)]
        if not texts:
            return _missing(article_id)
        changed = changes(*texts[-2:]) if len(texts) > 1 else []
        return JSONResponse([one.to_json() for one in changed])

    @router.get("/api/count", summary="Count stories and articles", **answered(COUNTED))
    def count(asked: Annotated[Counted, Query()]) -> Response:
        axes = axes_of(asked.by)
        with archive.read() as conn:
            query = understood(conn, asked)
            found = tally(conn, query, axes)
            lacking = missing(conn, query)
        further = asked.next(len(found.counts)) if axes else ""
        beside = {"next": f"/api/count?{further}" if further else None, "missing": lacking or None}
        return JSONResponse(found.to_json(query, axes) | beside)

    return router


def list_of(conn: Connection, asked: Reading) -> Response:
    """Give the articles that answer, and the address of those that follow."""
    query = understood(conn, asked)
    found = search(conn, query)
    further = asked.next(found)
    rows = [_record(one, query) for one in found[: asked.limit]]
    next_page = f"/api/articles?{further}" if further else None
    beside = {"next": next_page, "also": query.also, "missing": missing(conn, query) or None}
    return JSONResponse({"articles": rows} | beside)


def record_of(article: StoredArticle) -> Response:
    """Give the record of one article."""
    return JSONResponse(article_to_json(article))


def _missing(article_id: int) -> Response:
    return problem(404, "article.unknown", f"there is no article {article_id}")


def _record(article: StoredArticle, asked: ArticleQuery) -> dict[str, Any]:
    record = article_to_json(article)
    if asked.asked is not None:
        shown = passage(article.draft, asked.asked)
        record["passage"] = {"title": html(shown.title), "text": html(shown.text)}
    return record
