"""The last step of cleaning, for pages with and without DOM: what the cleaned text itself tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipelines.clean.dates import LOCAL, event_date
from pipelines.clean.entities import documents, money, split_dateline
from pipelines.clean.units import find_units, home_of

if TYPE_CHECKING:
    from pipelines.records import Draft


def enrich(draft: Draft, *, home: str = "") -> Draft:
    """Fill dateline, event date, documents, money and units from title, lead and body.

    The dateline is cut off the lead (``summary`` and the first paragraph). ``home`` is the
    portal's own administrative unit ("Tây Ninh"; else its host may name it), which settles names
    that several units share.
    """
    dateline, body = draft.dateline, draft.body
    if body:
        cut, first = split_dateline(body[0])
        dateline, body = dateline or cut, (first, *body[1:])
    summary = draft.summary
    if summary:
        cut, summary = split_dateline(summary)
        dateline = dateline or cut
    lead = summary or (body[0] if body else "")
    at = draft.published_at
    published = at.astimezone(ZoneInfo(LOCAL)).date() if at else None
    text = "\n".join((draft.title, *body))
    return replace(
        draft,
        summary=summary,
        body=body,
        dateline=dateline,
        event_date=event_date(lead, published, draft.url, draft.title),
        documents=documents(text),
        money=money(text),
        units=find_units(text, home or home_of(draft.url)),
    )
