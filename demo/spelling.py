"""Spellings of one Vietnamese text: address slugs, the other tone placement, decomposed letters."""

from __future__ import annotations

import re
import unicodedata

TONES = "\u0300\u0301\u0303\u0309\u0323"
_ON_SECOND = re.compile(rf"(?<![qQ])(?:([oO])([aAeE])|([uU])([yY]))([{TONES}])(?![\w\u0302\u0306])")
_ON_FIRST = re.compile(
    rf"(?<![qQ])(?:([oO])([{TONES}])([aAeE])|([uU])([{TONES}])([yY]))(?![\w{TONES}])",
)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Give the address form of ``text``: ASCII letters, digits and single hyphens."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return _NOT_SLUG.sub("-", letters).strip("-")


def other_tone_placement(text: str) -> str:
    """Move the tone mark of open oa, oe, uy to the other vowel (hòa -> hoà, or hoà -> hòa).

    A text that has any on the first vowel gets them on the second, else the other way round.
    """
    plain = unicodedata.normalize("NFD", text)
    if _ON_FIRST.search(plain):
        moved = _ON_FIRST.sub(lambda hit: _letters(hit, (1, 3, 2, 4, 6, 5)), plain)
    else:
        moved = _ON_SECOND.sub(lambda hit: _letters(hit, (1, 5, 2, 3, 5, 4)), plain)
    return unicodedata.normalize("NFC", moved)


def _letters(hit: re.Match[str], order: tuple[int, ...]) -> str:
    half = order[:3] if hit[order[0]] else order[3:]
    return "".join(hit[group] for group in half)


def decomposed_every(paragraphs: list[str], step: int) -> list[str]:
    """Give the paragraphs with each ``step``-th one in decomposed letters (NFD)."""
    return [
        unicodedata.normalize("NFD", text) if index % step == 0 else text
        for index, text in enumerate(paragraphs)
    ]
