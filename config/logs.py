"""The log of every process: lines for people, or one JSON object a line (GOMTIN_LOG_FORMAT=json).

What a line is about stands beside its words: ``log.info("...", extra={"portal": "x"})``.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import Settings

FACTS = ("portal", "run", "url", "outcome", "code")
TEXT = "%(asctime)s %(levelname)s %(processName)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """One JSON object a line; ``always`` are facts that hold for the whole process."""

    def __init__(self, always: Mapping[str, object]) -> None:
        super().__init__()
        self._always = dict(always)

    def format(self, record: logging.LogRecord) -> str:
        """Give the line: time in UTC, level, logger, process, words, facts, and the traceback."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        line |= self._always
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def start_logging(settings: Settings, **always: object) -> None:
    """Log to the standard error stream, which whoever started the process keeps."""
    handler = logging.StreamHandler()
    if settings.log_format == "json":
        handler.setFormatter(JsonLines(always))
    else:
        handler.setFormatter(logging.Formatter(TEXT))
    logging.basicConfig(level=settings.log_level, handlers=[handler])


def take_over(*names: str) -> None:
    """Let loggers that a library has given handlers of their own speak through ours."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
