"""Tell addresses that a server could make up for ever: a crawl must not follow them.

Three kinds have a look of their own (a path that repeats itself, a query that grows, a path deeper
than any site's) and are refused at sight. A calendar looks like any section: it is known by its
fruit, for address after address of the same shape leads to nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

# The recorded addresses of all portals have at most 12 segments, no segment more than twice and 17
# parameters, each name once (Liferay's); the bounds leave room above them.
DEEPEST = 20
MOST_ALIKE = 4
MOST_PARAMETERS = 40
MOST_OF_A_NAME = 5
# in a row; the pages of a portal that tells its sections apart by a number alone are fewer
BARREN = 60

# WebSphere writes a visit's state behind the name of a page; without a name it is the page's own.
SESSION = re.compile(
    r"(?<!/portal)(?<!/myportal)/!ut/p/[^?#]*|;(?:jsessionid|phpsessid|sid)=[^/?#;]*|/\((?:[A-Z]\([\w-]{12,}\))+\)(?=/)",
    re.IGNORECASE,
)
SESSION_PARAMETER = re.compile(
    r"(?:^|(?<=&))(?:(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|nv_?sess\w*)=[^&]*"
    r"|sid=(?=[a-z]*\d)[a-z\d]{20,}(?=&|$))&?",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\d+")


def without_session(url: str) -> str:
    """Give ``url`` without the id of a visit: with it each visit would bring new addresses."""
    address, mark, query = url.partition("?")
    kept = SESSION_PARAMETER.sub("", query).rstrip("&") if mark else ""
    return SESSION.sub("", address) + (f"?{kept}" if kept else "")


def trap_in(url: str) -> str:
    """Say what makes ``url`` an address that can grow for ever; "" for an ordinary one."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > DEEPEST:
        return f"trap.depth:{len(segments)}"
    if _repeats(segments):
        return "trap.repeated_path"
    if not parts.query:
        return ""
    pairs = parts.query.split("&")
    names = Counter(pair.partition("=")[0].casefold() for pair in pairs)
    if len(pairs) > MOST_PARAMETERS or max(names.values()) > MOST_OF_A_NAME:
        return f"trap.query:{len(pairs)}"
    return ""


def _repeats(segments: list[str]) -> bool:
    """Tell whether one segment, or a run of them, comes again and again: a/b/a/b/a/b."""
    if len(segments) < MOST_ALIKE - 1:
        return False
    if max(Counter(segments).values()) >= MOST_ALIKE:
        return True
    for size in range(2, len(segments) // 3 + 1):
        for start in range(len(segments) - 3 * size + 1):
            first = segments[start : start + size]
            if first * 3 == segments[start : start + 3 * size]:
                return True
    return False


def shape_of(url: str) -> str:
    """Give path and query with every number alike: "/lich/2026-11/" is as "/lich/1802-04/"."""
    parts = urlsplit(url)
    return _FIGURES.sub("0", f"{parts.path}?{parts.query}" if parts.query else parts.path)


class Fruit:
    """Counts, by shape, the addresses in a row that led to nothing new."""

    def __init__(self) -> None:
        self._barren: Counter[str] = Counter()

    def note(self, url: str, *, found: bool) -> None:
        """Note whether the page at ``url`` held anything that this run had not met."""
        shape = shape_of(url)
        if found:
            del self._barren[shape]
        else:
            self._barren[shape] += 1

    def trap(self, url: str) -> str:
        """Say that addresses of this shape lead nowhere; "" where they still may."""
        shape = shape_of(url)
        barren = self._barren.get(shape, 0)
        return f"trap.barren:{barren} pages like {shape[:80]}" if barren >= BARREN else ""
