"""Recorded pages of a portal: the bytes as fetched, and pages.json with what they come out as."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import crawler
from crawler.recorded.saved import clean_saved
from pipelines.codec import draft_to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.portal import Portal
    from crawler.survey.survey import Survey, Visit
    from pipelines.clean.isolated import IsolatedCleaner
    from pipelines.records import Page

LISTED = "pages.json"
LONGEST_NAME = 40


def folder_of(portal_id: str) -> Path:
    """Give the folder of a portal's recorded pages; it is there in a checkout only."""
    return Path(crawler.__file__).parents[1] / "tests" / "portals" / portal_id


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """Read the rows of a portal's pages.json; none where there is none yet."""
    listed = folder / LISTED
    return json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else []


def write_rows(
    folder: Path, rows: Sequence[Mapping[str, Any]], pages: Mapping[str, bytes]
) -> list[Path]:
    """Write pages and pages.json, one field a line, so that a diff shows what changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in pages.items():
        (folder / name).write_bytes(body)
    text = json.dumps(list(rows), ensure_ascii=False, indent=1)
    (folder / LISTED).write_text(text + "\n", encoding="utf-8")
    return [folder / LISTED, *(folder / name for name in pages)]


def record_pages(
    survey: Survey,
    portal: type[Portal],
    visits: Sequence[Visit],
    cleaner: IsolatedCleaner,
    rows: Sequence[Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Add the visited pages to ``rows``, in place of older ones of the same address.

    Give the rows and the pages' bytes by file name. The result is what today's rules make of the
    page: an expectation that a person has to review.
    """
    found = {str(row["url"]): dict(row) for row in rows}
    pages: dict[str, bytes] = {}
    for visit in visits:
        if visit.page is None:
            continue
        page = replace(visit.page, url=survey.public(visit.page.url), portal=portal.id)
        old = found.get(page.url, {})
        taken = {row["file"] for row in found.values()}
        name = old.get("file") or _file_name(visit, taken)
        if not page.listed_at and "listed_at" in old:
            listed = _moment(old["listed_at"])
            page = replace(page, listed_at=listed, listed_from=old["listed_from"])
        found[page.url] = {"file": name} | _row(page, portal, cleaner)
        pages[name] = page.body
    return list(found.values()), pages


def _row(page: Page, portal: type[Portal], cleaner: IsolatedCleaner) -> dict[str, Any]:
    row: dict[str, Any] = {"url": page.url, "fetched_at": page.fetched_at.isoformat()}
    if (page.encoding or "").lower() not in {"utf-8", "utf8"}:
        row["encoding"] = page.encoding
    if page.listed_at:
        row |= {"listed_at": page.listed_at.isoformat(), "listed_from": page.listed_from}
    cleaned = clean_saved(cleaner, page, portal)
    row["outcome"] = cleaned.outcome.value
    row["article"] = draft_to_json(cleaned.draft) if cleaned.draft else None
    return row


def _file_name(visit: Visit, taken: set[str]) -> str:
    """Name a page's file by its title, else by its address: "hoi-nghi-trien-khai.html"."""
    last = unquote(urlsplit(visit.url).path).rstrip("/").rpartition("/")[2]
    words = _slug(visit.draft.title if visit.draft else last.removesuffix(".html"))
    other = f"other-{words}" if words else "listing"
    stem = (words or "page") if visit.draft else other
    names = [f"{stem}.html", *(f"{stem}-{number}.html" for number in range(2, 100))]
    return next(name for name in names if name not in taken)


def _slug(text: str) -> str:
    """Give a text as lower-case ASCII words: "Hội nghị" is hoi-nghi."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME + 1].rpartition("-")[0]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
