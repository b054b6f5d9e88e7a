"""What a portal prints around its articles, learned from its pages that are none.

A block that stands on a listing in the same place of the DOM, with the same text, belongs to the
portal's frame, not to the article above it. A page that prints the article's longest paragraph
bears no witness, for some listings print whole articles; formulas of notices stand on no listing in
that place. Every run reads listings before articles, so that an article comes out alike in each.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.clean.text import fold_key
from pipelines.clean.tree import flat
from pipelines.clean.walk import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

PORTALS, PAGES, BLOCKS_A_PAGE = 20, 6, 2_000
_SAME_TITLES = 2
_LETTERS = 20  # shorter lines are left to the vocabulary
_LONGEST = 20_000  # letters and nodes of a block; a whole page is none


@dataclass(frozen=True, slots=True)
class _Witness:
    """A page that is no article: its address, title, the keys of its blocks and of their texts."""

    url: str
    title: str
    blocks: frozenset[int]
    texts: frozenset[int]


@dataclass(slots=True)
class Frames:
    """The last pages that were no articles, by portal (host); a few of each are kept."""

    _seen: OrderedDict[str, deque[_Witness]] = field(default_factory=OrderedDict)

    def learn(self, url: str, tree: LexborHTMLParser, title: str = "") -> None:
        """Keep what a page that is no article shows, and the ``title`` that its markup states."""
        host = urlsplit(url).netloc
        pages = self._seen.setdefault(host, deque(maxlen=PAGES))
        self._seen.move_to_end(host)
        if len(self._seen) > PORTALS:
            self._seen.popitem(last=False)
        if all(page.url != url for page in pages):
            blocks = list(islice(_blocks(tree), BLOCKS_A_PAGE))
            texts = frozenset(hash(text) for _, text in blocks)
            pages.append(_Witness(url, fold_key(title), frozenset(map(hash, blocks)), texts))

    def names_portal(self, url: str, title: str) -> bool:
        """Tell a title that some pages state which are no articles: it is none of an article's."""
        pages, key = self._seen.get(urlsplit(url).netloc, ()), fold_key(title)
        return sum(page.url != url and page.title == key for page in pages) >= _SAME_TITLES

    def around(self, url: str, own: Iterable[str], tree: LexborHTMLParser) -> frozenset[str]:
        """Give the texts of the page's blocks that belong to the portal's frame.

        ``own`` are the lines of the article's text.
        """
        longest = hash(max(own, key=len, default=""))
        pages = self._seen.get(urlsplit(url).netloc, ())
        witnesses = [page for page in pages if page.url != url and longest not in page.texts]
        if not witnesses:
            return frozenset()
        return frozenset(
            text
            for place, text in _blocks(tree)
            if any(hash((place, text)) in page.blocks for page in witnesses)
        )


def _blocks(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Give place and text of the blocks that hold no further block."""
    if tree.body is None:
        return
    for node in tree.body.traverse():
        if node.tag in BLOCKS and not any(child.tag in BLOCKS for child in node.iter()):
            text = flat(node, _LONGEST)
            if len(text) >= _LETTERS:
                yield _place(node), text


def _place(node: LexborNode) -> str:
    """Name an element's place by the elements around it, with their classes."""
    names: list[str] = []
    current: LexborNode | None = node
    while current is not None and current.tag not in {"body", "html"}:
        names.append(f"{current.tag}.{current.attributes.get('class') or ''}")
        current = current.parent
    return ">".join(names)
