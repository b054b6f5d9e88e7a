"""The second witness: read a page that the family's rules have read by the generic path, too.

The two share no selector, so a page on which they suddenly disagree has most likely changed under
the family's rules. The witness never changes what is stored.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from pipelines.clean import tree
from pipelines.clean.markup import read_markup
from pipelines.clean.page import read_generic
from pipelines.clean.reading import Reading
from pipelines.clean.text import fold_key, tidy
from pipelines.codec import VIETNAM
from pipelines.records import Cleaned, Outcome, Witness

if TYPE_CHECKING:
    from datetime import date, datetime

    from pipelines.records import Draft, Page

# What the rules of a family may call a page that is an article after all.
DOUBTED = frozenset({Outcome.FETCHED, Outcome.LISTING, Outcome.NOT_ARTICLE, Outcome.THIN})
_PROSE_WORDS = 12  # shorter lines are captions, bylines, teasers
_LACKING = 0.2  # the share of the witness's prose that the family may lack: comments, related texts
_DOOR = "door:"


def bear_witness(page: Page, cleaned: Cleaned) -> Witness | None:
    """Compare what the family's rules made of ``page`` with the generic reading of it.

    None: there is nothing to compare, because the page was read by the generic path anyway, or is
    of a kind that needs no second opinion (gone, login, challenge).
    """
    draft = cleaned.draft
    if cleaned.outcome not in DOUBTED:
        return None
    if draft is not None and draft.extractor != "family":
        return None
    second = _read(page)
    if isinstance(second, Cleaned):
        return None
    if draft is None:
        return Witness(("outcome",), ("outcome",))
    told = {"outcome": True} | _told(draft, second)
    return Witness(tuple(told), tuple(name for name, agrees in told.items() if not agrees))


def _read(page: Page) -> Reading | Cleaned:
    body = tree.to_utf8(page.body, page.encoding)
    if isinstance(body, Cleaned):
        return body
    parsed = LexborHTMLParser(body)
    base = tree.base_of(parsed.css("[href]"), page.url)
    shared = tidy(read_markup(parsed).first("og:title"))
    reading = read_generic(parsed, page, base)
    # a heading that both readings take may be the section's; what is shared is the article's own
    return replace(reading, title=shared) if shared and isinstance(reading, Reading) else reading


def _told(draft: Draft, second: Reading) -> dict[str, bool]:
    """Say for each field that the witness speaks of whether it agrees."""
    told = {"title": _alike(draft.title, second.title), "body": _has_prose(draft, second)}
    if second.published.at is not None and not (draft.published_from or "").startswith(_DOOR):
        told["published_at"] = _day(draft.published_at) == _day(second.published.at)
    if second.author:
        told["author"] = _alike(draft.author or "", second.author)
    if second.captions:
        told["captions"] = len(draft.captions) >= len(second.captions)
    return told


def _alike(one: str, other: str) -> bool:
    """Tell whether one text holds the other: a site's name behind a title is no difference."""
    first, second = fold_key(one), fold_key(other)
    return bool(first and second) and (first in second or second in first)


def _has_prose(draft: Draft, second: Reading) -> bool:
    whole = fold_key(" ".join((draft.title, *draft.body, *(one.text for one in draft.captions))))
    prose = [line for line in (second.lead, *second.lines) if len(line.split()) >= _PROSE_WORDS]
    lacking = [line for line in prose if _second_half(line) not in whole]
    return _words(lacking) <= _LACKING * _words(prose)


def _second_half(line: str) -> str:
    """Give the part of a line that no dateline or label stands in front of."""
    key = fold_key(line)
    return key[len(key) // 2 :]


def _words(lines: list[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(VIETNAM).date()
