"""A text as the comparison reads it: syllable codes, shingles and figures, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from xxhash import xxh3_64_digest

from pipelines.dedupe.normal import key_lines, tokens

CODE = 4
"""Bytes of one syllable's code: of 20,000 syllables two share a code once in twenty archives."""
_CACHE_SIZE = 200_000


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one article, as cleaned: title (may be empty) and paragraphs."""

    title: str
    body: tuple[str, ...]


class _Codes(dict[str, bytes]):
    """Remember the code of every syllable met; start again when the memory is full."""

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _CACHE_SIZE:
            self.clear()
        code = self[word] = xxh3_64_digest(word.encode())[:CODE]
        return code


_code = _Codes().__getitem__


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's syllables (title first), and their codes in one run of bytes."""

    words: tuple[str, ...]
    codes: bytes

    def shingles(self, size: int) -> set[bytes]:
        """Return the distinct runs of ``size`` syllables, as codes; all of a shorter text."""
        return cut(self.codes, size)


def cut(codes: bytes, size: int) -> set[bytes]:
    """Return the distinct runs of ``size`` codes; a shorter text is one run."""
    width = CODE * size
    if len(codes) <= width:
        return {codes} if codes else set()
    return {codes[at : at + width] for at in range(0, len(codes) - width + CODE, CODE)}


@lru_cache(maxsize=512)
def read(text: Text) -> Reading:
    """Tokenise a text; the last 512 are remembered, as a text meets several candidates."""
    words = tokens("\n".join(key_lines(text.title, text.body)))
    return Reading(words=tuple(words), codes=b"".join(map(_code, words)))
