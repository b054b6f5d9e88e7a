"""Fold a text to what makes it the same text: its syllables in order."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SYLLABLE = re.compile(r"[^\W_]+")
_INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_DATELINE = re.compile(
    r"\s*(?:\([A-ZĐ][\w.]{1,11}(?:[ -][\w.]{2,12}){0,2}\)\s*[-–—:,.]*|[A-ZĐ]{3,8}\s*[-–—:])\s*",
)
_DATELINE_LINES = 2
# After these consonants alone the vowel i is written y or i: "lý" and "lí", "kỹ" and "kĩ".
_Y_AS_I = frozenset(("hy", "ky", "ly", "my", "sy", "ty", "vy"))
_CACHE_SIZE = 200_000


def fold_syllable(syllable: str) -> str:
    """Return one key for every spelling of a lower-case NFC syllable.

    The tone mark moves to the end, so "hoà" and "hòa" are equal without a table of vowels; a lone
    final y becomes i, "quí" becomes "quý"; the eth that old fonts print becomes đ; leading zeros
    of a number go.
    """
    if syllable.isascii() and syllable.isdigit():
        return syllable.lstrip("0") or "0"
    parts = unicodedata.normalize("NFD", syllable).replace("ð", "đ")
    base = _TONES.sub("", parts)
    tone = "".join(_TONES.findall(parts))
    if base in _Y_AS_I:
        base = base[0] + "i"
    elif base == "qui":
        base = "quy"
    return base + tone


class _Folded(dict[str, str]):
    """Remember the key of every syllable met; start again when the memory is full."""

    def __missing__(self, syllable: str) -> str:
        if len(self) >= _CACHE_SIZE:
            self.clear()
        key = self[syllable] = fold_syllable(syllable)
        return key


_fold = _Folded().__getitem__


def tidy_key(text: str) -> str:
    """Return ``text`` in NFC without the characters that nobody sees."""
    for mark in _INVISIBLE:
        if mark in text:
            text = text.replace(mark, "")
    return unicodedata.normalize("NFC", text)


def tokens(text: str) -> list[str]:
    """Return the folded syllables of ``text`` in order."""
    return [_fold(word) for word in _SYLLABLE.findall(tidy_key(text).lower())]


def without_dateline(paragraph: str) -> str:
    """Cut a newsroom's mark from the front: "(TUAG)- Sáng", "BTNO - Nhị Hà"."""
    found = _DATELINE.match(paragraph)
    return paragraph[found.end() :] if found else paragraph


def key_lines(title: str, body: Sequence[str]) -> tuple[str, ...]:
    """Return title and paragraphs as they are compared: the first two without dateline."""
    head = (without_dateline(line) for line in body[:_DATELINE_LINES])
    return (title, *head, *body[_DATELINE_LINES:])


def content_hash(title: str, body: Sequence[str]) -> str:
    """Return the hexadecimal SHA-256 of the folded syllables of title and body.

    Equal for two texts that differ in case, composition, tone placement, punctuation, white space,
    paragraphing or the dateline alone.
    """
    return hash_tokens(tokens("\n".join(key_lines(title, body))))


def hash_tokens(words: Sequence[str]) -> str:
    """Return the hexadecimal SHA-256 of folded syllables."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
