"""Crawl one run as the product does, and say how its CPU divides: ``python -m bench.crawl_meter``.

Takes a run id; prints one line of JSON, in seconds of CPU. Once a run: ``start`` up to the first
request (without the imports, which the product shares), ``clean_start`` of the cleaning process
from there to the first article kept, ``ring_start`` for the first ring. From then on: ``clean``
(the cleaning process), ``ring``, and of this process ``snapshot`` (keeping the bytes of pages),
``inbox`` (committing drafts and outcomes) and ``fetch``, all the rest since the first request.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from pydispatch import dispatcher
from scrapy import signals
from scrapy.signalmanager import SignalManager

from bench.metered import cpu_below
from bench.stopwatch import Stopwatch
from crawler import run
from crawler.doorbell import Doorbell
from crawler.recorder import Recorder


def main() -> int:
    """Crawl the run and print what it cost."""
    watch = Stopwatch()
    asked: list[tuple[float, float]] = []
    kept: list[float] = []

    def ask(**_: object) -> None:
        if not asked:
            asked.append((time.process_time(), cpu_below()))

    listening = SignalManager(sender=dispatcher.Any)
    listening.connect(ask, signals.request_reached_downloader, weak=False)
    with (
        watch.around(Recorder, "page", "snapshot", first=lambda: kept.append(cpu_below())),
        watch.around(Recorder, "write", "inbox"),
        watch.around(Doorbell, "ring", "ring"),
    ):
        imported = time.process_time()
        code = run.main([sys.argv[1]])
    own, below = asked[0]
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = sum(watch.seconds.values())
    cost = {
        "start": own - imported + below,
        "clean_start": kept[0] - below,
        "ring_start": watch.longest["ring"],
        "fetch": time.process_time() - own - spent,
        "clean": ended.ru_utime + ended.ru_stime - kept[0],
        "ring": watch.seconds["ring"] - watch.longest["ring"],
        "snapshot": watch.seconds["snapshot"],
        "inbox": watch.seconds["inbox"],
    }
    print(json.dumps(cost))
    return code


if __name__ == "__main__":
    sys.exit(main())
