"""A search that looks for a pattern only where it may begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator


def at_starts(
    start: re.Pattern[str],
    pattern: re.Pattern[str],
    text: str,
    otherwise: re.Pattern[str] | None = None,
) -> Iterator[re.Match[str]]:
    """Find ``pattern``, else ``otherwise``, where ``start`` does.

    Far cheaper than to try it at every letter.
    """
    end = 0
    for one in start.finditer(text):
        if (at := one.start()) < end:
            continue
        if found := pattern.match(text, at) or (otherwise and otherwise.match(text, at)):
            end = found.end()
            yield found
