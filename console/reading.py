"""Reading the archive over the web: search as JSON for programs and as a page for people."""

from __future__ import annotations

from datetime import date, datetime, time
from html import escape
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from pipelines.errors import Reject
from pipelines.search.snippets import html, passage
from pipelines.store.articles import article_to_json
from pipelines.store.finding import ArticleQuery, search

if TYPE_CHECKING:
    from pipelines.store.articles import StoredArticle
    from pipelines.store.engine import Store

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
MOST = 200
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}gomtin</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:48rem;padding:0 1rem}}
input{{font:inherit;padding:.3rem;width:70%}}button{{font:inherit;padding:.3rem 1rem}}
article{{margin:1.2rem 0}}small{{color:#666}}p{{margin:0}}</style>
<h1><a href="/">gomtin</a></h1>
<form action="/articles"><input name="q" value="{query}" autofocus aria-label="words">
<button>Search</button></form>{found}</html>"""


def reading(store: Store) -> APIRouter:
    """Make ``/articles``: JSON, or a page where a browser asks for one.

    A query that cannot be read is answered with 400 and ``{"code", "reason"}``.
    """
    router = APIRouter()

    @router.get("/articles")
    def articles(
        request: Request,
        q: str = "",
        portal: str = "",
        topic: str = "",
        kind: str = "",
        unit: str = "",
        person: str = "",
        document: str = "",
        since: date | None = None,
        until: date | None = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        asked = ArticleQuery(
            q, portal, topic, unit, _midnight(since), _midnight(until), limit + 1, offset,
            kind, person, document,
        )  # fmt: skip
        people = "text/html" in request.headers.get("accept", "")
        try:
            with store.read() as conn:
                found = search(conn, asked)
        except Reject as error:
            if people:
                return HTMLResponse(_page(q, f"<p>{escape(str(error))}</p>"), 400)
            return JSONResponse({"code": error.code, "reason": str(error)}, 400)
        if people:
            return HTMLResponse(_page(q, "".join(_item(one, asked) for one in found[:limit])))
        rows = [_record(one, asked) for one in found[:limit]]
        return JSONResponse({"articles": rows, "more": len(found) > limit})

    return router


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), LOCAL)


def _record(article: StoredArticle, asked: ArticleQuery) -> dict[str, Any]:
    record = article_to_json(article)
    if asked.asked is not None:
        shown = passage(article.draft, asked.asked)
        record["passage"] = {"title": html(shown.title), "text": html(shown.text)}
    return record


def _page(query: str, found: str) -> str:
    title = f"{escape(query)} - " if query else ""
    found = found or "<p>No article answers.</p>"
    return PAGE.format(title=title, query=escape(query), found=found)


def _item(article: StoredArticle, asked: ArticleQuery) -> str:
    draft = article.draft
    title, text = escape(draft.title), escape(draft.summary or "")
    if asked.asked is not None:
        shown = passage(draft, asked.asked)
        title, text = html(shown.title), html(shown.text)
    day = f"{article.dated_at.astimezone(LOCAL):%d/%m/%Y}"
    return (
        f'<article><a href="{escape(draft.url)}" rel="noreferrer">{title}</a>'
        f"<p>{text}</p><small>{article.id} · {escape(draft.portal)} · {day}</small></article>"
    )
