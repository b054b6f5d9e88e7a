"""What sums of money are worth, as they are written in Vietnamese."""

from __future__ import annotations

import re

_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "trăm": 100, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_FIGURE = re.compile(r"\d[\d.,]*")
_RANGE = re.compile(r"(\d[\d.,]*) ?[-–] ?(\d[\d.,]*)")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMAS = re.compile(r"(?<=\d),(?=\d{3}\b)")  # between thousands: a đồng has no fractions
_BARE_SUM = 2  # words: a figure and "đồng"


def dong(written: str) -> int | None:
    """Give the value of a sum of money ("1 tỷ 200 triệu đồng"); None for another currency.

    In "800.000 - 1,2 triệu đồng" the lower end is one of plain đồng.
    """
    span = _RANGE.match(written)
    plain = span and _GROUPED.fullmatch(span[1]) and _number(span[1]) > _number(span[2])
    words = _RANGE.sub(r"\1", written.lower()).split()
    if words[-1] not in {"đồng", "đ", "vnđ", "vnd"}:
        return None
    if plain or len(words) == _BARE_SUM:
        return round(_number(_COMMAS.sub("", words[0])))
    total, figure, scale = 0.0, 0.0, 1
    for word in words:
        if _FIGURE.match(word):
            total, figure, scale = total + figure * scale, _number(word), 1
        elif word in _SCALES:
            scale *= _SCALES[word]
    return round(total + figure * scale)


def _number(figure: str) -> float:
    figure = figure.rstrip(".,")
    if _GROUPED.fullmatch(figure):
        return float(figure.replace(".", "").replace(",", "."))
    if figure.count(",") > 1:
        return float(figure.replace(",", ""))
    return float(figure.replace(",", "."))
