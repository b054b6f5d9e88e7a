"""One line of gomtin doctor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor: what was looked at, how it stands, and the cure in one sentence."""

    name: str
    level: Level
    says: str
    cure: str = ""
