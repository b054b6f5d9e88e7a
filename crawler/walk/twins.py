"""Tell a page that shows an article once more, at another of its addresses.

A system that is not known may give an article many addresses: its number and its name, one for the
entry of each menu, the same parameters as a path. Nothing in them says so; the text does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.codec import VIETNAM
from pipelines.dedupe.normal import content_hash, file_names, files_key
from pipelines.store.lookups import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.records import Draft


class Twins:
    """The texts of the articles that a run has read, beside those of the archive.

    ``stored`` gives what the archive holds of a text, by its content hash.
    """

    def __init__(self, stored: Callable[[str], Sequence[Shown]]) -> None:
        self._stored = stored
        self._read: dict[str, list[Shown]] = {}

    def of(self, key: str, draft: Draft) -> str:
        """Give the address at which the same article was read before; "" for none, and note it.

        Same words, files and day: a notice that comes every year is not one article, nor are two
        that were scanned and have no picture in common. What a family's rules have read is known
        by its number.
        """
        if draft.extractor != "generic":
            return ""
        digest = content_hash(draft.title, draft.body)
        files, images = files_key(draft.attachments), file_names(draft.images)
        own = Shown(key, draft.url, draft.published_at, files, images)
        known: list[Shown] = [*self._read.get(digest, ()), *self._stored(digest)]
        if any(one.key == key for one in known):
            return ""
        if twin := next((one for one in known if _alike(one, own)), None):
            return twin.url
        self._read.setdefault(digest, []).append(own)
        return ""


def _alike(one: Shown, other: Shown) -> bool:
    days = {at.astimezone(VIETNAM).date() for at in (one.at, other.at) if at}
    others = one.images and other.images and one.images.isdisjoint(other.images)
    return len(days) <= 1 and one.files == other.files and not others
