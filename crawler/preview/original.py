"""A page as it was fetched: where in it a text stands, and a harmless copy of it to look at.

The copy is written anew from the parsed page, with known elements and no attribute of its own:
nothing in it can run, load or lead anywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from pipelines.clean.text import fold_key, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

_SILENT_WORDS = """
audio base canvas embed frame frameset head iframe input link math meta noscript object option
script select style svg template textarea title video
"""
_SILENT = frozenset(_SILENT_WORDS.split())
_SHOWN_WORDS = """
abbr address article aside b blockquote br caption center cite code dd div dl dt em figcaption
figure footer h1 h2 h3 h4 h5 h6 header hr i label li main nav ol p pre q s section small span strong
sub sup table tbody td tfoot th thead time tr u ul
"""
_SHOWN = frozenset(_SHOWN_WORDS.split())
_EMPTY = frozenset({"br", "hr"})
_NOT_WORD = re.compile(r"[\W_]+")
_ENOUGH = 40  # letters: the beginning or end of a paragraph that tells it from every other
_FACTS = 90


class Original:
    """A parsed page; nodes are known by their ``mem_id``, text is found by its letters alone."""

    def __init__(self, body: bytes) -> None:
        self.tree = LexborHTMLParser(body)
        root = self.tree.root
        assert root is not None, "a parsed page has a root"
        self.root = root
        self._texts: list[int] = []
        self._starts: list[int] = []
        self._spans: dict[int, tuple[int, int]] = {}
        self._parents: dict[int, LexborNode] = {}
        self._key = self._read()

    def _read(self) -> str:
        """Note for every node which letters of the page are its own; give them all."""
        parts: list[str] = []
        length = 0
        stack: list[tuple[LexborNode, bool]] = [(self.root, False)]
        while stack:
            node, left = stack.pop()
            if left:
                self._spans[node.mem_id] = (self._spans[node.mem_id][0], length)
            elif node.is_text_node:
                self._texts.append(node.mem_id)
                self._starts.append(length)
                parts.append(key := _key(node.text_content or ""))
                self._spans[node.mem_id] = (length, length + len(key))
                length += len(key)
            elif node.tag not in _SILENT or node.tag == "head":
                self._spans[node.mem_id] = (length, length)
                stack.append((node, True))
                if node.tag == "head":
                    continue
                children = list(node.iter(include_text=True))
                self._parents.update((child.mem_id, node) for child in children)
                stack += [(child, False) for child in reversed(children)]
        return "".join(parts)

    def letters_of(self, node: LexborNode) -> tuple[int, int]:
        """Give the place of an element's text; an empty one where it shows none."""
        return self._spans.get(node.mem_id, (0, 0))

    def find(self, text: str, *ranges: tuple[int, int]) -> tuple[int, int] | None:
        """Give the place of a text: in the first of the ranges that holds it, else anywhere.

        Where it does not stand there as one, its beginning or its end serves.
        """
        whole = _key(text)
        keys = [whole, whole[:_ENOUGH], whole[-_ENOUGH:]] if len(whole) > _ENOUGH else [whole]
        for key in filter(None, keys):
            for low, high in (*ranges, (0, len(self._key))):
                if (at := self._key.find(key, low, high)) >= 0:
                    return at, at + len(key)
        return None

    def texts_at(self, place: tuple[int, int]) -> list[int]:
        """Give the text nodes that hold letters of this place."""
        start, end = place
        first = bisect_right(self._starts, start) - 1
        found = []
        for at in range(max(0, first), len(self._texts)):
            low, high = self._spans[self._texts[at]]
            if low >= end:
                break
            if high > start:
                found.append(self._texts[at])
        return found

    def smallest(self, places: Iterable[tuple[int, int]], share: float) -> LexborNode:
        """Give the deepest element that holds at least this share of the letters of ``places``."""
        wanted = list(places)
        whole = sum(end - start for start, end in wanted)
        node = self.root
        while True:
            inner = (
                child
                for child in node.iter()
                if child.mem_id in self._spans and self._held(child, wanted) >= whole * share
            )
            deeper = next(inner, None)
            if deeper is None or not whole:
                return node
            node = deeper

    def _held(self, node: LexborNode, places: list[tuple[int, int]]) -> int:
        low, high = self._spans[node.mem_id]
        return sum(max(0, min(end, high) - max(start, low)) for start, end in places)

    def holder(self, place: tuple[int, int]) -> LexborNode:
        """Give the element that a place stands in."""
        return self.smallest([place], 1.0)

    def address(self, node: LexborNode) -> str:
        """Name an element like a selector: "#news_detail > div.bodytext"."""
        steps: list[str] = []
        current: LexborNode | None = node
        while current is not None and current.tag not in {"body", "html"}:
            named = current.attributes.get("id")
            classes = (current.attributes.get("class") or "").split()[:2]
            step = f"#{named}" if named else ".".join([current.tag or "", *classes])
            steps.append(step)
            if named or (classes and len(steps) > 1):
                break
            current = self._parents.get(current.mem_id)
        return tidy(" > ".join(reversed(steps)))[:_FACTS] or node.tag or ""


def marked_html(original: Original, marks: dict[int, list[int]], dropped: set[int]) -> str:
    """Write the page's body without anything of its own but text; marked nodes carry their marks.

    ``marks`` are the numbers of the fields that a node (text or element) is tied to; ``dropped``
    are elements that a rule takes out.
    """
    parts: list[str] = []
    stack: list[LexborNode | str] = [original.tree.body or original.root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            parts.append(node)
        elif node.is_text_node:
            parts.append(_text(node, marks))
        elif node.tag == "img":
            parts.append(_picture(node, marks))
        elif node.is_element_node and node.tag not in _SILENT:
            tag = node.tag if node.tag in _SHOWN else _instead(node)
            parts.append(f"<{tag}{_attributes(node, marks, dropped)}>")
            if tag not in _EMPTY:
                stack.append(f"</{tag}>")
                stack += reversed(list(node.iter(include_text=True)))
    return "".join(parts)


def _instead(node: LexborNode) -> str:
    return "div" if node.tag in {"body", "html", "form", "fieldset", "details"} else "span"


def _attributes(node: LexborNode, marks: dict[int, list[int]], dropped: set[int]) -> str:
    found = _tied(marks.get(node.mem_id, ()))
    found += ' class="dropped"' if node.mem_id in dropped else ""
    for name in ("colspan", "rowspan"):
        if (value := node.attributes.get(name) or "").isdecimal():
            found += f' {name}="{value[:3]}"'
    return found


def _text(node: LexborNode, marks: dict[int, list[int]]) -> str:
    text = escape(node.text_content or "")
    if not (tied := _tied(marks.get(node.mem_id, ()))) or not text.strip():
        return text
    return f'<span class="kept"{tied}>{text}</span>'


def _picture(node: LexborNode, marks: dict[int, list[int]]) -> str:
    """Write a picture's name in its place: nothing is loaded."""
    source = picture_source(node)
    name = unquote(urlsplit(source).path.rpartition("/")[2]) if source else ""
    tied = _tied(marks.get(node.mem_id, ()))
    kept = " kept" if tied else ""
    text = tidy(f"{name} {node.attributes.get('alt') or ''}") or "?"
    return f'<span class="picture{kept}"{tied}>{escape(text[:_FACTS])}</span>'


def picture_source(node: LexborNode) -> str:
    """Give the address of a picture as the page writes it, lazily loaded or not."""
    names = ("data-src", "data-lazy-src", "data-original", "src")
    found = ((node.attributes.get(name) or "").strip() for name in names)
    try:
        return next((one for one in found if one and urlsplit(one) is not None), "")
    except ValueError:  # "http://[1"
        return ""


def _tied(marks: Iterable[int]) -> str:
    numbers = " ".join(map(str, marks))
    return f' data-tie="{numbers}"' if numbers else ""


def _key(text: str) -> str:
    return _NOT_WORD.sub("", fold_key(text))


def collect(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Gather (node, mark) pairs by node."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for node, mark in pairs:
        if mark not in found[node]:
            found[node].append(mark)
    return dict(found)
