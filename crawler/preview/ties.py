"""Tie each field of an article to the rule that found it, and to its place in the page.

The rules are asked again, one by one and in their order, on a page that nothing was taken out of;
what no selector accounts for (a credit line, a lead of an unknown CMS) is found by its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.preview.original import picture_source
from pipelines.clean.tree import absolute, base_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.preview.original import Original
    from pipelines.records import Draft, Page

CREDIT = "credit line"


@dataclass(frozen=True, slots=True)
class Tie:
    """A field's value, the rule that found it, and the nodes of the page that it stands in."""

    name: str
    value: str
    rule: str
    nodes: tuple[int, ...] = ()


class Reader:
    """What both paths share: places of texts, pictures and files; ``inside`` is the text's own."""

    def __init__(self, original: Original, page: Page, draft: Draft) -> None:
        self.original = original
        self.page = page
        self.draft = draft
        self.base = base_of(original.tree.css("[href]"), page.url)
        self.inside = (0, 0)

    def paragraphs(self) -> list[Tie]:
        """Tie the paragraphs one after the other."""
        ties, after = [], 0
        for text in self.draft.body:
            place = self.original.find(text, (after, self.inside[1]), self.inside)
            rule = self.original.address(self.original.holder(place)) if place else "not found"
            if place and self.inside[0] <= place[0] < self.inside[1]:
                after = place[1]
            ties.append(Tie("body", text, rule, tuple(self._texts(place))))
        return ties

    def captions(self) -> list[Tie]:
        """Tie the captions, each with its picture."""
        ties = []
        for caption in self.draft.captions:
            place = self.original.find(caption.text, self.inside)
            rule = self.original.address(self.original.holder(place)) if place else "not found"
            nodes = (*self._texts(place), *self._pictures({caption.image or ""}))
            ties.append(Tie("caption", caption.text, rule, nodes))
        return ties

    def by_words(self, name: str, value: str, rule: str = "") -> Tie:
        """Tie a value to where its words stand: in the text, above it, else anywhere."""
        title = self.original.find(self.draft.title, (0, self.inside[0])) or self.inside
        place = self.original.find(value, self.inside, (title[0], self.inside[1]))
        where = self.original.address(self.original.holder(place)) if place else ""
        said = ": ".join(part for part in (rule, where) if part) or "not found in the page"
        return Tie(name, value, said, tuple(self._texts(place)))

    def of_the_text(self) -> Iterator[Tie]:
        """Tie what is read from the article's own words, whatever the CMS."""
        draft = self.draft
        if draft.dateline:
            yield self.by_words("dateline", draft.dateline, "the lead's beginning")
        if draft.event_date:
            yield Tie("event_date", str(draft.event_date), "the text, year of the publication")
        if draft.images:
            yield Tie(
                "images", f"{len(draft.images)}", "pictures of the article",
                tuple(self._pictures(set(draft.images))),
            )  # fmt: skip
        for one in draft.attachments:
            yield Tie("attachment", one.text, "a link to a file", tuple(self._links(one.url)))
        for document in draft.documents:
            there = self.by_words("document", document.number, "the text")
            named = f"{document.kind} {document.number}"
            yield Tie("document", named, there.rule, there.nodes)
        for money in draft.money:
            yield self.by_words("money", money, "the text")
        for unit in draft.units:
            today = f" (today {unit.today})" if unit.today and unit.today != unit.written else ""
            there = self.by_words("unit", unit.written, "gazetteer")
            yield Tie("unit", unit.written + today, there.rule, there.nodes)

    def _texts(self, place: tuple[int, int] | None) -> list[int]:
        return self.original.texts_at(place) if place else []

    def _pictures(self, urls: set[str]) -> list[int]:
        nodes = self.original.tree.css("img")
        return [one.mem_id for one in nodes if absolute(self.base, picture_source(one)) in urls]

    def _links(self, url: str) -> list[int]:
        nodes = self.original.tree.css("a[href]")
        found = [n for n in nodes if absolute(self.base, n.attributes.get("href") or "") == url]
        return [one.mem_id for one in found]


def shown_time(draft: Draft) -> str:
    """Show the publication time with its precision."""
    assert draft.published_at is not None
    at = draft.published_at.isoformat(timespec="minutes")
    return f"{at} ({draft.published_precision.value})"
