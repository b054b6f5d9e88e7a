"""What each member of a story is to the article that stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

from pipelines.dedupe.verify import within_story
from pipelines.store.lookups import texts_of
from pipelines.store.outbox import Telling
from pipelines.store.schema import stories, story_members

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from pipelines.dedupe.verify import Text


@dataclass(frozen=True, slots=True)
class Kin:
    """What a member is to its story now; ``was``: the kind that the archive has."""

    article_id: int
    story_id: int
    kind: str
    similarity: float
    was: str

    def to_event(self) -> Telling:
        """Give it as other programs are told of it."""
        told = {"article_id": self.article_id, "story_id": self.story_id, "kind": self.kind}
        return Telling("story.changed", told)


def settle_kinds(
    conn: Connection, ids: Collection[int], fresh: Collection[int], revised: Collection[int]
) -> list[Kin]:
    """Put right what members of these stories are, and give those whose kind changed.

    ``fresh`` articles have just come, ``revised`` ones have another text; all others are compared
    only where somebody else stands for their story now.
    """
    found: dict[int, list[Row[Any]]] = {}
    asked = {"ids": list(ids), "changed": [*fresh, *revised]}
    for row in conn.execute(_CHANGED, asked) if ids else ():
        found.setdefault(row.story_id, []).append(row)
    kin = [one for own in found.values() for one in _of_story(conn, own, revised)]
    write_kinds(conn, kin)
    return [one for one in kin if one.kind != one.was]


def kinds_of(conn: Connection, where: ColumnElement[bool]) -> list[Kin]:
    """Compare members with who stands for their stories; give those that the archive has wrong."""
    return _compared(conn, conn.execute(_MEMBERS.where(where)).all())


def write_kinds(conn: Connection, kin: Sequence[Kin]) -> None:
    """Write what members are to their stories."""
    if kin:
        values = [
            {"one": one.article_id, "kind": one.kind, "similarity": one.similarity} for one in kin
        ]
        conn.execute(_WRITE, values)


def _of_story(conn: Connection, own: Sequence[Row[Any]], revised: Collection[int]) -> list[Kin]:
    """Compare those members of one story that may have become something else to it."""
    story_id, head = own[0].story_id, own[0].head
    # placing has compared a new article with the one it was found by
    some = [
        row
        for row in own
        if row.matched_id != head or row.kind == "original" or row.article_id in revised
    ]
    kin = _compared(conn, some)
    stood = [one.kind for one in kin if one.was == "original" and one.article_id != head]
    # who has the same words as the one that stood for all before has the same kin
    if head in revised or any(kind != "identical" for kind in stood):
        return kinds_of(conn, story_members.c.story_id == story_id)
    return kin


def _compared(conn: Connection, rows: Sequence[Row[Any]]) -> list[Kin]:
    others = [row for row in rows if row.article_id != row.head]
    texts = texts_of(conn, {n for row in others for n in (row.article_id, row.head)})
    found = [_kin(row, texts) for row in rows]
    stood = [(row.kind, row.similarity) for row in rows]
    return [one for one, was in zip(found, stood, strict=True) if (one.kind, one.similarity) != was]


def _kin(row: Row[Any], texts: Mapping[int, Text]) -> Kin:
    if row.article_id == row.head:
        return Kin(row.article_id, row.story_id, "original", 1.0, row.kind)
    verdict = within_story(texts[row.article_id], texts[row.head])
    return Kin(row.article_id, row.story_id, verdict.kind, verdict.similarity, row.kind)


_MEMBER = story_members.c
_NAMES = ("article_id", "story_id", "kind", "similarity", "matched_id")
_MEMBERS: Select[Any] = (
    select(*(_MEMBER[name] for name in _NAMES), stories.c.representative_id.label("head"))
    .join(stories, stories.c.id == _MEMBER.story_id)
    .order_by(_MEMBER.article_id)
)
# Made once: to make such a statement anew costs more than to run it.
_CHANGED = _MEMBERS.where(
    _MEMBER.story_id.in_(bindparam("ids", expanding=True)),
    stories.c.size > 1,
    or_(
        _MEMBER.article_id == stories.c.representative_id,
        _MEMBER.kind == "original",
        _MEMBER.article_id.in_(bindparam("changed", expanding=True)),
    ),
)
_WRITE = (
    update(story_members)
    .where(_MEMBER.article_id == bindparam("one"))
    .values(kind=bindparam("kind"), similarity=bindparam("similarity"))
)
