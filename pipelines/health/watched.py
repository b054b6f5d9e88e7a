"""The measures by which a portal's runs are judged: what each means, and what is usual at first."""

from __future__ import annotations

from dataclasses import dataclass

FIELDS = ("title", "summary", "body", "published_at", "author", "section", "captions", "tags")


@dataclass(frozen=True, slots=True)
class Watch:
    """How one kind of measure is judged.

    ``prior`` is the share of bad pages that is taken for usual before anything is known (1: only
    the portal's own history tells); ``text`` is what is said of it, with the figures filled in.
    """

    prior: float
    text: str


_SECOND = "the second reading finds another {field} on {pages}"
# causes before what follows from them: in this order they are told
WATCHED: dict[str, Watch] = {
    "selector": Watch(0.02, "the {field} selector finds nothing on {pages}"),
    "title.repeated": Watch(0.1, "the title is another page's or the section's on {pages}: {note}"),
    "date.order": Watch(0.02, "the date can be read only in the other order on {pages}: {note}"),
    "page.refused": Watch(0.02, "the portal refuses {pages}: {note}"),
    "page.failed": Watch(0.05, "{pages} cannot be read: {note}"),
    "page.gone": Watch(0.2, "{pages} are gone: {note}"),
    "page.moved": Watch(0.02, "{pages} lead to another site: {note}"),
    "feed.missed": Watch(
        0.3, "the feed does not announce {pages} that listings show: it is frozen"
    ),
    "witness.outcome": Watch(
        0.1, "the second reading finds an article where none is seen, {pages}"
    ),
    "page.no_article": Watch(0.4, "{pages} under an article's address are none: {note}"),
    "fill": Watch(1.0, "{field} is missing on {pages}"),
    "text.length": Watch(0.1, "the text is too short or too long on {pages}: {note}"),
    "witness": Watch(1.0, _SECOND),
    "witness.captions": Watch(1.0, "the second reading finds more captions on {pages}"),
    "date.door": Watch(1.0, "the date is not the one that the feed or API tells on {pages}"),
    "date.rule": Watch(1.0, "the date is not where it was on {pages}, it is taken from {note}"),
    "door": Watch(1.0, "the {field} cannot be read, {pages}: {note}"),
}


def watch_of(code: str) -> Watch:
    """Give how the measure ``code`` is judged: by its own row, else by that of its kind."""
    return WATCHED.get(code) or WATCHED[code.partition(".")[0]]


def rank_of(code: str) -> int:
    """Give the place of a finding among those of the same level; what is no measure comes first."""
    code = code if code in WATCHED else code.partition(".")[0]
    return list(WATCHED).index(code) if code in WATCHED else -1
