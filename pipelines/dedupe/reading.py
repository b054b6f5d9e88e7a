"""A text as the comparison reads it: syllable codes, shingles and figures, computed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from xxhash import xxh3_64_digest

from pipelines.dedupe.normal import body_syllables, fold, syllables

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = 4
"""Bytes of one syllable's code: of 20,000 syllables two share a code once in twenty archives."""
_CACHE_SIZE = 50_000
_FIGURE = b"\0" * CODE
_NAME = b"\1" * CODE
_AROUND = 2
"""Syllables on each side of a figure or name that say what it is about."""
_NAME_LENGTH = 2
"""Capitalised syllables that make a name: a single one may begin a sentence."""


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one article, as cleaned: title (may be empty) and paragraphs.

    ``mark``: what the page says of where the text is from, and is no part of it: "TUAG".
    """

    title: str
    body: tuple[str, ...]
    mark: str = field(default="", compare=False)


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


class _Unnamed(dict[str, bytes]):
    """The same, by the syllable as written, with one more code for all that are capitalised."""

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _CACHE_SIZE:
            self.clear()
        code = self[word] = _NAME if word[0].isupper() else _masked(fold((word,))[0])
        return code


_code = _Codes().__getitem__
_masked = _Masked().__getitem__
_unnamed = _Unnamed().__getitem__


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's syllables as written and folded, the first ``title_count`` the title's.

    ``codes`` are the folded syllables' codes in one run.
    """

    written: tuple[str, ...]
    words: tuple[str, ...]
    codes: bytes
    title_count: int

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
        found: dict[bytes, list[str]] = {}
        for start, end in _runs(masked, _FIGURE):
            run = _figure(self.words[start:end])
            found.setdefault(_context(masked, start, end), []).append(run)
        return found

    def names(self) -> dict[bytes, list[str]]:
        """Return the names by the words around them, in order; other names there are masked.

        A name is a run of capitalised syllables: a commune, a person, an office.
        """
        masked = list(map(_unnamed, self.written))
        found: dict[bytes, list[str]] = {}
        for start, end in _runs(masked, _NAME):
            if end - start >= _NAME_LENGTH:
                run = " ".join(self.words[start:end])
                found.setdefault(_context(masked, start, end), []).append(run)
        return found


def _runs(masked: list[bytes], mark: bytes) -> Iterator[tuple[int, int]]:
    """Give the (start, end) of each run of ``mark``."""
    end = 0
    for start in [at for at, code in enumerate(masked) if code is mark]:
        if start < end:
            continue
        end = start + 1
        while end < len(masked) and masked[end] is mark:
            end += 1
        yield start, end


def _context(masked: list[bytes], start: int, end: int) -> bytes:
    before, after = masked[max(start - _AROUND, 0) : start], masked[end : end + _AROUND]
    return b"".join((*before, _NAME, *after))


def _figure(run: tuple[str, ...]) -> str:
    """Join a run of digits; a figure that an editor's slip has doubled is one."""
    half = len(run) // 2
    return "".join(run[:half] if run[:half] == run[half:] else run)


def is_figure(word: str) -> bool:
    """Tell whether a syllable carries digits at either end: "12", "13h30", "m2", "cập33"."""
    return word[0].isdigit() or word[-1].isdigit()


def windows(codes: bytes, size: int) -> list[bytes]:
    """Return the runs of ``size`` codes in their order; a shorter text is one run."""
    width = CODE * size
    if len(codes) <= width:
        return [codes] if codes else []
    return [codes[at : at + width] for at in range(0, len(codes) - width + CODE, CODE)]


@lru_cache(maxsize=512)
def read(text: Text) -> Reading:
    """Tokenise a text; the last 512 are remembered, as a text meets several candidates."""
    title = syllables(text.title)
    written = title + body_syllables(text.body)
    words = fold(written)
    return Reading(tuple(written), tuple(words), b"".join(map(_code, words)), len(title))
