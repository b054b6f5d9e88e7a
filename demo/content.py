"""The replicas' articles as data: read from TOML, with copies made from their originals.

An article's text is a block per empty-line-separated chunk: ``![a.jpg b.jpg] caption`` is a
picture, ``# x`` a sub-heading, ``- x`` a list item, ``| a | b`` a table row, ``@ file.pdf | x`` an
attachment, anything else a paragraph; the first paragraph is the lead.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from demo.spelling import decomposed_every, other_tone_placement, slug

if TYPE_CHECKING:
    from datetime import date, datetime

FOLDER = Path(__file__).parent / "articles"
PORTALS = ("danvankheo", "angiang_dcs", "hiepninh", "hongngu", "baoangiang")
MARKS: dict[str, Kind] = {"# ": "heading", "- ": "item", "| ": "row", "@ ": "file"}

Kind = Literal["p", "heading", "item", "row", "image", "file"]
CopyKind = Literal["", "identical", "retitled", "excerpt", "extended", "respelt"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a text; ``names`` are file names of pictures or of the attachment."""

    kind: Kind
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a replica, as its editors wrote it.

    ``spell`` is how the page spells the text ("nfd": every second paragraph decomposed); ``trap``
    names what the address serves in place of an article; ``day`` is the first day on which it is
    there, ``corrections`` replace text from day 2 on.
    """

    portal: str
    id: int
    title: str
    section: str
    published: datetime
    blocks: tuple[Block, ...]
    author: str = ""
    source: str = ""
    dateline: str = ""
    tags: tuple[str, ...] = ()
    views: int = 0
    rating: tuple[int, int] = (0, 0)
    style: str = "p"
    copy_of: str = ""
    copy_kind: CopyKind = ""
    series: str = ""
    spell: str = ""
    trap: str = ""
    target: str = ""
    day: int = 1
    corrections: tuple[tuple[str, str], ...] = ()
    event_date: date | None = None
    slug: str = field(default="")

    @property
    def key(self) -> str:
        """Name the article over all replicas: portal and CMS id."""
        return f"{self.portal}/{self.id}"

    @property
    def lead(self) -> str:
        """Give the first paragraph."""
        return next((block.text for block in self.blocks if block.kind == "p"), "")

    @property
    def rest(self) -> tuple[Block, ...]:
        """Give all blocks but the lead."""
        lead = next((block for block in self.blocks if block.kind == "p"), None)
        return tuple(block for block in self.blocks if block is not lead)

    @property
    def images(self) -> tuple[str, ...]:
        """Name the picture files in order."""
        return tuple(name for block in self.blocks if block.kind == "image" for name in block.names)


def blocks_of(text: str) -> tuple[Block, ...]:
    """Read the blocks of a text (see the module's docstring)."""
    chunks = (" ".join(chunk.split()) for chunk in re.split(r"\n\s*\n", text.strip()))
    return tuple(_block(chunk) for chunk in chunks if chunk)


def _block(chunk: str) -> Block:
    picture = re.fullmatch(r"!\[([^\]]+)\]\s*(.*)", chunk)
    if picture:
        return Block("image", picture[2], tuple(picture[1].split()))
    kind = MARKS.get(chunk[:2], "p")
    if kind == "p":
        return Block("p", chunk)
    if kind == "file":
        name, _, text = chunk[2:].partition(" | ")
        return Block("file", text, (name,))
    return Block(kind, chunk[2:])


@cache
def sections(portal: str) -> dict[str, str]:
    """Give a portal's sections: address part to name, in menu order."""
    return dict(_read(portal)["sections"])


@cache
def _read(portal: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{portal}.toml").read_text(encoding="utf-8"))


@cache
def articles(portal: str) -> tuple[Article, ...]:
    """Give a portal's articles, newest first, copies filled from their originals."""
    made = [_article(portal, row) for row in _read(portal)["article"]]
    return tuple(sorted(made, key=lambda article: (article.published, article.id), reverse=True))


def _article(portal: str, row: dict[str, Any]) -> Article:
    row = dict(row)
    text, more, take = row.pop("text", ""), row.pop("append", ""), row.pop("take", 0)
    row["corrections"] = tuple((old, new) for old, new in row.get("corrections", ()))
    row["tags"] = tuple(row.get("tags", ()))
    row["rating"] = tuple(row.get("rating", (0, 0)))
    blocks = blocks_of(text)
    if row.get("copy_of"):
        original = _original(row["copy_of"])
        row.setdefault("title", original.title)
        source = [block for block in original.blocks if block.kind != "file"]
        blocks = tuple(source[:take] if take else source) + blocks_of(more)
    row.setdefault("slug", slug(row["title"]))
    return replace(Article(portal=portal, blocks=blocks, **row), blocks=_spelt(blocks, row))


def _original(key: str) -> Article:
    portal, _, number = key.partition("/")
    row = next(row for row in _read(portal)["article"] if row["id"] == int(number))
    return _article(portal, row)


def _spelt(blocks: tuple[Block, ...], row: dict[str, Any]) -> tuple[Block, ...]:
    if row.get("spell") != "nfd":
        return blocks
    texts = decomposed_every([other_tone_placement(block.text) for block in blocks], 2)
    return tuple(replace(block, text=text) for block, text in zip(blocks, texts, strict=True))


def corrected(article: Article) -> Article:
    """Give the article as it reads after its corrections."""

    def fix(text: str) -> str:
        for old, new in article.corrections:
            text = text.replace(old, new)
        return text

    blocks = tuple(replace(block, text=fix(block.text)) for block in article.blocks)
    return replace(article, title=fix(article.title), blocks=blocks)


def composed(text: str) -> str:
    """Give the stored form of a text: NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())
