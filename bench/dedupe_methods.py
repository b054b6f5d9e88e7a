"""The methods that are measured side by side: gomtin's own, and what others use."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH
from trafilatura.deduplication import Simhash
from xxhash import xxh32_intdigest

from pipelines.dedupe.index import MemoryIndex, match
from pipelines.dedupe.reading import Text
from pipelines.dedupe.sketch import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Method(Protocol):
    """Remember texts, and say which of them an arriving text repeats."""

    def add(self, key: str, text: str) -> None:
        """Remember a text."""
        ...

    def find(self, text: str) -> str | None:
        """Return the key of the stored text that ``text`` repeats."""
        ...


def lines(text: str) -> Text:
    """Read a text without markup: which line is its title is not known."""
    return Text("", tuple(text.split("\n")))


class Gomtin:
    """The same words; else FracMinHash candidates, verified by containment, leads and figures."""

    def __init__(self) -> None:
        self._index = MemoryIndex()
        self._same: dict[str, int] = {}
        self._keys: list[str] = []
        self._texts: list[Text] = []

    def add(self, key: str, text: str) -> None:
        """Sketch and remember a text."""
        read = lines(text)
        sketch = fingerprint(read.title, read.body)
        self._index.add(len(self._keys), sketch.hashes)
        self._same.setdefault(sketch.content_hash, len(self._keys))
        self._keys.append(key)
        self._texts.append(read)

    def find(self, text: str) -> str | None:
        """Sketch, query and verify."""
        read = lines(text)
        sketch = fingerprint(read.title, read.body)
        if sketch.substantial and sketch.content_hash in self._same:
            return self._keys[self._same[sketch.content_hash]]
        found = match(sketch, read, self._index, self._load)
        return self._keys[found.article_id] if found and found.verdict.joins else None

    def _load(self, ids: Sequence[int]) -> Mapping[int, Text]:
        return {at: self._texts[at] for at in ids}


_WORD = re.compile(r"\w+")


class MinHashBands:
    """datasketch's MinHashLSH: 128 permutations in 32 bands of 4, 5-word shingles, one stage."""

    def __init__(self, least: float = 0.5) -> None:
        self._least = least
        self._bands = MinHashLSH(num_perm=128, params=(32, 4))
        self._hashes: dict[str, MinHash] = {}

    def add(self, key: str, text: str) -> None:
        """Hash and remember a text."""
        self._hashes[key] = hashed = self._hash(text)
        self._bands.insert(key, hashed)

    def find(self, text: str) -> str | None:
        """Return the candidate of the highest estimate, if that is high enough."""
        hashed = self._hash(text)
        found = [(hashed.jaccard(self._hashes[key]), key) for key in self._bands.query(hashed)]
        best = max(found, default=(0.0, ""))
        return best[1] if best[0] >= self._least else None

    @staticmethod
    def _hash(text: str) -> MinHash:
        words = _WORD.findall(text.lower())
        hashed = MinHash(num_perm=128, hashfunc=xxh32_intdigest)
        hashed.update_batch([" ".join(words[at : at + 5]).encode() for at in range(len(words) - 4)])
        return hashed


class RensaBands:
    """rensa's RMinHash and LSH in Rust, with the same permutations, bands and shingles."""

    def __init__(self, least: float = 0.5) -> None:
        self._least = least
        self._bands = RMinHashLSH(threshold=least, num_perm=128, num_bands=32)
        self._keys: list[str] = []
        self._hashes: list[RMinHash] = []

    def add(self, key: str, text: str) -> None:
        """Hash and remember a text."""
        hashed = self._hash(text)
        self._bands.insert(len(self._keys), hashed)
        self._keys.append(key)
        self._hashes.append(hashed)

    def find(self, text: str) -> str | None:
        """Return the candidate of the highest estimate, if that is high enough."""
        hashed = self._hash(text)
        found = [(hashed.jaccard(self._hashes[at]), at) for at in self._bands.query(hashed)]
        best = max(found, default=(0.0, -1))
        return self._keys[best[1]] if best[0] >= self._least else None

    @staticmethod
    def _hash(text: str) -> RMinHash:
        words = _WORD.findall(text.lower())
        hashed = RMinHash(num_perm=128, seed=1)
        hashed.update([" ".join(words[at : at + 5]) for at in range(len(words) - 4)])
        return hashed


_BITS = 16


class SimHash3:
    """trafilatura's Simhash of 64 bits, copies within a distance of 3 bits."""

    def __init__(self) -> None:
        # of four blocks of 16 bits, one is equal when at most three bits differ
        self._blocks: dict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)

    def add(self, key: str, text: str) -> None:
        """Hash and remember a text."""
        value = Simhash(text).hash
        for block in self._split(value):
            self._blocks[block].append((value, key))

    def find(self, text: str) -> str | None:
        """Return the nearest stored text within three bits."""
        value = Simhash(text).hash
        near = [
            ((value ^ other).bit_count(), key)
            for block in self._split(value)
            for other, key in self._blocks.get(block, ())
        ]
        best = min(near, default=(64, ""))
        return best[1] if best[0] <= 3 else None

    @staticmethod
    def _split(value: int) -> list[tuple[int, int]]:
        return [(at, value >> (at * _BITS) & (1 << _BITS) - 1) for at in range(64 // _BITS)]


METHODS: dict[str, Callable[[], Method]] = {
    "gomtin": Gomtin,
    "datasketch MinHashLSH 32x4, >= 0.5": MinHashBands,
    "datasketch MinHashLSH 32x4, >= 0.8": lambda: MinHashBands(0.8),
    "rensa RMinHashLSH 32x4, >= 0.5": RensaBands,
    "rensa RMinHashLSH 32x4, >= 0.8": lambda: RensaBands(0.8),
    "trafilatura Simhash, <= 3 bits": SimHash3,
}
