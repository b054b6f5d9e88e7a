"""A cheap scan before parsing: what would hang or starve a parser is refused by name.

Parsers are quadratic in places: lexbor takes 10 s for 100,000 nested elements and 15 s for one
element with 100,000 attributes (measured), lxml hangs on the latter. The scan reads the bytes
only, and counts tags and attributes where there are enough of them to cost more than 0.4 s.
"""

from __future__ import annotations

import re

from pipelines.records import Cleaned, Outcome

MAX_BYTES = 10_000_000
# the largest real pages seen have about 10,000 elements, 60 attributes and 60 levels
MAX_ELEMENTS = 60_000
MAX_ATTRIBUTES = 1_000
MAX_DEPTH = 250
# what lexbor reads in 0.1 s though all of it be nested, and in 0.4 s though all be one element's
# attributes: real pages seldom have more, and need no closer look
SAFE_TAGS = 10_000
SAFE_BYTES = 100_000

# elements whose end tag may be left out, and those without content: they do not nest by themselves
_FLAT = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd option "
    b"optgroup tr td th thead tbody tfoot colgroup rp rt html head body !doctype".split()
)
_TAG = re.compile(rb"<(/?[a-zA-Z][a-zA-Z0-9:_-]*)")
# possessive throughout: without it a page of many attributes makes the scan itself quadratic
_ATTRIBUTE = rb"(?:=?+[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+[\s/]*+)"
# A name ends before the next "<", or a page of many that never end would be read to its end for
# each; what stands behind such a "<" may be the rest of a name.
_NAME = rb"<(?>(?=[a-zA-Z])|(?<=[^\s>/]<))[^\s></]*+"
_CROWDED = re.compile(rb"%s[\s/]++%s{%d}+" % (_NAME, _ATTRIBUTE, MAX_ATTRIBUTES + 1))
_CODE = re.compile(rb"<(script|style)\b")


def check(body: bytes) -> Cleaned | None:
    """Give the fault of a page that must not be parsed, None where parsing is safe."""
    if len(body) > MAX_BYTES:
        return Cleaned(Outcome.TOO_LARGE, f"bounds.bytes:{len(body)}")
    tags = body.count(b"<")
    if tags > MAX_ELEMENTS and len(_TAG.findall(body)) > 2 * MAX_ELEMENTS:
        return Cleaned(Outcome.TOO_LARGE, "bounds.elements")
    if len(body) > SAFE_BYTES and _crowded(body):
        return Cleaned(Outcome.TOO_LARGE, "bounds.attributes")
    return nested(body) if tags > SAFE_TAGS else None


def _crowded(body: bytes) -> bool:
    """Tell whether one element has too many attributes; a comparison in a script is none."""
    return bool(_CROWDED.search(body) and _CROWDED.search(_without_code(body.lower())))


def _without_code(body: bytes) -> bytes:
    """Cut scripts and styles out of a page in small letters; an unclosed one reaches to the end."""
    parts, at = [], 0
    while found := _CODE.search(body, at):
        parts.append(body[at : found.start()])
        at = body.find(b"</" + found[1], found.end())
        if at < 0:
            return b"".join(parts)
    return b"".join((*parts, body[at:]))


def nested(body: bytes) -> Cleaned | None:
    """Give the fault of a page whose elements are nested deeper, or are more, than any page's."""
    depth = elements = 0
    for name in _TAG.findall(_without_code(body.lower())):
        if name[:1] == b"/":
            if name[1:] not in _FLAT and depth:
                depth -= 1
            continue
        elements += 1
        if name not in _FLAT:
            depth += 1
            if depth > MAX_DEPTH:
                return Cleaned(Outcome.TOO_LARGE, "bounds.depth")
    return Cleaned(Outcome.TOO_LARGE, "bounds.elements") if elements > MAX_ELEMENTS else None
