from __future__ import annotations

import subprocess
import sys

import pytest

from workers.watch import EX_STALLED, Standstill

Look = tuple[float, int | None, int, set[str]]  # at, waiting, accepted, held


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        pytest.param([(0, 0, 0, set()), (99, 0, 0, set())], "", id="idle"),
        pytest.param([(0, 5, 0, set()), (9, 5, 0, set())], "", id="waits, not for long"),
        pytest.param(
            [(0, 5, 3, set()), (11, 5, 3, set())], "5 messages wait, none was taken", id="deaf"
        ),
        pytest.param([(0, 5, 3, set()), (11, 4, 4, set())], "", id="takes one at a time"),
        pytest.param([(0, 5, 3, {"a"}), (11, 9, 3, {"a"})], "", id="busy with a long task"),
        pytest.param(
            [(0, 0, 3, {"a"}), (31, 0, 3, {"a"})], "task a is in the pool since 31 s", id="stuck"
        ),
        pytest.param([(0, 0, 3, {"a"}), (31, 0, 4, {"b"})], "", id="another task each time"),
        pytest.param(
            [(0, 5, 3, set()), (9, None, 3, set()), (18, 5, 3, set())], "", id="broker away between"
        ),
    ],
)
def test_standstill(looks: list[Look], said: str) -> None:
    standstill = Standstill(consume_limit=10, task_limit=30)
    for at, waiting, accepted, held in looks:
        verdict = standstill.judge(at, waiting=waiting, accepted=accepted, held=held)
    assert verdict.startswith(said)
    assert bool(verdict) == bool(said)


CODE = """
import os, time, workers.watch as w
w.LOOK_SECONDS = 0.05
w.LoopWatch({limit}, excused=lambda: {excused}, parent={parent}, role="clock").start()
time.sleep(0.6)
"""


@pytest.mark.parametrize(
    ("limit", "excused", "parent", "code", "said"),
    [
        (0.2, False, "0", EX_STALLED, "its loop stands still"),
        (0.2, True, "0", 0, ""),
        (9.0, False, "1", EX_STALLED, "the process that started it is gone"),
        (9.0, False, "os.getppid()", 0, ""),
    ],
)
def test_loop_watch(limit: float, excused: bool, parent: str, code: int, said: str) -> None:
    source = CODE.format(limit=limit, excused=excused, parent=parent)
    ended = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False
    )
    assert ended.returncode == code
    assert said in ended.stderr
