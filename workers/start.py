"""What every worker process does first."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import Settings


def start_logging(settings: Settings) -> None:
    """Log to the standard error stream, which whoever started the process keeps."""
    logging.basicConfig(
        level=settings.log_level,
        format="%(asctime)s %(levelname)s %(processName)s %(name)s: %(message)s",
    )
