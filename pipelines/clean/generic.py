"""Read an article page of an unknown CMS: what cannot be proved is left out, never invented.

The page must show that it is an article: a title that its markup or a heading confirms, and prose
of its own that is no list of teasers. Dates come from markup or from the article's own header,
never from a search over the page (clocks and related lists carry plausible wrong ones).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from pipelines.clean import evidence, fields, header, opening, state
from pipelines.clean.dates import parse_printed
from pipelines.clean.frame import Frames
from pipelines.clean.headings import (
    LONGEST_DATE,
    TITLE_WORDS,
    around,
    below_title,
    is_teaser,
    lead_between,
    opening_title,
    stamp_of,
    title_of,
)
from pipelines.clean.main_text import container, extracted, prune
from pipelines.clean.markup import read_markup
from pipelines.clean.reading import Reading
from pipelines.clean.stretch import choose, lines_above, opening_of, walk
from pipelines.clean.teasers import is_teaser_list
from pipelines.clean.text import fold_key
from pipelines.clean.tokens import Picture, split_captions, take_byline, without_chrome
from pipelines.clean.tree import flat
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.clean.evidence import ShortPage
    from pipelines.clean.markup import Markup
    from pipelines.clean.tokens import Line, Token
    from pipelines.records import Caption, Page

_LEADS = (
    "[itemprop=description], .hometext, #hometext, .sapo, .detail-sapo, .detail-desc, .lead, "
    ".article-lead, .summary, .article-summary, .news-sapo, .tomtat, .description, .block-sc-sapo, "
    ".chapeau, .news-summary, .short-desc, .intro"
)
_FILES = "[class*=download] a, [class*=attach] a, [class*=dinhkem] a, [class*=file] a"
_LEAD_WORDS = 8
_CREDITS = 5  # lines behind the text among which counters are looked for
_PREFIX = 50
_DECREED = re.compile(r"ban hành|hiệu lực", re.IGNORECASE)


def read(
    tree: LexborHTMLParser, page: Page, base: str, frames: Frames | None = None
) -> Reading | Cleaned:
    """Read the page, or say why it is no article. The tree is pruned on the way.

    ``frames`` remembers what the portal prints around its articles, and learns from this page.
    """
    frames = frames if frames is not None else Frames()
    stated = markup = read_markup(tree)
    if frames.names_portal(page.url, markup.title):
        markup = replace(markup, title="")
    reading = _read(tree, page, base, frames, markup)
    if isinstance(reading, Cleaned):
        frames.learn(page.url, tree, stated.title)
    return reading


def _read(
    tree: LexborHTMLParser, page: Page, base: str, frames: Frames, markup: Markup
) -> Reading | Cleaned:
    login = tree.css_first("input[type=password]") is not None
    if login and evidence.login_page(tree, page.url):
        return Cleaned(Outcome.LOGIN, "generic.login")
    states = state.states(tree)
    prune(tree)
    found = _long(tree, page, base, markup, frames, login=login)
    if isinstance(found, Reading) or found.outcome in {Outcome.LOGIN, Outcome.SOFT_404}:
        return found
    if found.outcome is not Outcome.LISTING and (held := state.page_in(states)):
        inner = LexborHTMLParser(held)
        return _read(inner, page, base, frames, read_markup(inner))
    short = evidence.short_page(tree, markup, base)
    if short is not None:
        return short.fault or _short(short, markup, page)
    return found if found.outcome is Outcome.LISTING else evidence.other_page(tree) or found


def _long(
    tree: LexborHTMLParser,
    page: Page,
    base: str,
    markup: Markup,
    frames: Frames,
    *,
    login: bool,
) -> Reading | Cleaned:
    """Read the page by the text that trafilatura finds in it."""
    lines = extracted(tree)
    node = container(tree, lines) if lines else None
    if node is None:
        return Cleaned(Outcome.LOGIN if login else Outcome.NOT_ARTICLE, "generic.no_text")
    stretch = walk(node, lines, base)
    above = lines_above(stretch)
    title = title_of(tree, node, markup, above, lines)
    if len(title.split()) < TITLE_WORDS and (own_title := opening_title(opening_of(stretch))):
        title, above = own_title, [*above, *opening_of(stretch)]
    frame = frames.around(page.url, stretch.own_lines(), tree)
    tokens, passed = choose(stretch, title, frame)
    between = opening.tokens_between(node, title, base)
    parts = _part([*_new(opening.pictures(between), tokens), *tokens], title)
    own = around(node, title)
    fault = evidence.fault(
        evidence.Evidence(
            texts=parts.texts,
            captions=[caption.text for caption in parts.captions],
            title="" if fold_key(title) == fold_key(markup.site) else title,
            stated=bool(markup.article) or markup.first("og:type") == "article",
            named=own is not None or len(title.split()) >= TITLE_WORDS,
            login=login,
            listing=is_teaser(tree, node, page.url, title) or is_teaser_list(passed),
        )
    )
    if fault:
        return fault
    own_lines = [line.text for line in below_title(above, title)]
    own_lines += takewhile(_is_date_line, parts.texts)
    own_lines = header.leaves_above(stretch.inner, title) + own_lines
    if own is not None and (stamp := stamp_of(own, title)):
        own_lines = [stamp, *own_lines]
    behind = stretch.tokens[stretch.own.start : stretch.own.stop + _CREDITS]
    return replace(
        _reading(parts, markup, _lead(tree, markup, title, parts.texts, above)),
        counters=opening.counters([*own_lines, *opening.short_lines([*between, *behind])]),
        author=parts.author or markup.author or header.author(own, own_lines, markup),
        published=header.published(own, own_lines, markup, page),
        attachments=fields.attachments_of([*(own or node).css("a[href]"), *tree.css(_FILES)], base),
    )


def _new(pictures: Sequence[Token], tokens: Sequence[Token]) -> list[Token]:
    """Give the pictures with their captions that stand above the text only."""
    held = {token.src for token in tokens if isinstance(token, Picture)}
    pairs = zip(pictures[::2], pictures[1::2], strict=True)
    return [
        token
        for pair in pairs
        if isinstance(pair[0], Picture) and pair[0].src not in held
        for token in pair
    ]


def _short(short: ShortPage, markup: Markup, page: Page) -> Reading:
    """Read a notice that hardly says more than which file to open."""
    lines = short.lines or tuple(file.text for file in short.files)
    parts = _Parts(short.title, list(lines), (), short.images, None, None)
    return replace(
        _reading(parts, markup, ""),
        published=header.published(short.block, short.stamps, markup, page),
        attachments=short.files,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """The main text, parted."""

    title: str
    texts: list[str]
    captions: tuple[Caption, ...]
    images: tuple[str, ...]
    author: str | None
    source: str | None


def _part(tokens: Sequence[Token], title: str) -> _Parts:
    lines, captions = split_captions(tokens)
    lines, author, source = take_byline(lines)
    # a head picture's caption is often filled with the title by the CMS
    first = int(bool(captions) and fold_key(captions[0].text) == fold_key(title))
    images = dict.fromkeys(token.src for token in tokens if isinstance(token, Picture))
    texts = without_chrome(lines, title)
    return _Parts(title, texts, tuple(captions[first:]), tuple(images), author, source)


def _reading(parts: _Parts, markup: Markup, lead: str) -> Reading:
    return Reading(
        extractor="generic",
        family="generic",
        title=parts.title,
        lead=lead,
        lines=tuple(_without_header(parts.texts, parts.title, lead)),
        captions=parts.captions,
        images=parts.images,
        source=parts.source,
        section=markup.first("article:section") or None,
        tags=markup.tags,
    )


def _lead(
    tree: LexborHTMLParser, markup: Markup, title: str, texts: list[str], above: Sequence[Line]
) -> str:
    """Find a lead that stands outside the text's element.

    By the class names that CMSs give it; by the description in the markup, where a block of the
    page begins with it (descriptions are cut short, so the block's own text is taken); or as the
    prose between title and text.
    """
    known = {fold_key(text) for text in texts}
    whole = fold_key(" ".join(texts))
    for candidate in tree.css(_LEADS):
        for waste in candidate.css("figure, #imghome, .imghome"):
            waste.decompose()
        text = flat(candidate)
        if len(text.split()) >= _LEAD_WORDS and candidate.css_first("h2 a, h3 a, li") is None:
            return "" if fold_key(text) in known or fold_key(text)[:_PREFIX] in whole else text
    prefix = fold_key(markup.first("description", "og:description"))[:_PREFIX]
    if len(prefix) == _PREFIX and prefix not in whole and prefix not in fold_key(title):
        for candidate in tree.css("p, div, h2, h3, strong"):
            if candidate.css_first("p, div, h1, h2, h3, li, a") is None:
                text = flat(candidate)
                if fold_key(text).startswith(prefix):
                    return text
    text = lead_between(above, title)
    return "" if fold_key(text)[:_PREFIX] in whole else text


def _without_header(texts: list[str], title: str, lead: str) -> list[str]:
    """Drop the lines above the text that repeat title or lead, or are a date line."""
    repeated = {fold_key(title), fold_key(lead)}
    kept = list(texts)
    while kept and (fold_key(kept[0]) in repeated or _is_date_line(kept[0])):
        del kept[0]
    return kept


def _is_date_line(text: str) -> bool:
    """Tell a line that gives the article's time, not the day of the decree that it shows."""
    if len(text) > LONGEST_DATE or _DECREED.search(text):
        return False
    return parse_printed(text) is not None
