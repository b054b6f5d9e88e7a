"""The console's pages: templates, and how they show moments, links and labels."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.classify.taxonomy import taxonomy
from pipelines.codec import VIETNAM
from pipelines.plural import counted

if TYPE_CHECKING:
    from datetime import datetime

# Pages load nothing from elsewhere, and a portal's words can start nothing.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Fill a template of ``console/templates``; every value is escaped."""
    text = _environment().get_template(template).render(values)
    return HTMLResponse(text, status, headers=SAFE)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": _moment, "day": _day, "link": _link, "named": _named}
    made.filters["counted"] = counted
    return made


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}"


def _link(url: str, text: str = "") -> Markup | str:
    """Link to a page of the web; any other address, which an import may bring, is only shown."""
    if urlsplit(url).scheme not in {"http", "https"}:
        return f"{text} {url}".strip()
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, text or url)


def _named(value: str) -> str:
    """Give a label's Vietnamese name."""
    return taxonomy().names.get(value, value)
