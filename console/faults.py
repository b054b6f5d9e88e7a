"""What cannot be answered: what is wrong and what to do, for people and as problem details."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from difflib import get_close_matches
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from console.asking import HINTS, by_browser
from console.delivery import SAFE
from console.pages import page
from pipelines.errors import GomtinError, Reject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI, Request

LOG = logging.getLogger(__name__)
AGAIN_SECONDS = "10"
HEADINGS = {
    400: "This cannot be answered as it was asked",
    404: "There is nothing at this address",
    405: "The console is only read",
    503: "The archive does not answer",
}


def problem(status: int, code: str, detail: str) -> JSONResponse:
    """Make the problem details (RFC 9457) of an answer; ``code`` is stable for programs."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    told |= {"code": code, "detail": detail}
    return JSONResponse(told, status, media_type="application/problem+json")


def fault(request: Request, status: int, code: str, detail: str, command: str = "") -> Response:
    """Tell a person by a page, with the command to type, and a program by problem details."""
    if not by_browser(request):
        return problem(status, code, detail)
    heading = HEADINGS.get(status, "The console made a mistake")
    values: dict[str, object] = {
        "heading": heading,
        "detail": detail,
        "command": command,
        "again": status >= HTTPStatus.INTERNAL_SERVER_ERROR,
    }
    return page("fault.html", status, **values)


def tell_faults(app: FastAPI) -> None:
    """Answer each kind of fault in this way."""

    @app.exception_handler(RequestValidationError)
    def unread(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        if first["loc"][0] == "path":
            return fault(request, 404, "article.unknown", f"there is no article {first['input']}")
        return fault(request, 400, "query.field", _said(first))

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        status = error.status_code
        said = {404: f"the console has no page {request.url.path}"}
        detail = said.get(status, f"{request.method} is not answered, GET and HEAD are")
        answer = fault(request, status, f"http.{status}", detail)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(GomtinError)
    def rejected(request: Request, error: GomtinError) -> Response:
        if isinstance(error, Reject):
            return fault(request, 400, error.code, str(error))
        return _away(request, error.code, str(error))

    @app.exception_handler(SQLAlchemyError)
    def broken(request: Request, error: SQLAlchemyError) -> Response:
        LOG.error("the archive does not answer: %s", error)
        reason = str(getattr(error, "orig", None) or type(error).__name__).partition("\n")[0]
        return _away(request, "store.unreachable", reason)

    @app.exception_handler(Exception)
    def failed(request: Request, _: Exception) -> Response:
        now = datetime.now(UTC)
        detail = f"what it was stands in the log of the console, at {now:%H:%M:%S} UTC"
        answer = fault(request, 500, "console.error", detail)
        answer.headers.update(SAFE)  # it is sent past Delivery
        return answer


def _away(request: Request, code: str, reason: str) -> Response:
    answer = fault(request, 503, code, reason, "gomtin doctor")
    answer.headers["Retry-After"] = AGAIN_SECONDS
    return answer


def _said(error: Mapping[str, Any]) -> str:
    """Say what is wrong with a field, and what to write instead."""
    field, told = str(error["loc"][-1]), error["input"]
    if error["type"] == "extra_forbidden":
        near = get_close_matches(field, HINTS, 1, 0.5)
        return f"there is no filter {field}; {_nearest(near)}"
    return f"the filter {field} cannot be {str(told)[:100]!r}; it takes {HINTS[field]}"


def _nearest(near: Sequence[str]) -> str:
    return f"nearest: {near[0]}" if near else f"there are {', '.join(HINTS)}"
