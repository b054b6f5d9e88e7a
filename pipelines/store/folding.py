"""Fold text for substring search: always the same for the stored text and for the query."""

from __future__ import annotations

import unicodedata

# The tone mark of an open oa, oe, uy stands on either letter ("hòa", "hoà"): one form for both.
# Replacing it in the middle of a word does no harm, as both sides are replaced alike.
_MOVED = "òaoà óaoá ỏaoả õaoã ọaoạ òeoè óeoé ỏeoẻ õeoẽ ọeoẹ ùyuỳ úyuý ủyuỷ ũyuỹ ụyuỵ"
_TONES = tuple((pair[:2], pair[2:]) for pair in _MOVED.split(" "))


def marked(text: str) -> str:
    """Fold case, composition, white space and tone placement; "ba" and "bà" stay two words."""
    folded = unicodedata.normalize("NFC", " ".join(text.split()).casefold())
    for classic, modern in _TONES:
        folded = folded.replace(classic, modern)
    return folded


def plain(text: str) -> str:
    """Fold case and drop every mark: what a reader types without a Vietnamese keyboard.

    Letters of other scripts fall away too, so a query of such letters is looked up by ``marked``.
    """
    spaced = " ".join(text.split()).casefold().replace("đ", "d")
    return unicodedata.normalize("NFD", spaced).encode("ascii", "ignore").decode()


def has_marks(text: str) -> bool:
    """Tell whether the marks of ``text`` must be respected: it was written with some."""
    return not text.isascii()
