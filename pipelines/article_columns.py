"""The fields of the article record: one list for exports, the web's API and docs/export.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``kind`` is text, texts, number, integer, time, day, or the fields of a list of records
    ("url text, text text"). ``csv`` tells whether CSV has it; there a list is joined by "|".
    """

    name: str
    kind: str
    meaning: str
    csv: bool = False


COLUMNS = (
    Column("id", "integer", "the article's number in this archive", csv=True),
    Column("portal", "text", "the portal's id", csv=True),
    Column("url", "text", "where it was read", csv=True),
    Column("canonical_url", "text", "its address without what does not identify it"),
    Column("title", "text", "the title", csv=True),
    Column("summary", "text", "the lead, if the portal gives one", csv=True),
    Column("body", "texts", "the paragraphs, the lead included; CSV: `text`, one a line"),
    Column("captions", "image text, text text", "pictures' captions"),
    Column("author", "text", "who wrote it", csv=True),
    Column("source", "text", "where the portal took it from", csv=True),
    Column("dateline", "text", "the newsroom before the first word"),
    Column("published_at", "time", "as printed, +07:00", csv=True),
    Column("published_precision", "text", "minute, day or none", csv=True),
    Column("published_from", "text", "the rule that found the date"),
    Column("event_date", "day", "the day of the event that the lead names", csv=True),
    Column("dated_at", "time", "when it counts: published, else event, else first seen", csv=True),
    Column("section", "text", "the portal's own section", csv=True),
    Column("tags", "texts", "the portal's own tags", csv=True),
    Column("images", "texts", "addresses of pictures"),
    Column("attachments", "url text, text text", "files that it links to"),
    Column(
        "documents",
        "kind text, number text, date day, issuer text",
        "legal documents cited (see below)",
    ),
    Column("money", "texts", "sums of money, as written, in any currency", csv=True),
    Column("money_dong", "integers", "their values in đồng; none for another currency"),
    Column("people", "name text, title text", "people named with a title"),
    Column("organisations", "texts", "organisations that it names", csv=True),
    Column(
        "units",
        "written text, level text, name text, today text, since text, until text",
        "administrative units it names (see below)",
    ),
    Column("topics", "texts", "topics, the surest first", csv=True),
    Column("kind", "text", "kind of text", csv=True),
    Column("family", "text", "the portal's CMS"),
    Column("extractor", "text", "which rules read the page: family or generic"),
    Column("document_key", "text", "the CMS's own number for it"),
    Column("content_hash", "text", "the same for the same words", csv=True),
    Column("story_id", "integer", "articles that tell the same text share it", csv=True),
    Column("copy_kind", "text", "what it is to its story (see below)", csv=True),
    Column("gone_at", "time", "when its portal was seen to have it no longer, UTC", csv=True),
    Column("revision", "integer", "how often the text was read anew, from 1", csv=True),
    Column("fetched_at", "time", "when the page was fetched, UTC"),
)
JSON_ONLY = (
    ("counters", "views, rating, ...: numbers by name"),
    ("labels", "what the classifier found: axis, value, probability, how, version"),
    ("schema", "the version of this list"),
    ("passage", "with a query: title and the passage that answers, as HTML with <mark>"),
)
