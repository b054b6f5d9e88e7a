"""The tags of an article of an unknown CMS: what its page links as such, or its markup states.

A page shows them in links marked so, or in a block that holds nothing but a label and links; side
columns show those of the whole portal. What is only stated is taken last.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.clean.text import fold_key, tidy
from pipelines.clean.tree import flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_LINKS = "a[rel~=tag]:not([rel~=category])"
_BLOCKS = (
    "[class*=tag], [class*=Tag], [id*=tag], [id*=Tag], [class*=keyword], [class*=Keyword], "
    "[class*=tu-khoa], [class*=tukhoa], [class*=TuKhoa]"
)
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAMES = re.compile(r"\b(?:tags?|keywords?|tu-?khoa)\b")
_ELSEWHERE = re.compile(r"\b(?:aside|cloud|comments?|menu|nav|related|sidebar|tagcloud|widget)\b")
_LABEL = re.compile(
    r"(?:(?:gắn )?thẻ|tags?|từ kh(?:óa|oá)|key ?words?)?[\s:,;|#•/-]*", re.IGNORECASE
)
_MOST, _MOST_WORDS = 20, 8
# Letters and nodes of a block, and links or blocks that are looked at: where elements are never
# closed, each holds all that follow, and stands in all that came before.
_LARGEST, _LOOKED = 2_000, 200


def tags_of(
    tree: LexborHTMLParser, stated: Iterable[str], not_tags: Iterable[str]
) -> tuple[str, ...]:
    """Give the tags of an unpruned page, each once.

    ``stated`` are those that markup lists, ``not_tags`` the names of other things that some list.
    """
    own = [node for node in tree.css(_LINKS)[:_LOOKED] if not _is_elsewhere(node)]
    shown = [flat(node) for node in own] or _in_blocks(tree)
    other = {"", *map(fold_key, not_tags)}
    found: dict[str, str] = {}
    for text in map(_bare, shown or stated):
        if (key := fold_key(text)) not in other:
            found.setdefault(key, text)
    told = any(len(text.split()) > _MOST_WORDS for text in found.values())  # it is a sentence
    return () if told or len(found) > _MOST else tuple(found.values())


def listed(value: object) -> Iterator[str]:
    """Give the single ones of keywords that markup holds as a list, or with commas between them."""
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, str):
            yield from re.split(r"[,;]", part)


def _bare(text: str) -> str:
    return tidy(text).strip("#,;: ")


def _in_blocks(tree: LexborHTMLParser) -> list[str]:
    """Give the links' texts of the first block that is named for tags and holds nothing else."""
    named = (one for one in tree.css(_BLOCKS) if one.tag != "a" and _named(one, _NAMES))
    for block in islice(named, _LOOKED):
        whole = flat(block, _LARGEST)
        texts = [flat(link) for link in block.css("a[href]")] if whole else []
        if texts and all(texts) and not _is_elsewhere(block) and _only(whole, texts):
            return texts
    return []


def _only(whole: str, texts: Iterable[str]) -> bool:
    """Tell whether a block's text is no more than a label and the ``texts`` of its links."""
    left = whole
    for text in sorted(texts, key=len, reverse=True):
        left = left.replace(text, "", 1)
    return _LABEL.fullmatch(left.strip()) is not None


def _is_elsewhere(node: LexborNode) -> bool:
    """Tell a place that shows the tags of the whole portal, or of another article."""
    current: LexborNode | None = node
    while current is not None and current.tag not in {"body", "html"}:
        if current.tag in {"aside", "nav"} or _named(current, _ELSEWHERE):
            return True
        current = current.parent
    return False


def _named(node: LexborNode, names: re.Pattern[str]) -> bool:
    attributes = node.attributes
    told = " ".join(attributes.get(name) or "" for name in ("class", "id"))
    parts = (_PARTS.findall(word) for word in told.split())
    return any(names.search("-".join(word).lower()) for word in parts)
