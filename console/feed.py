"""The newest answers to a question as an Atom feed, for feed readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from console.asking import Reading, understood
from console.described import answered
from pipelines.atom import Feed, write_atom
from pipelines.store.finding import search

if TYPE_CHECKING:
    from console.archive import Archive

ATOM = "application/atom+xml"
SCHEMA = {"type": "string", "description": "RFC 4287; its link next leads on (RFC 5005)"}


def feed(archive: Archive) -> APIRouter:
    """Make ``/feed``: the filters of ``/articles``, the newest first, with ``next`` links."""
    router = APIRouter()
    told = answered(SCHEMA)
    told["responses"][200]["content"] = {ATOM: {"schema": SCHEMA}}

    @router.get("/feed", summary="Follow the newest articles in a feed reader", **told)
    def newest(request: Request, asked: Annotated[Reading, Query()]) -> Response:
        asked = asked.model_copy(update={"order": "newest"})
        with archive.read() as conn:
            found = search(conn, understood(conn, asked))
        shown, further = found[: asked.limit], asked.next(found)
        base = str(request.base_url).rstrip("/")
        here = asked.with_(order="best")
        links = [("self", f"{base}/feed?{here}"), ("alternate", f"{base}/articles?{asked.whole}")]
        if further:
            links.append(("next", f"{base}/feed?{further}"))
        about = Feed(
            id=f"tag:gomtin,2026:feed?{asked.whole}",
            title=f"gomtin: {asked.q}" if asked.q else "gomtin",
            links=tuple(links),
            updated=max((one.revised_at for one in shown), default=None),
        )
        return Response("".join(write_atom(shown, about)), media_type=ATOM)

    return router
