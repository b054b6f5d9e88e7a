"""The replica portals with more articles: the same systems, pages and traps, new texts.

Every further article takes the form of a real one of its portal (section, author, style, pictures,
headings, files) and has generated paragraphs of its own, so that deduplication meets new texts and
not copies of a few.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from bench.dedupe_articles import COMMUNES
from demo.content import PORTALS, Block, articles
from demo.spelling import slug
from demo.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from demo.content import Article

ID_STEP = 1_000_000  # ids of further articles lie above all that the replicas use


class LargeWorld(World):
    """The replicas' first day with ``further`` articles more on each portal."""

    def __init__(self, further: int) -> None:
        super().__init__()
        self._all = {portal: further_articles(portal, further) for portal in PORTALS}

    def articles(self, portal: str) -> tuple[Article, ...]:
        """Give the portal's articles, newest first."""
        return self._all[portal]


@cache
def further_articles(portal: str, further: int) -> tuple[Article, ...]:
    """Give the first day's articles of a portal with ``further`` more, newest first."""
    own = [one for one in articles(portal) if one.day == 1]
    forms = [one for one in own if not (one.trap or one.copy_of or one.series or one.spell)]
    rng = Random(f"{portal} 1")
    made = [_further(rng, forms[at % len(forms)], at + 1) for at in range(further)]
    return tuple(sorted([*own, *made], key=lambda one: (one.published, one.id), reverse=True))


def _further(rng: Random, form: Article, at: int) -> Article:
    """Write article number ``at`` in the form of another one."""
    text = COMMUNES.story(rng)
    return replace(
        form,
        id=ID_STEP * (form.id // ID_STEP + 1) + at,
        title=text.title,
        slug=f"{slug(text.title)}-so-{at}",
        published=form.published - timedelta(days=7, minutes=37 * at),
        blocks=tuple(_filled(form.blocks, text.body)),
        dateline="",
        event_date=None,
        corrections=(),
        views=form.views + at,
    )


def _filled(blocks: Iterable[Block], paragraphs: Iterable[str]) -> Iterator[Block]:
    """Keep pictures, headings, lists and files where they are; replace the paragraphs."""
    rest = iter(paragraphs)
    for block in blocks:
        if block.kind != "p":
            yield block
        elif text := next(rest, ""):
            yield replace(block, text=text)
    for text in rest:
        yield Block("p", text)
