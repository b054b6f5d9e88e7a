"""The article record as JSON: the field names that programs and the archive rely on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipelines.records import Attachment, Caption, Document, Draft, Precision, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """Give the draft as plain JSON values: times ISO at +07:00 (``fetched_at`` at UTC)."""
    return {
        "url": draft.url,
        "canonical_url": draft.canonical_url,
        "portal": draft.portal,
        "family": draft.family,
        "extractor": draft.extractor,
        "document_key": draft.document_key,
        "fetched_at": draft.fetched_at.astimezone(UTC).isoformat(),
        "title": draft.title,
        "summary": draft.summary,
        "body": list(draft.body),
        "captions": [{"image": one.image, "text": one.text} for one in draft.captions],
        "author": draft.author,
        "source": draft.source,
        "dateline": draft.dateline,
        "published_at": local_time(draft.published_at),
        "published_precision": draft.published_precision.value,
        "published_from": draft.published_from,
        "event_date": _day(draft.event_date),
        "section": draft.section,
        "tags": list(draft.tags),
        "images": list(draft.images),
        "attachments": [_file(one) for one in draft.attachments],
        "counters": dict(draft.counters),
        "documents": [
            {"kind": one.kind, "number": one.number, "date": _day(one.date)}
            for one in draft.documents
        ],
        "money": list(draft.money),
        "units": [
            {"written": one.written, "level": one.level, "name": one.name, "today": one.today}
            | {"since": _day(one.since), "until": _day(one.until)}
            for one in draft.units
        ],
    }


def draft_from_json(values: Mapping[str, Any]) -> Draft:
    """Read what draft_to_json wrote; raise KeyError or ValueError for anything else."""
    return Draft(
        url=values["url"],
        canonical_url=values["canonical_url"],
        portal=values["portal"],
        family=values["family"],
        extractor=values["extractor"],
        document_key=values["document_key"],
        fetched_at=datetime.fromisoformat(values["fetched_at"]),
        title=values["title"],
        summary=values["summary"],
        body=tuple(values["body"]),
        captions=tuple(Caption(one["image"], one["text"]) for one in values["captions"]),
        author=values["author"],
        source=values["source"],
        dateline=values["dateline"],
        published_at=_time_from(values["published_at"]),
        published_precision=Precision(values["published_precision"]),
        published_from=values["published_from"],
        event_date=_day_from(values["event_date"]),
        section=values["section"],
        tags=tuple(values["tags"]),
        images=tuple(values["images"]),
        attachments=tuple(Attachment(**one) for one in values["attachments"]),
        counters=dict(values["counters"]),
        documents=tuple(
            Document(one["kind"], one["number"], _day_from(one["date"]))
            for one in values["documents"]
        ),
        money=tuple(values["money"]),
        units=tuple(_unit(one) for one in values["units"]),
    )


def _unit(one: Mapping[str, Any]) -> Unit:
    bounds = _day_from(one["since"]), _day_from(one["until"])
    return Unit(one["written"], one["level"], one["today"], one["name"], *bounds)


def _file(one: Attachment) -> dict[str, Any]:
    """Give an attachment with what is known of it beyond address and name."""
    known = {"size": one.size, "outcome": one.outcome, "content": one.content}
    return {"url": one.url, "text": one.text} | {k: v for k, v in known.items() if v}


def local_time(moment: datetime | None) -> str | None:
    """Write a moment as a reader in Vietnam sees it: ISO 8601 at +07:00."""
    return None if moment is None else moment.astimezone(VIETNAM).isoformat()


def _time_from(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_from(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
