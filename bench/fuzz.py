"""Fuzz cleaning, dates, encodings, feeds, sitemaps, addresses and files; count crashes and hangs.

    nice python -m bench.fuzz                  100,000 mutated pages, and as many dates, doors, ...
    python -m bench.fuzz --start 7000 --pages 500      these only: an input follows from its number
    python -m bench.fuzz_guided page --seconds 600     atheris follows the coverage

A crash is an exception that the target does not declare, or the death of its process; a hang is
more than 10 s of CPU, which the kernel ends in the middle of C code too. Each is named by its
number and written to --keep; what has been mended goes from there to tests/corpus. Exit code 1 if
there is any.
"""

from __future__ import annotations

import argparse
import mmap
import os
import random
import signal
import struct
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench.fuzz_targets import TARGETS, seeds
from bench.mutate import mutated

if TYPE_CHECKING:
    from bench.fuzz_targets import Target

HANG = 10.0  # seconds of CPU: the product's own limit for a page
PIECE = 1_000  # inputs a process: its memory is given back
STATE = struct.Struct("qqd")  # the input at work, crashes so far, the slowest input in seconds
SHARE = {"page": 1, "text": 4, "files": 10}  # of the targets beside pages, one in so many


def numbered(target: Target, number: int) -> tuple[bytes, int]:
    """Make the input of this number, and the number by which the target chooses its way."""
    rng = random.Random(f"{target.name}:{number}")
    return mutated(seeds(target.seeds), rng), rng.randrange(1 << 16)


def attempt(target: Target, number: int, keep: Path) -> bool:
    """Run one input; tell whether it crashed, and say how."""
    body, choice = numbered(target, number)
    try:
        target.run(body, choice)
    except Exception as error:  # noqa: BLE001 - whatever comes is what is looked for
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{target.name} {number}: {type(error).__name__}: {str(error)[:120]!r}"
        print(f"\nCRASH {said} at {Path(where.filename).name}:{where.lineno}", flush=True)
        kept(keep, target, number, body)
        return True
    return False


def kept(keep: Path, target: Target, number: int, body: bytes) -> None:
    """Write an input that failed to the folder of findings."""
    keep.mkdir(parents=True, exist_ok=True)
    (keep / f"{target.name}-{number}").write_bytes(body)


def _work(state: mmap.mmap, target: Target, numbers: range, keep: Path) -> NoReturn:
    """Be the child: run the inputs, each under the kernel's own clock."""
    crashes, slowest = 0, 0.0
    for number in numbers:
        STATE.pack_into(state, 0, number, crashes, slowest)
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, HANG)  # SIGPROF ends the process
        crashes += attempt(target, number, keep)
        slowest = max(slowest, time.process_time() - began)
    STATE.pack_into(state, 0, numbers.stop, crashes, slowest)
    os._exit(0)


def run(target: Target, numbers: range, keep: Path) -> Counter[str]:
    """Run inputs in children that may die; count runs, crashes, hangs and the slowest in ms."""
    found: Counter[str] = Counter()
    at = numbers.start
    state = mmap.mmap(-1, STATE.size)
    while at < numbers.stop:
        STATE.pack_into(state, 0, at, 0, 0.0)
        piece = range(at, min(at + PIECE, numbers.stop))
        pid = os.fork()
        if not pid:
            _work(state, target, piece, keep)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        reached, crashes, slowest = STATE.unpack_from(state, 0)
        found["crashes"] += crashes
        found["slowest"] = max(found["slowest"], round(slowest * 1000))
        if reached < piece.stop:
            name = "hangs" if code == -signal.SIGPROF else "crashes"
            found[name] += 1
            said = f"{target.name} {reached}: its process ended with {code}"
            print(f"\n{name.upper()} {said}", flush=True)
            kept(keep, target, reached, numbered(target, reached)[0])
            reached += 1
        found["run"] += reached - at
        at = reached
        done = f"{found['run']:,} of {len(numbers):,}"
        print(f"\r{target.name:<10} {done}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def main() -> int:
    """Fuzz every target, print a table, and tell by the exit code whether any input failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [target.name for target in TARGETS]
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--start", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", choices=names)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    failed = 0
    print(f"{'target':<10}{'inputs':>9}{'crashes':>9}{'hangs':>7}{'slowest':>10}")
    for target in TARGETS:
        if given.only in {None, target.name}:
            end = given.start + given.pages // SHARE.get(target.name, 1)
            found = run(target, range(given.start, end), given.keep)
            failed += found["crashes"] + found["hangs"]
            print(
                f"{target.name:<10}{found['run']:>9,}{found['crashes']:>9}{found['hangs']:>7}"
                f"{found['slowest']:>7} ms",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
