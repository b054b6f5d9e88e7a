"""Read an article page of an unknown CMS: what cannot be proved is left out, never invented.

The page must show that it is an article: a title that its markup or a heading confirms, and prose
of its own that is no list of teasers. Dates come from markup or from the article's own header,
never from a search over the page (clocks and related lists carry plausible wrong ones).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.clean import fields, header
from pipelines.clean.dates import parse_printed
from pipelines.clean.headings import (
    LONGEST_DATE,
    TITLE_WORDS,
    around,
    below_title,
    between,
    is_teaser,
    title_of,
)
from pipelines.clean.main_text import container, extracted, prune
from pipelines.clean.markup import read_markup
from pipelines.clean.reading import Reading
from pipelines.clean.stretch import choose, is_teaser_list, lines_above, walk
from pipelines.clean.text import fold_key
from pipelines.clean.tokens import Picture, split_captions, take_byline, without_chrome
from pipelines.clean.tree import flat
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser

    from pipelines.clean.markup import Markup
    from pipelines.clean.tokens import Line, Token
    from pipelines.records import Caption, Page

_LEADS = (
    "[itemprop=description], .hometext, #hometext, .sapo, .detail-sapo, .detail-desc, .lead, "
    ".article-lead, .summary, .article-summary, .news-sapo, .tomtat, .description, .block-sc-sapo, "
    ".chapeau, .news-summary, .short-desc, .intro"
)
_FILES = "[class*=download] a, [class*=attach] a, [class*=dinhkem] a, [class*=file] a"
_DENIED = re.compile(
    r"access denied|hasn't been shared with you|không có quyền|vui lòng đăng nhập|bạn cần đăng nhập"
    r"|please (?:sign|log) in|đăng nhập để",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"không tồn tại|không tìm thấy|not found|does not exist|đã bị xóa|no longer available",
    re.IGNORECASE,
)
_LEAD_WORDS = 8
_PROSE_WORDS = 8
# a denied page has 39 words, a true one-paragraph notice 57
_LEAST_WORDS = 45
_FEWEST_WORDS = 30
_SHORT_PAGE = 80
_PREFIX = 50


def read(tree: LexborHTMLParser, page: Page, base: str) -> Reading | Cleaned:
    """Read the page, or say why it is no article. The tree is pruned on the way."""
    markup = read_markup(tree)
    login = tree.css_first("input[type=password]") is not None
    prune(tree)
    lines = extracted(tree)
    node = container(tree, lines) if lines else None
    if node is None:
        return Cleaned(Outcome.LOGIN if login else Outcome.NOT_ARTICLE, "generic.no_text")
    stretch = walk(node, lines, base)
    above = lines_above(stretch)
    title = title_of(tree, node, markup, above, lines)
    tokens, passed = choose(stretch, title)
    parts = _part(tokens, title)
    own = around(node, title)
    evidence = _Evidence(
        texts=parts.texts,
        title="" if fold_key(title) == fold_key(markup.site) else title,
        stated=bool(markup.article) or markup.first("og:type") == "article",
        named=own is not None or len(title.split()) >= TITLE_WORDS,
        login=login,
        listing=is_teaser(tree, node, page.url, title) or is_teaser_list(passed),
    )
    own_lines = [line.text for line in below_title(above, title)]
    own_lines = header.leaves_above(stretch.inner, title) + own_lines
    reading = _reading(parts, markup, _lead(tree, markup, title, parts.texts, above))
    return _fault(evidence) or replace(
        reading,
        author=parts.author or markup.author or header.author(own, own_lines, markup),
        published=header.published(own, own_lines, markup, page.fetched_at),
        attachments=fields.attachments_of([*(own or node).css("a[href]"), *tree.css(_FILES)], base),
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
        tags=markup.meta.get("article:tag", ()),
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for and against an article."""

    texts: list[str]
    title: str
    stated: bool
    named: bool
    login: bool
    listing: bool

    @property
    def words(self) -> int:
        return sum(len(text.split()) for text in self.texts)

    @property
    def prose(self) -> int:
        counts = (len(text.split()) for text in self.texts)
        return sum(count for count in counts if count >= _PROSE_WORDS)


def _fault(found: _Evidence) -> Cleaned | None:
    return _excuse(found) or _weak(found)


def _excuse(found: _Evidence) -> Cleaned | None:
    """Name a short page that only says why it shows nothing, and a listing."""
    whole = " ".join((found.title, *found.texts))
    short = found.words < _SHORT_PAGE
    if short and _DENIED.search(whole):
        return Cleaned(Outcome.LOGIN, "generic.denied")
    if short and _MISSING.search(whole):
        return Cleaned(Outcome.SOFT_404, "generic.not_found")
    if found.listing:
        return Cleaned(Outcome.LISTING, "generic.teasers")
    if found.login and short:
        return Cleaned(Outcome.LOGIN, "generic.password")
    return None


def _weak(found: _Evidence) -> Cleaned | None:
    """Refuse a page that does not show a title and prose of its own."""
    if not found.title:
        return Cleaned(Outcome.NOT_ARTICLE, "generic.no_title")
    if found.words < (_FEWEST_WORDS if found.stated or found.named else _LEAST_WORDS):
        return Cleaned(Outcome.THIN, f"generic.thin:{found.words}")
    if not (found.stated or found.named):
        return Cleaned(Outcome.NOT_ARTICLE, "generic.no_evidence")
    if found.prose * 3 < found.words:
        return Cleaned(Outcome.NOT_ARTICLE, f"generic.no_prose:{found.prose}/{found.words}")
    return None


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
    text = between(above, title)
    return "" if fold_key(text)[:_PREFIX] in whole else text


def _without_header(texts: list[str], title: str, lead: str) -> list[str]:
    """Drop the lines above the text that repeat title or lead, or are a date line."""
    repeated = {fold_key(title), fold_key(lead)}
    kept = list(texts)
    while kept and (
        fold_key(kept[0]) in repeated
        or (len(kept[0]) <= LONGEST_DATE and parse_printed(kept[0]) is not None)
    ):
        del kept[0]
    return kept
