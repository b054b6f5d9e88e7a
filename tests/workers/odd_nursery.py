"""The real nursery, except that its crawls run the code given on the command line."""

from __future__ import annotations

import sys

from crawler import nursery, run


def main(argv: list[str] | None = None) -> int:
    sys.argv[1:] = argv or []
    exec(CODE, {"__name__": "__main__"})
    return 0


if __name__ == "__main__":
    CODE = sys.argv[1]
    run.main = main
    sys.exit(nursery.main())
