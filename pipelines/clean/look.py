"""How an element of an article's body is set: what its name, classes and styles say of its text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_HIDDEN_CLASSES = frozenset({"screen-reader-text", "sr-only", "hide-accessible", "visually-hidden"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_KINDS = {"li": "item", "dd": "item", "blockquote": "quote"} | dict.fromkeys(_HEADINGS, "heading")
_ITALIC = frozenset({"em", "i", "figcaption"})
_BOLD = frozenset({"b", "strong", *_HEADINGS})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ALIGN = re.compile(r"text-align\s*:\s*(left|right|center|justify)", re.IGNORECASE)
_ALIGN_CLASSES = {
    "text-right": "right",
    "text-center": "center",
    "has-text-align-center": "center",
    "has-text-align-right": "right",
    "aligncenter": "center",
}
_CAPTION_CLASSES = frozenset(
    {
        "wp-caption-text",
        "wp-element-caption",
        "note",
        "caption",
        "image-caption",
        "pcaption",
        "photo-caption",
        "img-caption",
        "chuthich",
    }
)
_LONGEST_KEPT = 500  # characters: longer styles hold pictures, and would fill the memory
_BYLINE_CLASSES = frozenset({"author", "byline", "tacgia", "news-author", "detail-author"})


class Look(NamedTuple):
    """What an element says of its text; empty where it leaves that to the elements around it.

    ``kind`` as in ``Line``, ``marked`` where a class or a figure says so. ``hidden``: by a class or
    a style.
    """

    classes: tuple[str, ...]
    hidden: bool
    kind: str
    marked: bool
    align: str
    italic: bool
    bold: bool
    linked: bool


def look_of(tag: str, attributes: Mapping[str, str | None]) -> Look:
    """Give the look of an element; elements that are set alike are read once."""
    if not attributes:
        return _look(tag, "", "", "")
    classes, style = attributes.get("class") or "", attributes.get("style") or ""
    align = attributes.get("align") or ""
    kept = len(classes) + len(style) + len(align) <= _LONGEST_KEPT
    return (_look if kept else _look.__wrapped__)(tag, classes, style, align)


@lru_cache(maxsize=1024)
def _look(tag: str, class_names: str, style: str, align: str) -> Look:
    classes = tuple(class_names.split())
    marked = ""
    if tag == "figcaption" or not _CAPTION_CLASSES.isdisjoint(classes):
        marked = "caption"
    elif not _BYLINE_CLASSES.isdisjoint(classes):
        marked = "byline"
    return Look(
        classes,
        not _HIDDEN_CLASSES.isdisjoint(classes) or bool(_HIDDEN_STYLE.search(style)),
        marked or _KINDS.get(tag, ""),
        bool(marked),
        _alignment(tag, classes, style, align),
        tag in _ITALIC,
        tag in _BOLD,
        tag == "a",
    )


def _alignment(tag: str, classes: tuple[str, ...], style: str, align: str) -> str:
    if found := _ALIGN.search(style):
        return found[1].lower()
    for name in classes:
        if name in _ALIGN_CLASSES:
            return _ALIGN_CLASSES[name]
    if tag == "center":
        return "center"
    return align.lower() if tag != "table" else ""
