"""Serve the replica portals from a process of its own, whose CPU is nobody's share.

``python -m bench.replicas FURTHER`` prints one address for each portal and serves until it is
ended.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.large_world import LargeWorld
from demo.cms import SITES
from demo.serve import serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def replicas(further: int) -> Iterator[Mapping[str, str]]:
    """Give the base address of every portal, with ``further`` articles more on each."""
    command = [sys.executable, "-m", "bench.replicas", str(further)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            lines = [server.stdout.readline().split() for _ in SITES]
            yield {line[0]: line[1] for line in lines}
        finally:
            server.terminate()


def main() -> None:
    """Serve until ended."""
    with serve(world=LargeWorld(int(sys.argv[1]))) as served:
        for portal, url in served.urls.items():
            print(portal, url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
