"""The beat of a role: a small file that says when the role last got through a pass of its loop.

A beat is written after the pass, never by a thread beside it, so a fresh beat means progress. It
also carries what the role itself sees standing still, in one sentence.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BEAT_SECONDS = 2.0  # how often a role writes its beat


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat: ``at`` is UTC; ``trouble`` is empty or names what stands still."""

    role: str
    pid: int
    at: datetime
    trouble: str = ""

    def age(self, now: datetime) -> float:
        """Give the seconds since the beat."""
        return (now - self.at).total_seconds()


def beat_file(folder: Path, role: str) -> Path:
    """Give the file of a role on this host: replicas may share one data folder."""
    return folder / "run" / f"{role}@{socket.gethostname()}.json"


def write_beat(folder: Path, role: str, now: datetime, trouble: str = "") -> None:
    """Write the beat of this process, whole or not at all."""
    target = beat_file(folder, role)
    target.parent.mkdir(parents=True, exist_ok=True)
    fields = asdict(Beat(role, os.getpid(), now, trouble)) | {"at": now.isoformat()}
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(fields), "utf-8")
    draft.replace(target)


def read_beat(folder: Path, role: str) -> Beat | None:
    """Read the last beat of a role on this host; None when there is none."""
    with suppress(FileNotFoundError, ValueError, KeyError):
        fields = json.loads(beat_file(folder, role).read_text("utf-8"))
        return Beat(**(fields | {"at": datetime.fromisoformat(fields["at"])}))
    return None
