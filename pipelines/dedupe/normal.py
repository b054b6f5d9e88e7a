"""Fold a text to what makes it the same text: its syllables in order."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.clean.vocabulary import chrome_run, is_chrome, is_closing, is_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.records import Attachment

_SYLLABLE = re.compile(r"[^\W_]+")
_NO_NAME = re.compile(
    r"^https?://[^/]+|(?<=\.[a-z]{3})[?#].*$|(?<=\.[a-z]{4})[?#].*$", re.IGNORECASE
)
_INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
# After these consonants alone the vowel i is written y or i: "lý" and "lí", "kỹ" and "kĩ".
_Y_AS_I = frozenset(("hy", "ky", "ly", "my", "sy", "ty", "vy"))
_CACHE_SIZE = 50_000
_DATELINE = re.compile(
    r"\s*(?:\([A-ZĐ][\w.]{1,11}(?:[ -][\w.]{2,12}){0,2}\)\s*[-–—:,.]*|[A-ZĐ]{3,8}\s*[-–—:])\s*",
)
_DAY = r"(?:thứ (?:\d|hai|ba|tư|năm|sáu|bảy)|chủ nhật)"
# A page's own time, with the counters that some portals print behind it. A date without weekday
# and hour is none: it may be a row of a timetable.
_STAMP = re.compile(
    rf"\W*(?:{_DAY}\W+)?(?:ngày )?\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}\W+"
    r"\d{1,2}(?::|h|giờ)\d{2}(?::\d{2})?(?: ?(?:am|pm|sa|ch))?(?:\W+\d+)*\W*",
    re.IGNORECASE,
)
_LONGEST_STAMP = 60
_SHORT = 60
_LONGEST_CHROME = 120
"""Characters of the longest line that is asked whether it is chrome: the asking costs most."""
_HEAD = 4
"""Lines at the top of a text where a stamp or a dateline may stand."""


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
    """Remember the key of every syllable met, as written; start again when the memory is full."""

    def __missing__(self, syllable: str) -> str:
        if len(self) >= _CACHE_SIZE:
            self.clear()
        key = self[syllable] = fold_syllable(syllable.lower())
        return key


_fold = _Folded().__getitem__


def syllables(text: str) -> list[str]:
    """Return the NFC syllables of ``text`` as written, in order."""
    for mark in _INVISIBLE:
        if mark in text:
            text = text.replace(mark, "")
    return _SYLLABLE.findall(unicodedata.normalize("NFC", text))


def fold(words: Sequence[str]) -> list[str]:
    """Return the keys of syllables as written."""
    return list(map(_fold, words))


def without_dateline(paragraph: str) -> str:
    """Cut a newsroom's mark from the front: "(TUAG)- Sáng", "BTNO - Nhị Hà"."""
    found = _DATELINE.match(paragraph)
    return paragraph[found.end() :] if found else paragraph


def dateline(body: Sequence[str]) -> str:
    """Return the newsroom's mark before the first paragraphs: "(TUAG)- "; empty when none is."""
    return next((found[0] for line in body[:_HEAD] if (found := _DATELINE.match(line))), "")


def is_stamp(line: str) -> bool:
    """Tell whether a line is only a page's time: "Thứ năm - 23/02/2021 09:19 206 0"."""
    return len(line) <= _LONGEST_STAMP and _STAMP.fullmatch(line) is not None


@lru_cache(maxsize=8192)
def _short_is_chrome(line: str) -> bool:
    return is_chrome(line)


@lru_cache(maxsize=8192)
def _short_is_label(line: str) -> bool:
    return is_label(line)


@lru_cache(maxsize=8192)
def _short_is_closing(line: str) -> bool:
    return is_closing(line)


def _is_chrome(line: str) -> bool:
    """Tell whether a line is page chrome; what is short comes again on every page of a portal."""
    if len(line) <= _SHORT:
        return _short_is_chrome(line)
    return len(line) <= _LONGEST_CHROME and is_chrome(line)


def _end(body: Sequence[str]) -> int:
    """Give where the article ends: before "Tin liên quan" and the like, if only headlines follow.

    Such a line amid paragraphs ends nothing.
    """
    end = len(body)
    for at in range(len(body) - 1, -1, -1):
        line = body[at]
        if len(line) > _LONGEST_CHROME:
            break
        if len(line) <= _SHORT and _short_is_closing(line):
            end = at
    return end


def key_lines(body: Sequence[str]) -> Iterator[str]:
    """Give the paragraphs as they are compared: without dateline, page chrome and page time."""
    at, head, end = 0, _HEAD, _end(body)
    while at < end:
        line = body[at]
        if len(line) <= _SHORT and _short_is_label(line):
            after = chrome_run(body, at)
            if after > at:
                at = after
                continue
        at += 1
        if not line or _is_chrome(line) or (head and is_stamp(line)):
            continue
        yield without_dateline(line) if head else line
        head -= head > 0


def body_syllables(body: Sequence[str]) -> list[str]:
    """Return the syllables of the paragraphs that are compared, as written."""
    return syllables("\n".join(key_lines(body)))


def content_hash(title: str, body: Sequence[str]) -> str:
    """Return the hexadecimal SHA-256 of the folded syllables of title and body.

    Equal for two texts that differ in case, composition, tone placement, punctuation, white space,
    paragraphing, dateline or page chrome alone.
    """
    words = [*syllables(title), *body_syllables(body)]
    return hash_folded(" ".join(fold(words)))


def files_key(files: Iterable[Attachment]) -> str:
    """Return which files an article links to, as one short key; "" for none."""
    names = file_names(one.url for one in files)
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16] if names else ""


def file_names(urls: Iterable[str]) -> frozenset[str]:
    """Return files by their names behind the host.

    The host may move, and what stands behind a file's name may be another one at each visit.
    """
    return frozenset(_NO_NAME.sub("", url) for url in urls)


def hash_folded(words: str) -> str:
    """Return the hexadecimal SHA-256 of folded syllables, a space between two."""
    return hashlib.sha256(words.encode()).hexdigest()
