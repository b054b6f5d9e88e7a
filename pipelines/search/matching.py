"""Where the words of a query stand in a text, found without folding the words around them."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.search.words import LONGEST_WORD, keys_of, word_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

Hit = tuple[int, int, str]
"""Where a word begins and ends, and its key."""

BREAK = "\x00"
"""Between paragraphs that are searched as one text; no stored text has it."""
_LATIN = (range(0x30, 0x250), range(0x1E00, 0x1F00))
_WORD_SIGN = r"[^\W_]"
# stands after a pattern's first letter: a pattern that begins with letters is found by them alone
_NO_WORD_GOES_ON = rf"(?<!{_WORD_SIGN}.)"


def hits(text: str, phrases: Sequence[tuple[str, ...]], *, marked: bool) -> list[Hit]:
    """Give the words of ``text`` that are part of one of ``phrases``, in their order.

    ``phrases`` are keys, with marks if ``marked``; a phrase's words stand side by side.
    """
    wanted = {key for phrase in phrases for key in phrase}
    if not wanted:
        return []
    found = [
        (at.start(), at.end(), key)
        for at in _pattern(frozenset(wanted)).finditer(text)
        if (key := keys_of(at[0])[marked]) in wanted
    ]
    if not found or all(len(phrase) == 1 for phrase in phrases):
        return found
    beside = [beside_each_other(text, a[1], b[0]) for a, b in pairwise(found)]
    keys = [hit[2] for hit in found]
    kept: set[int] = set()
    for phrase in phrases:
        for at in range(len(keys) - len(phrase) + 1):
            end = at + len(phrase)
            if tuple(keys[at:end]) == phrase and all(beside[at : end - 1]):
                kept.update(range(at, end))
    return [found[at] for at in sorted(kept)]


def stands(text: str, phrase: tuple[str, ...], *, marked: bool) -> bool:
    """Tell whether ``phrase`` stands in ``text``, whose paragraphs are joined by ``BREAK``."""
    return any(
        tuple(key[marked] for key in word_keys(found[0] + found[1])) == phrase
        for found in _phrase(phrase).finditer(text)
    )


def beside_each_other(text: str, end: int, start: int) -> bool:
    """Tell whether no word stands between the end of one and the start of the next."""
    return not any(sign.isalnum() for sign in text[end:start])


@lru_cache(maxsize=256)
def _pattern(keys: frozenset[str]) -> re.Pattern[str]:
    """Make the pattern of words with any of these keys, whatever their marks and case."""
    words = sorted({keys_of(key.removeprefix("="))[0] for key in keys})
    firsts = "".join(dict.fromkeys(_any_marks(word[0]) for word in words))
    each = "|".join(f"(?<=[{_any_marks(word[0])}]){_rest(word)}" for word in words)
    return re.compile(rf"[{firsts}]{_NO_WORD_GOES_ON}(?:{each})(?!{_WORD_SIGN})")


@lru_cache(maxsize=256)
def _phrase(keys: tuple[str, ...]) -> re.Pattern[str]:
    """Make the pattern of these words side by side, whatever their marks and case."""
    first, *others = (keys_of(key.removeprefix("="))[0] for key in keys)
    words = (_rest(first), *(f"[{_any_marks(one[0])}]{_rest(one)}" for one in others))
    between = rf"(?!{_WORD_SIGN})(?:_|[^\w{BREAK}])+"
    # looked for ahead, so that a phrase may begin within another one
    ahead = f"(?=({between.join(words)})(?!{_WORD_SIGN}))"
    return re.compile(f"[{_any_marks(first[0])}]{_NO_WORD_GOES_ON}{ahead}")


def _rest(bare: str) -> str:
    """Write the letters after a word's first as a pattern: a longest word may go on."""
    end = f"{_WORD_SIGN}*" if len(bare) >= LONGEST_WORD else ""
    return "".join(f"[{_any_marks(one)}]" for one in bare[1:]) + end


def _any_marks(letter: str) -> str:
    return re.escape(_letters()[letter] + letter + letter.upper())


@cache
def _letters() -> defaultdict[str, str]:
    """Give for every letter without marks those that are folded to it."""
    found: defaultdict[str, str] = defaultdict(str)
    for code in (code for part in _LATIN for code in part if chr(code).isalnum()):
        found[keys_of(chr(code))[0]] += chr(code)
    return found
