"""The console's pages: templates, and how they show moments, numbers, links and labels."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.classify.taxonomy import taxonomy
from pipelines.codec import VIETNAM
from pipelines.plural import counted

if TYPE_CHECKING:
    from datetime import datetime

PARTED = "\N{NARROW NO-BREAK SPACE}"
"""Parts thousands: a comma and a point mean opposite things in English and Vietnamese."""
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
ASSETS = {"style.css": "text/css", "icon.svg": "image/svg+xml"}


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Fill a template of ``console/templates``; every value is escaped."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


def assets() -> APIRouter:
    """Serve what pages load; the address of each changes with its content."""
    router = APIRouter(include_in_schema=False)

    @router.get("/assets/{name}")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            return Response(status_code=404)
        return Response(_asset(name), media_type=ASSETS[name], headers=FOR_GOOD)

    return router


@cache
def _asset(name: str) -> bytes:
    return (files("console") / "templates" / name).read_bytes()


@cache
def _asset_url(name: str) -> str:
    return f"/assets/{name}?{blake2b(_asset(name), digest_size=6).hexdigest()}"


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
    made.filters |= {"number": _number, "counted": _counted, "period": _period}
    made.filters["sentence"] = _sentence
    made.globals["asset"] = _asset_url
    return made


def _moment(at: datetime) -> Markup:
    return _time(at, "%d/%m/%Y %H:%M")


def _day(at: datetime) -> Markup:
    return _time(at, "%d/%m/%Y")


def _time(at: datetime, form: str) -> Markup:
    local = at.astimezone(VIETNAM)
    shown = f"{local:{form}}"
    written = local.date().isoformat() if len(form) < len("%d/%m/%Y %H") else local.isoformat()
    return Markup('<time datetime="{}">{}</time>').format(written, shown)


def _period(value: str) -> str:
    """Write "2026-11" or "2026-11-22" with its day first, as moments are."""
    return "/".join(reversed(value.split("-")))


def _sentence(said: str) -> str:
    """Write a message as a sentence; an address that it begins with stays as it is."""
    begun = said if said.startswith(("http://", "https://")) else said[:1].upper() + said[1:]
    return begun if begun.endswith((".", "?", "!")) else f"{begun}."


def _number(value: int) -> str:
    return f"{value:,}".replace(",", PARTED)


def _counted(number: int, one: str, several: str = "") -> str:
    return counted(number, one, several).replace(str(number), _number(number), 1)


def _link(url: str, text: str = "") -> Markup | str:
    """Link to a page of the web; any other address, which an import may bring, is only shown."""
    if urlsplit(url).scheme not in {"http", "https"}:
        return f"{text} {url}".strip()
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, text or url)


def _named(value: str) -> str:
    """Give a label's Vietnamese name."""
    return taxonomy().names.get(value, value)
