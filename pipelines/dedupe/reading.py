"""A text as the comparison reads it: syllable codes, shingles and figures, computed once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from xxhash import xxh3_64_digest

from pipelines.dedupe.normal import fold, key_lines, syllables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

CODE = 4
"""Bytes of one syllable's code: of 20,000 syllables two share a code once in twenty archives."""
_CACHE_SIZE = 50_000
_LONGEST = 40
"""Letters of a chunk that is remembered; longer ones are addresses, which come once."""
_FIGURE = b"\0" * CODE
_NAME = b"\1" * CODE
_AROUND = 2
"""Syllables on each side of a figure or name that say what it is about."""
_FIGURES = re.compile(b"[1B]+")
_NAMES = re.compile(b"[AB]{2,}")
"""Capitalised syllables that make a name: a single one may begin a sentence."""


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one article, as cleaned: title (may be empty) and paragraphs.

    ``mark``: what the page says of where the text is from, and is no part of it: "TUAG".
    """

    title: str
    body: tuple[str, ...]
    mark: str = field(default="", compare=False)


class _Chunks(dict[str, tuple[str, bytes, bytes]]):
    """Remember of what stands between two spaces the syllables, as ``Reading`` has them.

    Start again when the memory is full. To split a text costs half of finding its syllables.
    """

    def __missing__(self, chunk: str) -> tuple[str, bytes, bytes]:
        written = syllables(chunk)
        words = fold(written)
        codes = b"".join(xxh3_64_digest(word.encode())[:CODE] for word in words)
        shape = "".join(map(_shape, written, words)).encode()
        found = "".join(f"{word} " for word in words), codes, shape
        if len(chunk) <= _LONGEST:
            if len(self) >= _CACHE_SIZE:
                self.clear()
            self[chunk] = found
        return found


_chunk = _Chunks().__getitem__


def _shape(written: str, word: str) -> str:
    return ("aA", "1B")[is_figure(word)][written[0].isupper()]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's syllables, the first ``title_count`` the title's.

    ``folded``: their keys, a space between two; ``codes``: the keys' codes in one run; ``shape``: a
    letter for each: "A" for one that is capitalised, "1" for a figure, "B" for both, "a" for none.
    """

    folded: str
    codes: bytes
    shape: bytes
    title_count: int

    @property
    def body_count(self) -> int:
        """Count the syllables after the title."""
        return len(self.shape) - self.title_count

    def title_differs(self, other: Reading) -> bool:
        """Tell whether both texts have a title, and not the same words in it."""
        mine = self.codes[: self.title_count * CODE]
        theirs = other.codes[: other.title_count * CODE]
        return bool(mine) and bool(theirs) and mine != theirs

    def title_figures(self) -> frozenset[bytes]:
        """Return the codes of the numbers in the title."""
        return frozenset(
            self._code(at) for at in range(self.title_count) if self.shape[at] in b"1B"
        )

    def figures(self) -> dict[bytes, list[str]]:
        """Return the figures by the words around them, in order.

        A figure is a run of syllables with digits: "09/06/2021", "12.362" and "13h30" are one
        each, and 12.362 is 12362. Figures among the words around are masked.
        """
        words, masked = self.folded.split(" "), self._masked({"1": _FIGURE, "B": _FIGURE})
        found: dict[bytes, list[str]] = {}
        for run in _FIGURES.finditer(self.shape):
            figure = _figure(words[run.start() : run.end()])
            found.setdefault(_context(masked, *run.span()), []).append(figure)
        return found

    def names(self) -> dict[bytes, list[bytes]]:
        """Return the names' codes by the words around them, in order.

        A name is a run of capitalised syllables: a commune, a person, an office. Names and figures
        among the words around are masked.
        """
        masked = self._masked({"1": _FIGURE, "A": _NAME, "B": _NAME})
        found: dict[bytes, list[bytes]] = {}
        for run in _NAMES.finditer(self.shape):
            name = self.codes[run.start() * CODE : run.end() * CODE]
            found.setdefault(_context(masked, *run.span()), []).append(name)
        return found

    def _code(self, at: int) -> bytes:
        return self.codes[at * CODE : (at + 1) * CODE]

    def _masked(self, masks: Mapping[str, bytes]) -> bytes:
        """Give the codes with one of ``masks`` for all syllables of a shape."""
        codes = np.frombuffer(self.codes, f"V{CODE}").copy()
        shape = np.frombuffer(self.shape, np.uint8)
        for letter, mask in masks.items():
            codes[shape == ord(letter)] = np.void(mask)
        return codes.tobytes()


def _context(masked: bytes, start: int, end: int) -> bytes:
    """Give the codes of the words on both sides of a run."""
    before = masked[max(start - _AROUND, 0) * CODE : start * CODE]
    return before + _NAME + masked[end * CODE : (end + _AROUND) * CODE]


def _figure(run: Sequence[str]) -> str:
    """Join a run of digits; a figure that an editor's slip has doubled is one."""
    half = len(run) // 2
    return "".join(run[:half] if run[:half] == run[half:] else run)


def is_figure(word: str) -> bool:
    """Tell whether a syllable carries digits at either end: "12", "13h30", "m2", "cập33"."""
    return word[0].isdigit() or word[-1].isdigit()


def windows(codes: bytes, size: int) -> list[bytes]:
    """Return the runs of ``size`` codes in their order; a shorter text is one run."""
    count = len(codes) // CODE - size + 1
    if count <= 1:
        return [codes] if codes else []
    # an array over the same bytes cuts them in half the time of as many slices
    cut: list[bytes] = np.ndarray(count, f"V{size * CODE}", codes, strides=CODE).tolist()
    return cut


def distinct(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the numbers ascending, each once; np.unique takes six times as long for a text's."""
    found = np.sort(numbers)
    is_first = np.ones(len(found), bool)
    np.not_equal(found[1:], found[:-1], out=is_first[1:])
    return found[is_first]


@lru_cache(maxsize=512)
def read(text: Text) -> Reading:
    """Tokenise a text; the last 512 are remembered, as a text meets several candidates."""
    title = [_chunk(one) for one in text.title.split()]
    body = "\n".join(key_lines(text.body)).split()
    parts = title + list(map(_chunk, body))
    if not parts:
        return Reading("", b"", b"", 0)
    folded, codes, shape = zip(*parts, strict=True)
    title_count = sum(len(one[2]) for one in title)
    return Reading("".join(folded)[:-1], b"".join(codes), b"".join(shape), title_count)
