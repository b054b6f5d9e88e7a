"""Clean one page: bounds, decoding, one parse, judge, family rules or generic path, enrichment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from pipelines.clean import bounds, family_page, judge, listed, standing, tree
from pipelines.clean.enrich import enrich
from pipelines.clean.reading import Published
from pipelines.clean.text import fold_key, mojibake
from pipelines.codec import VIETNAM
from pipelines.records import Cleaned, Draft, Outcome, Precision

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pipelines.clean.frame import Frames
    from pipelines.clean.reading import Reading
    from pipelines.clean.rules import PageRules
    from pipelines.records import Page

THIN_WORDS = 12  # a true notice has 57 words, an empty body none


def clean_page(
    page: Page,
    rules: PageRules | None,
    *,
    canonical_url: str = "",
    document_key: str = "",
    unit: str = "",
    want_links: bool = True,
    frames: Frames | None = None,
) -> Cleaned:
    """Clean one page by ``rules``, or by the generic path where they are None.

    Never raise for bad input: every fault is a named outcome. Links are given for every page that
    can be parsed, article or not. Where the family's selectors find nothing on a document's own
    page (``document_key``), it is read by the generic path; ``reason`` then names the selector that
    failed, for a site that was redesigned must be seen. ``frames`` is what the generic path has
    learned from the portal's pages that are no articles; ``unit`` as for ``enrich``.
    """
    body = (
        bounds.check(page.body) or judge.bytes_fault(page) or tree.to_utf8(page.body, page.encoding)
    )
    if isinstance(body, Cleaned):
        return _with_links(body, page) if want_links else body
    parsed = LexborHTMLParser(body)
    addressed = parsed.css(tree.ADDRESSED)
    base = tree.base_of(addressed, page.url)
    links = tree.links(addressed, base) if want_links else ()
    stated = tree.canonical(addressed, page.url) if rules is None else None
    reading, reason = _read(parsed, page, rules, base, frames), ""
    if isinstance(reading, Cleaned) and document_key and rules:
        reading, reason = _rescue(parsed, page, rules, base, reading)
    if not isinstance(reading, Cleaned):
        reading = _unfit(reading) or _standing(reading, page, body, base) or reading
    days = _days_beside(body, base, page, reading) if links and rules is None else ()
    if isinstance(reading, Cleaned):
        return replace(reading, links=links, listed=days)
    draft = enrich(_draft(reading, page, stated or canonical_url or page.url, document_key), unit)
    return Cleaned(Outcome.FETCHED, reason, draft, links, reading.signs, days)


def prepare(rules: PageRules | None, *, witness: bool = False) -> None:
    """Import what a page with these rules will need, so that its own time is its own."""
    if rules is None or witness:
        _generic_reader()


def _read(
    parsed: LexborHTMLParser,
    page: Page,
    rules: PageRules | None,
    base: str,
    frames: Frames | None,
) -> Reading | Cleaned:
    fault = judge.page_fault(parsed, page)
    if fault:
        return fault
    if rules is None:
        return read_generic(parsed, page, base, frames)
    found = family_page.locate(parsed, rules, page.fetched_at)
    if isinstance(found, str):
        return judge.without_body(parsed, rules, found)
    if fault := judge.with_body(parsed, found.body, rules):
        return fault
    return family_page.read(found, base, page)


def _rescue(
    parsed: LexborHTMLParser, page: Page, rules: PageRules, base: str, fault: Cleaned
) -> tuple[Reading | Cleaned, str]:
    """Read a document whose family selectors failed by the generic path, keeping the reason."""
    if not fault.reason.startswith(judge.EMPTY_SELECTOR):
        return fault, fault.reason
    reading = read_generic(parsed, page, base)
    if isinstance(reading, Cleaned):
        return fault, fault.reason
    return replace(reading, family=rules.family), fault.reason


def read_generic(
    parsed: LexborHTMLParser, page: Page, base: str, frames: Frames | None = None
) -> Reading | Cleaned:
    """Read a page by the generic path, or say why it is no article; the tree is pruned."""
    # lxml gives up below this depth, and trafilatura goes by recursion
    return bounds.nested(page.body) or _generic_reader()(parsed, page, base, frames)


def _generic_reader() -> Callable[[LexborHTMLParser, Page, str, Frames | None], Reading | Cleaned]:
    from pipelines.clean import generic  # noqa: PLC0415 - trafilatura: 0.15 s, 21 MB

    return generic.read


def _unfit(reading: Reading) -> Cleaned | None:
    legacy = mojibake(" ".join((reading.title, *reading.lines)))
    if legacy:
        return Cleaned(Outcome.BAD_ENCODING, f"encoding.{legacy.lower()}")
    words = sum(line.count(" ") + 1 for line in (reading.lead, *reading.lines) if line)
    captioned = sum(bool(caption.text) for caption in reading.captions)
    told = (words and captioned > 1) or reading.attachments  # a notice may be its file alone
    if words < THIN_WORDS and not told:
        return Cleaned(Outcome.THIN, f"judge.thin:{words}")
    return None


def _days_beside(
    body: bytes, base: str, page: Page, reading: Reading | Cleaned
) -> tuple[tuple[str, datetime], ...]:
    """Read what a page prints beside its links; parsed anew, for reading has pruned its tree."""
    if isinstance(reading, Cleaned) and reading.outcome is Outcome.TOO_LARGE:
        return ()
    return listed.days_beside(LexborHTMLParser(body), base, page.fetched_at)


def _standing(reading: Reading, page: Page, body: bytes, base: str) -> Cleaned | None:
    """Name a standing page of the portal: its title tells it, or the menu of an undated one."""
    dated = reading.published.at is not None or page.listed_at is not None
    if standing.is_named_so(reading.title, dated=dated):
        return Cleaned(Outcome.NOT_ARTICLE, "judge.standing")
    told = not dated and (reading.extractor == "generic" or reading.family == "dotnetnuke")
    if told and standing.is_in_menu(LexborHTMLParser(body), base, page.url):
        return Cleaned(Outcome.NOT_ARTICLE, "judge.menu")
    return None


def _with_links(fault: Cleaned, page: Page) -> Cleaned:
    """Give where a page leads to whose letters cannot be read: its addresses are ASCII."""
    if fault.outcome is not Outcome.BAD_ENCODING:
        return fault
    parsed = LexborHTMLParser(page.body.decode("latin-1").encode())
    addressed = parsed.css(tree.ADDRESSED)
    return replace(fault, links=tree.links(addressed, tree.base_of(addressed, page.url)))


def _draft(reading: Reading, page: Page, canonical_url: str, document_key: str) -> Draft:
    body = reading.lines
    if reading.lead and (not body or fold_key(body[0]) != fold_key(reading.lead)):
        body = (reading.lead, *body)
    published = _published(reading.published, page)
    return Draft(
        url=page.url,
        canonical_url=canonical_url,
        portal=page.portal,
        family=reading.family,
        extractor=reading.extractor,
        title=reading.title,
        fetched_at=page.fetched_at,
        document_key=document_key,
        summary=body[0] if body else None,
        body=body,
        captions=tuple(caption for caption in reading.captions if caption.text),
        author=reading.author,
        source=reading.source,
        published_at=published.at,
        published_precision=published.precision,
        published_from=published.source,
        section=reading.section,
        tags=reading.tags,
        images=reading.images,
        attachments=reading.attachments,
        counters=reading.counters,
    )


def _published(printed: Published, page: Page) -> Published:
    """Take the page's own time; the door's where the page prints none, or the same day only.

    The day of a listing is taken only where the page tells nothing.
    """
    if page.listed_at is None or printed.precision is Precision.MINUTE:
        return printed
    if page.listed_from == listed.DOOR:
        told = Published(page.listed_at.astimezone(VIETNAM), Precision.DAY, f"door:{listed.DOOR}")
        return printed if printed.at else told
    at = page.listed_at.astimezone(VIETNAM)
    if printed.at is not None and printed.at.astimezone(VIETNAM).date() != at.date():
        return printed
    return Published(at, Precision.MINUTE, f"door:{page.listed_from}")
