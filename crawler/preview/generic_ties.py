"""Tie the fields that the generic path finds: by markup, by headings, by the words themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from crawler.preview.ties import CREDIT, Reader, Tie, shown_time
from pipelines.clean.dates import parse_printed
from pipelines.clean.main_text import prune
from pipelines.clean.markup import read_markup
from pipelines.clean.text import fold_key
from pipelines.clean.tree import flat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.preview.original import Original
    from pipelines.records import Draft, Page

_MOST = 0.9  # of its letters: the element that a text stands in
_HEADINGS = "h1, h2, h3, h4, [class*=title], [class*=Title], [itemprop=headline]"
_DATED = "time, span, p, div, li, td, em, i, small, label"
_HEADER_LENGTH = 80
_STATED = {
    "generic.json_ld": 'JSON-LD "datePublished"',
    "generic.published_time": "meta article:published_time",
}


class GenericReader(Reader):
    """Ties of an article of an unknown CMS."""

    def __init__(self, original: Original, page: Page, draft: Draft) -> None:
        super().__init__(original, page, draft)
        everything = original.letters_of(original.root)
        first = [place for text in draft.body if (place := original.find(text, everything))]
        self.body = original.smallest(first, _MOST) if first else original.root
        self.inside = original.letters_of(self.body)
        self.markup = read_markup(original.tree)

    def fields(self) -> Iterator[Tie]:
        """Yield every field with what it was read from."""
        draft = self.draft
        yield self._title()
        if draft.summary:
            yield self.by_words("lead", draft.summary)
        yield self._published()
        if draft.author:
            stated = 'JSON-LD "author"' if self.markup.author == draft.author else CREDIT
            yield self.by_words("author", draft.author, stated)
        if draft.source:
            yield self.by_words("source", draft.source, CREDIT)
        if draft.section:
            yield Tie("section", draft.section, "meta article:section")
        if draft.tags:
            yield Tie("tags", ", ".join(draft.tags), "meta article:tag")
        where = f"trafilatura: {self.original.address(self.body)}"
        yield Tie("body", f"{len(draft.body)} paragraphs", where, (self.body.mem_id,))
        yield from self.of_the_text()

    def dropped(self) -> Iterator[Tie]:
        """Yield what is pruned before the text is looked for: navigation, tool bars, comments."""
        tree = self.original.tree
        twin = LexborHTMLParser(tree.html or "")
        pairs = list(zip(_elements(tree), _elements(twin), strict=False))
        prune(twin)
        left = {node.mem_id for node in _elements(twin)}
        gone = {mine.mem_id for mine, other in pairs if other.mem_id not in left}
        for mine, _ in pairs:
            text = mine.text(separator=" ").strip() if mine.mem_id in gone else ""
            outermost = mine.parent is None or mine.parent.mem_id not in gone
            if text and outermost and self.original.letters_of(mine) != (0, 0):
                yield Tie("dropped", text, self.original.address(mine), (mine.mem_id,))

    def _title(self) -> Tie:
        title = self.draft.title
        key = fold_key(title)
        same = [node for node in self.original.tree.css(_HEADINGS) if fold_key(flat(node)) == key]
        if same:
            node = same[0]
            texts = self.original.texts_at(self.original.letters_of(node))
            rule = f"heading {self.original.address(node)}"
            return Tie("title", title, rule, (node.mem_id, *texts))
        stated = "meta og:title" if self.markup.first("og:title") else "title element"
        return self.by_words("title", title, stated)

    def _published(self) -> Tie:
        named = self.draft.published_from or ""
        if self.draft.published_at is None:
            rule = "neither markup nor the article's header states one; nothing is guessed"
            return Tie("published_at", "none", rule)
        shown = shown_time(self.draft)
        if named in _STATED:
            return Tie("published_at", shown, _STATED[named])
        for node in self.original.tree.css(_DATED):
            text = flat(node)
            found = parse_printed(text) if len(text) <= _HEADER_LENGTH else None
            if found and found.at == self.draft.published_at:
                texts = self.original.texts_at(self.original.letters_of(node))
                rule = f"{named}: {self.original.address(node)}"
                return Tie("published_at", shown, rule, (node.mem_id, *texts))
        return Tie("published_at", shown, named)


def _elements(tree: LexborHTMLParser) -> list[LexborNode]:
    root = tree.root
    return [] if root is None else [node for node in root.traverse() if node.is_element_node]
