"""Measure the whole way of a page beside a plain Scrapy spider, and where its CPU goes.

    python -m bench.pipeline             all figures, under three minutes on two busy cores
    python -m bench.pipeline --quick     the same on fewer pages, under 40 seconds
    python -m bench.pipeline --json      as JSON

Three parts: articles per second of both crawlers on the demo's five replicas without delay, as they
are and with more articles (bench.rivals); CPU an article by stage (bench.stages); the start-up of a
crawl process (bench.startup). On a machine that is busy otherwise, compare the CPU and the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bench.rivals import compare
from bench.stages import measure_stages
from bench.startup import measure_startup
from demo.content import PORTALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.rivals import Match, Result
    from bench.stages import Stages
    from bench.startup import Startup


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    ``matches``: how many articles more than the demo's each portal holds, one match for each;
    ``further`` the same for the stages; ``messages`` through the queue; ``starts`` of each side.
    """

    portals: tuple[str, ...]
    matches: tuple[int, ...]
    further: int
    messages: int
    starts: int


FULL = Size(portals=PORTALS, matches=(0, 110), further=40, messages=500, starts=5)
QUICK = Size(portals=PORTALS, matches=(0,), further=0, messages=100, starts=1)


def measure(size: Size) -> dict[str, Any]:
    """Measure all three parts; give them as JSON values."""
    matches = [compare(size.portals, further) for further in size.matches]
    stages = measure_stages(size.portals, size.further, size.messages)
    return {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "end_to_end": [_match(one) for one in matches],
        "further_article": _further(matches[0], matches[-1]),
        "stages": _stages(stages),
        "startup": _startup(measure_startup(size.starts)),
    }


def _match(match: Match) -> dict[str, Any]:
    gomtin, peer = match.gomtin, match.peer
    return {
        "further_articles_a_portal": match.further,
        "gomtin": _result(gomtin),
        "peer": _result(peer),
        "ratio": {
            "articles_per_second": gomtin.articles_per_second / peer.articles_per_second,
            "cpu_per_article": gomtin.cpu_ms / peer.cpu_ms,
        },
    }


def _further(small: Match, large: Match) -> dict[str, float]:
    """Give the milliseconds of CPU of each article that the larger match has more."""
    more = large.gomtin.wanted - small.gomtin.wanted
    if not more:
        return {}
    gomtin = (large.gomtin.cpu - small.gomtin.cpu) * 1000 / more
    peer = (large.peer.cpu - small.peer.cpu) * 1000 / more
    return {"gomtin_cpu_ms": gomtin, "peer_cpu_ms": peer, "ratio": gomtin / peer}


def _result(result: Result) -> dict[str, Any]:
    return asdict(result) | {
        "articles_per_second": result.articles_per_second,
        "cpu_ms_an_article": result.cpu_ms,
    }


def _stages(stages: Stages) -> dict[str, Any]:
    return asdict(stages) | {"total_ms": sum(one.ms for one in stages.stages.values())}


def _startup(startup: Startup) -> dict[str, Any]:
    ratio = {
        "wall": startup.later.wall / startup.peer.wall,
        "cpu": startup.later.cpu / startup.peer.cpu,
    }
    return asdict(startup) | {"ratio": ratio}


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for people."""
    lines = []
    for match in found["end_to_end"]:
        lines += _match_lines(match)
    if further := found["further_article"]:
        gomtin, peer = further["gomtin_cpu_ms"], further["peer_cpu_ms"]
        ratio = further["ratio"]
        lines.append(
            f"CPU of a further article: {gomtin:.1f} ms, peer {peer:.1f}, ratio {ratio:.2f}"
        )
        lines.append("")
    stages = found["stages"]
    lines.append(f"CPU by stage, {stages['articles']} articles in {stages['rings']} rings")
    for name, stage in stages["stages"].items():
        lines.append(f"  {name:10} {stage['ms']:7.2f} ms  {stage['how']}")
    lines.append(f"  {'all':10} {stages['total_ms']:7.2f} ms, start-up of processes not counted")
    lines += [f"    {ms:7.2f} ms  {name}" for name, ms in stages["parts"].items()]
    startup = found["startup"]
    lines += ["", "Start-up of a crawl process, order to first request"]
    names = {"first": "gomtin, first", "later": "gomtin, later (median)", "peer": "bare scrapy"}
    for key, name in names.items():
        lines.append(f"  {name:24} {startup[key]['wall']:6.2f} s  CPU {startup[key]['cpu']:6.2f} s")
    wall, cpu = startup["ratio"]["wall"], startup["ratio"]["cpu"]
    lines.append(f"  {'ratio, later to peer':24} {wall:6.2f} {'':5} {cpu:7.2f}")
    return "\n".join(lines)


def _match_lines(match: dict[str, Any]) -> list[str]:
    wanted = match["gomtin"]["wanted"]
    head = (
        f"  {'':8} {'articles/s':>10} {'wall s':>8} {'CPU s':>8} {'CPU ms/article':>15} "
        f"{'right':>6} {'twice':>6} {'no article':>11} {'title right':>12} {'copies known':>13}"
    )
    rows = [
        f"End to end: replicas with {wanted} articles, no delay",
        head,
    ]
    for name in ("gomtin", "peer"):
        one = match[name]
        rows.append(
            f"  {name:8} {one['articles_per_second']:10.2f} {one['wall']:8.1f} {one['cpu']:8.1f} "
            f"{one['cpu_ms_an_article']:15.1f} {one['right']:6} {one['twice']:6} "
            f"{one['no_articles']:11} {one['titles']:12} "
            f"{one['copies']:10}/{one['copies_wanted']}"
        )
    ratio = match["ratio"]
    rows.append(
        f"  {'ratio':8} {ratio['articles_per_second']:10.2f} {'':8} {'':8} "
        f"{ratio['cpu_per_article']:15.2f}"
    )
    return [*rows, ""]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m bench.pipeline",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="few pages, few repetitions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(arguments)
    found = measure(QUICK if given.quick else FULL)
    print(json.dumps(found, indent=1) if given.json else table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
