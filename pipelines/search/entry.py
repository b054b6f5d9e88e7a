"""The entry of an article in the word index: all that it is found by but its date and labels."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipelines.clean.documents import forms
from pipelines.search.spelt import organisation_token
from pipelines.search.triples import UNKNOWN, pack, triples
from pipelines.search.words import (
    LEAD,
    TITLE,
    person_token,
    plain,
    portal_token,
    unit_tokens,
    word_keys,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.clean.names import Named
    from pipelines.records import Draft

_LONGEST_TEXT = 40_000  # words: PostgreSQL takes 1 MB of tokens an article


class Indexed(NamedTuple):
    """What an article is found by: ``tokens`` between spaces, ``triples`` packed.

    The tokens of its date and its labels are missing, which are known when it is stored.
    """

    tokens: str
    triples: bytes


def indexed(draft: Draft, unit: str, named: Named) -> Indexed:
    """Give what an article is found by; ``unit`` is its portal's own."""
    found: set[str] = set()
    runs: set[str] = set()
    _add(found, draft.title, TITLE)
    _add(found, draft.summary or "", LEAD)
    count = 0
    for paragraph in (draft.title, *passages(draft)):
        bare = _add(found, paragraph, "")
        runs.update(triples(bare))
        count += len(bare)
        if count > _LONGEST_TEXT:
            break
    found.update(unit_tokens(draft, unit))
    found.update(person_token(one.name) for one in named.people)
    issuers = dict(named.issuers)
    found.update(
        f"d:{plain(form)}"
        for one in draft.documents
        for form in forms(one, issuers.get(one.number))
    )
    found.update(map(organisation_token, named.organisations))
    found.add(portal_token(draft.portal))
    return Indexed(" ".join(found), pack(runs) if count <= _LONGEST_TEXT else UNKNOWN)


def passages(draft: Draft) -> list[str]:
    """Give the paragraphs that are searched: the body's, then those of attached files."""
    attached = (line for one in draft.attachments for line in one.content.splitlines())
    return [*draft.body, *attached]


def _add(found: set[str], text: str, where: str) -> Sequence[str]:
    """Add the tokens of a text; give its words without marks."""
    if not (keys := word_keys(text)):
        return ()
    bare, exact = zip(*keys, strict=True)
    if where == LEAD:  # a summary stands in the body too, where its marks are
        found.update([LEAD + one for one in bare])
    elif where == TITLE:
        found.update([TITLE + one for one in (*bare, *exact)])
    else:
        found.update(bare, exact, map("_".join, pairwise(bare)))
    return bare
