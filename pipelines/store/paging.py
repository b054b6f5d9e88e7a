"""A place among articles that are sorted by time, from which a reader goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, tuple_

from pipelines.errors import Reject

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

_WRITTEN = re.compile(r"(-?\d{1,18})\.(\d{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an article in the order of time: when it is told of, and its id.

    Others that come or go meanwhile do not move it, as they would a number of articles to skip.
    """

    at: datetime
    id: int

    @classmethod
    def read(cls, text: str) -> Place:
        """Read what ``str`` wrote; raise Reject("query.after") for anything else."""
        found = _WRITTEN.fullmatch(text)
        try:
            if found:
                return cls(_EPOCH + int(found[1]) * _MICROSECOND, int(found[2]))
        except OverflowError:  # no year has so many microseconds
            pass
        cure = "take it from the next of an earlier answer, or leave it out to begin anew"
        raise Reject("query.after", f"{text!r} is no place among the articles; {cure}")

    def __str__(self) -> str:
        """Write it as an address takes it: microseconds since 1970, and the id."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.id}"

    @property
    def second(self) -> int:
        """Give its second since 1970, as the word index has it."""
        return int(self.at.timestamp())

    def behind(
        self, at: ColumnElement[Any], article_id: ColumnElement[int], *, whole_seconds: bool = False
    ) -> ColumnElement[bool]:
        """Ask for what comes behind it, the newest first, by the columns of moment and id."""
        moment = self.second if whole_seconds else literal(self.at, at.type)
        return tuple_(at, article_id) < tuple_(moment, self.id)
