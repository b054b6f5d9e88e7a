"""What every worker process needs from its start: a log and the time."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import Settings


def utc_now() -> datetime:
    """Give the time, in UTC."""
    return datetime.now(UTC)


def start_logging(settings: Settings) -> None:
    """Log to the standard error stream, which whoever started the process keeps."""
    logging.basicConfig(
        level=settings.log_level,
        format="%(asctime)s %(levelname)s %(processName)s %(name)s: %(message)s",
    )
