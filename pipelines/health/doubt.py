"""Tell whether the few pages of a run leave it open that its portal is ill.

A portal with three articles a week would be heard after a week. Articles that the archive has, and
that were well, answer it in the same run: they are ill now, too, or it was that page's own fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.health.verdict import FEWEST, usual_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.health.facts import RunFacts
    from pipelines.health.finding import Bounds, Past

LOOKED_AT = 4  # articles of the archive: five with the page that made one look
ENOUGH = FEWEST + 2  # pages of a run that need no others beside them
UNUSUAL = 0.1  # a bad page is no surprise where more are usual
# what befalls all pages where it befalls the portal; an author may be missing anywhere
TELLING = (
    "page.", "selector.", "title.repeated", "date.order", "date.door", "fill.title", "fill.body",
    "fill.published_at", "witness.title",
)  # fmt: skip


def in_doubt(
    facts: RunFacts, past: Sequence[Past], bounds: Bounds, open_codes: frozenset[str]
) -> bool:
    """Tell whether other articles should be looked at: few pages are bad, or well after an alarm.

    ``past`` and ``open_codes`` are those of the verdict.
    """
    for code in {**facts.measures, **facts.again}:
        count = facts.of_all(code)
        if not code.startswith(TELLING) or count.pages >= ENOUGH or code in bounds.accepted:
            continue
        if code in open_codes and not count.bad:
            return True
        bad = count.bad and code not in open_codes
        if bad and usual_of(code, past, bounds).share < UNUSUAL:
            return True
    return False
