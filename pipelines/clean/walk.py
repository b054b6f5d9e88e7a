"""Walk an article's body element: paragraphs in order, captions tied to their pictures.

Serialisers lose ``<div>`` paragraphs among ``<p>``, text after tables and every ``<figcaption>``;
this walker keeps all text and decides only what is a paragraph, a table row or a caption.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.clean.look import look_of
from pipelines.clean.text import tidy
from pipelines.clean.tokens import LINKED_SHARE, Line, Picture, table_tokens
from pipelines.clean.tree import absolute
from pipelines.clean.waste import NO_WASTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

    from pipelines.clean.look import Look
    from pipelines.clean.tokens import Token
    from pipelines.clean.waste import Waste

_BLOCKS_WORDS = """
address article aside blockquote center dd details div dl dt fieldset figcaption figure footer
form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead
tr ul
"""
BLOCKS = frozenset(_BLOCKS_WORDS.split())
_SILENT_WORDS = """
audio button canvas embed head iframe input link map math meta nav noscript object option script
select style svg template textarea video
"""
_SILENT = frozenset(_SILENT_WORDS.split())
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original")
# decoration, and what stands in a lazily loaded picture's place until it is seen
_NO_PICTURE = re.compile(
    r"/(?:smilies|emoji|emoticons|icons?)/|^data:|(?:blank|placeholder|lazy|loading|spacer|1x1|pixel)"
    r"[\w-]*\.(?:gif|png|svg|jpe?g)",
    re.IGNORECASE,
)
_MARKED = frozenset({"caption", "byline"})
_MAX_DEPTH = 100  # real bodies have about 20 levels; a nested table takes three calls a level


@dataclass(slots=True)
class _Style:
    kind: str = "p"
    align: str = ""
    italic: bool = False
    bold: bool = False
    linked: bool = False
    block: int = 0
    depth: int = 0


class Walker:
    """Turns one element into tokens, without ``waste``; one walker for one body."""

    def __init__(self, base: str, waste: Waste = NO_WASTE) -> None:
        self.base = base
        self.waste = waste
        self.tokens: list[Token] = []
        self._parts: list[tuple[str, _Style]] = []
        self._blocks = 0

    def walk(self, node: LexborNode) -> list[Token]:
        """Give the tokens of ``node``'s content, in the order of the page."""
        if self.waste.rest:
            for waste in node.css(self.waste.rest):
                if waste.mem_id != node.mem_id:  # nodes are compared by their HTML
                    waste.decompose()
        self._children(node, _Style())
        self._flush()
        return self.tokens

    def _children(self, node: LexborNode, style: _Style) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                text = child.text_content
                # white space between two blocks is no text
                if text and (self._parts or not text.isspace()):
                    self._parts.append((text, style))
            elif tag == "br":
                self._flush()
            elif tag == "img":
                self._picture(child, style)
            elif tag not in _SILENT and child.is_element_node:
                self._element(child, tag, style)

    def _element(self, node: LexborNode, tag: str, style: _Style) -> None:
        if style.depth > _MAX_DEPTH:
            self._parts.append((node.text(), style))
            return
        attributes = node.attributes
        look = look_of(tag, attributes)
        if attributes and self._passes_over(attributes, look):
            return
        inner = _within(style, look)
        if tag not in BLOCKS:
            self._children(node, inner)
            return
        self._flush()
        self._blocks += 1
        inner.block = self._blocks
        if tag == "table":
            self._table(node, inner)
        elif tag == "figure":
            self._figure(node, inner)
        else:
            self._children(node, inner)
        self._flush()

    def _passes_over(self, attributes: Mapping[str, str | None], look: Look) -> bool:
        hidden = look.hidden or "hidden" in attributes
        return hidden or self.waste.holds(attributes, look.classes)

    def _picture(self, node: LexborNode, style: _Style) -> None:
        attributes = node.attributes
        if self.waste.holds(attributes, (attributes.get("class") or "").split()):
            return
        for name in _SOURCES:
            src = (attributes.get(name) or "").strip()
            url = absolute(self.base, src) if src and not _NO_PICTURE.search(src) else None
            if url:
                self._flush()
                self.tokens.append(Picture(url, style.block))
                return

    def _figure(self, node: LexborNode, style: _Style) -> None:
        """Read a figure with its pictures first: some editors put the caption above."""
        start = len(self.tokens)
        self._children(node, style)
        self._flush()
        inside = self.tokens[start:]
        if any(isinstance(t, Line) and t.kind != "caption" for t in inside):
            return
        ordered = sorted(inside, key=lambda token: isinstance(token, Line))
        if inside != ordered and node.css_first("figure figure") is None:
            self.tokens[start:] = ordered

    def _table(self, table: LexborNode, style: _Style) -> None:
        cells = [[self._cell(cell, style) for cell in row] for row in self._rows(table)]
        self.tokens.extend(table_tokens(cells, style.block))

    def _rows(self, table: LexborNode) -> list[list[LexborNode]]:
        """Give the cells of a table's own rows; those of tables inside it belong to their cells."""
        parts = [part for part in table.iter() if part.tag != "caption" and self._shown(part)]
        nested = [[part] if part.tag == "tr" else part.iter() for part in parts]
        rows = [row for part in nested for row in part if row.tag == "tr" and self._shown(row)]
        return [
            [cell for cell in row.iter() if cell.tag in {"td", "th"} and self._shown(cell)]
            for row in rows
        ]

    def _shown(self, node: LexborNode) -> bool:
        attributes = node.attributes
        return not (attributes and self._passes_over(attributes, look_of("", attributes)))

    def _cell(self, node: LexborNode, style: _Style) -> list[Token]:
        inner = Walker(self.base, self.waste)
        align = look_of("td", node.attributes).align
        self._blocks += 1
        inner._blocks = self._blocks * 1000
        inner._children(
            node, _Style(align=align or style.align, block=self._blocks, depth=style.depth + 1)
        )
        inner._flush()
        return inner.tokens

    def _flush(self) -> None:
        parts = self._parts
        if not parts:
            return
        self._parts = []
        text = tidy("".join([text for text, _ in parts]))
        if not text:
            return
        first = parts[0][1]
        if len(parts) == 1:
            line = Line(
                first.kind, text, first.block, first.align, first.italic, first.bold, first.linked
            )
            self.tokens.append(line)
            return
        styles = [style for text, style in parts if not text.isspace()]
        self.tokens.append(
            Line(
                kind=first.kind,
                text=text,
                block=first.block,
                align=first.align,
                italic=all(style.italic for style in styles),
                bold=all(style.bold for style in styles),
                linked=any(style.linked for style in styles) and _share(parts) >= LINKED_SHARE,
            )
        )


def _within(style: _Style, look: Look) -> _Style:
    """Give the style of the text in an element that stands in text of ``style``."""
    firm = style.kind in _MARKED and not look.marked
    return _Style(
        style.kind if firm else look.kind or style.kind,
        look.align or style.align,
        style.italic or look.italic,
        style.bold or look.bold,
        style.linked or look.linked,
        style.block,
        style.depth + 1,
    )


def _share(parts: list[tuple[str, _Style]]) -> float:
    """Give the share of the characters that are links' text: a date may stand behind a headline."""
    whole = sum(len(text.strip()) for text, _ in parts)
    return sum(len(text.strip()) for text, style in parts if style.linked) / whole
