"""What every subcommand starts from: the settings, the store, the clock and the terminal."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import click
from rich.console import Console

from config.settings import MOST, Settings, load_settings
from pipelines.codec import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

# What SQL counts rows with: a greater number cannot be the id of anything.
ROW_ID = click.IntRange(1, 2**63 - 1)
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class _Terminal(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to main that the reader has enough: rich would end with 1."""
        raise BrokenPipeError


console = _Terminal(highlight=False)
notes = _Terminal(stderr=True, highlight=False)


@contextmanager
def archive() -> Iterator[tuple[Settings, Store]]:
    """Open the archive that the settings name, and close it afterwards.

    Raise StoreError when it cannot be opened, or fails while it is used.
    """
    from sqlalchemy.exc import DBAPIError

    from pipelines.store.engine import open_store
    from pipelines.store.faults import StoreError

    settings = load_settings()
    store = open_store(settings.store_url)
    try:
        yield settings, store
    except DBAPIError as error:
        place = store.engine.url.render_as_string(hide_password=True)
        said = f"the archive {place} fails: {error.orig}; gomtin doctor tells what it lacks"
        raise StoreError("store.failed", said) from error
    finally:
        store.close()


def require_portal(conn: Connection, portal: str | None) -> None:
    """Raise Reject("portal.unknown") for a name that is neither a spider's nor in the archive."""
    from crawler.registry import portal_ids, unknown_portal
    from pipelines.store.portals import known_portals

    known = {*known_portals(conn), *portal_ids()}
    if portal and portal not in known:
        raise unknown_portal(portal, known)


def examples(*lines: str) -> str:
    """Make the examples below a command's help; the mark keeps click from wrapping them."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def utc_now() -> datetime:
    """Give the time in UTC."""
    return datetime.now(UTC)


def local(moment: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """Show a stored time as Vietnam reads it; "-" for none."""
    return moment.astimezone(VIETNAM).strftime(form) if moment else "-"


def ago(moment: datetime | None, now: datetime) -> str:
    """Show how long ago ``moment`` was, in its largest unit."""
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


def print_json(value: object) -> None:
    """Print one line of JSON, readable Vietnamese."""
    click.echo(json.dumps(value, ensure_ascii=False))


def require_web_address(url: str) -> None:
    """Raise UsageError for anything that is no whole http(s) address."""
    scheme, _, rest = url.partition("://")
    if scheme not in {"http", "https"} or not rest.strip("/"):
        raise click.UsageError(f"{url} is no http(s) address; it looks like https://example.vn/")


class Number(click.ParamType[int]):
    """A whole number from ``least`` up to a bound that nobody meets but SQL needs."""

    name = "N"

    def __init__(self, least: int = 1) -> None:
        self._least = least

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Give the number; fail for what is none."""
        try:
            number = int(value)
        except ValueError:
            number = self._least - 1
        if not self._least <= number <= MOST:
            self.fail(f"{value} is no whole number from {self._least} to {MOST}", param, ctx)
        return number


class When(click.ParamType[datetime]):
    """A day (2023-07-12), a moment (2023-07-12T11:46) or a span (36h, 7d, 2w), as UTC.

    A span reaches back from now; ``ahead``: on from now.
    """

    name = "when"

    def __init__(self, *, ahead: bool = False) -> None:
        self._way = 1 if ahead else -1

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse ``value``; days and moments without a zone are Vietnam's."""
        if isinstance(value, datetime):
            return value
        try:
            if value[:-1].isdecimal() and value[-1] in UNITS:
                return utc_now() + self._way * timedelta(**{UNITS[value[-1]]: int(value[:-1])})
            if "T" in value or ":" in value:
                moment = datetime.fromisoformat(value)
            else:
                moment = datetime.combine(date.fromisoformat(value), time())
            return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no day (2023-07-12), moment or span (36h, 7d)", param, ctx)
