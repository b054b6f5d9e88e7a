"""The words under which an article is found, folded alike in the archive and in a query.

Vietnamese writes a space between syllables, so that most words are two tokens of which each is
frequent. An article is therefore found under its syllables and under its pairs of neighbours:
"dân vận" is one short list instead of the meeting of two long ones. Every syllable stands there
twice, without marks and (behind "=") as it is written; a pair stands there without marks.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC
from itertools import chain
from typing import TYPE_CHECKING

from pipelines.clean.documents import asked
from pipelines.clean.gazetteer import COMMUNE, ended_province, gazetteer, split_key, split_kind
from pipelines.clean.text import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from pipelines.records import Draft

VERSION = 5
"""Raise it when an article's tokens change: the index is then made anew."""

TITLE, LEAD = "t:", "s:"
"""Before the words of title and summary, which also stand without it; pairs have none."""

_WORD = re.compile(r"\w+")
LONGEST_WORD = 40
"""Letters that count; longer words are addresses and keys."""
_MOST_KNOWN = 50_000  # words; an entry takes about 300 bytes


class _Keys(dict[str, tuple[str, str]]):
    """Remembers the keys of words; a dict is asked in half the time of an lru_cache."""

    def __missing__(self, word: str) -> tuple[str, str]:
        exact = fold_key(word[:LONGEST_WORD])
        if len(self) > _MOST_KNOWN:
            self.clear()
        keys = self[word] = (without_marks(exact), f"={exact}")
        return keys


class _Chunks(dict[str, tuple[tuple[str, str], ...]]):
    """Remembers the keys of what stands between two spaces; to split a text costs a fifth."""

    def __missing__(self, chunk: str) -> tuple[tuple[str, str], ...]:
        if len(self) > _MOST_KNOWN:
            self.clear()
        words = _WORD.findall(chunk.replace("_", " "))
        keys = self[chunk] = tuple(_KEYS[word] for word in words)
        return keys


_KEYS = _Keys()
_CHUNKS = _Chunks()


def without_marks(text: str) -> str:
    """Write ``text`` as one types it without a Vietnamese keyboard."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def word_keys(text: str) -> list[tuple[str, str]]:
    """Fold the words of NFC text to (without marks, "=" and with them).

    Case and the place of the tone mark ("hòa", "hoà") never count. Letters that are no Latin ones
    stay as they are.
    """
    return list(chain.from_iterable(map(_CHUNKS.__getitem__, text.split())))


def keys_of(word: str) -> tuple[str, str]:
    """Fold one word to what ``word_keys`` gives for it."""
    return _KEYS[word]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Give where each word of ``word_keys`` begins and ends."""
    return [found.span() for found in _WORD.finditer(text.replace("_", " "))]


def plain(text: str) -> str:
    """Give the words of ``text`` without marks, joined to one token ("tinh_an_giang")."""
    return "_".join(key[0] for key in word_keys(unicodedata.normalize("NFC", text)))


def portal_token(portal: str) -> str:
    """Give the token that all articles of a portal have."""
    return f"p:{plain(portal)}"


def label_token(axis: str, value: str) -> str:
    """Give the token of a label and of all that are below it ("field/topic" is below "field")."""
    return ":".join(("c", axis, *map(plain, value.split("/"))))


def label_tokens(axis: str, value: str) -> Iterator[str]:
    """Yield the tokens of a label: its own and those of what it is below."""
    parts = value.split("/")
    return (label_token(axis, "/".join(parts[:end])) for end in range(1, len(parts) + 1))


def document_token(asked_for: str) -> str:
    """Give the token of a legal document by its number, whole or behind its kind, or its name.

    Separators do not count: "71-KH/TU", "Nghị định 95/2024", "Nghị quyết 57", "Luật Đất đai 2024".
    """
    return f"d:{plain(asked(asked_for))}"


def person_token(name: str) -> str:
    """Give the token of a person's full name."""
    return f"n:{plain(name)}"


def unit_token(name: str, *, today: bool = False) -> str:
    """Give the token of an administrative unit's name, with or without its kind.

    ``today``: of what its territory is called now, whatever its name was.
    """
    return f"{'v' if today else 'u'}:{plain(name)}"


def unit_tokens(draft: Draft, home: str) -> Iterator[str]:
    """Yield the tokens of the units that an article names and of ``home``, its portal's own.

    A unit is found under its name in the article's day and those of the units above it then. A
    commune is also found under its new name, and one of today under the province that ended in
    which it lay: whoever knows it by that looks for it. A province is not, for the new names are
    those of other provinces before: An Giang in 2023 is without Kiên Giang. Under what its
    territory is called today every unit is found apart from that.
    """
    then = _parts(home)
    today = then | _provinces_today(then)
    for one in draft.units:
        meant, now = _parts(one.name), _parts(one.today)
        then |= _parts(one.written) | meant
        if one.level == COMMUNE and one.today:
            then.add(one.today.partition(",")[0])
            then |= _parts(ended_province(one.today))
        today |= now or _parts(one.written) | _provinces_today(meant)
    for names, is_today in ((then, False), (today, True)):
        for name in names:
            yield unit_token(name, today=is_today)
            yield unit_token(split_kind(name)[1], today=is_today)


def _provinces_today(names: Iterable[str]) -> set[str]:
    """Give what the provinces among these units are part of today."""
    known = gazetteer().provinces
    return {now for one in names for place in known.get(split_key(one), ()) for now in place.today}


def _parts(name: str | None) -> set[str]:
    return {part.strip() for part in (name or "").split(",") if part.strip()}


def when_tokens(moment: datetime) -> tuple[str, str, str]:
    """Give the tokens of a moment in UTC, from the shortest span of time to the longest."""
    moment = moment.astimezone(UTC)
    year, week, _ = moment.isocalendar()
    return f"@{year}w{week}", f"@{moment.year}m{moment.month}", f"@{moment.year}"
