"""Pages with what they hold, for the measurements of cleaning: recorded, of a folder, of a site."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.clean_looks import articles
from crawler.families import FAMILIES
from crawler.registry import find_portal, portal_ids
from pipelines.clean.detect import detect_family
from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.clean.rules import PageRules

RECORDED = Path(__file__).resolve().parents[1] / "tests" / "portals"


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, the rules of its family, and what it holds; ``body`` is empty for no article."""

    page: Page
    rules: PageRules | None
    body: tuple[str, ...] = ()
    title: str = ""
    day: str | None = None
    author: str | None = None
    captions: tuple[tuple[str, str], ...] = ()


def recorded() -> list[Sample]:
    """Read the recorded pages of every portal in the repository."""
    return [
        _recorded(portal_id, row)
        for portal_id in portal_ids()
        for row in json.loads((RECORDED / portal_id / "pages.json").read_text(encoding="utf-8"))
    ]


def _recorded(portal_id: str, row: dict[str, Any]) -> Sample:
    listed = row.get("listed_at")
    page = Page(
        url=row["url"],
        body=(RECORDED / portal_id / row["file"]).read_bytes(),
        fetched_at=datetime.fromisoformat(row["fetched_at"]),
        portal=portal_id,
        encoding="utf-8",
        listed_at=datetime.fromisoformat(listed) if listed else None,
        listed_from=row.get("listed_from", ""),
    )
    rules, article = find_portal(portal_id).rules, row["article"]
    if article is None:
        return Sample(page, rules)
    return Sample(
        page,
        rules,
        body=tuple(article["body"]),
        title=article["title"],
        day=(article["published_at"] or "")[:10] or None,
        author=article["author"],
        captions=tuple((one["image"] or "", one["text"]) for one in article["captions"]),
    )


def from_folder(folder: Path) -> list[Sample]:
    """Read pairs of a page and what it holds; the family is found out from the page."""
    samples = []
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        body = path.with_suffix(".html").read_bytes()
        page = Page(row["url"], body, datetime.now(UTC))
        name = detect_family(page)
        captions = ((one["src"], one["text"]) for one in row["captions"] if one["text"])
        samples.append(
            Sample(
                page,
                FAMILIES[name].rules if name else None,
                body=tuple(row["body"]),
                title=row["title"] or "",
                day=(row["published"] or "")[:10] or None,
                author=next(iter(row["authors"]), None),
                captions=tuple(captions),
            )
        )
    return samples


def from_looks(half: str) -> list[Sample]:
    """Make the pages of a half of the looks; they have no family."""
    return [
        Sample(
            one.page,
            None,
            body=one.text.paragraphs,
            title=one.text.title,
            day=f"{one.published:%Y-%m-%d}",
            author=one.text.author or None,
            captions=one.captions,
        )
        for one in articles(half)
    ]


def from_site(pages: Path, truth: Path, most: int) -> list[Sample]:
    """Read a recorded site: at most ``most`` of its articles, spread evenly.

    Both files are gzipped JSON lines, of what a server answered (url, status, text) and of what an
    editor entered (url, title, published_at, author, sapo, paragraphs of type t and text x,
    captions, kind).
    """
    bodies = {row["url"]: row["text"] for row in _lines(pages) if row["status"] == 200}
    known = [row for row in _lines(truth) if row["url"] in bodies and _entered(row)]
    family = detect_family(_page(known[0]["url"], bodies))
    rules = FAMILIES[family].rules if family else None
    step = max(1, -(-len(known) // most))
    return [
        Sample(
            _page(row["url"], bodies),
            rules,
            body=tuple(dict.fromkeys((row["sapo"], *_texts(row)) if row["sapo"] else _texts(row))),
            title=row["title"],
            day=row["published_at"][:10],
            author=row["author"],
            captions=tuple(("", text) for text in row["captions"]),
        )
        for row in known[::step]
    ]


def _entered(row: dict[str, Any]) -> bool:
    """Tell whether an editor wrote it: the stock articles of a CMS list captions as paragraphs."""
    return bool(row.get("paragraphs")) and row.get("kind") != "sample"


def _texts(row: dict[str, Any]) -> list[str]:
    return [part["x"] for part in row["paragraphs"] if part["t"] != "byline"]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _page(url: str, bodies: dict[str, str]) -> Page:
    return Page(url, bodies[url].encode(), datetime.now(UTC), encoding="utf-8")
