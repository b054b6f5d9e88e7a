"""The real ingest worker with a classifier that is slow, or that takes its process down.

Usage: odd_worker.py sleep|exit WORKER_ARGUMENTS: ``sleep`` makes each draft take 20 ms longer, so
that a kill finds a task at work; ``exit`` ends the process at every draft titled "poison".
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from pipelines import arrival
from pipelines.classify import classify
from workers.worker import main

if TYPE_CHECKING:
    from pipelines.classify.models import Models
    from pipelines.records import Draft, Label

SLOWER = 0.02
POISON = "poison"


def sleep(draft: Draft, *, unit: str = "", models: Models | None = None) -> tuple[Label, ...]:
    time.sleep(SLOWER)
    return classify(draft, unit=unit, models=models)


def die(draft: Draft, *, unit: str = "", models: Models | None = None) -> tuple[Label, ...]:
    if draft.title == POISON:
        os._exit(9)
    return classify(draft, unit=unit, models=models)


if __name__ == "__main__":
    vars(arrival)["classify"] = {"sleep": sleep, "exit": die}[sys.argv[1]]
    raise SystemExit(main(sys.argv[2:]))
