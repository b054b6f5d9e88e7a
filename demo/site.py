"""What every replica portal shares: requests, responses, page templates, files, the day's news."""

from __future__ import annotations

import html
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from demo.content import Article
    from demo.world import World

PAGES = Path(__file__).parent / "pages"
PIXEL = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FILES = {
    ".jpg": ("image/gif", PIXEL),
    ".png": ("image/gif", PIXEL),
    ".gif": ("image/gif", PIXEL),
    ".ico": ("image/gif", PIXEL),
    ".css": ("text/css", b""),
    ".js": ("text/javascript", b""),
    ".pdf": ("application/pdf", PDF),
    ".docx": ("application/msword", PDF),
}
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Request:
    """A GET request: decoded path, query parameters, headers with lower-case names."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]

    @classmethod
    def of(cls, target: str, headers: Mapping[str, str] | None = None) -> Request:
        """Read a request target (path and query)."""
        parts = urlsplit(target)
        lower = {name.casefold(): value for name, value in (headers or {}).items()}
        return cls(unquote(parts.path), dict(parse_qsl(parts.query)), lower)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer before transfer coding."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class Site(ABC):
    """One replica portal: its addresses, and the answer to every request.

    ``public`` is the real portal's address: absolute links in the pages name it, as in a mirror.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    public: ClassVar[str]
    robots: ClassVar[str]
    gzip: ClassVar[bool] = False

    def __init__(self, world: World) -> None:
        self.world = world

    @abstractmethod
    def path(self, article: Article) -> str:
        """Give the article's path and query."""

    @abstractmethod
    def image(self, article: Article, name: str) -> str:
        """Give the address of a picture as the page writes it."""

    @abstractmethod
    def attachment(self, article: Article, name: str) -> str:
        """Give the absolute address of an attached file."""

    @abstractmethod
    def page(self, request: Request) -> Response:
        """Answer a request that is neither robots.txt nor a file."""

    def url(self, article: Article) -> str:
        """Give the article's public address."""
        return self.public + self.path(article)

    def answer(self, request: Request) -> Response:
        """Answer any GET request."""
        if request.path == "/robots.txt":
            return text(self.robots)
        file = FILES.get(Path(request.path).suffix)
        if file:
            return Response(200, file[1], file[0])
        return self.page(request)

    def articles(self, section: str = "") -> tuple[Article, ...]:
        """Give the day's articles, newest first, of one section or of all."""
        every = self.world.articles(self.id)
        return tuple(one for one in every if section in ("", one.section))

    def find(self, number: int) -> Article | None:
        """Give the day's article with this CMS id."""
        return next((one for one in self.articles() if one.id == number), None)

    def views(self, article: Article) -> int:
        """Count a request for the article and give its view counter."""
        return article.views + self.world.hit(article.key)

    def visitors(self) -> int:
        """Count a request to the site and give its visitor counter."""
        return 194_104 + self.world.hit(self.id)

    def others(self, count: int, turn: int, but: Article | None = None) -> list[Article]:
        """Give ``count`` real articles for a side block; ``turn`` moves the choice on."""
        real = [
            one for one in self.articles() if not one.trap and (but is None or one.id != but.id)
        ]
        start = turn % len(real)
        return (real[start:] + real[:start])[:count]


@cache
def _template(name: str) -> Template:
    return Template((PAGES / name).read_text(encoding="utf-8"))


def fill(name: str, **values: object) -> str:
    """Fill the page template ``name``; a value that is missing raises KeyError."""
    return _template(name).substitute(values)


def esc(text_: str) -> str:
    """Escape text for HTML."""
    return html.escape(text_, quote=True)


def page(markup: str, status: int = 200, *headers: tuple[str, str]) -> Response:
    """Answer with an HTML page."""
    return Response(status, markup.encode(), "text/html; charset=utf-8", headers)


def text(body: str) -> Response:
    """Answer with plain text."""
    return Response(200, body.encode(), "text/plain; charset=utf-8")


def xml(body: str, *headers: tuple[str, str]) -> Response:
    """Answer with an XML document."""
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n' + body
    return Response(200, declared.encode(), "text/xml; charset=utf-8", headers)


def as_json(value: object, status: int = 200, *headers: tuple[str, str]) -> Response:
    """Answer with JSON in ASCII, as PHP writes it."""
    return Response(status, json.dumps(value).encode(), "application/json; charset=UTF-8", headers)


def redirect(target: str, status: int = 301) -> Response:
    """Answer with a redirect."""
    return Response(status, b"", "text/html; charset=utf-8", (("Location", target),))


def http_date(at: datetime) -> str:
    """Write a time as HTTP does."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def window(rows: Sequence[Article], number: int, size: int) -> tuple[list[Article], int]:
    """Give the rows of page ``number`` (from 1) and how many pages there are."""
    pages = max(1, -(-len(rows) // size))
    return list(rows[(number - 1) * size : number * size]), pages


def number(value: str | None, otherwise: int = 1) -> int:
    """Read a page or id number from an address."""
    return int(value) if value and value.isdecimal() else otherwise
