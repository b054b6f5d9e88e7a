"""Read an article page by its family's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.clean import fields, opening
from pipelines.clean.reading import Reading
from pipelines.clean.text import fold_key, tidy
from pipelines.clean.tokens import Line, Picture, split_captions, take_byline, without_chrome
from pipelines.clean.tree import Area, flat
from pipelines.clean.walk import Walker
from pipelines.clean.waste import waste_of
from pipelines.records import Caption

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from pipelines.clean.rules import PageRules
    from pipelines.clean.tokens import Token
    from pipelines.records import Attachment, Page


@dataclass(frozen=True, slots=True)
class Located:
    """An article found on a page: the rules' version that fits, its area, title and body.

    ``heading`` is the element that tells the title.
    """

    rules: PageRules
    area: Area
    heading: LexborNode
    title: str
    body: LexborNode


def locate(tree: LexborHTMLParser, rules: PageRules, fetched_at: datetime) -> Located | str:
    """Find title and body by the newest version that fits, or say which selector found nothing."""
    missing = ""
    for version in rules.versions(fetched_at):
        area = _area(tree, version)
        if area is None:
            missing = missing or "scope"
            continue
        body = _body(area, version)
        heading, title = area.first_shown(version.title)
        if body is not None and heading is not None:
            return Located(version, area, heading, title, body)
        missing = missing or ("body" if body is None else "title")
    return missing


def read(found: Located, base: str, page: Page) -> Reading:
    """Read every part of a located article; ``base`` is the address relative links start from."""
    rules, area, fetched_at = found.rules, found.area, page.fetched_at
    head = _head_captions(found, base)
    lead = _lead(found)
    attachments = _attachments(found, base)
    counters = fields.counters(area, rules.counters)
    tokens = Walker(base, waste_of(rules.drop)).walk(found.body)
    text, captions = split_captions(tokens)
    text, author, source = take_byline(text)
    shown = fields.displayed_author(area, rules)
    published = fields.published(area, rules, fetched_at)
    named = shown[0] or author
    if published.at is None:
        lines = opening.header_lines(found.body, found.heading, found.title, base)
        published = fields.published_among(lines, rules, fetched_at)
        if published.at is None:
            published = fields.published_by_address(rules, page.url, fetched_at)
        named = named or fields.person(opening.author(lines), rules)
    return Reading(
        extractor="family",
        family=rules.family,
        title=found.title,
        lead=lead,
        lines=tuple(without_chrome(text, found.title)),
        captions=(*head, *captions),
        images=_images(tokens, head),
        author=named,
        source=shown[1] or fields.displayed_source(area, rules) or source,
        published=published,
        section=area.first_text(rules.section) or None,
        tags=fields.all_texts(area, rules.tags),
        attachments=attachments,
        counters=counters,
        signs=fields.date_signs(area, rules, published, fetched_at),
    )


def _area(tree: LexborHTMLParser, rules: PageRules) -> Area | None:
    root = tree.root
    assert root is not None, "a parsed page has a root"
    found = (tree.css_first(selector) for selector in rules.scope)
    scope = next((node for node in found if node is not None), None)
    if scope is None and rules.scope_required:
        return None
    return Area(root, scope or root, tree.head)


def _body(area: Area, rules: PageRules) -> LexborNode | None:
    for selector in rules.body:
        nodes = [node for node in area.css(selector) if node.child is not None]
        if not nodes:
            continue
        if rules.body_pick == "first":
            return nodes[0]
        return max(nodes, key=lambda node: len(node.text(strip=True)))
    return None


def _lead(found: Located) -> str:
    rules = found.rules
    for selector in rules.lead:
        for node in found.area.css(selector):
            for waste in node.css("figure, script, style, .fl, #imghome, table, h1"):
                waste.decompose()
            lead = flat(node)
            if rules.lead_prefix:
                lead = tidy(rules.lead_prefix.sub("", lead, count=1))
            if lead:
                return lead
    return ""


def _head_captions(found: Located, base: str) -> tuple[Caption, ...]:
    captions = []
    for selector in found.rules.head_image:
        for node in found.area.css(selector):
            tokens = Walker(base).walk(node)
            pictures = [token for token in tokens if isinstance(token, Picture)]
            text = " ".join(token.text for token in tokens if isinstance(token, Line))
            if fold_key(text) == fold_key(found.title):
                text = ""
            captions += [Caption(picture.src, text) for picture in pictures]
    return tuple(captions)


def _attachments(located: Located, base: str) -> tuple[Attachment, ...]:
    nodes = located.body.css("a[href]")
    for selector in located.rules.attachments:
        nodes += located.area.css(selector)
    return fields.attachments_of(nodes, base)


def _images(tokens: Iterable[Token], head: Iterable[Caption]) -> tuple[str, ...]:
    pictures = [caption.image for caption in head if caption.image]
    pictures += [token.src for token in tokens if isinstance(token, Picture)]
    return tuple(dict.fromkeys(pictures))
