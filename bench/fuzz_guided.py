"""Let atheris look for inputs that reach code not reached before.

    nice python -m bench.fuzz_guided page --seconds 600       (pip install -e .[fuzz])

It begins with the corpus and ends with the first crash or hang, whose input it writes to --keep;
bench.fuzz says what these are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import atheris

from bench.fuzz import HANG
from bench.fuzz_targets import TARGETS, seeds

LONGEST = 20_000  # bytes of an input
MEGABYTES = 2_000  # of memory


def main() -> None:
    """Fuzz one target for so many seconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    by_name = {target.name: target for target in TARGETS}
    parser.add_argument("target", choices=by_name)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    target, keep = by_name[given.target], given.keep

    def one(body: bytes) -> None:
        target.run(body[2:], int.from_bytes(body[:2], "big"))

    atheris.instrument_all()
    start = keep / f"{target.name}-seeds"
    start.mkdir(parents=True, exist_ok=True)
    for number, body in enumerate(seeds(target.seeds)):
        (start / str(number)).write_bytes(number.to_bytes(2, "big") + body)
    limits = [f"-max_total_time={given.seconds}", f"-timeout={HANG:.0f}", f"-max_len={LONGEST}"]
    limits += [f"-rss_limit_mb={MEGABYTES}", f"-artifact_prefix={keep}/"]
    atheris.Setup([sys.argv[0], *limits, str(start)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
