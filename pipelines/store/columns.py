"""Column types that behave alike in SQLite and PostgreSQL."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, Text
from sqlalchemy.types import TypeDecorator

from pipelines.records import Outcome

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

# SQLite gives an automatic number only to INTEGER keys, which it stores in up to 64 bits anyway.
Key = BigInteger().with_variant(Integer(), "sqlite")
# PostgreSQL alone has arrays; in SQLite the column stays empty.
Hashes = Text().with_variant(ARRAY(Integer), "postgresql")


def storable(text: str) -> str:
    """Give ``text`` as both databases take it: NUL and lone surrogates become U+FFFD."""
    if "\x00" not in text:
        try:
            text.encode()  # six times as fast as the search below
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class Words(TypeDecorator[str]):
    """Text of any length, made storable when it is written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Write the value as the database keeps it."""
        return None if value is None else storable(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment: written from any zone, read in UTC; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write the value as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone; times are stored in UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read the value from what the database keeps."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value kept as text, so that it reads back in the order in which it was written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, _dialect: Dialect) -> str | None:
        """Write the value as the database keeps it."""
        return None if value is None else dump_json(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> object:
        """Read the value from what the database keeps."""
        return None if value is None else json.loads(value)


class OutcomeName(TypeDecorator[Outcome]):
    """The name of an outcome."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Outcome | None, _dialect: Dialect) -> str | None:
        """Write the value as the database keeps it."""
        return None if value is None else Outcome(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Outcome | None:
        """Read the value from what the database keeps."""
        return None if value is None else Outcome(value)


def dump_json(value: object) -> str:
    """Write ``value`` as compact JSON in which Vietnamese letters stay readable, all storable."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if "\\u0000" in text:
        text = json.dumps(_without_nul(value), ensure_ascii=False, separators=(",", ":"))
    return storable(text)


def _without_nul(value: object) -> object:
    match value:
        case str():
            return storable(value)
        case list() | tuple():
            return [_without_nul(one) for one in value]
        case dict():
            return {key: _without_nul(one) for key, one in value.items()}
        case _:
            return value
