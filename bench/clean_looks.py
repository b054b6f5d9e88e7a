"""Pages of our own for the generic path: looks of content systems (templates) times texts.

A look is a template with what portals and editors put around a text. Half of the looks and of the
texts, "held", is kept out of tuning. A template file begins with TOML (how the look prints dates,
paragraphs, pictures and credits) and a line ``+++``; then comes the page with ``$names``, in which
``<!--main-->`` marks what pages of another kind have in place of the article.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from demo.content import blocks_of
from demo.site import WEEKDAYS
from demo.spelling import slug
from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from demo.content import Block

FOLDER = Path(__file__).with_name("looks")
HALVES = ("tuned", "held")
FETCHED = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TEXTS_A_LOOK = 5
COMMENT = "Bài viết rất ý nghĩa, mong chính quyền địa phương tiếp tục quan tâm đến bà con."


@dataclass(frozen=True, slots=True)
class Text:
    """A text of our own, as its editor wrote it."""

    id: int
    title: str
    section: str
    published: datetime
    blocks: tuple[Block, ...]
    author: str
    source: str
    tags: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Give what an archive keeps of the text: all but the pictures."""
        return tuple(block.text for block in self.blocks if block.kind != "image")


@dataclass(frozen=True, slots=True)
class Look:
    """A template: its settings, the page up to the main part, the main part, and the rest."""

    name: str
    settings: Mapping[str, Any]
    before: str
    main: str
    after: str


@dataclass(frozen=True, slots=True)
class Made:
    """A page of a look, and the text that it shows."""

    look: str
    page: Page
    text: Text
    published: datetime
    captions: tuple[tuple[str, str], ...]


@cache
def looks(half: str) -> tuple[Look, ...]:
    """Read the looks of a half, by name."""
    found = (_look(path) for path in sorted(FOLDER.glob("*.html")))
    return tuple(look for look in found if look.settings["half"] == half)


def _look(path: Path) -> Look:
    head, _, page = path.read_text(encoding="utf-8").partition("+++\n")
    before, _, rest = page.partition("<!--main-->")
    main, _, after = rest.partition("<!--/main-->")
    return Look(path.stem, tomllib.loads(head), before, main, after)


@cache
def texts(half: str) -> tuple[Text, ...]:
    """Read the texts of a half."""
    rows = tomllib.loads((FOLDER / f"texts_{half}.toml").read_text(encoding="utf-8"))["text"]
    return tuple(
        Text(
            id=row["id"],
            title=row["title"],
            section=row["section"],
            published=row["published"],
            blocks=blocks_of(row["text"]),
            author=row.get("author", ""),
            source=row.get("source", ""),
            tags=tuple(row["tags"]),
        )
        for row in rows
    )


def articles(half: str) -> Iterator[Made]:
    """Make the articles of a half: every look shows some of the texts, every text is shown."""
    every = texts(half)
    for at, look in enumerate(looks(half)):
        for turn in range(TEXTS_A_LOOK):
            text = every[(at + turn) % len(every)]
            yield made(look, text, others=[other for other in every if other is not text])


def made(look: Look, text: Text, others: Sequence[Text]) -> Made:
    """Make one article's page."""
    values = frame(look, text, others) | _article(look, text, others)
    html = Template(look.before + look.main + look.after).substitute(values)
    page = Page(url=values["url"], body=html.encode(), fetched_at=FETCHED, encoding="utf-8")
    exact = "%M" in look.settings["date"] or "iso" in _used(look) or "utc" in _used(look)
    at = text.published if exact else text.published.replace(hour=0, minute=0)
    captions = tuple((block.names[0], block.text) for block in text.blocks if block.kind == "image")
    return Made(look.name, page, text, at, captions)


def _used(look: Look) -> list[str]:
    return Template(look.before + look.main).get_identifiers()


def frame(look: Look, text: Text, others: Sequence[Text]) -> dict[str, str]:
    """Give what a page of the look has around its main part."""
    settings = look.settings
    names = {
        "id": str(text.id),
        "slug": slug(text.title),
        "ymd": f"{text.published:%Y-%m-%d}",
    }
    related = "".join(
        Template(settings["related"]).substitute(
            href=f"/tin/{slug(other.title)}-{other.id}",
            title=escape(other.title),
            day=f"{other.published:%d/%m/%Y}",
        )
        for other in others[:5]
    )
    return names | {
        "url": Template(settings["url"]).substitute(names),
        "site": settings["site"],
        "title": escape(text.title),
        "title_entities": "".join(c if c.isascii() else f"&#{ord(c)};" for c in text.title),
        "description": escape(text.paragraphs[0][:140]),
        "section": escape(text.section),
        "tags": escape(", ".join(text.tags)),
        "related": related,
        "views": str(100 + text.id % 900),
        "comment": COMMENT,
        "comment_day": f"{text.published + timedelta(days=3):%d/%m/%Y}",
        "iso": text.published.isoformat(),
        "utc": text.published.astimezone(UTC).isoformat(),
        "naive_utc": f"{text.published:%Y-%m-%dT%H:%M:%S}Z",
        "us_time": f"{text.published:%m/%d/%Y %I:%M:%S %p}".replace("/0", "/").lstrip("0"),
        "edited": (text.published + timedelta(days=40, hours=3)).isoformat(),
    }


def _article(look: Look, text: Text, others: Sequence[Text]) -> dict[str, str]:
    settings = look.settings
    form = settings["date"].replace("%A", WEEKDAYS[text.published.weekday()])
    byline = settings["byline"] if text.author else ""
    credit = settings["credit"] if text.source else ""
    parts = {
        "date": text.published.strftime(form),
        "byline": Template(byline).substitute(author=escape(text.author)),
        "credit": Template(credit).substitute(source=escape(text.source)),
        "lead": "",
    }
    blocks = list(text.blocks)
    if settings["lead"] == "outside":
        first = next(at for at, block in enumerate(blocks) if block.kind == "p")
        parts["lead"] = escape(blocks.pop(first).text)
    used = _used(look)
    ends = [parts[name] for name in ("byline", "credit") if name not in used]
    return parts | {"body": body(settings, blocks, others[-1]) + "".join(ends)}


def body(settings: Mapping[str, Any], blocks: Sequence[Block], other: Text) -> str:
    """Write a text as the look's editor does, with a related article in it where it has such."""
    parts: list[str] = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        for block in (run := list(group)):
            values = {"text": escape(block.text), "file": block.names[0] if block.names else ""}
            if kind == "image":
                parts.append(Template(settings["picture"]).substitute(values))
            elif kind == "heading":
                parts.append(settings["paragraph"].replace("$text", f"<b>{values['text']}</b>"))
            elif kind == "p":
                parts.append(Template(settings["paragraph"]).substitute(values))
        if kind == "item":
            parts.append("<ul>" + "".join(f"<li>{escape(b.text)}</li>" for b in run) + "</ul>")
        elif kind == "row":
            parts.append("<table border=1>" + "".join(map(_row, run)) + "</table>")
        if len(parts) > 1 and "insert" in settings and other.title not in "".join(parts):
            href = f"/tin/{slug(other.title)}-{other.id}"
            parts.append(Template(settings["insert"]).substitute(href=href, title=other.title))
    return "\n".join(parts)


def _row(row: Block) -> str:
    cells = row.text.split(" | ")
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
