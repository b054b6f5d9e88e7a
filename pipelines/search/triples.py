"""Which three words stand side by side in a text, in six bits each: a Bloom filter.

The word index knows the pairs of neighbours. Four words whose pairs are frequent stand in thousands
of articles, and side by side in few: to read them all would take up to a second. The filter says of
nearly every article without the phrase that it is not there, and never so of one with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

BITS = 6
"""For each three words. Of those that a text lacks 8 % seem to be there; with 4 bits 16 %."""
UNKNOWN = b"\xff"
"""The filter of a text that may have any."""
_ONE = ord("1")
_TURN = 0x9E3779B1


def triples(words: Sequence[str]) -> Iterable[str]:
    """Give each three words that stand side by side."""
    return map("_".join, zip(words, words[1:], words[2:], strict=False))


def hashed(triple: str) -> int:
    """Give the hash by which a triple is known."""
    return crc32(triple.encode())


def pack(found: Collection[str]) -> bytes:
    """Make the filter of a text's triples."""
    size = (len(found) * BITS + 7) // 8
    count = 8 * size
    digits = bytearray(b"0") * count  # the bits as letters: a fifth of the time of shifting
    for one in map(crc32, map(str.encode, found)):  # ``hashed`` and ``_turned``, called less
        digits[one % count] = digits[(one * _TURN >> 13) % count] = _ONE
    return int(digits, 2).to_bytes(size, "big") if size else b""


def may_have(bits: bytes, hashes: Iterable[int]) -> bool:
    """Tell whether the triples of these hashes may all stand in the text of a filter."""
    count = 8 * len(bits)
    return bool(count) and all(
        bits[at >> 3] & (128 >> (at & 7))
        for one in hashes
        for at in (one % count, _turned(one) % count)
    )


def _turned(one: int) -> int:
    """Make a second hash of a first one."""
    return one * _TURN >> 13
