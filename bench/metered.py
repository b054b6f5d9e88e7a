"""Run a command and say what it cost with all the processes that it started.

``python -m bench.metered REPORT COMMAND...`` writes {"code", "wall", "cpu"} to the file REPORT;
seconds, CPU as user and system time. The kernel adds the CPU of a child to its parent when the
parent waits for it; a child whose parent ends first is handed to this process, the subreaper, which
waits for it too. So nothing is sampled and nothing is left out.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
ORPHAN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost, in seconds, and what it printed."""

    wall: float
    cpu: float
    printed: str


def measure(command: Sequence[str], env: Mapping[str, str]) -> Cost:
    """Run ``command``; raise RuntimeError with the end of its complaint when it fails."""
    with TemporaryDirectory(prefix="gomtin-bench-") as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [sys.executable, "-m", "bench.metered", str(report), *command],
            cwd=ROOT,
            env=dict(env),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stdout[-1000:] + done.stderr[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
        cost = json.loads(report.read_text("utf-8"))
    return Cost(cost["wall"], cost["cpu"], done.stdout)


def cpu_below() -> float:
    """Add up the CPU that the processes below this one have used, in seconds, while they live."""
    return sum(map(cpu_of, psutil.Process().children(recursive=True)))


def cpu_of(process: psutil.Process) -> float:
    """Give the seconds of CPU that a process has used, 0 when it is gone."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def main() -> int:
    """Run the command of the command line; give its exit code."""
    report, *command = sys.argv[1:]
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.monotonic()
    code = subprocess.call(command)
    wall = time.monotonic() - start
    _wait_for_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {"code": code, "wall": wall, "cpu": used.ru_utime + used.ru_stime}
    Path(report).write_text(json.dumps(cost), "utf-8")
    return code


def _wait_for_orphans() -> None:
    limit = time.monotonic() + ORPHAN_SECONDS
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            if time.monotonic() > limit:
                raise TimeoutError("the command left processes behind that do not end")
            time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
