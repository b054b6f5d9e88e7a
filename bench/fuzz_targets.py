"""What is fuzzed: each target takes hostile bytes and may only raise the fault it declares."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.families import FAMILIES
from crawler.network.addresses import Territory
from crawler.network.traps import trap_in
from crawler.registry import all_portals
from crawler.walk.doors import read_feed, read_sitemap, read_wp_json
from crawler.walk.frontier import target_of
from pipelines.clean.attachment import read_file
from pipelines.clean.dates import parse_machine, parse_printed
from pipelines.clean.detect import detect_family
from pipelines.clean.event_day import event_date
from pipelines.clean.page import clean_page
from pipelines.clean.plain import clean_text
from pipelines.clean.text import fold_key, mojibake, tidy
from pipelines.codec import draft_from_json, draft_to_json
from pipelines.errors import Reject
from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.portal import Portal

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
URL = "https://portal.vn/tin-tuc/bai-viet-1.html"
ENCODINGS = ("utf-8", "windows-1258", "utf-16", "iso-8859-1", "x-user-defined", "\x00", "utf7")
RECORDED = Path(__file__).parents[1] / "tests" / "portals"
CORPUS = Path(__file__).parents[1] / "tests" / "corpus"


@dataclass(frozen=True, slots=True)
class Target:
    """A function under test: what it is fed from (a folder of the corpus) and what it is."""

    name: str
    seeds: str
    run: Callable[[bytes, int], object]


def page(body: bytes, choice: int) -> None:
    """Clean the page as one of a family, or by the generic path; keep its draft as the inbox does.

    ``choice`` decides on the family, on the charset that the header declares, and whether a page
    on which the family finds nothing is read by the generic path, which costs ten times as much.
    """
    names = [None, None, *FAMILIES]
    name = names[choice % len(names)]
    encoding = ENCODINGS[choice // 64 % len(ENCODINGS)] if choice % 5 == 0 else None
    asked = Page(URL, body, NOW, encoding=encoding)
    detect_family(asked)
    rules = FAMILIES[name].rules if name else None
    cleaned = clean_page(asked, rules, document_key="1" if choice % 7 == 0 else "")
    if cleaned.draft:
        kept = draft_to_json(cleaned.draft)
        draft_from_json(kept)
        json.dumps(kept, ensure_ascii=False).encode()  # a lone surrogate would fail in the store


def text(body: bytes, choice: int) -> None:
    """Clean a page's text without markup, and fold it as the keys are."""
    words = body.decode("utf-8", "replace" if choice % 2 else "surrogateescape")
    cleaned = clean_text(words, url=URL, portal="x", fetched_at=NOW)
    if cleaned.draft:
        json.dumps(draft_to_json(cleaned.draft), ensure_ascii=False).encode()
    fold_key(tidy(words))
    mojibake(words)


def dates(body: bytes, choice: int) -> None:
    """Read the bytes as a printed date, as a date in markup, and as a lead that names a day."""
    line = body.decode("utf-8", "replace")
    for printed in (parse_printed(line, order="mdy" if choice % 2 else "dmy"), parse_machine(line)):
        assert printed is None or printed.at is None or printed.at.utcoffset() is not None
    event_date(line, date(2026, 11, 22) if choice % 3 else None, URL, line[:100])


def doors(body: bytes, choice: int) -> None:
    """Read the bytes as a feed, a sitemap or an answer of the posts API."""
    with suppress(Reject):
        (read_feed, read_sitemap, read_wp_json)[choice % 3](body, URL)


def addresses(body: bytes, choice: int) -> None:
    """Judge an address as the frontier does, by the patterns of one of all portals."""
    every = _portals()
    portal = every[choice % len(every)]
    territory = Territory(portal)
    link = body.decode("utf-8", "replace")
    for url in (link, f"https://{portal.hosts[0]}/{link}", f"https://{portal.hosts[0]}/?{link}"):
        asked = territory.relocate(url)
        if territory.refusal(asked):
            continue
        target = target_of(asked)
        for pattern in (portal.deny, portal.article, portal.listing):
            pattern.search(target)
        portal.document_key(asked).encode()
        portal.canonical_url(asked)
        trap_in(asked)


def files(body: bytes, _choice: int) -> None:
    """Read the bytes as an attached file."""
    read_file(body)


@cache
def _portals() -> list[type[Portal]]:
    families = (
        type(name, (FAMILIES[name],), {"id": name, "hosts": ("a.vn",)}) for name in FAMILIES
    )
    return [*all_portals(), *families]


TARGETS = (
    Target("page", "pages", page),
    Target("text", "texts", text),
    Target("dates", "dates", dates),
    Target("doors", "doors", doors),
    Target("addresses", "addresses", addresses),
    Target("files", "files", files),
)


@cache
def seeds(kind: str) -> list[bytes]:
    """Give what the corpus keeps for targets of this kind, recorded pages among it."""
    kept = [path.read_bytes() for path in sorted((CORPUS / kind).iterdir())]
    if kind in {"dates", "addresses"}:
        return [line for file in kept for line in file.splitlines()]
    if kind in {"pages", "texts"}:
        kept += [path.read_bytes() for path in sorted(RECORDED.glob("*/*.html"))]
    return kept
