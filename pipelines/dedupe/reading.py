"""A text as the comparison reads it: syllable codes, shingles and figures, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from xxhash import xxh3_64_digest

from pipelines.dedupe.normal import body_tokens, tokens

CODE = 4
"""Bytes of one syllable's code: of 20,000 syllables two share a code once in twenty archives."""
_CACHE_SIZE = 200_000
_FIGURE = b"\0" * CODE
_AROUND = 2
"""Syllables on each side of a figure that say what the figure is about."""


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


class _Masked(dict[str, bytes]):
    """The same with one code for all figures."""

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _CACHE_SIZE:
            self.clear()
        code = self[word] = _FIGURE if is_figure(word) else _code(word)
        return code


_code = _Codes().__getitem__
_masked = _Masked().__getitem__


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's syllables, the first ``title_count`` the title's, and their codes in one run."""

    words: tuple[str, ...]
    codes: bytes
    title_count: int

    def shingles(self, size: int) -> set[bytes]:
        """Return the distinct runs of ``size`` syllables, as codes; all of a shorter text."""
        return cut(self.codes, size)

    @property
    def body_count(self) -> int:
        """Count the syllables after the title."""
        return len(self.words) - self.title_count

    def title_differs(self, other: Reading) -> bool:
        """Tell whether both texts have a title, and not the same words in it."""
        mine, theirs = self.words[: self.title_count], other.words[: other.title_count]
        return bool(mine) and bool(theirs) and mine != theirs

    def title_figures(self) -> frozenset[str]:
        """Return the numbers in the title."""
        return frozenset(word for word in self.words[: self.title_count] if is_figure(word))

    def figures(self) -> dict[bytes, list[str]]:
        """Return the figures by the words around them, in order.

        A figure is a run of syllables with digits: "09/06/2021", "12.362" and "13h30" are one
        each, and 12.362 is 12362. Figures among the words around are masked.
        """
        masked = list(map(_masked, self.words))
        by_context: dict[bytes, list[str]] = {}
        end = 0
        for start in [at for at, code in enumerate(masked) if code is _FIGURE]:
            if start < end:
                continue
            end = start + 1
            while end < len(masked) and masked[end] is _FIGURE:
                end += 1
            before, after = masked[max(start - _AROUND, 0) : start], masked[end : end + _AROUND]
            context = b"".join((*before, _FIGURE, *after))
            by_context.setdefault(context, []).append(_figure(self.words[start:end]))
        return by_context


def _figure(run: tuple[str, ...]) -> str:
    """Join a run of digits; a figure that an editor's slip has doubled is one."""
    half = len(run) // 2
    return "".join(run[:half] if run[:half] == run[half:] else run)


def is_figure(word: str) -> bool:
    """Tell whether a syllable carries digits at either end: "12", "13h30", "m2", "cập33"."""
    return word[0].isdigit() or word[-1].isdigit()


def cut(codes: bytes, size: int) -> set[bytes]:
    """Return the distinct runs of ``size`` codes; a shorter text is one run."""
    width = CODE * size
    if len(codes) <= width:
        return {codes} if codes else set()
    return {codes[at : at + width] for at in range(0, len(codes) - width + CODE, CODE)}


@lru_cache(maxsize=512)
def read(text: Text) -> Reading:
    """Tokenise a text; the last 512 are remembered, as a text meets several candidates."""
    title = tokens(text.title)
    words = title + body_tokens(text.body)
    return Reading(tuple(words), b"".join(map(_code, words)), len(title))
