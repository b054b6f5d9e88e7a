"""Tie the fields that a family's selectors find: each selector is asked again, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.preview.ties import CREDIT, Reader, Tie, shown_time
from pipelines.clean.dates import parse_machine, parse_printed
from pipelines.clean.fields import counters
from pipelines.clean.text import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

    from crawler.preview.original import Original
    from pipelines.clean.family_page import Located
    from pipelines.clean.rules import DateRule
    from pipelines.records import Draft, Page


class FamilyReader(Reader):
    """Ties of an article that was located by a version of its family's rules."""

    def __init__(self, original: Original, page: Page, draft: Draft, found: Located) -> None:
        super().__init__(original, page, draft)
        self.rules, self.area, self.body = found.rules, found.area, found.body
        self.inside = original.letters_of(found.body)

    def fields(self) -> Iterator[Tie]:
        """Yield every field with its selector."""
        draft, rules = self.draft, self.rules
        yield self._selected("title", draft.title, rules.title)
        if draft.summary:
            yield self._lead(draft.summary)
        yield from self._published()
        if draft.author:
            yield self._selected("author", draft.author, rules.author, CREDIT)
        if draft.source:
            yield self._selected("source", draft.source, rules.source or rules.author, CREDIT)
        if draft.section:
            yield self._selected("section", draft.section, rules.section)
        if draft.tags:
            yield self._selected("tags", ", ".join(draft.tags), rules.tags)
        yield self._container()
        yield from self._counters()
        yield from self.of_the_text()

    def dropped(self) -> Iterator[Tie]:
        """Yield what the family's ``drop`` selectors take out of the body."""
        for selector in self.rules.drop:
            for node in self.body.css(selector):
                if node.mem_id != self.body.mem_id:
                    yield Tie("dropped", node.text(separator=" "), selector, (node.mem_id,))

    def _selected(self, name: str, value: str, selectors: Sequence[str], other: str = "") -> Tie:
        """Tie to the first selector that finds text; else to where the words stand."""
        key = fold_key(value)
        for number, selector in enumerate(selectors, start=1):
            hits = [(node, text) for node, text in self.area.matches(selector) if text]
            if not hits:
                continue
            same = [node for node, text in hits if fold_key(text) in key or key in fold_key(text)]
            if same:
                rule = _numbered(selector, number, len(selectors))
                return Tie(name, value, rule, tuple(self._marks(same)))
            break
        return self.by_words(name, value, other)

    def _lead(self, summary: str) -> Tie:
        start = fold_key(summary)[:60]
        for number, selector in enumerate(self.rules.lead, start=1):
            for node, text in self.area.matches(selector):
                if start in fold_key(text) or (text and fold_key(text)[:60] in fold_key(summary)):
                    rule = _numbered(selector, number, len(self.rules.lead))
                    return Tie("lead", summary, rule, tuple(self._marks([node])))
        there = self.by_words("lead", summary, "first paragraph")
        return Tie("lead", summary, there.rule, there.nodes)

    def _published(self) -> Iterator[Tie]:
        if self.draft.published_at is None:
            tried = ", ".join(rule.selector for rule in self.rules.dates)
            yield Tie("published_at", "none", f"nothing readable in {tried or 'any selector'}")
            return
        named = self.draft.published_from or ""
        for rule in self.rules.dates:
            if rule.name == named and (node := self._dated(rule)) is not None:
                said = f"{named}: {rule.selector}"
                if rule.reader == "printed":
                    said += f" ({rule.order})"
                nodes = tuple(self._marks([node]))
                yield Tie("published_at", shown_time(self.draft), said, nodes)
                return
        yield Tie("published_at", shown_time(self.draft), named)

    def _dated(self, rule: DateRule) -> LexborNode | None:
        for node, text in self.area.matches(rule.selector):
            if rule.reader == "machine":
                found = parse_machine(text, zone=rule.zone)
            else:
                found = parse_printed(text, order=rule.order, zone=rule.zone)
            if found and found.at == self.draft.published_at:
                return node
        return None

    def _container(self) -> Tie:
        for number, selector in enumerate(self.rules.body, start=1):
            if any(node.mem_id == self.body.mem_id for node in self.area.css(selector)):
                rule = _numbered(selector, number, len(self.rules.body))
                rule += ", the longest" if self.rules.body_pick == "longest" else ""
                break
        else:
            rule = self.original.address(self.body)
        paragraphs = f"{len(self.draft.body)} paragraphs"
        return Tie("body", paragraphs, rule, (self.body.mem_id,))

    def _counters(self) -> Iterator[Tie]:
        for name, value in self.draft.counters.items():
            for rule in self.rules.counters:
                if counters(self.area, [rule]) == {name: value}:
                    node = self.area.css(rule.selector)[0]
                    there = (node.parent or node) if rule.parent else node
                    yield Tie(name, f"{value:g}", rule.selector, tuple(self._marks([there])))
                    break

    def _marks(self, nodes: Sequence[LexborNode]) -> list[int]:
        """Give the elements and their texts: a tied text is shown as kept."""
        texts = [t for n in nodes for t in self.original.texts_at(self.original.letters_of(n))]
        return [*(node.mem_id for node in nodes), *texts]


def _numbered(selector: str, number: int, of: int) -> str:
    return f"{selector}  ({number} of {of})" if of > 1 else selector
