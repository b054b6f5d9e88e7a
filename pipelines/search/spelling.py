"""Other ways to spell what a query asked for in vain."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pipelines.search.words import without_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

_I, _Y = "iíìỉĩịIÍÌỈĨỊ", "yýỳỷỹỵYÝỲỶỸỴ"
_OTHER = str.maketrans(_I + _Y, _Y + _I)
_Y_OR_I = re.compile(rf"(?<!\w)[hklmstvHKLMSTV][{_I}{_Y}](?!\w)")
_FIGURE = re.compile(r"(?<![\w.,/-])(?!(?:19|20)\d\d(?!\d))\d{4,12}(?![\w/-]|[.,]\d)")
_GROUPED = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[.,]\d{3})+(?![\w/-]|[.,]\d)")


def spellings(query: str) -> Iterator[str]:
    """Yield the query in other spellings, the likeliest first.

    With y for i or i for y alone behind a consonant ("kĩ thuật", "2 tỉ"), thousands with and
    without points, and without marks: a wrong one is a wrong word.
    """
    text = unicodedata.normalize("NFC", query)
    found = (
        _Y_OR_I.sub(lambda hit: hit[0].translate(_OTHER), text),
        _FIGURE.sub(lambda hit: f"{int(hit[0]):,}".replace(",", "."), text),
        _GROUPED.sub(lambda hit: hit[0].replace(".", "").replace(",", ""), text),
        without_marks(text),
    )
    yield from (one for one in dict.fromkeys(found) if one != text)
