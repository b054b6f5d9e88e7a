"""Numbers with their nouns, as a person reads them."""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """Write a number with the noun in its right form: "1 article", "2 articles", "2 stories"."""
    return f"{number} {one if number == 1 else several or one + 's'}"
