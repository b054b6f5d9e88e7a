"""The last step of cleaning, for pages with and without DOM: what the cleaned text itself tells."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from pipelines.clean.dates import event_date
from pipelines.clean.documents import documents
from pipelines.clean.entities import split_dateline
from pipelines.clean.gazetteer import REFORM, home_of
from pipelines.clean.sums import money
from pipelines.clean.units import find_units
from pipelines.codec import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.records import Draft

_MARK = re.compile(r"([-–—•●▪*]) (?=\S)")


def enrich(draft: Draft, unit: str = "") -> Draft:
    """Fill dateline, event date, documents, money and units from title, lead and body.

    The dateline is cut off the lead (``summary`` and the first paragraph), and the marks that an
    editor typed before the items of a list off the items. ``unit``, the portal's own ("Tân Ninh,
    Tây Ninh"), else the province that its host may name, settles names that several units share.
    """
    dateline, body = draft.dateline, draft.body
    if body:
        cut, first = split_dateline(body[0])
        dateline, body = dateline or cut, (first, *unmarked(body[1:]))
    summary = draft.summary
    if summary:
        cut, summary = split_dateline(summary)
        dateline = dateline or cut
    lead = summary or (body[0] if body else "")
    at = draft.published_at
    published = at.astimezone(VIETNAM).date() if at else None
    text = "\n".join((draft.title, *body))
    happened = event_date(lead, published, draft.url, draft.title)
    # a text without a date was written before it was fetched: that tells if it is old enough
    fetched = draft.fetched_at.astimezone(VIETNAM).date()
    day = published or happened or (fetched if fetched < REFORM else None)
    return replace(
        draft,
        summary=summary,
        body=body,
        dateline=dateline,
        event_date=happened,
        documents=documents(text),
        money=money(text),
        units=find_units(text, unit or home_of(draft.url), day),
    )


def unmarked(lines: Sequence[str]) -> list[str]:
    """Cut the mark off the items of a typed list ("- Một;", "- Hai."): an ``li`` has none, either.

    A list is two or more such lines in a row, none of them a question: a dialogue keeps its dashes.
    A list within it, with another mark, keeps that.
    """
    kept: list[str] = []
    for listed, group in groupby(lines, key=lambda line: _MARK.match(line) is not None):
        items = list(group)
        if listed and len(items) > 1 and not any(item.endswith("?") for item in items):
            outer = items[0][:2]
            items = [item.removeprefix(outer) for item in items]
        kept += items
    return kept
