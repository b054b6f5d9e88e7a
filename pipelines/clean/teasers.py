"""Tell a listing by the lines of its main part: headlines with their teasers, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.clean.dates import parse_printed
from pipelines.clean.main_text import PROSE_WORDS
from pipelines.clean.tokens import Line
from pipelines.clean.vocabulary import is_onward
from pipelines.records import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.clean.tokens import Token

_HEADLINE_WORDS = 5
_TEASER_LINES = 6  # date, views and comments may stand between headline and teaser
_TEASERS = 3  # fewer are "see also"
_STAMP_LETTERS = 30


def is_teaser_list(tokens: Sequence[Token]) -> bool:
    """Tell a listing: headlines that are links, each with its teaser, or hardly anything else.

    A list of related headlines behind an article has no teasers. Where headlines lead nowhere,
    "Xem tiếp" below each teaser does.
    """
    texts = [token for token in tokens if isinstance(token, Line)]
    prose = [_is_prose(text) for text in texts]
    teasers = sum(
        text.linked
        and len(text.text.split()) >= _HEADLINE_WORDS
        and any(prose[at + 1 : at + _TEASER_LINES])
        for at, text in enumerate(texts)
    )
    if teasers >= _TEASERS and 2 * teasers >= sum(prose):
        return True
    onward = sum(text.linked and is_onward(text.text) for text in texts)
    if onward > 1 and 2 * onward >= sum(prose):
        return True
    stamped = sum(_is_stamp(text) for text in texts)
    if stamped >= _TEASERS and 2 * stamped >= sum(prose):
        return True
    linked = sum(len(text.text) for text in texts if text.linked)
    return linked > sum(len(text.text) for text in texts) / 2 and sum(prose) < _TEASERS


def _is_stamp(line: Line) -> bool:
    """Tell a line that is nothing but a time, as a row of a full-text listing ends with."""
    printed = parse_printed(line.text) if len(line.text) <= _STAMP_LETTERS else None
    return printed is not None and printed.precision is Precision.MINUTE


def _is_prose(line: Line) -> bool:
    return not line.linked and len(line.text.split()) >= PROSE_WORDS
