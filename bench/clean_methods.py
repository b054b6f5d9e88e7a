"""Article extractors that bench/clean.py compares: ours, trafilatura, and peers where installed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest.mock import patch

import trafilatura
from trafilatura import external

from pipelines.clean.page import clean_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipelines.clean.rules import PageRules
    from pipelines.records import Page

    Method: TypeAlias = "Callable[[Page, PageRules | None], Extract]"


@dataclass(frozen=True, slots=True)
class Extract:
    """What a method makes of a page: lines of text, none for what it takes for no article.

    ``fields`` are those of title, day and author that the method gives; ``pairs`` are addresses of
    pictures with their captions.
    """

    lines: tuple[str, ...]
    fields: Mapping[str, str | date | None] | None = None
    pairs: frozenset[tuple[str, str]] | None = None


FEWEST_WORDS = 12
"""A peer cannot refuse a page: less text than this counts as refusal."""


def family(page: Page, rules: PageRules | None) -> Extract:
    """Clean by the rules of the page's family."""
    draft = clean_page(page, rules).draft
    if draft is None:
        return Extract(())
    at = draft.published_at
    fields = {"title": draft.title, "day": at.date() if at else None, "author": draft.author}
    pairs = frozenset((caption.image or "", caption.text) for caption in draft.captions)
    return Extract(draft.body, fields, pairs)


def generic(page: Page, _rules: PageRules | None) -> Extract:
    """Clean as a page of an unknown system."""
    return family(page, None)


def _trafilatura(*, precision: bool = False, recall: bool = False) -> Method:
    def method(page: Page, _rules: PageRules | None) -> Extract:
        with patch.object(external, "JT_STOPLIST", _all_languages()):
            found: Any = trafilatura.bare_extraction(
                page.body,
                url=page.url,
                with_metadata=True,
                favor_precision=precision,
                favor_recall=recall,
            )
        if found is None:
            return Extract(())
        day = date.fromisoformat(found.date) if found.date else None
        fields = {"title": found.title, "day": day, "author": found.author}
        return _peer(found.text or "", fields)

    return method


@cache
def _all_languages() -> tuple[str, ...]:
    """Give the frequent words that trafilatura comes with, which our generic path replaces."""
    return external.jt_stoplist_init()


def _peer(text: str, fields: Mapping[str, str | date | None] | None = None) -> Extract:
    lines = tuple(line for line in text.splitlines() if line.strip())
    few = sum(len(line.split()) for line in lines) < FEWEST_WORDS
    return Extract(() if few else lines, fields)


def _readability(page: Page, _rules: PageRules | None) -> Extract:
    document = import_module("readability").Document(page.body.decode(), url=page.url)
    tree = import_module("lxml.html").fromstring(document.summary())
    blocks = tree.xpath("//p|//li|//td|//h2|//h3|//div[not(.//p or .//div)]")
    text = "\n".join(" ".join(block.text_content().split()) for block in blocks)
    return _peer(text, {"title": document.title()})


def _newspaper(page: Page, _rules: PageRules | None) -> Extract:
    article = import_module("newspaper").Article(page.url, language="vi", fetch_images=False)
    article.download(input_html=page.body.decode())
    article.parse()
    at = article.publish_date
    day = at.date() if isinstance(at, datetime) else None
    author = article.authors[0] if article.authors else None
    return _peer(article.text, {"title": article.title, "day": day, "author": author})


def _resiliparse(page: Page, _rules: PageRules | None) -> Extract:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return _peer(extract(page.body.decode(), main_content=True))


def _magic_html(page: Page, _rules: PageRules | None) -> Extract:
    extractor = import_module("magic_html").GeneralExtractor()
    found = extractor.extract(page.body.decode(), base_url=page.url)
    tree = import_module("lxml.html").fromstring(found["html"] or "<p></p>")
    text = "\n".join(" ".join(part.split()) for part in tree.itertext())
    return _peer(text, {"title": found["title"]})


def _justext(page: Page, _rules: PageRules | None) -> Extract:
    justext = import_module("justext")
    found = justext.justext(page.body, justext.get_stoplist("Vietnamese"), encoding="utf-8")
    return _peer("\n".join(part.text for part in found if not part.is_boilerplate))


METHODS: dict[str, Method] = {
    "family path": family,
    "generic path": generic,
    "trafilatura": _trafilatura(),
    "trafilatura precision": _trafilatura(precision=True),
    "trafilatura recall": _trafilatura(recall=True),
}
_PEERS: dict[str, tuple[str, Method]] = {
    "resiliparse": ("resiliparse.extract.html2text", _resiliparse),
    "readability-lxml": ("readability", _readability),
    "newspaper4k": ("newspaper", _newspaper),
    "magic-html": ("magic_html", _magic_html),
    "jusText": ("justext", _justext),
}


def installed_peers() -> tuple[dict[str, Method], list[str]]:
    """Give the peers that are installed, and the names of those that are not."""
    found, missing = {}, []
    for name, (module, method) in _PEERS.items():
        try:
            with warnings.catch_warnings(action="ignore"):
                import_module(module)
        except ImportError:
            missing.append(name)
        else:
            found[name] = method
    return found, missing
